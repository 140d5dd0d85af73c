"""The plain SQL that answers what each report is asked, in as few passes as it can.

A query gives the rows and columns that its report gives, save what takes a rule and not a sum: a
payment plan's instalments, the rounding of shares, a weight. It asks for today, and for names as
they are. Where SQLite left alone takes a bad way, the query is written so that it takes a good one.
"""

from __future__ import annotations

TODAY = "2026-11-30"
VOIDED = "SELECT bill_id FROM bill_event WHERE what = 'voided'"
LIVE = f"b.id NOT IN ({VOIDED})"
CLAIMED = "id NOT IN (SELECT entry_id FROM claim WHERE kind = '{}' AND released_on IS NULL)"
OPEN_CENTS = """sum(CASE 'receivable' WHEN v.debit THEN v.amount_cents
            WHEN v.credit THEN -v.amount_cents ELSE 0 END)"""

_WORK = f"""
    SELECT matter_id, hours_e4, CASE behavior WHEN 'bill' THEN standard_cents ELSE 0 END AS time,
        0 AS charges, 0 AS costs, held_on, day
    FROM time_entry NOT INDEXED
    WHERE behavior <> 'non-billable' AND standard_rate_e4 IS NULL AND {CLAIMED.format("time")}
    UNION ALL
    SELECT matter_id, 0, 0, amount_cents, 0, held_on, day FROM charge
    WHERE withdrawn_on IS NULL AND {CLAIMED.format("charge")}
    UNION ALL
    SELECT matter_id, 0, 0, 0, amount_cents, held_on, day FROM expense
    WHERE behavior = 'bill' AND {CLAIMED.format("expense")}"""
WIP = f"""
    SELECT m.number, m.title, m.client_id, w.*
    FROM (
        SELECT matter_id, sum(hours_e4), sum(time), sum(charges), sum(costs),
            sum(CASE WHEN held_on IS NULL THEN 0 ELSE time + charges + costs END), min(day)
        FROM ({_WORK}) GROUP BY matter_id) AS w
    JOIN matter AS m ON m.id = w.matter_id ORDER BY m.number"""

# What is left of bills, by bill.
_OPEN = f"""
    SELECT v.bill_id, {OPEN_CENTS} AS cents FROM move AS v
    WHERE v.bill_id IS NOT NULL GROUP BY v.bill_id HAVING cents <> 0"""
OPEN_BILLS = f"""
    SELECT b.number, m.number, b.client_id, b.day, b.due_on,
        julianday('{TODAY}') - julianday(b.due_on), o.cents, coalesce((
            SELECT amount_cents FROM bill_dispute WHERE bill_id = b.id
            ORDER BY id DESC LIMIT 1), 0)
    FROM ({_OPEN}) AS o JOIN bill AS b ON b.id = o.bill_id JOIN matter AS m ON m.id = b.matter_id
    ORDER BY b.year, b.seq"""
AGEING = f"""
    SELECT m.number, m.title, m.client_id, c.name, count(*),
        sum(CASE WHEN late <= 0 THEN cents ELSE 0 END),
        sum(CASE WHEN late BETWEEN 1 AND 30 THEN cents ELSE 0 END),
        sum(CASE WHEN late BETWEEN 31 AND 60 THEN cents ELSE 0 END),
        sum(CASE WHEN late BETWEEN 61 AND 90 THEN cents ELSE 0 END),
        sum(CASE WHEN late > 90 THEN cents ELSE 0 END), sum(cents)
    FROM (
        SELECT b.matter_id, b.client_id, o.cents,
            julianday('{TODAY}') - julianday(b.due_on) AS late
        FROM (
            SELECT v.bill_id, {OPEN_CENTS} AS cents
            FROM move AS v JOIN journal_entry AS e ON e.id = v.entry_id
            WHERE v.bill_id IS NOT NULL AND e.day <= '{TODAY}'
            GROUP BY v.bill_id HAVING cents <> 0) AS o JOIN bill AS b ON b.id = o.bill_id) AS o
    JOIN matter AS m ON m.id = o.matter_id JOIN client AS c ON c.id = o.client_id
    GROUP BY m.id ORDER BY m.number"""
OWED = f"""
    SELECT b.matter_id, sum(o.cents) FROM ({_OPEN}) AS o JOIN bill AS b ON b.id = o.bill_id
    GROUP BY b.matter_id"""

# What was paid of bills, by bill; what credit notes took back.
_PAID = f"""
    SELECT v.bill_id, sum(v.amount_cents) AS cents
    FROM move AS v JOIN journal_entry AS e ON e.id = v.entry_id
    WHERE v.credit = 'receivable' AND v.credit_id IS NULL AND e.day <= '{TODAY}'
    GROUP BY v.bill_id"""
