"""Finding what a user named; what isn't there is said with the nearest that is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlmodel import col, select

from billcli.errors import NotFound, Refused, UsageProblem
from billcli.store import bill_reads, drafts, missing
from billcli.store.models import (
    ChargeRow,
    ClientRow,
    ExpenseRow,
    MatterRow,
    TaskRow,
    TimeEntryRow,
    TimekeeperRow,
)
from billcli.values.text import nearest, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

ENTRIES = {"T": ("time", TimeEntryRow), "E": ("expense", ExpenseRow), "C": ("charge", ChargeRow)}


class EntryRef(NamedTuple):
    """A time entry, expense or charge by its reference."""

    kind: str
    id: int
    row: Any


def matter(ledger: Ledger, number: str) -> MatterRow:
    """A matter by its number."""
    row = ledger.session.exec(select(MatterRow).where(MatterRow.number == number)).first()
    if row is None:
        known = ledger.session.exec(select(MatterRow.number)).all()
        raise missing.matter(number, known)
    return row


def client(ledger: Ledger, client_id: str) -> ClientRow:
    """A client by its id."""
    row = ledger.session.get(ClientRow, client_id)
    if row is None:
        names = {
            name: id_ for id_, name in ledger.session.exec(select(ClientRow.id, ClientRow.name))
        }
        near = nearest(client_id, names.values()) or names.get(nearest(client_id, names) or "")
        hint = f'Did you mean "{near}"?' if near else "See `billcli client list`."
        raise NotFound("client.missing", f"There is no client {shown(client_id)}.", hint=hint)
    return row


def timekeeper(ledger: Ledger, timekeeper_id: str) -> TimekeeperRow:
    """A timekeeper by the id."""
    row = ledger.session.get(TimekeeperRow, timekeeper_id)
    if row is None:
        known = ledger.session.exec(select(TimekeeperRow.id)).all()
        raise missing.timekeeper(timekeeper_id, known)
    return row


def task(ledger: Ledger, matter_row: MatterRow, number: int) -> TaskRow:
    """A task by its number in its matter; a removed one is not there."""
    row = ledger.session.exec(
        select(TaskRow).where(
            TaskRow.matter_id == matter_row.id,
            TaskRow.number == number,
            col(TaskRow.archived_on).is_(None),
        )
    ).first()
    if row is None:
        raise NotFound(
            "task.missing",
            f"Matter {matter_row.number} has no task {number}.",
            hint=f"See `billcli task list {matter_row.number}`.",
        )
    return row


def entry(ledger: Ledger, reference: str, *, kind: str | None = None) -> EntryRef:
    """A time entry T-n, an expense E-n or a charge C-n."""
    found = re.fullmatch(r"([TEC])-([1-9][0-9]{0,15})", reference.strip().upper(), re.ASCII)
    letters = [letter for letter, (name, _) in ENTRIES.items() if kind in (None, name)]
    if not found or found[1] not in letters:
        raise UsageProblem(
            "entry.reference",
            f"{shown(reference)} is not a reference here.",
            hint="It is written " + " or ".join(f"{letter}-12" for letter in letters) + ".",
        )
    name, model = ENTRIES[found[1]]
    row: Any = ledger.session.get(model, int(found[2]))
    if row is None:
        raise NotFound(
            "entry.missing",
            f"There is no {'time entry' if name == 'time' else name} {found[0]}.",
            hint="See `billcli matter items MATTER`.",
        )
    return EntryRef(name, int(found[2]), row)


def matter_by_id(ledger: Ledger, matter_id: int) -> MatterRow:
    """A matter by the id that other rows carry."""
    row = ledger.session.get(MatterRow, matter_id)
    if row is None:
        raise NotFound("matter.missing", f"There is no matter with id {matter_id}.")
    return row


def bill(ledger: Ledger, reference: str) -> bill_reads.BillFacts:
    """An approved bill; a draft is refused with what to do."""
    facts = approved(ledger, reference)
    if facts is not None:
        return facts
    open_one = draft(ledger, reference)
    raise Refused(
        "bill.draft",
        f"{open_one.ref} is a draft.",
        hint=f"Approve it first: billcli bill approve {open_one.ref}",
    )


def approved(ledger: Ledger, reference: str) -> bill_reads.BillFacts | None:
    """An approved bill by its number or by the D-n it keeps for life."""
    match = re.fullmatch(r"[Dd]-([1-9][0-9]{0,15})", reference.strip(), re.ASCII)
    if match:
        return bill_reads.one(ledger, int(match[1]))
    return bill_reads.numbered(ledger, reference.strip())


def draft(ledger: Ledger, reference: str) -> drafts.Draft:
    """An open draft by its D-n; what is approved is refused with what can be done."""
    facts = approved(ledger, reference)
    if facts is not None:
        raise Refused(
            "bill.not-draft",
            f"Bill {facts.number} is {facts.state.replace('_', ' ')}; it is no draft any more.",
            hint=f"What is approved never changes: billcli bill void {facts.number} --reason …",
        )
    match = re.fullmatch(r"[Dd]-([1-9][0-9]{0,15})", reference.strip(), re.ASCII)
    if not match:
        raise bill_reads.missing(ledger, reference.strip())
    return drafts.get(ledger, int(match[1]))
