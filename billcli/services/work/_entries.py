"""What time, expenses and charges have in common: what may be recorded, and what may change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.errors import Refused, UsageProblem
from billcli.store import entries, find
from billcli.store.entries import Item
from billcli.store.find import EntryRef
from billcli.store.models import MatterRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def open_matter(ledger: Ledger, number: str) -> MatterRow:
    """A matter that takes new work; a closed one is refused."""
    matter = find.matter(ledger, number)
    if matter.closed_on is not None:
        raise Refused(
            "matter.closed",
            f"Matter {matter.number} was closed on {matter.closed_on}; it takes no new work.",
            hint=f"Open it again with `billcli matter reopen {matter.number}`.",
        )
    return matter


def past_day(
    ledger: Ledger,
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


def active_timekeeper(ledger: Ledger, timekeeper: str) -> str:
    """A timekeeper who is still with the firm."""
    row = find.timekeeper(ledger, timekeeper)
    if row.archived_on is not None:
        raise Refused(
            "timekeeper.archived",
            f"Timekeeper {row.id} was archived on {row.archived_on} and records no more work.",
            hint="Name another with --tk.",
        )
    return row.id


def changeable(ledger: Ledger, reference: str, kind: str) -> EntryRef:
    """An entry that is on no bill yet; a billed one is refused, naming its bill."""
    ref = find.entry(ledger, reference, kind=kind)
    item = entries.one(ledger, kind, ref.id)
    if item.state == "billed":
        raise Refused(
            "entry.billed",
            f"{item.id} is on bill {item.bill} and can't change any more.",
            hint=f"`billcli bill void {item.bill} --reason …` frees it.",
        )
    if item.state == "written_off":
        raise Refused(
            "entry.written-off",
            f"{item.id} was written off with bill {item.bill} and can't change any more.",
            hint="Record the work anew, if it is to be billed after all.",
        )
    if item.state == "withdrawn":
        raise Refused(
            "charge.withdrawn",
            f"{item.id} was withdrawn on {ref.row.withdrawn_on}.",
            hint="Add a new charge instead.",
        )
    return ref


def create(ledger: Ledger, kind: str, values: Mapping[str, Any]) -> Item:
    """Keep a new entry and log it."""
    entry_id = entries.insert(ledger, kind, values)
    item = entries.one(ledger, kind, entry_id)
    ledger.record(item.id, after=dict(values), matter_id=values["matter_id"])
    return item


def alter(ledger: Ledger, ref: EntryRef, changes: Mapping[str, Any]) -> Item:
    """Change what differs, and nothing else, and log both states."""
    before = entries.stored(ledger, ref.kind, ref.id)
    differing = {name: value for name, value in changes.items() if before[name] != value}
    if differing:
        entries.change(ledger, ref.kind, ref.id, differing)
        matter_id = differing.get("matter_id", before["matter_id"])
        if "matter_id" in differing:
            entries.leave_draft(ledger, ref.kind, ref.id)
    item = entries.one(ledger, ref.kind, ref.id)
    if differing:
        old = {name: before[name] for name in differing}
        ledger.record(item.id, before=old, after=differing, matter_id=matter_id)
    return item


def delete(ledger: Ledger, reference: str, kind: str) -> Item:
    """Remove an entry that is on no bill; the log keeps what it was."""
    ref = changeable(ledger, reference, kind)
    item = entries.one(ledger, kind, ref.id)
    before = entries.stored(ledger, kind, ref.id)
    entries.remove(ledger, kind, ref.id)
    ledger.record(item.id, before=before, matter_id=before["matter_id"])
    return item


def given(**fields: Any) -> dict[str, Any]:
    """The fields that an edit names; there must be one."""
    named = {name: value for name, value in fields.items() if value is not None}
    if not named:
        raise UsageProblem(
            "edit.nothing", "Nothing to change was given.", hint="Name what is to change: --help."
        )
    return named
