"""Rows of the trust ledger found by what they stand for: a cheque, a cost, a transfer, a bill."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from billcli.core.trust import TrustMove
from billcli.store import rows, trust
from billcli.store.trust import TrustEntry

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

# What isn't protected is added up by days: a matter may have thousands of rows.
_MOVES = """
    SELECT t.matter_id, t.day, coalesce(c.day, t.effective_on) AS counts_on,
        sum(t.amount_cents) AS cents, t.protected_cents AS protected
    FROM trust_entry AS t LEFT JOIN trust_clearing AS c ON c.receipt_id = t.id
    WHERE {}
    GROUP BY 1, 2, 3, t.amount_cents < 0, CASE t.protected_cents WHEN 0 THEN 0 ELSE t.id END
    ORDER BY min(t.id)"""
# Where nothing is protected, it only matters of a day what was there and what counted.
_STOOD = """
    SELECT t.matter_id, sum(CASE WHEN t.day <= :day THEN t.amount_cents END) AS held,
        sum(CASE WHEN coalesce(c.day, t.effective_on) <= :day THEN t.amount_cents END) AS counted,
        sum(t.protected_cents <> 0) AS earmarked
    FROM trust_entry AS t LEFT JOIN trust_clearing AS c ON c.receipt_id = t.id
    WHERE t.matter_id IS NOT NULL GROUP BY t.matter_id"""
_BILLED = """
    SELECT b.number FROM claim AS c JOIN bill AS b ON b.id = c.bill_id
    WHERE c.kind = 'expense' AND c.entry_id = :id AND c.released_on IS NULL
        AND EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'issued')
        AND NOT EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'voided')"""


def other_half(ledger: Ledger, entry: TrustEntry) -> TrustEntry:
    """The other row of a transfer between two matters."""
    pair = entry.pair_id
    if pair is None:
        sql = "SELECT id FROM trust_entry WHERE pair_id = :id"
        pair = int(rows.one(ledger, sql, {"id": entry.id}))
    return trust.get(ledger, pair)


def of_number(ledger: Ledger, number: str) -> TrustEntry | None:
    """The payment out of trust that has this cheque number; 0101 is 101, and a7 is A7."""
    sql = """SELECT id FROM trust_entry WHERE number IS NOT NULL AND amount_cents < 0
        AND ltrim(upper(number), '0') = ltrim(upper(:number), '0')"""
    found = rows.one(ledger, sql, {"number": number})
    return trust.get(ledger, int(found)) if found else None


def paying_cost(ledger: Ledger, expense_id: int) -> TrustEntry | None:
    """The payment out of trust that stands for a cost, one that was taken back left out."""
    sql = """SELECT t.id FROM trust_entry AS t
        WHERE t.expense_id = :id AND t.amount_cents < 0
            AND NOT EXISTS (SELECT 1 FROM trust_entry WHERE reverses = t.id)"""
    found = rows.one(ledger, sql, {"id": expense_id})
    return trust.get(ledger, int(found)) if found else None


def issued_bill_of(ledger: Ledger, expense_id: int) -> str | None:
    """The issued bill that a cost stands on."""
    found = rows.one(ledger, _BILLED, {"id": expense_id})
    return str(found) if found else None


def moves(ledger: Ledger) -> dict[int, list[TrustMove]]:
    """Every matter's ledger as the rules see it: days with sums, protected rows one by one."""
    found: dict[int, list[TrustMove]] = {}
    for row in rows.named(ledger, _MOVES.format("t.matter_id IS NOT NULL"), {}):
        found.setdefault(row.matter_id, []).append(_move(row))
    return found


def moves_by(ledger: Ledger, day: date) -> dict[int, list[TrustMove]]:
    """The same as far as it says what each matter held on that day, and no other."""
    found: dict[int, list[TrustMove]] = {}
    later = day + timedelta(1)
    protected = []
    for row in rows.named(ledger, _STOOD, {"day": day.isoformat()}):
        mine = found[row.matter_id] = []
        if row.earmarked:
            protected.append(row.matter_id)
        elif row.held == row.counted and row.held is not None:
            mine.append(TrustMove(day, day, row.held))
        else:
            if row.held is not None:
                mine.append(TrustMove(day, later, row.held))
            if row.counted is not None:
                mine.append(TrustMove(later, day, row.counted))
    if protected:
        sql = _MOVES.format("t.matter_id IN (SELECT value FROM json_each(:ids))")
        for row in rows.named(ledger, sql, {"ids": json.dumps(protected)}):
            found[row.matter_id].append(_move(row))
    return found


def moves_of(ledger: Ledger, matter_id: int | None) -> list[TrustMove]:
    """The ledger of a matter, or (None) the firm's own: days with sums, as the rules see it."""
    sql = _MOVES.format("t.matter_id IS :id")
    return [_move(row) for row in rows.named(ledger, sql, {"id": matter_id})]


def _move(row: Any) -> TrustMove:
    day, counts = date.fromisoformat(row.day), date.fromisoformat(row.counts_on)
    return TrustMove(day, counts, row.cents, row.protected)
