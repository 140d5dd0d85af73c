"""Approved bills: written once; issue and void are events beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from billcli.core import journal as recipes
from billcli.core.document import BillDocument
from billcli.core.lines import Line
from billcli.store import drafts, frozen, journal, numbers, rows, shares, split_bills
from billcli.store.audit import Mark, seal
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

SERIES = "bill"
FROZEN = (
    "firm", "client", "matter_number", "matter_title", "client_matter_id",
    "arrangement_value_cents", "previously_billed_cents", "terms_days", "milestones", "note",
    "responsible",
)  # fmt: skip
FROZEN_OF_BILL = ("because", "warnings", "discount_label", "hide_line_pricing", "quote_rule")


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
) -> BillDocument:
    """Give the bill its number and freeze it; its entries are claimed (D-45, D-46).

    `group` is the bill that holds the entries for all payors of a split (D-51).
    """
    bill = document.bill
    year, seq, number = numbers.take(ledger, SERIES, number_format, bill.day)
    details = {name: frozen.dumped(getattr(document, name)) for name in FROZEN}
    details |= {name: frozen.dumped(getattr(bill, name)) for name in FROZEN_OF_BILL}
    if document.share:
        details["share"] = frozen.dumped(document.share)
    lines = [_line(bill_id, n, line) for n, line in enumerate(bill.lines, 1)]
    taxes = [
        {"bill_id": bill_id, **frozen.dumped(tax)}
        for tax in sorted(bill.taxes, key=lambda tax: tax.code)
    ]
    parts = [_part(bill_id, n, part) for n, part in enumerate(bill.parts, 1)]
    shared = shares.kept(bill_id, document.allocation)
    row = {
        "id": bill_id,
        "number": number,
        "series": SERIES,
        "year": year,
        "seq": seq,
        "matter_id": matter_id,
        "client_id": document.client.id,
        "arrangement": bill.arrangement,
        "day": bill.day.isoformat(),
        "due_on": bill.due_on.isoformat(),
        "through": bill.through.isoformat(),
        "period_start": bill.period_start.isoformat() if bill.period_start else None,
        "period_end": bill.period_end.isoformat() if bill.period_end else None,
        "standard_fees_cents": bill.standard_fees_cents,
        "fee_adjustment_cents": bill.fee_adjustment_cents,
        "fees_cents": bill.fees_cents,
        "discount_cents": bill.discount_cents,
        "costs_cents": bill.costs_cents,
        "tax_cents": bill.tax_cents,
        "total_cents": bill.total_cents,
        "reserve_accrued_cents": bill.reserve_accrued_cents,
        "template": template,
        "template_set": template_set,
        "details": json.dumps(details, ensure_ascii=False),
        "approved_on": ledger.today.isoformat(),
    }
    mark = ledger.record(
        f"bill {number}",
        after={
            "approved": f"D-{bill_id}",
            "total_cents": bill.total_cents,
            "seal": seal([row, *lines, *taxes, *parts, *shared]),
        },
        matter_id=matter_id,
    )
    row |= {"audit_id": mark.audit_id, "audit_hash": mark.audit_hash}
    rows.insert(ledger, BillRow, row)
    rows.insert_all(ledger, BillLineRow, lines)
    rows.insert_all(ledger, BillTaxRow, taxes)
    rows.insert_all(ledger, BillPartRow, parts)
    rows.insert_all(ledger, BillAllocationRow, shared)
    if document.share:
        split_bills.add(ledger, bill_id, group or bill_id, document.share)
    holds = group in (None, bill_id)
    claims = [
        {"bill_id": bill_id, "kind": kind, "entry_id": entry_id, "released_on": None}
        for kind, entry_id in (bill.claims if holds else ())
    ]
    rows.insert_all(ledger, ClaimRow, claims)
    periods = [
        {"bill_id": bill_id, "matter_id": matter_id, "period_start": start.isoformat()}
        for start in bill.periods
    ]
    rows.insert_all(ledger, PeriodClaimRow, periods)
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
    ledger: Ledger, bill_id: int, matter_id: int, document: BillDocument, pages: Mapping[str, bytes]
) -> None:
    """Post the bill and keep its bytes, in the transaction that issues it (D-45)."""
    bill = document.bill
    hashes = {form: hashlib.sha256(content).hexdigest() for form, content in pages.items()}
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


def _line(bill_id: int, n: int, line: Line) -> dict[str, Any]:
    return {
        "bill_id": bill_id,
        "line": n,
        "kind": line.kind,
        "class": line.class_,
        "entry_id": line.entry_id,
        "day": line.day.isoformat() if line.day else None,
        "timekeeper_id": line.timekeeper,
        "timekeeper_name": line.timekeeper_name,
        "description": line.description,
        "hours_e4": line.hours_e4,
        "logged_e4": line.logged_e4,
        "rate_e4": line.rate_e4,
        "standard_cents": line.standard_cents,
        "amount_cents": line.amount_cents,
        "billed_cents": line.billed_cents,
        "behavior": line.behavior,
        "note": line.note,
        "reason": line.reason,
        "task_code": line.task_code,
        "activity_code": line.activity_code,
        "expense_code": line.expense_code,
        "category": line.category,
        "tax_code": line.tax_code,
        "task_number": line.task_number,
    }


def _part(bill_id: int, n: int, part: Any) -> dict[str, Any]:
    def day(value: date | None) -> str | None:
        return value.isoformat() if value else None

    return {
        "bill_id": bill_id,
        "part": n,
        "arrangement_id": part.arrangement_id,
        "period_start": day(part.period_start),
        "period_end": day(part.period_end),
        "standard_cents": part.standard_cents,
        "charged_cents": part.charged_cents,
        "reserved_cents": part.reserved_cents,
        "costs_cents": part.costs_cents,
    }