_NOTES = """
    SELECT bill_id, sum(fees_cents) AS fees_cents, sum(discount_cents) AS discount_cents,
        sum(tax_cents + costs_cents) AS rest_cents
    FROM credit_note GROUP BY bill_id"""
_NET = "(b.fees_cents - b.discount_cents - coalesce(k.fees_cents, 0))"
_OF_FEES = f"""max(0, min({_NET},
            coalesce(p.cents, 0) - b.tax_cents - b.costs_cents + coalesce(k.rest_cents, 0)))"""
REALIZATION = f"""
    SELECT m.number, m.title, min(b.client_id), sum(l.hours_e4), sum(b.standard_fees_cents),
        sum(l.free_cents), sum(b.fee_adjustment_cents), sum(b.fees_cents), sum(b.discount_cents),
        sum(k.fees_cents), sum({_OF_FEES}), 100.0 * sum({_NET}) / sum(b.standard_fees_cents),
        100.0 * sum({_OF_FEES}) / sum({_NET})
    FROM bill AS b JOIN matter AS m ON m.id = b.matter_id
    JOIN (
        SELECT bill_id, sum(CASE kind WHEN 'time' THEN hours_e4 ELSE 0 END) AS hours_e4,
            sum(CASE WHEN behavior IN ('no-charge', 'hide') THEN standard_cents ELSE 0 END)
                AS free_cents
        FROM bill_line GROUP BY bill_id) AS l ON l.bill_id = b.id
    LEFT JOIN ({_PAID}) AS p ON p.bill_id = b.id LEFT JOIN ({_NOTES}) AS k ON k.bill_id = b.id
    WHERE {LIVE} GROUP BY m.id ORDER BY m.number"""
ALLOCATION = f"""
    WITH paid AS MATERIALIZED (
        SELECT b.id AS bill_id, {_NET} AS net, {_OF_FEES} AS cents FROM bill AS b
        LEFT JOIN ({_PAID}) AS p ON p.bill_id = b.id LEFT JOIN ({_NOTES}) AS k ON k.bill_id = b.id
        WHERE {LIVE})
    SELECT t.id, t.name, billed, origination, collected FROM (
        SELECT a.timekeeper_id, sum(a.amount_cents) AS billed,
            sum(a.origination * a.amount_cents) AS origination,
            sum(a.amount_cents * p.cents / p.net) AS collected
        FROM paid AS p CROSS JOIN bill_allocation AS a ON a.bill_id = p.bill_id
        GROUP BY a.timekeeper_id) AS a
    JOIN timekeeper AS t ON t.id = a.timekeeper_id ORDER BY t.id"""
DISCOUNTS = f"""
    SELECT b.number, b.day, m.number, b.client_id, json_extract(b.details, '$.discount_label'),
        b.fees_cents, b.discount_cents, coalesce(k.discount_cents, 0),
        100.0 * b.discount_cents / b.fees_cents
    FROM bill AS b JOIN matter AS m ON m.id = b.matter_id
    LEFT JOIN ({_NOTES}) AS k ON k.bill_id = b.id
    WHERE b.discount_cents <> 0 AND {LIVE} ORDER BY b.year, b.seq"""
TAX = f"""
    SELECT t.code, t.label, t.percent_e4, count(*), sum(t.base_cents), sum(t.tax_cents)
    FROM bill_tax AS t JOIN bill AS b ON b.id = t.bill_id WHERE {LIVE}
    GROUP BY t.code, t.label, t.percent_e4"""
DAYS = f"""
    SELECT timekeeper_id, day, sum(logged_e4), sum(hours_e4), sum(standard_cents)
    FROM time_entry WHERE day BETWEEN '2026-08-31' AND '{TODAY}' GROUP BY timekeeper_id, day"""
FIRST_DAYS = "SELECT timekeeper_id, min(day) FROM time_entry GROUP BY timekeeper_id"

_UNTOUCHED = """
    SELECT m.number, m.title, m.client_id, e.day, '{kind}', e.id, e.timekeeper_id, e.description,
        {hours}, {cents}, julianday('2026-11-30') - julianday(e.day), CASE
            WHEN EXISTS (SELECT 1 FROM draft_source WHERE kind = '{kind}' AND entry_id = e.id)
            THEN 'in_draft' WHEN coalesce(e.held_on, m.held_on) IS NOT NULL THEN 'held'
            ELSE 'wip' END
    FROM {table} AS e NOT INDEXED JOIN matter AS m ON m.id = e.matter_id
    WHERE {condition} AND e.id NOT IN (SELECT entry_id FROM claim WHERE kind = '{kind}')"""
