"""The rows of a printed bill: work, costs, and the hours by timekeeper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from billcli.core.arrangements.periods import worded
from billcli.core.document import Milestone
from billcli.core.lines import Line
from billcli.render.figures import Figures
from billcli.render.sandbox import Fields
from billcli.values import money

LONG = 1500
"""Characters from which on a narrative may go over to the next page."""


def fee_row(
    line: Line, milestones: Mapping[int, Milestone], say: Figures, *, priced: bool
) -> Fields:
    """A line of work; its rate prints where hours times rate make the amount (B2)."""
    free = (line.note or "").capitalize()
    multiplies = _multiplies(line, say.decimals)
    return Fields(
        kind=line.kind,
        date=say.short_day(line.day) if line.day else "",
        timekeeper=line.timekeeper_name or line.timekeeper or "",
        description=_words(line, say),
        long=len(line.description) > LONG,
        hours="" if line.hours_e4 is None else say.hours(line.hours_e4),
        rate=say.rate(line.rate_e4 or 0) if priced and not free and multiplies else "",
        amount=(free or say.amount(line.amount_cents)) if priced else "",
        remark=_remark(line, say, multiplies=multiplies) if priced else free,
        milestone=_milestone(line, milestones, say),
        task_code=line.task_code or "",
        activity_code=line.activity_code or "",
    )


def cost_row(line: Line, say: Figures) -> Fields:
    """A line of costs, always with its amount: what was paid for the client is itemised."""
    return Fields(
        kind=line.kind,
        date=say.short_day(line.day) if line.day else "",
        timekeeper=line.timekeeper_name or line.timekeeper or "",
        description=_words(line, say),
        category=line.category or "",
        amount=say.amount(line.amount_cents),
        tax_code=line.tax_code or "",
        expense_code=line.expense_code or "",
    )


def _words(line: Line, say: Figures) -> str:
    """What a line says; one of the program's own names its period as the bill's dates print."""
    if line.entry_id is not None:
        return line.description
    return worded(line.description, say.period)


def columns(rows: Sequence[Fields], *, priced: bool) -> Fields:
    """Which columns the work needs, so that a fixed fee isn't a page of blanks."""
    return Fields(
        date=any(row["date"] for row in rows),
        timekeeper=any(row["timekeeper"] for row in rows),
        hours=any(row["hours"] for row in rows),
        rate=any(row["rate"] for row in rows),
        amount=priced,
    )


def total_hours(lines: Iterable[Line], say: Figures) -> str:
    """All hours that print, or nothing."""
    hours_e4 = sum(line.hours_e4 or 0 for line in lines)
    return say.hours(hours_e4) if hours_e4 else ""


def by_timekeeper(lines: Sequence[Line], say: Figures, *, priced: bool) -> list[Fields]:
    """Hours and amount of each timekeeper, where there is more than one."""
    worked: dict[str, list[Line]] = {}
    for line in lines:
        if line.timekeeper is not None and line.hours_e4 is not None:
            worked.setdefault(line.timekeeper, []).append(line)
    if len(worked) < 2:
        return []
    charged = priced and any(line.amount_cents for theirs in worked.values() for line in theirs)
    rows = []
    for timekeeper, theirs in worked.items():
        rates = {line.rate_e4 for line in theirs if line.amount_cents}
        one = rates.pop() if len(rates) == 1 else None
        rows.append(
            Fields(
                id=timekeeper,
                name=theirs[0].timekeeper_name or timekeeper,
                hours=total_hours(theirs, say),
                rate=say.rate(one) if charged and one is not None else "",
                amount=say.amount(sum(line.amount_cents for line in theirs)) if charged else "",
            )
        )
    return rows


def _multiplies(line: Line, decimals: int) -> bool:
    if line.hours_e4 is None or line.rate_e4 is None:
        return False
    return money.price(line.hours_e4, line.rate_e4, decimals) == line.amount_cents


def _remark(line: Line, say: Figures, *, multiplies: bool) -> str:
    """Why an amount isn't hours times rate: it was agreed by hand."""
    if line.kind != "time" or line.note or multiplies:
        return ""
    if line.amount_cents < line.standard_cents:
        return f"Reduced from {say.amount(line.standard_cents)}"
    return "Agreed amount"


def _milestone(line: Line, milestones: Mapping[int, Milestone], say: Figures) -> Fields | None:
    found = milestones.get(line.task_number) if line.task_number is not None else None
    if found is None or line.kind != "charge":
        return None
    return Fields(
        number=found.number,
        name=found.name,
        done_on=say.short_day(found.done_on) if found.done_on else "",
        deliverable=found.deliverable or "",
        acceptance=found.acceptance or "",
        accepted=_accepted(found, say),
        documents=", ".join(found.documents),
    )


def _accepted(milestone: Milestone, say: Figures) -> str:
    """When the client accepted it, and who did."""
    if milestone.accepted_on is None:
        return ""
    by = f" by {milestone.accepted_by}" if milestone.accepted_by else ""
    return f"{say.short_day(milestone.accepted_on)}{by}"
