"""What needs attention in clients' money today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billcli.services.funds import client_funds, transfers
from billcli.store import trust_reports

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def sections(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    """Balances below their minimum, late transfers, open requests, months not reconciled."""
    today = ledger.today
    return {
        "below_minimum": [
            {
                "matter": each.matter,
                "client": each.client,
                "account": each.account,
                "available_cents": each.available_cents,
                "minimum_cents": each.minimum_cents,
                "trigger_cents": each.trigger_cents,
                "short_cents": each.minimum_cents - each.available_cents,
            }
            for each in client_funds.watched(ledger, today)
            if each.below
        ],
        "late_transfers": [
            {
                "entries": each.entries,
                "matter": each.matter,
                "bill": each.bill,
                "date": each.date,
                "direction": each.direction,
                "days": each.days,
                "amount_cents": each.amount_cents,
            }
            for each in transfers.late(ledger, today)
        ],
        "open_requests": [
            {
                "request": row.number,
                "matter": row.matter,
                "client": row.client,
                "account": row.account,
                "date": row.day,
                "amount_cents": row.amount_cents,
                "open_cents": row.open_cents,
            }
            for row in trust_reports.open_requests(ledger, today)
        ],
        "unreconciled_months": [
            {"month": f"{last:%Y-%m}", "ended": last, "days": (today - last).days}
            for last in client_funds.unreconciled_months(ledger, today)
        ],
    }
