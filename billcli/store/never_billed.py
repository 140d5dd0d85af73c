"""What no bill has ever held, a void one included: one query over entries, one over matters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.letters import LETTERS
from billcli.store import rows

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

# All that a bill ever held is gathered once, in the order of the table.
_REST = """
        CASE WHEN d.draft_id IS NOT NULL THEN 'in_draft'
            WHEN e.held_on IS NOT NULL OR m.held_on IS NOT NULL THEN 'held' ELSE 'wip' END AS state
    FROM {table} AS e NOT INDEXED JOIN matter AS m ON m.id = e.matter_id
    LEFT JOIN draft_source AS d ON d.kind = '{kind}' AND d.entry_id = e.id
    WHERE e.day <= :day AND e.id NOT IN (
        SELECT entry_id FROM claim WHERE kind = '{kind}'
            AND bill_id NOT IN (SELECT id FROM bill WHERE day > :day))"""
_ENTRIES = f"""
    SELECT m.number AS matter, '{LETTERS["time"]}-' || e.id AS id, 'time' AS kind, e.day AS day,
        e.timekeeper_id AS who, e.description, e.hours_e4,
        CASE e.behavior WHEN 'bill' THEN e.standard_cents ELSE 0 END AS cents,
        {_REST.format(table="time_entry", kind="time")}
        AND e.behavior <> 'non-billable' AND e.standard_rate_e4 IS NULL
    UNION ALL
    SELECT m.number, '{LETTERS["expense"]}-' || e.id, 'expense', e.day, e.timekeeper_id,
        e.description, 0, e.amount_cents,
        {_REST.format(table="expense", kind="expense")} AND e.behavior = 'bill'
    UNION ALL
    SELECT m.number, '{LETTERS["charge"]}-' || e.id, 'charge', e.day, e.timekeeper_id,
        e.description, 0, e.amount_cents,
        {_REST.format(table="charge", kind="charge")}
        AND (e.withdrawn_on IS NULL OR e.withdrawn_on > :day)
    ORDER BY matter, day, kind, id"""
_MATTERS = """
    SELECT m.id, m.number, m.title, m.client_id, m.opened_on, m.closed_on, NOT EXISTS (
        SELECT 1 FROM bill WHERE matter_id = m.id AND day <= :day) AS never
    FROM matter AS m WHERE m.opened_on <= :day ORDER BY m.number"""


def entries(ledger: Ledger, day: date) -> Iterator[tuple[Any, ...]]:
    """Work, costs and charges up to a day that no bill up to that day held, by matter and day.

    Each is its columns by place: there may be a hundred thousand of them.
    """
    return rows.driver(ledger).execute(_ENTRIES, {"day": day.isoformat()})


def matters(ledger: Ledger, day: date) -> list[Any]:
    """The matters opened by a day, each with whether it had no bill by then."""
    return list(rows.named(ledger, _MATTERS, {"day": day.isoformat()}))
