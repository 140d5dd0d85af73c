"""What a statement of account is made of: postings to a client's receivable, and held money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.statement import Posted
from billcli.store import retainers, rows

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Day = date
# By what stands on the other side of the receivable. A cost that trust paid straight counts as
# paid from trust.
_KIND = """CASE WHEN v.credit_id IS NOT NULL THEN 'credit_note'
        WHEN 'bad_debt' IN (v.debit, v.credit) THEN 'write_off'
        WHEN v.trust_id IS NOT NULL THEN 'trust' WHEN v.retainer_id IS NOT NULL THEN 'operating'
        WHEN 'client_credit' IN (v.debit, v.credit) THEN 'credit'
        WHEN v.payment_id IS NOT NULL THEN 'direct'
        WHEN e.reverses IS NOT NULL THEN 'void' ELSE 'bill' END"""
_POSTED = f"""
    SELECT e.day, {_KIND} AS kind, b.number AS bill, m.number AS matter, v.payment_id, v.trust_id,
        v.retainer_id, c.number AS credit_note, p.reference, p.method, e.reason,
        sum(CASE v.debit WHEN 'receivable' THEN v.amount_cents ELSE -v.amount_cents END) AS cents
    FROM move AS v JOIN journal_entry AS e ON e.id = v.entry_id
    JOIN bill AS b ON b.id = v.bill_id JOIN matter AS m ON m.id = b.matter_id
    LEFT JOIN payment AS p ON p.id = v.payment_id LEFT JOIN credit_note AS c ON c.id = v.credit_id
    WHERE b.client_id = :client AND (:matter IS NULL OR b.matter_id = :matter) AND e.day <= :day
        AND (v.debit = 'receivable' OR v.credit = 'receivable')
    GROUP BY e.id, b.id, kind, v.payment_id, v.trust_id, v.retainer_id, v.credit_id
    HAVING cents <> 0 ORDER BY e.day, e.id, b.id"""
_TRUST = """
    SELECT t.id, t.day, t.kind, t.amount_cents AS cents, m.number AS matter, t.party, t.purpose,
        t.reference, b.number AS bill, t.reverses, coalesce(c.day, t.effective_on) AS effective_on
    FROM trust_entry AS t JOIN matter AS m ON m.id = t.matter_id
    LEFT JOIN bill AS b ON b.id = t.bill_id LEFT JOIN trust_clearing AS c ON c.receipt_id = t.id
    WHERE t.client_id = :client AND (:matter IS NULL OR t.matter_id = :matter) AND t.day <= :day
    ORDER BY t.day, t.id"""
_RETAINER = """
    SELECT r.id, r.day, r.kind, r.amount_cents AS cents, m.number AS matter, NULL AS party,
        r.note AS purpose, r.reference, b.number AS bill, r.reverses, r.day AS effective_on
    FROM retainer_entry AS r JOIN matter AS m ON m.id = r.matter_id
    LEFT JOIN bill AS b ON b.id = r.bill_id
    WHERE r.client_id = :client AND (:matter IS NULL OR r.matter_id = :matter) AND r.day <= :day
    ORDER BY r.day, r.id"""
_CREDIT = """
    SELECT coalesce(sum(CASE v.credit WHEN 'client_credit' THEN v.amount_cents
        ELSE -v.amount_cents END), 0)
    FROM move AS v JOIN journal_entry AS e ON e.id = v.entry_id
    JOIN payment AS p ON p.id = v.payment_id
    WHERE 'client_credit' IN (v.debit, v.credit) AND p.client_id = :client
        AND (:matter IS NULL OR p.matter_id = :matter) AND e.day <= :day"""
_CONCERNED = """
    SELECT EXISTS (SELECT 1 FROM matter WHERE id = :matter AND client_id = :client)
        OR EXISTS (SELECT 1 FROM bill WHERE matter_id = :matter AND client_id = :client)
        OR EXISTS (SELECT 1 FROM trust_entry WHERE matter_id = :matter AND client_id = :client)"""


@dataclass(frozen=True, slots=True)
class HeldMove:
    """A row of a trust ledger or a general retainer; `cents` above 0 in, below 0 out."""

    id: str
    day: date
    kind: str
    cents: int
    matter: str
    party: str | None
    purpose: str | None
    reference: str | None
    bill: str | None
    reverses: str | None
    effective_on: date


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a client to pay in and has not come yet."""

    number: str
    date: Day
    matter: str
    account: str
    amount_cents: int
    paid_cents: int
    outstanding_cents: int


def posted(ledger: Ledger, client: str, matter_id: int | None, day: date) -> list[Posted]:
    """All that moved what a client owes, up to a day, in the order of the days."""
    return [_posted(row) for row in rows.named(ledger, _POSTED, _asked(client, matter_id, day))]


def trust_moves(ledger: Ledger, client: str, matter_id: int | None, day: date) -> list[HeldMove]:
    """The trust ledger of a client up to a day."""
    return _held(ledger, _TRUST, "TR", _asked(client, matter_id, day))


def retainer_moves(ledger: Ledger, client: str, matter_id: int | None, day: date) -> list[HeldMove]:
    """The general retainers of a client up to a day."""
    return _held(ledger, _RETAINER, "RT", _asked(client, matter_id, day))


def credit(ledger: Ledger, client: str, matter_id: int | None, day: date) -> int:
    """What payments of a client held as credit on a day."""
    return int(rows.one(ledger, _CREDIT, _asked(client, matter_id, day)))


def concerned(ledger: Ledger, client: str, matter_id: int) -> bool:
    """Whether a matter is a client's, or has a bill or trust money of his."""
    return bool(rows.one(ledger, _CONCERNED, {"client": client, "matter": matter_id}))


def requests(ledger: Ledger, client: str, matter_id: int | None, day: date) -> list[Asked]:
    """The requests made up to a day that are open now."""
    found = []
    for request in retainers.requests(ledger, matter_id, client=client):
        if request.day <= day and request.outstanding_cents:
            number = rows.one(
                ledger, "SELECT number FROM matter WHERE id = :id", {"id": request.matter_id}
            )
            found.append(
                Asked(
                    request.number,
                    request.day,
                    str(number),
                    request.account,
                    request.amount_cents,
                    request.paid_cents,
                    request.outstanding_cents,
                )
            )
    return found


def _asked(client: str, matter_id: int | None, day: date) -> dict[str, Any]:
    return {"client": client, "matter": matter_id, "day": day.isoformat()}


def _held(ledger: Ledger, query: str, letters: str, asked: dict[str, Any]) -> list[HeldMove]:
    return [
        HeldMove(
            f"{letters}-{row.id}",
            date.fromisoformat(row.day),
            row.kind,
            row.cents,
            row.matter,
            row.party,
            row.purpose,
            row.reference,
            row.bill,
            f"{letters}-{row.reverses}" if row.reverses else None,
            date.fromisoformat(row.effective_on),
        )
        for row in rows.named(ledger, query, asked)
    ]


def _posted(row: Any) -> Posted:
    source = row.kind if row.kind in ("trust", "operating", "credit", "direct") else None
    reference = row.bill
    if row.kind == "credit_note":
        reference = row.credit_note
    elif row.trust_id is not None:
        reference = f"TR-{row.trust_id}"
    elif row.retainer_id is not None:
        reference = f"RT-{row.retainer_id}"
    elif row.payment_id is not None:
        reference = f"P-{row.payment_id}"
    note = " ".join(part for part in (row.method, row.reference) if part) or row.reason
    kind = "payment" if source else row.kind
    day = date.fromisoformat(row.day)
    return Posted(day, kind, row.cents, row.bill, row.matter, source, reference, note)