UNTOUCHED = " UNION ALL ".join(
    (
        _UNTOUCHED.format(
            kind="time",
            table="time_entry",
            hours="e.hours_e4",
            cents="CASE e.behavior WHEN 'bill' THEN e.standard_cents ELSE 0 END",
            condition="e.behavior <> 'non-billable' AND e.standard_rate_e4 IS NULL",
        ),
        _UNTOUCHED.format(
            kind="charge",
            table="charge",
            hours="0",
            cents="e.amount_cents",
            condition="e.withdrawn_on IS NULL",
        ),
        _UNTOUCHED.format(
            kind="expense",
            table="expense",
            hours="0",
            cents="e.amount_cents",
            condition="e.behavior = 'bill'",
        ),
    )
)
UNTOUCHED += " ORDER BY 1, 4, 5, 6"
NO_BILL = """
    SELECT number, title, client_id, opened_on FROM matter AS m
    WHERE closed_on IS NULL AND NOT EXISTS (SELECT 1 FROM bill WHERE matter_id = m.id)"""

# Milestones with what became of them. What isn't charged yet shares what the charged ones left of
# the agreed value (D-60).
_TASKS = f"""
    SELECT m.number, m.title, m.client_id, t.number, t.name, t.step, t.due_on, t.done_on,
        t.accepted_on, t.decision, coalesce(c.amount_cents, t.trigger_cents,
            (json_extract(a.terms, '$.value_cents') - sum(coalesce(c.amount_cents, 0)) OVER of)
                * t.trigger_percent_e4
                / max(1, sum(CASE WHEN c.id IS NULL THEN t.trigger_percent_e4 END) OVER of)),
        t.trigger_percent_e4, t.terms_days, c.id, s.draft_id, b.number AS bill, b.total_cents, (
            SELECT {OPEN_CENTS} FROM move AS v WHERE v.bill_id = b.id),
        julianday('{TODAY}') - julianday(coalesce(t.done_on, t.due_on))
    FROM task AS t JOIN matter AS m ON m.id = t.matter_id
    JOIN arrangement AS a ON a.matter_id = m.id
    LEFT JOIN charge AS c ON c.task_id = t.id AND c.withdrawn_on IS NULL
    LEFT JOIN draft_source AS s ON s.kind = 'charge' AND s.entry_id = c.id
    LEFT JOIN claim AS k ON k.kind = 'charge' AND k.entry_id = c.id AND k.released_on IS NULL
    LEFT JOIN bill AS b ON b.id = k.bill_id
    WHERE t.trigger_kind IS NOT NULL AND t.archived_on IS NULL AND m.closed_on IS NULL
    WINDOW of AS (PARTITION BY m.number)"""
MILESTONES = f"{_TASKS} ORDER BY m.number, t.number"
TO_COME = f"SELECT * FROM ({_TASKS}) WHERE bill IS NULL"
EARNED = f"{TO_COME} AND done_on IS NOT NULL"
FLAT = f"""
    SELECT m.number, c.id, c.day, c.description, c.amount_cents
    FROM charge AS c JOIN matter AS m ON m.id = c.matter_id
    WHERE c.task_id IS NULL AND c.withdrawn_on IS NULL AND c.{CLAIMED.format("charge")}"""
LATE = f"""
    SELECT b.client_id, CAST(julianday(s.last) - julianday(b.due_on) AS INTEGER) AS days, count(*)
    FROM (
        SELECT v.bill_id, max(CASE WHEN v.credit = 'receivable' AND v.credit_id IS NULL
                AND v.trust_id IS NULL THEN e.day END) AS last
        FROM move AS v JOIN journal_entry AS e ON e.id = v.entry_id
        WHERE v.bill_id IS NOT NULL GROUP BY v.bill_id
        HAVING last IS NOT NULL AND {OPEN_CENTS} = 0) AS s
    JOIN bill AS b ON b.id = s.bill_id GROUP BY b.client_id, days"""

_CLEARED = f"coalesce(c.day, t.effective_on) <= '{TODAY}'"
TRUST = f"""
    SELECT m.number, m.title, m.client_id, n.name, h.balance, h.cleared, h.protected,
        h.cleared - h.protected, json_extract(o.value, '$.minimum_cents'),
        json_extract(o.value, '$.trigger_cents'), (SELECT max(day) FROM reconciliation)
    FROM (
        SELECT t.matter_id, sum(CASE WHEN t.day <= '{TODAY}' THEN t.amount_cents END) AS balance,
            sum(CASE WHEN {_CLEARED} THEN t.amount_cents END) AS cleared,
            sum(CASE WHEN {_CLEARED} THEN t.protected_cents END) AS protected
        FROM trust_entry AS t LEFT JOIN trust_clearing AS c ON c.receipt_id = t.id
        WHERE t.matter_id IS NOT NULL GROUP BY t.matter_id) AS h
    JOIN matter AS m ON m.id = h.matter_id LEFT JOIN client AS n ON n.id = m.client_id
    LEFT JOIN matter_option AS o ON o.matter_id = m.id AND o.name = 'replenish'
    ORDER BY m.number"""
