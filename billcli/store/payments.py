"""Payments: received once, then moved between bills and credit by the journal alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, text

from billcli.errors import NotFound
from billcli.store import rows
from billcli.store.audit import Mark
from billcli.store.models import PaymentRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_PAYMENT = insert(PaymentRow.__table__)  # type: ignore[attr-defined]
_SELECT = """
    SELECT p.id, p.day, p.client_id, p.matter_id, m.number AS matter, p.amount_cents, p.method,
        p.reference
    FROM payment AS p LEFT JOIN matter AS m ON m.id = p.matter_id"""


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as it came in."""

    id: int
    day: date
    client: str
    matter_id: int | None
    matter: str | None
    amount_cents: int
    method: str | None
    reference: str | None

    @property
    def ref(self) -> str:
        """Its name: P-2."""
        return f"P-{self.id}"


def next_id(ledger: Ledger) -> int:
    """The number that the next payment gets; the caller holds the write lock."""
    return rows.next_id(ledger, "payment")


def add(ledger: Ledger, payment: Payment, mark: Mark) -> None:
    """Keep a payment."""
    ledger.session.connection().execute(
        _PAYMENT,
        {
            "id": payment.id,
            "day": payment.day.isoformat(),
            "client_id": payment.client,
            "matter_id": payment.matter_id,
            "amount_cents": payment.amount_cents,
            "method": payment.method,
            "reference": payment.reference,
            "audit_id": mark.audit_id,
            "audit_hash": mark.audit_hash,
        },
    )


def get(ledger: Ledger, payment_id: int) -> Payment:
    """A payment by the number behind P-."""
    row = (
        ledger.session.connection()
        .execute(text(f"{_SELECT} WHERE p.id = :id"), {"id": payment_id})
        .one_or_none()
    )
    if row is None:
        raise NotFound(
            "payment.missing",
            f"There is no payment P-{payment_id}.",
            hint="See `billcli payment list`.",
        )
    return _payment(row)


def all_(ledger: Ledger) -> list[Payment]:
    """All payments, oldest first."""
    found = ledger.session.connection().execute(text(f"{_SELECT} ORDER BY p.id"))
    return [_payment(row) for row in found]


def credits_held(
    ledger: Ledger, *, client: str | None = None, matter_id: int | None = None
) -> list[tuple[str, int]]:
    """Payments of a client, or made on a matter, that hold credit: (P-n, cents)."""
    found = ledger.session.connection().execute(
        text("""
            SELECT p.id, sum(CASE v.credit WHEN 'client_credit' THEN v.amount_cents
                ELSE -v.amount_cents END) AS cents
            FROM move AS v JOIN payment AS p ON p.id = v.payment_id
            WHERE 'client_credit' IN (v.debit, v.credit)
                AND (:client IS NULL OR p.client_id = :client)
                AND (:matter IS NULL OR p.matter_id = :matter)
            GROUP BY p.id HAVING cents > 0 ORDER BY p.id"""),
        {"client": client, "matter": matter_id},
    )
    return [(f"P-{row.id}", row.cents) for row in found]


def _payment(row: Any) -> Payment:
    return Payment(
        row.id,
        date.fromisoformat(row.day),
        row.client_id,
        row.matter_id,
        row.matter,
        row.amount_cents,
        row.method,
        row.reference,
    )
