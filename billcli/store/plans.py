"""Payment plans of bills: kept, replaced by newer ones, and read as of any day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import text

from billcli.core.plan import Instalment
from billcli.store import rows
from billcli.store.models import PaymentPlanRow, PaymentPlanRowRow
from billcli.store.postings import paid

if TYPE_CHECKING:
    from billcli.store.audit import Mark
    from billcli.store.ledger import Ledger

_IN_FORCE = """
    SELECT p.bill_id, p.day, r.n, r.due_on, r.amount_cents FROM payment_plan AS p
    JOIN payment_plan_row AS r ON r.plan_id = p.id
    WHERE p.day <= :day AND p.id = (
        SELECT max(id) FROM payment_plan WHERE bill_id = p.bill_id AND day <= :day)"""
_PAID = f"""
    SELECT coalesce(sum({paid("v.")}), 0)
    FROM move AS v JOIN journal_entry AS e ON e.id = v.entry_id
    WHERE v.bill_id = :bill AND e.day <= :day"""


def add(ledger: Ledger, bill_id: int, plan: Sequence[Instalment], mark: Mark) -> None:
    """Keep a plan; it replaces the bill's earlier one from today on."""
    plan_id = rows.insert(
        ledger,
        PaymentPlanRow,
        {
            "bill_id": bill_id,
            "day": ledger.today.isoformat(),
            "audit_id": mark.audit_id,
            "audit_hash": mark.audit_hash,
        },
    )
    rows.insert_all(
        ledger,
        PaymentPlanRowRow,
        [
            {
                "plan_id": plan_id,
                "n": part.n,
                "due_on": part.due_on.isoformat(),
                "amount_cents": part.cents,
            }
            for part in plan
        ],
    )


def in_force(ledger: Ledger, day: date) -> dict[int, tuple[Instalment, ...]]:
    """The plans that held on a day, by bill."""
    found: dict[int, tuple[Instalment, ...]] = {}
    query = text(f"{_IN_FORCE} ORDER BY p.bill_id, r.n")
    for row in ledger.session.connection().execute(query, {"day": day.isoformat()}):
        part = Instalment(row.n, date.fromisoformat(row.due_on), row.amount_cents)
        found[row.bill_id] = (*found.get(row.bill_id, ()), part)
    return found


def of_bill(ledger: Ledger, bill_id: int, day: date) -> tuple[date, tuple[Instalment, ...]] | None:
    """The plan of a bill that held on a day, and when it was made."""
    query = text(f"{_IN_FORCE} AND p.bill_id = :bill ORDER BY r.n")
    asked = {"day": day.isoformat(), "bill": bill_id}
    found = ledger.session.connection().execute(query, asked).all()
    if not found:
        return None
    made = date.fromisoformat(found[0].day)
    return made, tuple(
        Instalment(row.n, date.fromisoformat(row.due_on), row.amount_cents) for row in found
    )


def paid_on(ledger: Ledger, bill_id: int, day: date) -> int:
    """What was paid on a bill up to a day, from any source."""
    asked = {"bill": bill_id, "day": day.isoformat()}
    return int(ledger.session.connection().execute(text(_PAID), asked).scalar_one())
