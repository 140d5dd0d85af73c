"""Schedules: the instalments in which a fixed fee is billed (§2.3, §2.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from billcli.core.matter import agreed_value, in_force
from billcli.errors import Refused, UsageProblem
from billcli.services.arrangement import standing
from billcli.services.arrangement.schedule_views import (
    RowView,
    ScheduleView,
    row_view,
    schedule_view,
)
from billcli.services.work import _entries
from billcli.store import find, schedules
from billcli.values import money
from billcli.values.dates import INTERVALS, add_months
from billcli.values.text import meant, read_text, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow
    from billcli.store.schedules import ScheduleRow

MOST_ROWS = 600
LONGEST = {"description": 500, "bill_on_step": 100, "pay_on_step": 100}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def autofill(
    ledger: Ledger,
    number: str,
    amount_cents: int,
    *,
    every: str | None = None,
    start: date | None = None,
    replace: bool = False,
) -> ScheduleView:
    """Fill the rest of the fixed fee with rows of an amount, and one of what remains (D-34).

    Refused `schedule.no-value`, `schedule.full`, `schedule.exists`, `schedule.too-many`.
    """
    if amount_cents <= 0:
        raise UsageProblem("schedule.amount", "The amount of a row is above zero.")
    if every is not None and every not in INTERVALS:
        raise UsageProblem(
            "schedule.every",
            f"{shown(every)} is not an interval.",
            hint=meant(every, INTERVALS),
        )
    with ledger.write():
        matter = _entries.open_matter(ledger, number)
        rows = schedules.of_matter(ledger, matter.id or 0)
        waiting = [row for row in rows if row.bill is None]
        if waiting and not replace:
            raise Refused(
                "schedule.exists",
                f"Matter {number} has {len(waiting)} unbilled rows already.",
                hint="Replace them with --replace, or change them with `billcli schedule edit`.",
            )
        for row in waiting:
            _refuse_drafted(row, "be replaced")
        schedules.remove(ledger, [row.id for row in waiting])
        rest = _value(ledger, matter) - sum(row.amount_cents for row in rows if row.bill)
        amounts = amounts_of(rest, amount_cents, number, ledger.decimals)
        first = schedules.next_number(ledger, matter.id or 0)
        days = _days(every, start or ledger.today, len(amounts)) if every or start else None
        new = [
            {
                "number": first + n,
                "amount_cents": cents,
                "description": f"Instalment {first + n}",
                "due_on": days[n].isoformat() if days else None,
            }
            for n, cents in enumerate(amounts)
        ]
        ids = schedules.put(ledger, matter.id or 0, new)
        ledger.record(
            f"schedule {number}",
            before={"rows": [_told(row) for row in waiting]} if waiting else None,
            after={"rows": [f"S-{i} {r['amount_cents']}" for i, r in zip(ids, new, strict=True)]},
            matter_id=matter.id,
        )
        return schedule_view(ledger, matter, ids)


def amounts_of(rest: int, amount: int, number: str, decimals: int) -> list[int]:
    """As many rows of the amount as fit, and one of what remains (D-34)."""
    if rest <= 0:
        raise Refused(
            "schedule.full",
            f"Nothing of the fixed fee of {number} is left to schedule.",
            hint=f"See `billcli schedule list {number}`.",
        )
    count, remainder = divmod(rest, amount)
    if count > MOST_ROWS:
        raise Refused(
            "schedule.too-many",
            f"{money.grouped(rest, decimals)} by {money.grouped(amount, decimals)} would be "
            f"{count:,} rows; a schedule has at most {MOST_ROWS}.",
            hint="Take a larger amount.",
        )
    return [amount] * count + ([remainder] if remainder else [])


def add(
    ledger: Ledger,
    number: str,
    amount_cents: int,
    *,
    description: str | None = None,
    day: date | None = None,
    bill_on_step: str | None = None,
    pay_on_step: str | None = None,
) -> ScheduleView:
    """Add a row: due on or after a day, when a step is reached, or by hand alone (D-33)."""
    if amount_cents <= 0:
        raise UsageProblem("schedule.amount", "The amount of a row is above zero.")
    with ledger.write():
        matter = _entries.open_matter(ledger, number)
        if len(schedules.of_matter(ledger, matter.id or 0)) >= MOST_ROWS:
            raise Refused("schedule.too-many", f"A schedule has at most {MOST_ROWS} rows.")
        row = schedules.next_number(ledger, matter.id or 0)
        texts = {"bill_on_step": bill_on_step, "pay_on_step": pay_on_step}
        values = _texts({**texts, "description": description or f"Instalment {row}"})
        values |= {"number": row, "amount_cents": amount_cents}
        values["due_on"] = day.isoformat() if day else None
        ids = schedules.put(ledger, matter.id or 0, [values])
        told = {key: value for key, value in values.items() if value is not None}
        ledger.record(f"schedule S-{ids[0]}", after=told, matter_id=matter.id)
        return schedule_view(ledger, matter, ids)


def edit(ledger: Ledger, reference: str, changes: Mapping[str, Any]) -> ScheduleView:
    """Change an unbilled row; keys are those of add() with `amount_cents`, None clears.

    Refused `schedule.billed`. A draft that holds the row is stale from then on.
    """
    with ledger.write():
        row = _unbilled(ledger, reference, "change")
        matter = find.matter_by_id(ledger, row.matter_id)
        values = _texts({key: value for key, value in changes.items() if key in LONGEST})
        if "amount_cents" in changes:
            if changes["amount_cents"] <= 0:
                raise UsageProblem("schedule.amount", "The amount of a row is above zero.")
            values["amount_cents"] = changes["amount_cents"]
        if "day" in changes:
            values["due_on"] = changes["day"].isoformat() if changes["day"] else None
        old = {
            "amount_cents": row.amount_cents,
            "description": row.description,
            "due_on": row.due_on.isoformat() if row.due_on else None,
            "bill_on_step": row.bill_on_step,
            "pay_on_step": row.pay_on_step,
        }
        after = {key: value for key, value in values.items() if value != old[key]}
        if after:
            schedules.change(ledger, row.id, after)
            before = {key: old[key] for key in after}
            ledger.record(f"schedule {row.ref}", before=before, after=after, matter_id=matter.id)
        stale = (f"draft D-{row.draft_id} is stale: billcli bill refresh D-{row.draft_id}",)
        return schedule_view(ledger, matter, [row.id], stale if after and row.draft_id else ())


def remove(ledger: Ledger, reference: str) -> ScheduleView:
    """Take an unbilled row off its schedule. Refused `schedule.billed`, `schedule.in-draft`."""
    with ledger.write():
        row = _unbilled(ledger, reference, "be removed")
        _refuse_drafted(row, "be removed")
        matter = find.matter_by_id(ledger, row.matter_id)
        gone = row_view(row)
        schedules.remove(ledger, [row.id])
        ledger.record(
            f"schedule {row.ref}",
            before={"amount_cents": row.amount_cents, "description": row.description},
            matter_id=matter.id,
        )
        view = schedule_view(ledger, matter, [])
        return ScheduleView(view.matter, (gone,), view.total_cents, view.value_cents, view.warnings)


def list_(ledger: Ledger, number: str | None = None) -> list[RowView]:
    """The rows of a matter, or of all, in their order."""
    if number is None:
        return [row_view(row) for row in schedules.all_(ledger)]
    matter = find.matter(ledger, number)
    return [row_view(row) for row in schedules.of_matter(ledger, matter.id or 0)]


def _value(ledger: Ledger, matter: MatterRow) -> int:
    file = standing.file_of(ledger, matter.id or 0)
    version = in_force(file.versions, ledger.today)
    value = agreed_value(file, ledger.today)
    if version.kind != "fixed" or value is None:
        raise Refused(
            "schedule.no-value",
            f"Matter {matter.number} has no fixed fee that a schedule could divide.",
            hint=f"billcli arrangement set {matter.number} fixed --value V --bill-when schedule",
        )
    return value


def _unbilled(ledger: Ledger, reference: str, what: str) -> ScheduleRow:
    found = re.fullmatch(r"S-([1-9][0-9]{0,15})", reference.strip().upper(), re.ASCII)
    if not found:
        raise UsageProblem(
            "schedule.reference",
            f"{shown(reference)} is not a row of a schedule.",
            hint="It is written S-3; see `billcli schedule list MATTER`.",
        )
    row = schedules.one(ledger, int(found[1]))
    if row.bill is not None:
        raise Refused(
            "schedule.billed",
            f"{row.ref} is on bill {row.bill.number} and can't {what}.",
            hint=f"A void of bill {row.bill.number} gives it back.",
        )
    return row


def _refuse_drafted(row: ScheduleRow, what: str) -> None:
    if row.draft_id is not None:
        raise Refused(
            "schedule.in-draft",
            f"{row.ref} is in draft D-{row.draft_id} and can't {what}.",
            hint=f"Delete the draft first: billcli bill delete D-{row.draft_id}",
        )


def _days(every: str | None, start: date, count: int) -> list[date]:
    """The day of each row; a month's end stays the month's end (B13)."""
    if every == "week":
        return [start + timedelta(days=7 * n) for n in range(count)]
    months = _MONTHS[every or "month"]
    return [add_months(start, months * n) for n in range(count)]


def _texts(values: Mapping[str, str | None]) -> dict[str, Any]:
    return {
        key: read_text(
            value or "",
            key.replace("_", " "),
            longest=LONGEST[key],
            required=key == "description",
        )
        or None
        for key, value in values.items()
    }


def _told(row: ScheduleRow) -> str:
    return f"{row.ref} {row.amount_cents}"
