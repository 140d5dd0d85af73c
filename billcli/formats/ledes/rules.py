"""What a client's own rules for electronic bills say against a bill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from billcli.core.document import BillDocument
from billcli.core.lines import Line
from billcli.formats.ledes.model import Profile
from billcli.values.hours import plain_hours
from billcli.values.money import plain_rate
from billcli.values.text import visible


def against(document: BillDocument, profile: Profile) -> Iterator[str]:
    """A sentence for each breach; the client may refuse to pay the line."""
    hours: dict[tuple[str, date], int] = defaultdict(int)
    for line in document.bill.lines:
        if line.printed and line.entry_id is not None:
            yield from _line(line, document, profile)
            if line.kind == "time" and line.timekeeper and line.day:
                hours[line.timekeeper, line.day] += line.hours_e4 or 0
    most = profile.max_hours_per_day_e4
    if most is not None:
        for (who, day), worked in hours.items():
            if worked > most:
                told = f"{plain_hours(worked)} hours of {who} on {day}"
                yield f"{told}; the client pays at most {plain_hours(most)} a day."
    if profile.require_description and not document.bill.note:
        yield (
            "The client wants every bill described in words, and this one has no note: "
            "billcli bill edit --note, before it is approved."
        )


def _line(line: Line, document: BillDocument, profile: Profile) -> Iterator[str]:
    what = f"{line.source or line.kind} ({visible(line.description)[:40]})"
    codes = [line.expense_code]
    if line.kind == "expense" and profile.require_expense and not line.expense_code:
        yield f"{what} has no expense code, which the client requires."
    if line.kind == "time":
        codes = [line.task_code, line.activity_code]
        if profile.require_task and not line.task_code:
            yield f"{what} has no task code, which the client requires."
        if profile.require_activity and not line.activity_code:
            yield f"{what} has no activity code, which the client requires."
        unit = profile.min_increment_e4
        if unit and (line.hours_e4 or 0) % unit:
            told = plain_hours(line.hours_e4 or 0)
            yield f"{what} is {told} hours; the client takes steps of {plain_hours(unit)}."
        cap = profile.rate_cap_e4
        if cap is not None and (line.rate_e4 or 0) > cap:
            rate = plain_rate(line.rate_e4 or 0, document.decimals)
            yield f"{what} is at {rate}; the client pays {plain_rate(cap, document.decimals)}."
    if profile.allowed_codes:
        for code in codes:
            if code and code not in profile.allowed_codes:
                yield f"{what} has the code {code}, which isn't on the client's list."
