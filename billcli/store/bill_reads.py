"""Reading bills back: their state and balance from events and the journal, their frozen words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from billcli.core.allocation import allocate
from billcli.core.bill import Bill
from billcli.core.document import BillDocument, Letterhead, Party, Receipt
from billcli.core.states import BillState, bill_state
from billcli.core.tax import TaxSum
from billcli.core.work import Step
from billcli.errors import NotFound
from billcli.store import bill_parts, rows, shares
from billcli.store.postings import CREDITED, WRITTEN_OFF, paid
from billcli.values.text import did_you_mean, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_FACTS = f"""
    SELECT b.id, b.number, b.seq, b.matter_id, m.number AS matter, b.client_id, b.arrangement,
        b.day, b.due_on, b.total_cents, b.template, b.template_set, b.approved_on,
        (SELECT day FROM bill_event WHERE bill_id = b.id AND what = 'issued') AS issued_on,
        (SELECT day FROM bill_event WHERE bill_id = b.id AND what = 'voided') AS voided_on,
        coalesce((SELECT sum({paid()}) FROM move WHERE bill_id = b.id), 0) AS paid_cents,
        coalesce((SELECT sum({CREDITED}) FROM move WHERE bill_id = b.id), 0) AS credited_cents,
        coalesce((SELECT sum({WRITTEN_OFF}) FROM move WHERE bill_id = b.id), 0)
            AS written_off_cents,
        coalesce((SELECT amount_cents FROM bill_dispute WHERE bill_id = b.id
            ORDER BY id DESC LIMIT 1), 0) AS disputed_cents
    FROM bill AS b JOIN matter AS m ON m.id = b.matter_id"""


@dataclass(frozen=True, slots=True)
class BillFacts:
    """A bill in a list: who, when, how much, and where it stands."""

    id: int
    number: str
    matter_id: int
    matter: str
    client: str
    arrangement: str
    day: date
    due_on: date
    total_cents: int
    paid_cents: int
    written_off_cents: int
    state: BillState
    template: str
    template_set: str | None
    issued_on: date | None
    voided_on: date | None
    credited_cents: int = 0
    disputed_cents: int = 0

    @property
    def balance_cents(self) -> int:
        """What is owed: nothing before issue and after a void."""
        if self.state in ("approved", "void"):
            return 0
        return self.total_cents - self.paid_cents - self.credited_cents - self.written_off_cents


def all_(ledger: Ledger, *, matter_id: int | None = None) -> list[BillFacts]:
    """Approved bills in the order of their numbers."""
    where = "" if matter_id is None else " WHERE b.matter_id = :matter"
    return _list(ledger, f"{_FACTS}{where} ORDER BY b.year, b.seq, b.id", matter=matter_id)


def waiting(ledger: Ledger) -> list[BillFacts]:
    """Bills that were approved and never issued nor voided, in order."""
    where = " WHERE b.id NOT IN (SELECT bill_id FROM bill_event) ORDER BY b.year, b.seq, b.id"
    return _list(ledger, _FACTS + where)


def of_client(ledger: Ledger, client_id: str) -> list[BillFacts]:
    """A client's bills, oldest due first, then by number (D-43)."""
    where = " WHERE b.client_id = :client ORDER BY b.due_on, b.year, b.seq"
    return _list(ledger, _FACTS + where, client=client_id)


def _list(ledger: Ledger, query: str, **values: Any) -> list[BillFacts]:
    return [_facts(row) for row in rows.named(ledger, query, values)]


def one(ledger: Ledger, bill_id: int) -> BillFacts | None:
    """A bill by the number behind its D-."""
    return next(iter(_list(ledger, f"{_FACTS} WHERE b.id = :id", id=bill_id)), None)


def some(ledger: Ledger, ids: Iterable[int]) -> list[BillFacts]:
    """Bills by their ids, in that order."""
    wanted = list(ids)
    where = " WHERE b.id IN (SELECT value FROM json_each(:ids))"
    found = {facts.id: facts for facts in _list(ledger, _FACTS + where, ids=json.dumps(wanted))}
    return [found[bill_id] for bill_id in wanted if bill_id in found]


def numbered(ledger: Ledger, number: str) -> BillFacts | None:
    """A bill by its number."""
    return next(iter(_list(ledger, f"{_FACTS} WHERE b.number = :number", number=number)), None)


def _facts(row: Any) -> BillFacts:
    return BillFacts(
        row.id,
        row.number,
        row.matter_id,
        row.matter,
        row.client_id,
        row.arrangement,
        _day(row.day),
        _day(row.due_on),
        row.total_cents,
        row.paid_cents,
        row.written_off_cents,
        bill_state(
            issued=row.issued_on is not None,
            voided=row.voided_on is not None,
            total_cents=row.total_cents,
            paid_cents=row.paid_cents,
            credited_cents=row.credited_cents,
            written_off_cents=row.written_off_cents,
        ),
        row.template,
        row.template_set,
        _day(row.issued_on) if row.issued_on else None,
        _day(row.voided_on) if row.voided_on else None,
        row.credited_cents,
        row.disputed_cents,
    )


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    """Many bills share few days."""
    return date.fromisoformat(text)


