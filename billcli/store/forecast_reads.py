"""What the past says about payments to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billcli.store import rows
from billcli.store.postings import PAYING

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

# Trust pays when a bill is issued, which tells nothing of how a client pays.
_DAYS_LATE = f"""
    SELECT client_id, days, count(*) AS bills FROM (
    SELECT b.client_id, CAST(julianday(max(CASE WHEN v.credit = 'receivable'
            AND v.debit IN {PAYING} AND v.trust_id IS NULL THEN e.day END))
            - julianday(b.due_on) AS INTEGER) AS days
    FROM bill AS b JOIN move AS v ON v.bill_id = b.id JOIN journal_entry AS e ON e.id = v.entry_id
    GROUP BY b.id
    HAVING sum(CASE 'receivable' WHEN v.debit THEN v.amount_cents
            WHEN v.credit THEN -v.amount_cents ELSE 0 END) = 0 AND days IS NOT NULL)
    GROUP BY client_id, days"""


def days_late(ledger: Ledger) -> list[Any]:
    """By how many days clients' last payments came after the due date, and of how many bills."""
    return list(rows.named(ledger, _DAYS_LATE, {}))
