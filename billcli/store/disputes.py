"""What clients dispute of their bills: rows in order, of which the newest of a bill counts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from billcli.store import rows
from billcli.store.models import BillDisputeRow

if TYPE_CHECKING:
    from billcli.store.audit import Mark
    from billcli.store.ledger import Ledger


def add(
    ledger: Ledger, bill_id: int, cents: int, *, day: date, note: str | None, mark: Mark
) -> int:
    """From now on so much of the bill is in dispute; nothing is resolved."""
    values = {
        "bill_id": bill_id,
        "day": day.isoformat(),
        "amount_cents": cents,
        "note": note,
        "audit_id": mark.audit_id,
        "audit_hash": mark.audit_hash,
    }
    return rows.insert(ledger, BillDisputeRow, values)