def document(ledger: Ledger, facts: BillFacts) -> BillDocument:
    """The bill as it was frozen at approval, with the receipts it has now."""
    connection = ledger.session.connection()
    key = {"id": facts.id}
    row = connection.execute(text("SELECT * FROM bill WHERE id = :id"), key).one()
    details = json.loads(row.details)
    lines = connection.execute(
        text("SELECT * FROM bill_line WHERE bill_id = :id ORDER BY line"), key
    )
    taxes = connection.execute(text("SELECT * FROM bill_tax WHERE bill_id = :id"), key)
    parts = connection.execute(
        text("SELECT * FROM bill_part WHERE bill_id = :id ORDER BY part"), key
    )
    bill = Bill(
        arrangement=row.arrangement,
        day=facts.day,
        due_on=facts.due_on,
        through=date.fromisoformat(row.through),
        lines=tuple(bill_parts.line(r._mapping) for r in lines),
        parts=tuple(bill_parts.part(r) for r in parts),
        taxes=tuple(
            TaxSum(r.code, r.label, r.percent_e4, r.base_cents, r.tax_cents) for r in taxes
        ),
        standard_fees_cents=row.standard_fees_cents,
        fees_cents=row.fees_cents,
        discount_cents=row.discount_cents,
        costs_cents=row.costs_cents,
        discount_label=details["discount_label"],
        hide_line_pricing=details["hide_line_pricing"],
        quote_rule=details.get("quote_rule"),
        because=tuple(Step(**step) for step in details["because"]),
        warnings=tuple(details["warnings"]),
    )
    return BillDocument(
        id=f"D-{row.id}",
        number=row.number,
        state=facts.state,
        currency=ledger.currency,
        decimals=ledger.decimals,
        bill=bill,
        firm=Letterhead(**bill_parts.tupled(details["firm"])),
        client=Party(**bill_parts.tupled(details["client"])),
        matter_number=details["matter_number"],
        matter_title=details["matter_title"],
        client_matter_id=details["client_matter_id"],
        arrangement_value_cents=details["arrangement_value_cents"],
        previously_billed_cents=details["previously_billed_cents"],
        terms_days=details["terms_days"],
        milestones=tuple(bill_parts.milestone(m) for m in details["milestones"]),
        receipts=receipts(ledger, facts.id),
        note=details["note"],
        responsible=details.get("responsible"),
        share=shares.of_payor(details.get("share")),
        allocation=shares.of_bill(ledger, facts.id)
        or allocate(bill.lines, bill.fees_cents - bill.discount_cents, details.get("responsible")),
    )


def receipts(ledger: Ledger, bill_id: int) -> tuple[Receipt, ...]:
    """What has been paid on a bill, in the order of the journal; taken back is negative."""
    rows = ledger.session.connection().execute(
        text(f"""
        SELECT e.day, m.trust_id, CASE m.credit WHEN 'receivable' THEN m.debit ELSE m.credit END
            AS account, {paid("m.")} AS cents,
            coalesce(nullif(p.reference, ''), 'TR-' || m.trust_id, 'RT-' || m.retainer_id) AS named
        FROM move AS m JOIN journal_entry AS e ON e.id = m.entry_id
        LEFT JOIN payment AS p ON p.id = m.payment_id
        WHERE m.bill_id = :id AND cents <> 0
        ORDER BY e.id, m.n"""),
        {"id": bill_id},
    )
    names = {"operating_bank": "direct", "client_credit": "credit"}
    return tuple(
        Receipt(
            date.fromisoformat(row.day),
            "trust" if row.trust_id else names.get(row.account, "retainer"),
            row.cents,
            row.named,
        )
        for row in rows
    )


def pages(ledger: Ledger, bill_id: int) -> dict[str, tuple[bytes, str]]:
    """The frozen bytes of an issued bill by format, each with its SHA-256."""
    rows = ledger.session.connection().execute(
        text("SELECT format, content, sha256 FROM bill_document WHERE bill_id = :id"),
        {"id": bill_id},
    )
    return {row.format: (row.content, row.sha256) for row in rows}


def missing(ledger: Ledger, reference: str) -> NotFound:
    """The error for a bill that isn't there, with the number that comes near."""
    known = [row.number for row in rows.named(ledger, "SELECT number FROM bill", {})]
    hint = did_you_mean(reference, known) or "See `billcli bill list`."
    return NotFound("bill.missing", f"There is no bill {shown(reference)}.", hint=hint)
