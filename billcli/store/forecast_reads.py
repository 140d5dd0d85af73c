"""What the past says about payments to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billcli.store import rows
from billcli.store.postings import PAYING

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

# Trust pays when a bill is issued, which tells nothing of how a client pays.
_DAYS_LATE = f"""
    SELECT b.client_id, CAST(julianday(s.last) - julianday(b.due_on) AS INTEGER) AS days,
        count(*) AS bills
    FROM (
        SELECT v.bill_id, max(CASE WHEN v.credit = 'receivable' AND v.debit IN {PAYING}
                AND v.trust_id IS NULL THEN e.day END) AS last
        FROM move AS v JOIN journal_entry AS e ON e.id = v.entry_id
        WHERE v.bill_id IS NOT NULL GROUP BY v.bill_id
        HAVING last IS NOT NULL AND sum(CASE 'receivable' WHEN v.debit THEN v.amount_cents
            WHEN v.credit THEN -v.amount_cents ELSE 0 END) = 0) AS s
    JOIN bill AS b ON b.id = s.bill_id GROUP BY b.client_id, days"""


def days_late(ledger: Ledger) -> list[Any]:
    """By how many days clients' last payments came after the due date, and of how many bills."""
    return list(rows.named(ledger, _DAYS_LATE, {}))
