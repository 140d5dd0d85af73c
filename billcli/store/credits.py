"""Credit notes: a series of their own, written once, each with its posting and its shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core import journal as recipes
from billcli.core.credit import Credit, Credited, Pair, Sums, Taken
from billcli.store import bills, journal, numbers, rows
from billcli.store.audit import seal
from billcli.store.models import CreditNotePartRow, CreditNoteRow, CreditNoteTaxRow

if TYPE_CHECKING:
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger

SERIES = "credit"
_NOTES = """
    SELECT c.*, b.number AS bill, m.number AS matter, b.client_id AS client
    FROM credit_note AS c JOIN bill AS b ON b.id = c.bill_id JOIN matter AS m ON m.id = b.matter_id
    WHERE (:bill IS NULL OR c.bill_id = :bill) AND (:matter IS NULL OR b.matter_id = :matter)
    ORDER BY c.id"""
_SUMS = """
    SELECT coalesce(sum(fees_cents), 0) AS fees, coalesce(sum(costs_cents), 0) AS costs,
        coalesce(sum(tax_cents), 0) AS tax,
        coalesce(sum(CASE reason WHEN 'correction' THEN fees_cents + discount_cents END), 0)
            AS corrected_fees,
        coalesce(sum(CASE reason WHEN 'correction' THEN costs_cents END), 0) AS corrected_costs
    FROM credit_note WHERE bill_id = :bill"""
_TAXES = """
    SELECT t.code AS key, sum(t.base_cents) AS first, sum(t.tax_cents) AS second
    FROM credit_note_tax AS t JOIN credit_note AS c ON c.id = t.credit_id
    WHERE c.bill_id = :bill GROUP BY t.code"""
_PARTS = """
    SELECT part AS key, sum(charged_cents) AS first, sum(costs_cents) AS second
    FROM credit_note_part WHERE bill_id = :bill GROUP BY part"""


@dataclass(frozen=True, slots=True)
class CreditNote:
    """A credit note as it was written; `fees_cents` are net of `discount_cents`."""

    id: int
    number: str
    bill_id: int
    bill: str
    matter: str
    client: str
    day: date
    reason: str
    note: str | None
    amount_cents: int
    fees_cents: int
    discount_cents: int
    costs_cents: int
    tax_cents: int
    releases: bool


def add(
    ledger: Ledger,
    bill: BillFacts,
    credit: Credit,
    *,
    day: date,
    reason: str,
    note: str | None,
    releases: bool,
    number_format: str,
) -> CreditNote:
    """Write a credit note with the next number, seal it and post it; it may free the entries."""
    year, seq, number = numbers.take(ledger, SERIES, number_format, day, table="credit_note")
    note_id = rows.next_id(ledger, "credit_note")
    row = {
        "id": note_id,
        "number": number,
        "series": SERIES,
        "year": year,
        "seq": seq,
        "bill_id": bill.id,
        "day": day.isoformat(),
        "reason": reason,
        "note": note,
        "amount_cents": credit.sums.total_cents,
        "fees_cents": credit.sums.fees_cents,
        "discount_cents": credit.discount_cents,
        "costs_cents": credit.sums.costs_cents,
        "tax_cents": credit.sums.tax_cents,
        "releases": int(releases),
    }
    taxes = [
        {
            "credit_id": note_id,
            "code": code,
            "base_cents": pair.first_cents,
            "tax_cents": pair.second_cents,
        }
        for code, pair in sorted(credit.taxes.items())
    ]
    parts = [
        {
            "credit_id": note_id,
            "bill_id": bill.id,
            "part": part,
            "charged_cents": pair.first_cents,
            "costs_cents": pair.second_cents,
        }
        for part, pair in sorted(credit.parts.items())
    ]
    mark = ledger.record(
        f"credit {number}",
        after={
            "bill": bill.number,
            "amount_cents": credit.sums.total_cents,
            "reason": reason,
            "releases": releases,
            "seal": seal([row, *taxes, *parts]),
        },
        matter_id=bill.matter_id,
    )
    marks = {"audit_id": mark.audit_id, "audit_hash": mark.audit_hash}
    rows.insert(ledger, CreditNoteRow, row | marks)
    rows.insert_all(ledger, CreditNoteTaxRow, taxes)
    rows.insert_all(ledger, CreditNotePartRow, parts)
    if releases:
        bills.undo_costs_from_trust(ledger, bill.id, reason=reason, mark=mark)
        bills.free_entries(ledger, bill.id)
    entry = recipes.bill_credited(
        day=day,
        credit_id=note_id,
        bill_id=bill.id,
        matter_id=bill.matter_id,
        fees_cents=credit.gross_fees_cents,
        discount_cents=credit.discount_cents,
        costs_cents=credit.sums.costs_cents,
        tax_cents=credit.sums.tax_cents,
        reason=reason,
    )
    journal.post(ledger, entry, mark)
    return next(note for note in of(ledger, bill_id=bill.id) if note.id == note_id)


def of(
    ledger: Ledger, *, bill_id: int | None = None, matter_id: int | None = None
) -> Iterator[CreditNote]:
    """Credit notes in the order of their numbers: of a bill, of a matter, or all."""
    for row in rows.named(ledger, _NOTES, {"bill": bill_id, "matter": matter_id}):
        yield CreditNote(
            row.id,
            row.number,
            row.bill_id,
            row.bill,
            row.matter,
            row.client,
            date.fromisoformat(row.day),
            row.reason,
            row.note,
            row.amount_cents,
            row.fees_cents,
            row.discount_cents,
            row.costs_cents,
            row.tax_cents,
            bool(row.releases),
        )


def whole(ledger: Ledger, bill_id: int) -> Credited:
    """What a bill came to, as it was frozen."""
    key = {"bill": bill_id}
    bill = next(rows.named(ledger, "SELECT * FROM bill WHERE id = :bill", key))
    taxes = _pairs(
        ledger,
        "SELECT code AS key, base_cents AS first, tax_cents AS second FROM bill_tax"
        " WHERE bill_id = :bill",
        bill_id,
    )
    parts = _pairs(
        ledger,
        "SELECT part AS key, charged_cents AS first, costs_cents AS second FROM bill_part"
        " WHERE bill_id = :bill",
        bill_id,
    )
    return Credited(bill.fees_cents, bill.discount_cents, bill.costs_cents, taxes, parts)


def taken(ledger: Ledger, bill_id: int) -> Taken:
    """What earlier credit notes took back of a bill."""
    row = next(rows.named(ledger, _SUMS, {"bill": bill_id}))
    return Taken(
        Sums(row.fees, row.costs, row.tax),
        Pair(row.corrected_fees, row.corrected_costs),
        _pairs(ledger, _TAXES, bill_id),
        _pairs(ledger, _PARTS, bill_id),
    )


def _pairs(ledger: Ledger, sql: str, bill_id: int) -> dict[Any, Pair]:
    found = rows.named(ledger, sql, {"bill": bill_id})
    return {row.key: Pair(row.first, row.second) for row in found}
