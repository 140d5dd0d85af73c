"""Approved bills: written once; issue and void are events beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import text

from billcli.core import journal as recipes
from billcli.core.document import BillDocument
from billcli.store import bill_rows, drafts, journal, numbers, rows, split_bills
from billcli.store.audit import Mark
from billcli.store.bill_rows import BillRows, Heading
from billcli.store.models import (
    BillAllocationRow,
    BillDocumentRow,
    BillEventRow,
    BillLineRow,
    BillPartRow,
    BillReserveRow,
    BillRow,
    BillTaxRow,
    ClaimRow,
    PeriodClaimRow,
)

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

SERIES = bill_rows.SERIES


def approve(
    ledger: Ledger,
    bill_id: int,
    matter_id: int,
    document: BillDocument,
    *,
    number_format: str,
    template: str,
    template_set: str,
    group: int | None = None,
    ready: BillRows | None = None,
) -> BillDocument:
    """Give the bill its number and freeze it; its entries are claimed (D-45, D-46).

    `group` is the bill that holds the entries for all payors of a split (D-51). `ready` are the
    document's rows where they were made ahead; they hold if it has got what they were made for.
    """
    bill = document.bill
    year, seq, number = numbers.take(ledger, SERIES, number_format, bill.day)
    heading = Heading(
        bill_id, matter_id, year, seq, number, template, template_set, ledger.today.isoformat()
    )
    kept = ready if ready and ready.heading == heading else bill_rows.rows_of(heading, document)
    mark = ledger.record(
        f"bill {number}",
        after={"approved": f"D-{bill_id}", "total_cents": bill.total_cents, "seal": kept.seal},
        matter_id=matter_id,
    )
    marked = (*kept.bill, mark.audit_id, mark.audit_hash)
    rows.insert_placed(ledger, BillRow, (*bill_rows.BILL, "audit_id", "audit_hash"), (marked,))
    rows.insert_placed(ledger, BillLineRow, bill_rows.LINE, kept.lines)
    rows.insert_placed(ledger, BillTaxRow, bill_rows.TAX, kept.taxes)
    rows.insert_placed(ledger, BillPartRow, bill_rows.PART, kept.parts)
    rows.insert_placed(ledger, BillAllocationRow, bill_rows.SHARE, kept.shares)
    if document.share:
        split_bills.add(ledger, bill_id, group or bill_id, document.share)
    if group in (None, bill_id):
        rows.insert_placed(ledger, ClaimRow, bill_rows.CLAIM, kept.claims)
    rows.insert_placed(ledger, PeriodClaimRow, bill_rows.PERIOD, kept.periods)
    if bill.outcome is not None:
        released = {
            "bill_id": bill_id,
            "outcome_id": bill.outcome,
            "released_cents": bill.released_cents,
            "written_off_cents": bill.reserve_written_off_cents,
        }
        rows.insert(ledger, BillReserveRow, released)
    drafts.remove(ledger, bill_id, approved=True)
    return replace(document, number=number, state="approved")


def issue(
    ledger: Ledger,
    bill_id: int,
    matter_id: int,
    document: BillDocument,
    pages: Mapping[str, bytes],
    *,
    hashes: Mapping[str, str] | None = None,
) -> None:
    """Post the bill and keep its bytes, in the transaction that issues it (D-45)."""
    bill = document.bill
    hashes = hashes or {
        form: hashlib.sha256(content).hexdigest() for form, content in pages.items()
    }
    mark = ledger.record(f"bill {document.number}", after={"issued": hashes}, matter_id=matter_id)
    _event(ledger, bill_id, "issued", mark)
    journal.post(
        ledger,
        recipes.bill_issued(
            day=bill.day,
            bill_id=bill_id,
            matter_id=matter_id,
            fees_cents=bill.fees_cents,
            discount_cents=bill.discount_cents,
            costs_cents=bill.costs_cents,
            tax_cents=bill.tax_cents,
        ),
        mark,
    )
    rows.insert_all(
        ledger,
        BillDocumentRow,
        [
            {"bill_id": bill_id, "format": form, "content": content, "sha256": hashes[form]}
            for form, content in pages.items()
        ],
    )


def void(
    ledger: Ledger, bill_id: int, number: str, matter_id: int, *, reason: str, entries: str
) -> None:
    """Void a bill: its posting is reversed today, and its entries come back unless written off."""
    mark = ledger.record(
        f"bill {number}", after={"voided": reason, "entries": entries}, matter_id=matter_id
    )
    _event(ledger, bill_id, "voided", mark, reason=reason, entries=entries)
    _undo(ledger, f"bill:{bill_id}", reason=reason, mark=mark)
    undo_costs_from_trust(ledger, bill_id, reason=reason, mark=mark)
    if entries == "return":
        free_entries(ledger, bill_id)


def undo_costs_from_trust(ledger: Ledger, bill_id: int, *, reason: str, mark: Mark) -> None:
    """Take costs that trust paid straight off a bill again; their payee was paid all the same."""
    _undo(ledger, f"bill:{bill_id}:trust", reason=reason, mark=mark)


def free_entries(ledger: Ledger, bill_id: int) -> None:
    """Let go of the entries and the periods that a bill held; they can be billed again."""
    for table in ("claim", "period_claim"):
        ledger.session.connection().execute(
            text(f"UPDATE {table} SET released_on = :day WHERE bill_id = :bill"),
            {"day": ledger.today.isoformat(), "bill": bill_id},
        )


def _undo(ledger: Ledger, source: str, *, reason: str, mark: Mark) -> None:
    """Reverse what a source posted, if it did, as of today."""
    key = {"source": source}
    if not rows.one(ledger, "SELECT 1 FROM journal_entry WHERE source = :source", key):
        return
    entry_id, entry = journal.by_source(ledger, source)
    day = max(ledger.today, entry.day)
    undone = recipes.reversed_(entry, entry_id, day=day, reason=reason, source=f"{source}:void")
    journal.post(ledger, undone, mark)


def _event(
    ledger: Ledger,
    bill_id: int,
    what: str,
    mark: Mark,
    *,
    reason: str | None = None,
    entries: str | None = None,
) -> None:
    rows.insert(
        ledger,
        BillEventRow,
        {
            "bill_id": bill_id,
            "what": what,
            "day": ledger.today.isoformat(),
            "reason": reason,
            "entries": entries,
            "audit_id": mark.audit_id,
            "audit_hash": mark.audit_hash,
        },
    )
