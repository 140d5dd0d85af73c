"""The questions behind reports on client money, each one query, as of any day (B18)."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.transfers import Unconfirmed
from billcli.store import rows
from billcli.store.reports import UNCLAIMED

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_LEDGERS = """
    SELECT m.id AS matter_id, m.number AS matter, m.title, m.client_id AS client,
        c.name AS client_name, sum(t.amount_cents) AS balance_cents
    FROM trust_entry AS t JOIN matter AS m ON m.id = t.matter_id
    LEFT JOIN client AS c ON c.id = m.client_id
    WHERE t.day <= :day GROUP BY m.id ORDER BY c.name, m.client_id, m.number"""
_FIRM = """
    SELECT coalesce(sum(amount_cents), 0) FROM trust_entry
    WHERE matter_id IS NULL AND day <= :day"""
_BANK = """
    SELECT coalesce(sum(CASE 'trust_bank' WHEN m.debit THEN m.amount_cents
        WHEN m.credit THEN -m.amount_cents ELSE 0 END), 0)
    FROM move AS m JOIN journal_entry AS e ON e.id = m.entry_id
    WHERE m.trust_id IS NOT NULL AND e.day <= :day"""
_UNCONFIRMED = """
    SELECT t.id, coalesce(t.reverses, t.id) AS fee_id, t.day, t.amount_cents
    FROM trust_entry AS t LEFT JOIN trust_entry AS f ON f.id = t.reverses
    WHERE t.day <= :day AND t.kind IN ('fee', 'reversal') AND 'fee' IN (t.kind, f.kind)
        AND NOT EXISTS (
            SELECT 1 FROM trust_confirmation WHERE trust_id = t.id AND day <= :day)
    ORDER BY t.id"""
# The bill will show such a cost as paid, and add nothing to what is owed (T3).
_COSTS = f"""
    SELECT w.matter_id, sum(w.amount_cents) AS cents
    FROM trust_entry AS t JOIN expense AS w ON w.id = t.expense_id
    WHERE t.amount_cents < 0 AND t.day <= :day AND w.behavior = 'bill' AND w.day <= :day
        AND NOT EXISTS (SELECT 1 FROM trust_entry WHERE reverses = t.id AND day <= :day)
        AND {UNCLAIMED.format(kind="expense")}
    GROUP BY w.matter_id"""
_RETAINERS = """
    SELECT matter_id, sum(amount_cents) AS cents FROM retainer_entry
    WHERE day <= :day GROUP BY matter_id"""
# The newest request of a matter counts (D-42), void bills' aside; what came in later pays it.
_REQUESTS = """
    WITH asked AS (
        SELECT * FROM fund_request AS r WHERE r.day <= :day AND NOT EXISTS (
            SELECT 1 FROM bill_event
            WHERE bill_id = r.bill_id AND what = 'voided' AND day <= :day
            UNION ALL SELECT 1 FROM credit_note
            WHERE bill_id = r.bill_id AND releases = 1 AND day <= :day))
    SELECT r.number, r.matter_id, r.day, r.account, r.kind, r.amount_cents, m.number AS matter,
        r.client_id AS client, r.amount_cents - coalesce(CASE r.account
            WHEN 'trust' THEN (
                SELECT sum(t.amount_cents) FROM trust_entry AS t
                WHERE t.matter_id = r.matter_id AND t.id > r.after_id AND t.day <= :day AND (
                    t.kind IN ('deposit', 'transfer') AND t.amount_cents > 0
                    OR t.kind = 'reversal' AND t.reverses > r.after_id AND t.amount_cents < 0))
            ELSE (
                SELECT sum(t.amount_cents) FROM retainer_entry AS t
                WHERE t.matter_id = r.matter_id AND t.id > r.after_id AND t.day <= :day AND (
                    t.kind = 'deposit'
                    OR t.kind = 'reversal' AND t.reverses > r.after_id AND t.amount_cents < 0))
            END, 0) AS open_cents
    FROM asked AS r JOIN matter AS m ON m.id = r.matter_id
    WHERE NOT EXISTS (SELECT 1 FROM asked WHERE matter_id = r.matter_id AND id > r.id)
    ORDER BY m.number"""


def ledgers(ledger: Ledger, day: date) -> list[Any]:
    """What each matter with trust entries holds on a day, by client, then by matter."""
    return _all(ledger, _LEDGERS, day)


def firm_nominal(ledger: Ledger, day: date) -> int:
    """The firm's own money in trust on a day."""
    return int(rows.one(ledger, _FIRM, {"day": day.isoformat()}))


def bank_balance(ledger: Ledger, day: date) -> int:
    """The trust bank account on a day, by the journal."""
    return int(rows.one(ledger, _BANK, {"day": day.isoformat()}))


def unconfirmed(ledger: Ledger, day: date) -> list[Unconfirmed]:
    """Fees and returns of them that the bank hadn't confirmed on a day."""
    return [
        Unconfirmed(row.id, row.fee_id, date.fromisoformat(row.day), row.amount_cents)
        for row in _all(ledger, _UNCONFIRMED, day)
    ]


def retainer_balances(ledger: Ledger, day: date) -> dict[int, int]:
    """The general retainer of each matter on a day, by the matter's id."""
    return {row.matter_id: row.cents for row in _all(ledger, _RETAINERS, day)}


def open_requests(ledger: Ledger, day: date) -> list[Any]:
    """What matters were asked to pay in and hadn't by a day, by the matter's number."""
    return [row for row in _all(ledger, _REQUESTS, day) if row.open_cents > 0]


def costs_paid(ledger: Ledger, day: date) -> dict[int, int]:
    """The unbilled costs that trust had paid straight by a day, by the matter's id."""
    return {row.matter_id: row.cents for row in _all(ledger, _COSTS, day)}


def agreed_minimums(ledger: Ledger) -> dict[int, dict[str, Any]]:
    """What matters set for themselves of the balance that is watched, by the matter's id."""
    sql = "SELECT * FROM matter_option WHERE name IN ('replenish', 'retainer')"
    found: dict[int, dict[str, Any]] = {}
    for row in rows.named(ledger, sql, {}):
        found.setdefault(row.matter_id, {})[row.name] = json.loads(row.value)
    return found


def first_day(ledger: Ledger) -> date | None:
    """The day of the first entry in trust."""
    found = rows.one(ledger, "SELECT min(day) FROM trust_entry")
    return date.fromisoformat(found) if found else None


def reconciliations(ledger: Ledger) -> list[Any]:
    """The reconciliations that were kept, oldest first."""
    return list(rows.named(ledger, "SELECT * FROM reconciliation ORDER BY day", {}))


def _all(ledger: Ledger, sql: str, day: date) -> list[Any]:
    return list(rows.named(ledger, sql, {"day": day.isoformat()}))
