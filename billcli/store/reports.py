"""The questions behind the reports, each one query over postings or entries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from billcli.store import rows
from billcli.store.postings import paid

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

# Postings are added up by bill before anything else is looked up: most bills are settled.
_OPEN = f"""
    SELECT b.id, b.number, b.due_on, b.matter_id, b.client_id, c.name AS client_name,
        m.number AS matter, m.title, o.cents, o.paid_cents
    FROM (
        SELECT v.bill_id, sum(CASE v.debit WHEN 'receivable' THEN v.amount_cents ELSE 0 END)
                - sum(CASE v.credit WHEN 'receivable' THEN v.amount_cents ELSE 0 END) AS cents,
            sum({paid("v.")}) AS paid_cents
        FROM move AS v JOIN journal_entry AS e ON e.id = v.entry_id
        WHERE e.day <= :day AND v.bill_id IS NOT NULL
        GROUP BY v.bill_id HAVING cents <> 0) AS o
    JOIN bill AS b ON b.id = o.bill_id JOIN matter AS m ON m.id = b.matter_id
    JOIN client AS c ON c.id = b.client_id
    ORDER BY m.number, b.due_on, b.year, b.seq"""
# The same now, whatever the day of its postings; what is paid is asked of bills with a plan alone.
_OWED = f"""
    SELECT b.id, b.number, b.day, b.due_on, m.number AS matter, b.client_id AS client, o.cents,
        CASE WHEN b.id IN (SELECT bill_id FROM payment_plan)
            THEN (SELECT sum({paid()}) FROM move WHERE bill_id = b.id) ELSE 0 END AS paid_cents,
        coalesce((SELECT amount_cents FROM bill_dispute WHERE bill_id = b.id
            ORDER BY id DESC LIMIT 1), 0) AS disputed_cents
    FROM (
        SELECT bill_id, sum(CASE 'receivable' WHEN debit THEN amount_cents
            WHEN credit THEN -amount_cents ELSE 0 END) AS cents
        FROM move WHERE bill_id IS NOT NULL GROUP BY bill_id HAVING cents > 0) AS o
    JOIN bill AS b ON b.id = o.bill_id JOIN matter AS m ON m.id = b.matter_id
    ORDER BY b.year, b.seq, b.id"""
_OPEN_ON = text("""
    SELECT coalesce(sum(CASE 'receivable' WHEN v.debit THEN v.amount_cents
        WHEN v.credit THEN -v.amount_cents ELSE 0 END), 0)
    FROM move AS v JOIN journal_entry AS e ON e.id = v.entry_id
    WHERE v.bill_id = :bill AND e.day <= :day""")
# A piece of work was unbilled on a day when no bill dated up to it held it then. All that was held
# is gathered once, in the order of an index, which takes half the time of asking for each piece.
UNCLAIMED = """w.id NOT IN (
        SELECT entry_id FROM claim
        WHERE kind = '{kind}' AND released_on IS NULL
            AND bill_id NOT IN (SELECT id FROM bill WHERE day > :day)
        UNION ALL
        SELECT k.entry_id FROM claim AS k JOIN bill AS b ON b.id = k.bill_id
        WHERE k.kind = '{kind}' AND k.released_on > :day AND b.day <= :day)"""
_WIP = f"""
    SELECT m.number AS matter, m.title, m.client_id, m.held_on AS matter_held,
        s.hours_e4, s.time_cents, s.charges_cents, s.costs_cents, s.held_cents,
        s.held_charges_cents, s.oldest
    FROM matter AS m JOIN (
        SELECT matter_id, sum(hours_e4) AS hours_e4, sum(time_cents) AS time_cents,
            sum(charges_cents) AS charges_cents, sum(costs_cents) AS costs_cents,
            sum(held_cents) AS held_cents, sum(held_charges_cents) AS held_charges_cents,
            min(day) AS oldest
        FROM (
            SELECT matter_id, hours_e4, day,
                CASE WHEN behavior = 'bill' THEN standard_cents ELSE 0 END AS time_cents,
                0 AS charges_cents, 0 AS costs_cents,
                CASE WHEN behavior = 'bill' AND held_on IS NOT NULL THEN standard_cents ELSE 0 END
                    AS held_cents, 0 AS held_charges_cents
            FROM time_entry AS w NOT INDEXED
            WHERE day <= :day AND behavior <> 'non-billable' AND standard_rate_e4 IS NULL
                AND {UNCLAIMED.format(kind="time")}
            UNION ALL
            SELECT matter_id, 0, day, 0, amount_cents, 0,
                CASE WHEN held_on IS NOT NULL THEN amount_cents ELSE 0 END,
                CASE WHEN held_on IS NOT NULL THEN amount_cents ELSE 0 END
            FROM charge AS w
            WHERE day <= :day AND (withdrawn_on IS NULL OR withdrawn_on > :day)
                AND {UNCLAIMED.format(kind="charge")}
            UNION ALL
            SELECT matter_id, 0, day, 0, 0, amount_cents,
                CASE WHEN held_on IS NOT NULL THEN amount_cents ELSE 0 END, 0
            FROM expense AS w
            WHERE day <= :day AND behavior = 'bill' AND {UNCLAIMED.format(kind="expense")})
        GROUP BY matter_id) AS s ON s.matter_id = m.id
    ORDER BY m.number"""
_READY = text("""
    SELECT m.id AS matter_id, m.number AS matter, t.number AS task, t.name, t.done_on, t.decision
    FROM task AS t JOIN matter AS m ON m.id = t.matter_id
    WHERE t.done_on IS NOT NULL AND t.trigger_kind IS NOT NULL AND t.archived_on IS NULL
        AND coalesce(t.decision, '') <> 'waived' AND NOT EXISTS (
            SELECT 1 FROM charge WHERE task_id = t.id AND withdrawn_on IS NULL)
    ORDER BY m.number, t.number""")
_FIRED = text("""
    SELECT m.number AS matter, c.id, c.day, c.description, c.amount_cents, t.number AS task
    FROM charge AS c JOIN matter AS m ON m.id = c.matter_id LEFT JOIN task AS t ON t.id = c.task_id
    WHERE c.withdrawn_on IS NULL AND c.held_on IS NULL AND NOT EXISTS (
        SELECT 1 FROM claim
        WHERE kind = 'charge' AND entry_id = c.id AND released_on IS NULL)
    ORDER BY m.number, c.id""")
_PLANNED = text("""
    SELECT m.id FROM matter AS m
    WHERE m.closed_on IS NULL AND (
        EXISTS (SELECT 1 FROM arrangement WHERE matter_id = m.id AND kind <> 'hourly')
        OR EXISTS (SELECT 1 FROM task WHERE matter_id = m.id AND trigger_kind IS NOT NULL)
        OR EXISTS (SELECT 1 FROM charge WHERE matter_id = m.id)
        OR EXISTS (SELECT 1 FROM schedule_row WHERE matter_id = m.id))
    ORDER BY m.number""")
_SCHEDULED = text("""
    SELECT DISTINCT m.id FROM matter AS m JOIN arrangement AS a ON a.matter_id = m.id
    JOIN schedule_row AS r ON r.matter_id = m.id
    WHERE m.closed_on IS NULL AND a.kind <> 'hourly' ORDER BY m.number""")
_AGREED = text("""
    SELECT DISTINCT m.id FROM matter AS m JOIN arrangement AS a ON a.matter_id = m.id
    WHERE m.closed_on IS NULL AND a.kind <> 'hourly' ORDER BY m.number""")

_LIMITED = text("""
    SELECT id FROM matter WHERE held_on IS NOT NULL
    UNION SELECT matter_id FROM matter_option WHERE name IN ('billing', 'status')
    UNION SELECT matter_id FROM arrangement WHERE kind = 'internal'""")


def open_receivables(ledger: Ledger, day: date) -> list[Any]:
    """What each bill left open on that day, by the journal."""
    return list(rows.named(ledger, _OPEN, {"day": day.isoformat()}))


def owed(ledger: Ledger) -> list[Any]:
    """The bills that are owed now, by the journal, in the order of their numbers."""
    return list(rows.named(ledger, _OWED, {}))


def open_on(ledger: Ledger, bill_id: int, day: date) -> int:
    """What one bill left open on that day, by the journal."""
    asked = {"bill": bill_id, "day": day.isoformat()}
    return int(ledger.session.connection().execute(_OPEN_ON, asked).scalar_one())


def work_in_progress(ledger: Ledger, day: date) -> list[Any]:
    """Unbilled work and costs of each matter as of a day."""
    return list(rows.named(ledger, _WIP, {"day": day.isoformat()}))


def undecided_milestones(ledger: Ledger) -> list[Any]:
    """Completed tasks whose charge waits for a decision or was declined."""
    return list(ledger.session.connection().execute(_READY))


def unbilled_charges(ledger: Ledger) -> list[Any]:
    """Fired milestones and flat charges that are not on hold and that no live bill holds."""
    return list(ledger.session.connection().execute(_FIRED))


def planned_matters(ledger: Ledger) -> list[int]:
    """Open matters of which more is to come than hours: milestones, charges, rows, agreed fees."""
    return list(ledger.session.connection().execute(_PLANNED).scalars().all())


def agreed_matters(ledger: Ledger) -> list[int]:
    """Open matters with a cap or a fixed fee."""
    return list(ledger.session.connection().execute(_AGREED).scalars().all())


def scheduled_matters(ledger: Ledger) -> list[int]:
    """Open matters with a cap or a fixed fee that have rows of a schedule."""
    return list(ledger.session.connection().execute(_SCHEDULED).scalars().all())


def limited_matters(ledger: Ledger) -> list[int]:
    """Matters on hold, with a say of their own in whether they are billed, or the firm's own."""
    return list(ledger.session.connection().execute(_LIMITED).scalars().all())
