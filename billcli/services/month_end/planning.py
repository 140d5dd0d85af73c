"""The bill that a matter gets in a run, or why it gets none (§6.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billcli.core.edits import Edit
from billcli.core.mass import Skip, below_minimum, skipped
from billcli.core.matter import MatterFile, in_force
from billcli.errors import BillError
from billcli.services.arrangement import standing
from billcli.services.bill import billing
from billcli.services.bill.desk import Desk
from billcli.services.bill.request import Request
from billcli.services.month_end.alone import blamed
from billcli.services.month_end.batch import FAULTS, Batch
from billcli.services.month_end.plan import Plan
from billcli.store import bill_reads, drafts, frozen, runs

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def plan(ledger: Ledger, desk: Desk, batch: Batch, file: MatterFile) -> Plan | Skip:
    """The bill a matter gets, or why it gets none."""
    picked = file.number in batch.matters
    skip = skipped(file, desk.facts.settings, picked=picked, through=batch.through)
    if skip:
        return skip
    open_one = runs.open_draft(ledger, file.id)
    if batch.key:
        before = runs.billed_under(ledger, batch.key, file.id)
        if before is not None and not (batch.refresh and before == open_one):
            return Skip(f"billed under key {batch.key} already, {_name(ledger, before)}")
    if open_one is not None:
        return _again(ledger, desk, batch, file, open_one)
    bill = billing.bill_of(file, desk.facts, batch.request, ledger.decimals)
    if bill.empty:
        idle = not picked and not file.fees and not file.costs
        quiet = idle and not _fee_waits(ledger, batch, file)
        return Skip(billing.nothing_because(file, bill), quiet=quiet)
    small = below_minimum(file, bill, desk.facts.settings, ledger.decimals)
    return small or Plan(file, bill, left=batch.breakers.tripped(bill, ledger.decimals))


def safely(ledger: Ledger, desk: Desk, batch: Batch, file: MatterFile) -> Plan | Skip | BillError:
    """The same, with what is wrong with the matter as an answer (B24)."""
    try:
        return plan(ledger, desk, batch, file)
    except BillError as error:
        return error
    except FAULTS as fault:
        return blamed(file.number, fault)


def _again(
    ledger: Ledger, desk: Desk, batch: Batch, file: MatterFile, draft_id: int
) -> Plan | Skip:
    """The open draft: left alone, or computed again for the days of this run (--refresh).

    What was asked of it by hand stays, and so do its edits unless they are discarded.
    """
    if not batch.refresh:
        return Skip(f"draft D-{draft_id} exists")
    draft = drafts.get(ledger, draft_id)
    request = replace(Request.loaded(draft.request), day=batch.day, through=batch.through)
    edits: tuple[Edit, ...] = () if batch.discard_edits else draft.edits
    if request.charges is not None:
        file = desk.file(file.id, request)
    bill = billing.bill_of(file, desk.facts, request, ledger.decimals, edits=edits)
    if bill.empty and not request.zero_bill:
        return Skip(f"draft {draft.ref} stays: {billing.nothing_because(file, bill)}")
    same = request.dumped() == draft.request and edits == draft.edits
    if same and not batch.approves and frozen.dumped(bill) == frozen.dumped(draft.bill):
        return Skip(f"draft {draft.ref} exists, and is up to date")
    left = batch.breakers.tripped(bill, ledger.decimals)
    if left is None and not request.by_hand:
        small = below_minimum(file, bill, desk.facts.settings, ledger.decimals)
        left = small.reason if small else None
    return Plan(file, bill, left=left, draft=draft, request=request, edits=edits)


def _fee_waits(ledger: Ledger, batch: Batch, file: MatterFile) -> bool:
    """Whether a fixed fee is still to be billed, so that the run says what it waits for.

    A cap or a fee that is used up, and a period that is charged, are worth a line only when there
    is work or a cost to say it of.
    """
    if in_force(file.versions, batch.through).kind != "fixed":
        return False
    return bool(standing.position(file, batch.through, ledger.decimals).headroom_cents)


def _name(ledger: Ledger, bill_id: int) -> str:
    facts = bill_reads.one(ledger, bill_id)
    return facts.number if facts else f"D-{bill_id}"
