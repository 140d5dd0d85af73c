"""What there is to pay a bill with: credits, general retainer, trust; read in a query or two."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from billcli.core.trust import TrustMove
from billcli.store import rows

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

# The condition is that of the index of such postings, which are few.
_CREDITS = "debit = 'client_credit' OR credit = 'client_credit'"
_THERE = f"""
    SELECT client_id AS client,
        EXISTS (SELECT 1 FROM trust_entry WHERE matter_id = matter.id) AS trust,
        EXISTS (SELECT 1 FROM retainer_entry WHERE matter_id = matter.id) AS retainer,
        EXISTS (SELECT 1 FROM move WHERE {_CREDITS}) AS credit
    FROM matter WHERE id = :matter"""
# A credit that moves on a later day isn't there yet.
_CREDIT = f"""
    SELECT c.payment_id, c.cents, p.reference FROM (
        SELECT payment_id, sum(CASE credit WHEN 'client_credit' THEN amount_cents
            ELSE -amount_cents END) AS cents
        FROM move WHERE {_CREDITS} GROUP BY payment_id) AS c
    JOIN payment AS p ON p.id = c.payment_id
    WHERE c.cents > 0 AND p.client_id = :client
        AND (p.matter_id = :matter OR p.matter_id IS NULL) AND NOT EXISTS (
        SELECT 1 FROM move AS m JOIN journal_entry AS e ON e.id = m.entry_id
        WHERE m.payment_id = p.id AND e.day > :day)
    ORDER BY p.matter_id IS NULL, p.id"""
# What isn't protected is added up by days: a matter may have thousands of rows.
_TRUST = """
    SELECT t.day, coalesce(c.day, t.effective_on) AS counts_on, sum(t.amount_cents) AS cents,
        t.protected_cents AS protected
    FROM trust_entry AS t LEFT JOIN trust_clearing AS c ON c.receipt_id = t.id
    WHERE t.matter_id = :matter AND t.client_id = :client
    GROUP BY 1, 2, t.amount_cents < 0, CASE t.protected_cents WHEN 0 THEN 0 ELSE t.id END
    ORDER BY min(t.id)"""
_RETAINER = """
    SELECT day, sum(amount_cents) AS cents FROM retainer_entry
    WHERE matter_id = :matter AND client_id = :client GROUP BY day, amount_cents < 0"""
_COSTS = """
    SELECT t.id, -t.amount_cents AS cents FROM trust_entry AS t
    WHERE t.expense_id IN (SELECT value FROM json_each(:expenses)) AND t.amount_cents < 0
        AND NOT EXISTS (SELECT 1 FROM trust_entry WHERE reverses = t.id) ORDER BY t.id"""
# What came of an announcement counts even where it was taken back: it was applied once. And no
# more is still to come than is open on the bill, which may be void or paid otherwise by now.
_NOTICES = """
    SELECT n.bill_id, n.due_on, n.amount_cents - coalesce((
        SELECT -sum(t.amount_cents) FROM trust_entry AS t
        WHERE t.bill_id = n.bill_id AND t.kind = 'fee' AND t.automatic = 1), 0) AS cents,
        coalesce((
        SELECT sum(CASE 'receivable' WHEN debit THEN amount_cents WHEN credit THEN -amount_cents
            ELSE 0 END) FROM move WHERE bill_id = n.bill_id), 0) AS open
    FROM trust_notice AS n JOIN bill AS b ON b.id = n.bill_id
    WHERE (:matter IS NULL OR b.matter_id = :matter) ORDER BY n.due_on, n.bill_id"""


class There(NamedTuple):
    """Whose the matter is, and whether there is any money of a kind."""

    client: str | None
    trust: int
    retainer: int
    credit: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A sum that a bill announced to be taken from trust; `cents` of it are still to come (T4)."""

    bill_id: int
    due_on: date
    cents: int


def there(ledger: Ledger, matter_id: int) -> There:
    """The one read that every bill costs."""
    return There(*next(rows.named(ledger, _THERE, {"matter": matter_id})))


def credits_of(
    ledger: Ledger, client: str, matter_id: int, day: date
) -> list[tuple[int, int, str | None]]:
    """A client's credits on a matter, as (payment, cents, its reference).

    What was paid on another matter waits there until somebody applies it.
    """
    key = {"client": client, "matter": matter_id, "day": day.isoformat()}
    return [(row.payment_id, row.cents, row.reference) for row in rows.named(ledger, _CREDIT, key)]


def trust_moves(ledger: Ledger, matter_id: int, client: str) -> list[TrustMove]:
    """A client's trust ledger of a matter as the rules see it, days added up."""
    found = rows.named(ledger, _TRUST, {"matter": matter_id, "client": client})
    return [
        TrustMove(
            date.fromisoformat(row.day), date.fromisoformat(row.counts_on), row.cents, row.protected
        )
        for row in found
    ]


def retainer_moves(ledger: Ledger, matter_id: int, client: str) -> list[TrustMove]:
    """The general retainer of a matter, each row counting on its day, as the rules see it."""
    found = rows.named(ledger, _RETAINER, {"matter": matter_id, "client": client})
    days = [(date.fromisoformat(row.day), row.cents) for row in found]
    return [TrustMove(day, day, cents) for day, cents in days]


def costs_paid(ledger: Ledger, expenses: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """What trust paid straight for these costs, as (trust row, cents) (T3)."""
    if not expenses:
        return ()
    found = rows.named(ledger, _COSTS, {"expenses": json.dumps(list(expenses))})
    return tuple((row.id, row.cents) for row in found)


def notices(ledger: Ledger, matter_id: int | None = None) -> list[Notice]:
    """What bills announced to be taken from trust, the first due first."""
    found = rows.named(ledger, _NOTICES, {"matter": matter_id})
    return [
        Notice(row.bill_id, date.fromisoformat(row.due_on), max(0, min(row.cents, row.open)))
        for row in found
    ]


def matters_with(ledger: Ledger, account: str) -> list[int]:
    """The matters that have entries in trust or in a general retainer, by number."""
    table = {"trust": "trust_entry", "retainer": "retainer_entry"}[account]
    sql = f"SELECT id FROM matter WHERE id IN (SELECT matter_id FROM {table}) ORDER BY number"
    return [row.id for row in rows.named(ledger, sql, {})]


def held(ledger: Ledger, client: str, account: str) -> list[tuple[str, int]]:
    """What the matters of a client hold in trust or of a general retainer: (matter, cents)."""
    table = {"trust": "trust_entry", "retainer": "retainer_entry"}[account]
    sql = f"""SELECT m.number, sum(t.amount_cents) AS cents
        FROM {table} AS t JOIN matter AS m ON m.id = t.matter_id
        WHERE t.client_id = :client GROUP BY m.id HAVING cents <> 0 ORDER BY m.number"""
    return [(row.number, row.cents) for row in rows.named(ledger, sql, {"client": client})]


def request_of(ledger: Ledger, bill_id: int) -> str | None:
    """The number of the request that a bill printed."""
    sql = "SELECT number FROM fund_request WHERE bill_id = :bill"
    found = rows.one(ledger, sql, {"bill": bill_id})
    return str(found) if found else None


def notice_of(ledger: Ledger, bill_id: int) -> tuple[date, int] | None:
    """What a bill announced: (day, cents)."""
    sql = "SELECT due_on, amount_cents FROM trust_notice WHERE bill_id = :bill"
    for row in rows.named(ledger, sql, {"bill": bill_id}):
        return date.fromisoformat(row.due_on), row.amount_cents
    return None
