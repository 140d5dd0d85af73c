"""What no bill has ever held, a void one included: one query over entries, one over matters."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.store import rows

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_REST = """
    m.number AS matter, m.held_on AS matter_held, d.draft_id
    FROM {table} AS e JOIN matter AS m ON m.id = e.matter_id
    LEFT JOIN draft_source AS d ON d.kind = '{kind}' AND d.entry_id = e.id
    WHERE e.day <= :day AND NOT EXISTS (
        SELECT 1 FROM claim AS k JOIN bill AS b ON b.id = k.bill_id
        WHERE k.kind = '{kind}' AND k.entry_id = e.id AND k.released_on IS NULL AND b.day <= :day)
    AND e.id NOT IN (
        SELECT k.entry_id FROM claim AS k JOIN bill AS b ON b.id = k.bill_id
        WHERE k.kind = '{kind}' AND k.released_on IS NOT NULL AND b.day <= :day)"""
_ENTRIES = f"""
    SELECT 'time' AS kind, e.id AS id, e.day AS day, e.timekeeper_id AS who, e.description,
        e.hours_e4,
        CASE e.behavior WHEN 'bill' THEN e.standard_cents ELSE 0 END AS cents, e.held_on,
        {_REST.format(table="time_entry", kind="time")}
        AND e.behavior <> 'non-billable' AND e.standard_rate_e4 IS NULL
    UNION ALL
    SELECT 'expense', e.id, e.day, e.timekeeper_id, e.description, 0, e.amount_cents, e.held_on,
        {_REST.format(table="expense", kind="expense")} AND e.behavior = 'bill'
    UNION ALL
    SELECT 'charge', e.id, e.day, e.timekeeper_id, e.description, 0, e.amount_cents, e.held_on,
        {_REST.format(table="charge", kind="charge")}
        AND (e.withdrawn_on IS NULL OR e.withdrawn_on > :day)
    ORDER BY matter, day, kind, id"""
_MATTERS = """
    SELECT m.id, m.number, m.title, m.client_id, m.opened_on, m.closed_on, NOT EXISTS (
        SELECT 1 FROM bill WHERE matter_id = m.id AND day <= :day) AS never
    FROM matter AS m WHERE m.opened_on <= :day ORDER BY m.number"""


def entries(ledger: Ledger, day: date) -> list[Any]:
    """Work, costs and charges up to a day that no bill up to that day held."""
    return list(rows.named(ledger, _ENTRIES, {"day": day.isoformat()}))


def matters(ledger: Ledger, day: date) -> list[Any]:
    """The matters opened by a day, each with whether it had no bill by then."""
    return list(rows.named(ledger, _MATTERS, {"day": day.isoformat()}))
