"""What time, expenses and charges have in common when they are recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.versions import in_force
from billcli.errors import Refused, UsageProblem
from billcli.store import items, recording
from billcli.store.items import Item
from billcli.store.recording import Matter

if TYPE_CHECKING:
    from billcli.store.plain import PlainLedger


def open_matter(ledger: PlainLedger, number: str) -> Matter:
    """A matter that takes new work; a closed one is refused."""
    matter = recording.matter(ledger, number)
    refuse_closed(matter.number, matter.closed_on)
    return matter


def refuse_closed(number: str, closed_on: str | None) -> None:
    """Nothing new is recorded on a closed matter. Refused `matter.closed`."""
    if closed_on is not None:
        raise Refused(
            "matter.closed",
            f"Matter {number} was closed on {closed_on}; it takes no new work.",
            hint=f"Open it again with `billcli matter reopen {number}`.",
        )


def past_day(
    ledger: PlainLedger,
    day: date | None,
    *,
    hint: str = "Record work on or after the day it is done.",
) -> date:
    """The day of what was done, today where none is given. UsageProblem `date.future`."""
    if day is not None and day > ledger.today:
        raise UsageProblem(
            "date.future",
            f"{day} is in the future; today is {ledger.today}.",
            hint=hint,
        )
    return day or ledger.today


def active_timekeeper(ledger: PlainLedger, timekeeper: str) -> str:
    """A timekeeper who is still with the firm."""
    found = recording.timekeeper(ledger, timekeeper)
    if found.archived_on is not None:
        raise Refused(
            "timekeeper.archived",
            f"Timekeeper {found.id} was archived on {found.archived_on} and records no more work.",
            hint="Name another with --tk.",
        )
    return found.id


def kind_on(ledger: PlainLedger, matter_id: int, day: date) -> str:
    """The kind of arrangement that prices work of that day."""
    return in_force(recording.versions_of(ledger, matter_id), day).kind


def create(ledger: PlainLedger, kind: str, values: Mapping[str, Any]) -> Item:
    """Keep a new entry and log it."""
    entry_id = recording.insert(ledger, kind, values)
    item = items.one(ledger, kind, entry_id)
    ledger.record(item.id, after=dict(values), matter_id=values["matter_id"])
    return item
