"""What time, expenses and charges have in common once they are recorded: what may change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.errors import Refused, UsageProblem
from billcli.services.work._rules import active_timekeeper as active_timekeeper
from billcli.services.work._rules import create as create
from billcli.services.work._rules import past_day as past_day
from billcli.services.work._rules import refuse_closed
from billcli.store import entries, find
from billcli.store.entries import Item
from billcli.store.find import EntryRef
from billcli.store.models import MatterRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def open_matter(ledger: Ledger, number: str) -> MatterRow:
    """A matter that takes new work; a closed one is refused."""
    matter = find.matter(ledger, number)
    refuse_closed(matter.number, matter.closed_on)
    return matter


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


def listed(
    ledger: Ledger,
    kind: str,
    number: str | None,
    *,
    first: date | None,
    last: date | None,
    timekeeper: str | None = None,
) -> Sequence[Item]:
    """The entries of one kind, of a matter or of all, by day."""
    return entries.items(
        ledger,
        kinds=(kind,),
        matter_id=None if number is None else find.matter(ledger, number).id,
        first=first,
        last=last,
        timekeeper=None if timekeeper is None else find.timekeeper(ledger, timekeeper).id,
    )


def given(**fields: Any) -> dict[str, Any]:
    """The fields that an edit names; there must be one."""
    named = {name: value for name, value in fields.items() if value is not None}
    if not named:
        raise UsageProblem(
            "edit.nothing", "Nothing to change was given.", hint="Name what is to change: --help."
        )
    return named
