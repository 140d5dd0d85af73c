"""What can be wrong with client money: a query for each fault, and the sentence for its rows.

Balances are summed anew here, from the rows and apart from the guards that keep them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from billcli.store.faults_money import Faults
from billcli.values.money import decimals_of, grouped

_COUNTS = """
    SELECT t.*, coalesce(c.day, t.effective_on) AS counts_on
    FROM trust_entry AS t LEFT JOIN trust_clearing AS c ON c.receipt_id = t.id"""


def _moved(account: str, plus: str, minus: str) -> str:
    """The sum of an account over the postings of one row."""
    return (
        f"coalesce(sum(CASE '{account}' WHEN m.{plus} THEN m.amount_cents"
        f" WHEN m.{minus} THEN -m.amount_cents ELSE 0 END), 0)"
    )


TRUST: Faults = (
    (
        """
        SELECT id FROM trust_entry AS t
        WHERE NOT EXISTS (SELECT 1 FROM journal_entry WHERE source = 'trust:' || t.id)""",
        "Trust entry TR-{id} is not posted.",
    ),
    (
        f"""
        SELECT * FROM (
            SELECT t.id, t.amount_cents, t.matter_id, {_moved("trust_bank", "debit", "credit")}
                AS bank_cents, {_moved("trust_liability", "credit", "debit")} AS client_cents,
                e.day = t.day AND total(m.matter_id IS NOT t.matter_id) = 0 AS agrees
            FROM trust_entry AS t JOIN journal_entry AS e ON e.source = 'trust:' || t.id
            JOIN move AS m ON m.entry_id = e.id GROUP BY t.id)
        WHERE bank_cents <> amount_cents OR NOT agrees
            OR client_cents <> CASE WHEN matter_id IS NULL THEN 0 ELSE amount_cents END""",
        "Trust entry TR-{id} of {amount_cents} is posted otherwise: {bank_cents}, {client_cents}.",
    ),
    (
        f"""
        SELECT day, sum(bank_cents) AS bank_cents, sum(held_cents) AS held_cents FROM (
            SELECT e.day, {_moved("trust_bank", "debit", "credit")} AS bank_cents, 0 AS held_cents
                FROM move AS m JOIN journal_entry AS e ON e.id = m.entry_id GROUP BY e.day
            UNION ALL SELECT day, 0, sum(amount_cents) FROM trust_entry GROUP BY day)
        GROUP BY day HAVING sum(bank_cents) <> sum(held_cents)""",
        "On {day} the trust bank moves by {bank_cents}, all ledgers together by {held_cents}.",
    ),
    (
        f"""
        WITH flow AS (
            SELECT matter_id, counts_on, sum(amount_cents) AS cents
            FROM ({_COUNTS}) GROUP BY matter_id, counts_on),
        running AS (
            SELECT matter_id, counts_on,
                sum(cents) OVER (PARTITION BY matter_id ORDER BY counts_on) AS cleared_cents
            FROM flow)
        SELECT coalesce('matter ' || m.number, 'the firm') AS whose, counts_on, cleared_cents
        FROM running LEFT JOIN matter AS m ON m.id = matter_id WHERE cleared_cents < 0""",
        "Trust of {whose} is below zero on {counts_on}: {cleared_cents}.",
    ),
    (
        """
        SELECT t.id, t.client_id, m.number FROM trust_entry AS t
        JOIN matter AS m ON m.id = t.matter_id WHERE t.client_id IS NOT m.client_id""",
        "Trust entry TR-{id} is {client_id}'s money on matter {number} of another client.",
    ),
    (
        """
        SELECT t.id, b.number FROM trust_entry AS t JOIN bill AS b ON b.id = t.bill_id
        WHERE b.client_id IS NOT t.client_id OR b.matter_id IS NOT t.matter_id""",
        "Trust entry TR-{id} pays bill {number}, which isn't its matter's.",
    ),
    (
        """
        SELECT t.id, o.id AS other FROM trust_entry AS t JOIN trust_entry AS o ON o.id = t.pair_id
        WHERE o.amount_cents <> -t.amount_cents OR o.client_id IS NOT t.client_id
            OR o.day <> t.day OR o.matter_id IS t.matter_id""",
        "The transfer of TR-{other} and TR-{id} doesn't move one client's money.",
    ),
    (
        """
        SELECT id FROM trust_entry AS t
        WHERE kind = 'transfer' AND 1 <> CASE WHEN amount_cents > 0 THEN pair_id IS NOT NULL
            ELSE (SELECT count(*) FROM trust_entry WHERE pair_id = t.id) END""",
        "The transfer of TR-{id} has not one other half.",
    ),
    (
        """
        SELECT t.id, t.pair_id FROM trust_entry AS t WHERE t.kind = 'transfer'
            AND EXISTS (SELECT 1 FROM trust_entry WHERE reverses = t.id)
            <> EXISTS (SELECT 1 FROM trust_entry WHERE reverses = t.pair_id)
            AND t.pair_id IS NOT NULL""",
        "Of the transfer of TR-{pair_id} and TR-{id} one half is taken back.",
    ),
    (
        """
        SELECT t.id, sum(abs(r.amount_cents)) AS back_cents FROM trust_entry AS t
        JOIN trust_entry AS r ON r.reverses = t.id GROUP BY t.id
        HAVING back_cents > abs(t.amount_cents)
            OR sum((r.amount_cents < 0) = (t.amount_cents < 0)) > 0
            OR sum(r.matter_id IS NOT t.matter_id) > 0""",
        "Trust entry TR-{id} is taken back wrongly: {back_cents} of it.",
    ),
    (
        """
        SELECT t.expense_id, -sum(t.amount_cents) AS paid_cents, e.amount_cents
        FROM trust_entry AS t JOIN expense AS e ON e.id = t.expense_id
        GROUP BY t.expense_id HAVING paid_cents NOT IN (0, e.amount_cents)
            OR sum(t.matter_id IS NOT e.matter_id) > 0""",
        "Trust paid {paid_cents} for E-{expense_id} over {amount_cents}.",
    ),
    (
        """
        SELECT t.id, t.day, r.day AS locked FROM trust_entry AS t
        JOIN reconciliation AS r ON t.day <= r.day AND t.audit_id > r.audit_id""",
        "Trust entry TR-{id} of {day} came after the reconciliation of {locked}.",
    ),
    (
        """
        SELECT * FROM (
            SELECT day, journal_cents, coalesce((
                SELECT sum(amount_cents) FROM trust_entry AS t WHERE t.day <= r.day), 0)
                AS held_cents
            FROM reconciliation AS r)
        WHERE held_cents <> journal_cents""",
        "Reconciled on {day} were {journal_cents}, the ledgers held {held_cents}.",
    ),
)
RETAINERS: Faults = (
    (
        f"""
        SELECT * FROM (
            SELECT t.id, t.amount_cents, {_moved("retainer_liability", "credit", "debit")}
                AS posted_cents, total(e.day <> t.day OR m.matter_id IS NOT t.matter_id) AS others
            FROM retainer_entry AS t
            LEFT JOIN journal_entry AS e ON e.source = 'retainer:' || t.id
            LEFT JOIN move AS m ON m.entry_id = e.id GROUP BY t.id)
        WHERE posted_cents <> amount_cents OR others > 0""",
        "Retainer entry RT-{id} says {amount_cents}, {posted_cents} is posted for it.",
    ),
    (
        f"""
        SELECT * FROM (
            SELECT {_moved("retainer_liability", "credit", "debit")} AS posted_cents,
                (SELECT coalesce(sum(amount_cents), 0) FROM retainer_entry) AS held_cents
            FROM move AS m)
        WHERE posted_cents <> held_cents""",
        "The journal owes {posted_cents} of general retainers, the ledgers hold {held_cents}.",
    ),
    (
        """
        WITH flow AS (
            SELECT matter_id, day, sum(amount_cents) AS cents
            FROM retainer_entry GROUP BY matter_id, day),
        running AS (
            SELECT matter_id, day,
                sum(cents) OVER (PARTITION BY matter_id ORDER BY day) AS held_cents
            FROM flow)
        SELECT m.number, running.day, held_cents FROM running JOIN matter AS m ON m.id = matter_id
        WHERE held_cents < 0""",
        "The general retainer of matter {number} is below zero on {day}: {held_cents}.",
    ),
    (
        """
        SELECT t.id, b.number FROM retainer_entry AS t JOIN bill AS b ON b.id = t.bill_id
        WHERE b.client_id IS NOT t.client_id OR b.matter_id IS NOT t.matter_id""",
        "Retainer entry RT-{id} pays bill {number}, which isn't its matter's.",
    ),
)


def own_money(dbapi: sqlite3.Connection) -> Iterator[str]:
    """The firm's own money in trust where it is above its limit, 100.00 unless set (T2)."""

    def setting(key: str) -> str | int | None:
        sql = "SELECT json_extract(value, '$') FROM setting WHERE key = ?"
        row = dbapi.execute(sql, (key,)).fetchone()
        return row[0] if row else None

    decimals = decimals_of(str(setting("firm.currency") or "USD"))
    own = setting("trust.firm_nominal_limit_cents")
    limit = 100 * 10**decimals if own is None else int(own)
    sql = "SELECT coalesce(sum(amount_cents), 0) FROM trust_entry WHERE matter_id IS NULL"
    held = dbapi.execute(sql).fetchone()[0]
    if held > limit:
        there, most = grouped(held, decimals), grouped(limit, decimals)
        yield f"The firm has {there} of its own in trust, its limit is {most}."