TRANSFERS = f"""
    SELECT t.id, t.day, t.amount_cents, m.number, b.number
    FROM trust_entry AS t JOIN matter AS m ON m.id = t.matter_id JOIN bill AS b ON b.id = t.bill_id
    WHERE t.kind = 'fee' AND t.day < date('{TODAY}', '-14 days')
        AND t.id NOT IN (SELECT trust_id FROM trust_confirmation)"""
RETAINERS = "SELECT matter_id, sum(amount_cents) FROM retainer_entry GROUP BY matter_id"
MATTERS = """
    SELECT m.number, m.title, m.client_id, c.name FROM matter AS m
    LEFT JOIN client AS c ON c.id = m.client_id ORDER BY m.number"""
# A cap or a fixed fee, what is billed of it, and the work that waits.
CAPS = f"""
    SELECT m.number, a.kind, json_extract(a.terms, '$.value_cents'), (
            SELECT sum(p.standard_cents) FROM bill AS b JOIN bill_part AS p ON p.bill_id = b.id
            WHERE b.matter_id = m.id AND {LIVE}), (
            SELECT sum(e.standard_cents) FROM time_entry AS e
            WHERE e.matter_id = m.id AND e.behavior = 'bill' AND e.held_on IS NULL
                AND NOT EXISTS (SELECT 1 FROM claim
                    WHERE kind = 'time' AND entry_id = e.id AND released_on IS NULL)), (
            SELECT sum(trigger_percent_e4) FROM task WHERE matter_id = m.id)
    FROM matter AS m JOIN arrangement AS a ON a.matter_id = m.id
    WHERE a.kind <> 'hourly' AND m.closed_on IS NULL ORDER BY m.number"""
CREDITS = """
    SELECT payment_id, sum(CASE 'client_credit' WHEN credit THEN amount_cents
        WHEN debit THEN -amount_cents ELSE 0 END) AS cents
    FROM move WHERE payment_id IS NOT NULL AND 'client_credit' IN (debit, credit)
    GROUP BY payment_id HAVING cents <> 0"""
RESERVE = f"""
    SELECT m.number, m.title, m.client_id, sum(accrued), sum(released), sum(written_off),
        sum(accrued - released - written_off), (
            SELECT result FROM outcome WHERE matter_id = m.id AND reversed_on IS NULL)
    FROM (
        SELECT b.matter_id, b.reserve_accrued_cents AS accrued, 0 AS released, 0 AS written_off
        FROM bill AS b WHERE b.reserve_accrued_cents <> 0 AND {LIVE}
        UNION ALL
        SELECT b.matter_id, 0, r.released_cents, r.written_off_cents
        FROM bill_reserve AS r JOIN bill AS b ON b.id = r.bill_id WHERE {LIVE}
        UNION ALL
        SELECT matter_id, CASE what WHEN 'accrued' THEN amount_cents ELSE 0 END, 0,
            CASE what WHEN 'accrued' THEN 0 ELSE amount_cents END
        FROM reserve_move) AS f JOIN matter AS m ON m.id = f.matter_id
    GROUP BY m.id ORDER BY m.number"""

OF_REPORT: dict[str, tuple[str, ...]] = {
    "wip": (WIP,),
    "unbilled": (WIP, EARNED, FLAT),
    "ageing": (AGEING,),
    "realization": (REALIZATION,),
    "allocation": (ALLOCATION,),
    "discounts": (DISCOUNTS,),
    "tax": (TAX,),
    "productivity": (DAYS, FIRST_DAYS),
    "never-billed": (UNTOUCHED, NO_BILL),
    "funded": (MATTERS, WIP, OWED, TRUST, RETAINERS),
    "forecast": (OPEN_BILLS, LATE, TO_COME, FLAT, TRUST),
    "status": (OPEN_BILLS, EARNED, FLAT, TRUST, TRANSFERS, CAPS, CREDITS),
    "milestones": (MILESTONES,),
    "trust": (TRUST, TRANSFERS),
    "reserve": (RESERVE,),
}
"""What each report is asked, in one query or a few."""
