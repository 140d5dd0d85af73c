"""What can be wrong with the journal: a query for each fault, and the sentence for its rows.

Columns in cents are written as money.
"""

from __future__ import annotations

from billcli.store.postings import CREDITED, paid

Faults = tuple[tuple[str, str], ...]


def _net(account: str, plus: str = "debit", minus: str = "credit") -> str:
    """The sum of an account over moves."""
    return (
        f"coalesce(sum(CASE '{account}' WHEN {plus} THEN amount_cents"
        f" WHEN {minus} THEN -amount_cents ELSE 0 END), 0)"
    )


_MOVES = "n, debit, credit, amount_cents, bill_id, payment_id"
_ISSUED = "EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'issued')"
_VOIDED = "EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'voided')"
_POSTED = "EXISTS (SELECT 1 FROM journal_entry WHERE source = 'bill:' || b.id)"
_REVERSED = "EXISTS (SELECT 1 FROM journal_entry WHERE source = 'bill:' || b.id || ':void')"
_OWED = f"""
    WITH flow AS (
        SELECT bill_id, {_net("receivable")} AS net_cents, {_net("bad_debt")} AS lost_cents,
            sum({paid()}) AS paid_cents, sum({CREDITED}) AS credited_cents
        FROM move WHERE bill_id IS NOT NULL GROUP BY bill_id),
    owed AS (
        SELECT b.number, coalesce(f.net_cents, 0) AS net_cents,
            CASE WHEN {_ISSUED} AND NOT {_VOIDED}
                THEN b.total_cents - coalesce(f.paid_cents, 0) - coalesce(f.credited_cents, 0)
                    - coalesce(f.lost_cents, 0)
                ELSE 0 END AS open_cents
        FROM bill AS b LEFT JOIN flow AS f ON f.bill_id = b.id)"""

JOURNAL: Faults = (
    (
        """
        SELECT source FROM journal_entry AS e
        WHERE NOT EXISTS (SELECT 1 FROM move WHERE entry_id = e.id)
            AND NOT EXISTS (
                SELECT 1 FROM bill AS b WHERE b.fees_cents + b.costs_cents = 0
                AND e.source IN ('bill:' || b.id, 'bill:' || b.id || ':void'))""",
        "Entry {source} has no postings.",
    ),
    (
        f"""
        WITH undoing AS (
            SELECT r.source, {_MOVES}
            FROM journal_entry AS r JOIN move ON entry_id = r.id WHERE r.reverses IS NOT NULL),
        undone AS (
            SELECT r.source, {_MOVES.replace("debit, credit", "credit, debit")}
            FROM journal_entry AS r JOIN move ON entry_id = r.reverses)
        SELECT DISTINCT source FROM (
            SELECT * FROM (SELECT * FROM undoing EXCEPT SELECT * FROM undone)
            UNION ALL SELECT * FROM (SELECT * FROM undone EXCEPT SELECT * FROM undoing))""",
        "Entry {source} doesn't undo what it reverses.",
    ),
)
POSTINGS: Faults = (
    (
        """
        WITH leg AS (
            SELECT id, number, 'receivable' AS debit, 'fee_income' AS credit, fees_cents AS cents
                FROM bill
            UNION ALL SELECT id, number, 'discounts_given', 'receivable', discount_cents FROM bill
            UNION ALL SELECT id, number, 'receivable', 'cost_recoveries', costs_cents FROM bill
            UNION ALL SELECT id, number, 'receivable', 'tax_payable', tax_cents FROM bill)
        SELECT * FROM (
            SELECT leg.number, leg.debit, leg.credit, leg.cents AS says_cents, coalesce((
                SELECT sum(amount_cents) FROM move AS m
                WHERE m.entry_id = e.id AND m.bill_id = leg.id
                    AND m.debit = leg.debit AND m.credit = leg.credit), 0) AS posted_cents
            FROM leg JOIN journal_entry AS e ON e.source = 'bill:' || leg.id)
        WHERE posted_cents <> says_cents""",
        "Bill {number}: {posted_cents} goes from {debit} to {credit}, it says {says_cents}.",
    ),
    (
        f"""
        SELECT * FROM (
            SELECT b.number, b.total_cents AS says_cents,
                (SELECT {_net("receivable")} FROM move WHERE entry_id = e.id) AS posted_cents
            FROM bill AS b JOIN journal_entry AS e ON e.source = 'bill:' || b.id)
        WHERE posted_cents <> says_cents""",
        "Bill {number}: its entry makes {posted_cents}, its total is {says_cents}.",
    ),
    (
        f"SELECT number FROM bill AS b WHERE {_ISSUED} AND NOT {_POSTED}",
        "Bill {number} is issued, but not posted.",
    ),
    (
        f"SELECT number FROM bill AS b WHERE {_POSTED} AND NOT {_ISSUED}",
        "Bill {number} is posted, but not issued.",
    ),
    (
        f"SELECT number FROM bill AS b WHERE {_REVERSED} <> ({_POSTED} AND {_VOIDED})",
        "Bill {number}: its void and the reversal of its posting don't go together.",
    ),
)
RECEIVABLE: Faults = (
    (
        f"{_OWED} SELECT * FROM owed WHERE net_cents <> open_cents",
        "Bill {number}: the journal has {net_cents} receivable, {open_cents} is open.",
    ),
    (
        f"{_OWED} SELECT * FROM owed WHERE open_cents < 0",
        "Bill {number} is paid beyond its total: {open_cents} is open.",
    ),
    (
        f"""
        {_OWED}
        SELECT * FROM (
            SELECT coalesce(sum(open_cents), 0) AS open_cents,
                (SELECT {_net("receivable")} FROM move) AS net_cents FROM owed)
        WHERE net_cents <> open_cents""",
        "The journal has {net_cents} receivable in all, {open_cents} is open on bills.",
    ),
)
PAYMENTS: Faults = (
    (
        """
        SELECT * FROM (
            SELECT p.id, p.amount_cents, coalesce((
                SELECT sum(m.amount_cents)
                FROM journal_entry AS e JOIN move AS m ON m.entry_id = e.id
                WHERE e.source = 'payment:' || p.id AND m.debit = 'operating_bank'
                    AND m.payment_id = p.id), 0) AS posted_cents
            FROM payment AS p)
        WHERE posted_cents <> amount_cents""",
        "Payment P-{id}: {posted_cents} is posted, it says {amount_cents}.",
    ),
    (
        f"""
        SELECT payment_id, {_net("client_credit", "credit", "debit")} AS credit_cents
        FROM move WHERE payment_id IS NOT NULL GROUP BY payment_id HAVING credit_cents < 0""",
        "Payment P-{payment_id} gave more credit than it held: {credit_cents} is left.",
    ),
    (
        f"""
        SELECT payment_id, b.number, {_net("receivable", "credit", "debit")} AS paid_cents
        FROM move JOIN bill AS b ON b.id = bill_id WHERE payment_id IS NOT NULL
        GROUP BY payment_id, bill_id HAVING paid_cents < 0""",
        "Payment P-{payment_id} took more off bill {number} than it paid: {paid_cents} is left.",
    ),
    (
        """
        SELECT DISTINCT p.id, b.number FROM move AS m JOIN payment AS p ON p.id = m.payment_id
        JOIN bill AS b ON b.id = m.bill_id WHERE b.client_id <> p.client_id""",
        "Payment P-{id} pays bill {number} of another client.",
    ),
)
