"""The queries behind reading matters: each answers for many matters at once."""

from __future__ import annotations

from billcli.store.postings import LIVE


def _many(sql: str) -> str:
    return sql.replace("IN :ids", "IN (SELECT value FROM json_each(:ids))")


MATTERS = _many("""
    SELECT m.id, m.number, m.title, m.client_id, m.client_matter_id, m.responsible_id,
        m.opened_on, m.closed_on, m.step,
        m.held_on, c.name, c.address, c.email, c.terms_days, c.tax_exempt
    FROM matter AS m LEFT JOIN client AS c ON c.id = m.client_id WHERE m.id IN :ids""")
OPTIONS = _many("SELECT matter_id, name, value FROM matter_option WHERE matter_id IN :ids")
VERSIONS = _many("""
    SELECT a.id, a.matter_id, a.kind, a.terms, a.valid_from, coalesce((
            SELECT sum(amount_cents) FROM change_order
            WHERE matter_id = a.matter_id AND arrangement_id = a.id), 0) AS change_cents
    FROM arrangement AS a WHERE a.matter_id IN :ids ORDER BY a.id""")
TIME = _many("""
    SELECT e.id, e.matter_id, e.day, e.description, e.standard_cents, e.behavior, e.timekeeper_id,
        e.hours_e4, e.logged_e4, e.rate_e4, e.task_code, e.activity_code
    FROM time_entry AS e
    WHERE e.matter_id IN :ids AND e.day <= :through AND e.held_on IS NULL
        AND e.behavior <> 'non-billable' AND NOT EXISTS (
            SELECT 1 FROM claim WHERE kind = 'time' AND entry_id = e.id AND released_on IS NULL)
    ORDER BY e.matter_id, e.day, e.id""")
CHARGES = _many("""
    SELECT e.id, e.matter_id, e.day, e.description, e.amount_cents, e.timekeeper_id,
        t.number, t.terms_days
    FROM charge AS e LEFT JOIN task AS t ON t.id = e.task_id
    WHERE e.matter_id IN :ids AND e.day <= :through AND e.held_on IS NULL
        AND e.withdrawn_on IS NULL AND NOT EXISTS (
            SELECT 1 FROM claim WHERE kind = 'charge' AND entry_id = e.id AND released_on IS NULL)
    ORDER BY e.matter_id, e.day, e.id""")
EXPENSES = _many("""
    SELECT e.id, e.matter_id, e.day, e.description, e.amount_cents, e.timekeeper_id, e.category,
        e.expense_code, e.taxable
    FROM expense AS e
    WHERE e.matter_id IN :ids AND e.day <= :through AND e.held_on IS NULL
        AND e.behavior = 'bill' AND NOT EXISTS (
            SELECT 1 FROM claim WHERE kind = 'expense' AND entry_id = e.id AND released_on IS NULL)
    ORDER BY e.matter_id, e.day, e.id""")
# What a correction took back is not invoiced any more; a courtesy changes nothing here (D-14).
BILLED = _many(f"""
    SELECT b.matter_id, p.arrangement_id, p.standard_cents, p.reserved_cents, p.period_start,
        p.charged_cents - coalesce((SELECT sum(charged_cents) FROM credit_note_part
            WHERE bill_id = p.bill_id AND part = p.part), 0) AS charged_cents,
        p.costs_cents - coalesce((SELECT sum(costs_cents) FROM credit_note_part
            WHERE bill_id = p.bill_id AND part = p.part), 0) AS costs_cents
    FROM bill AS b JOIN bill_part AS p ON p.bill_id = b.id
    WHERE b.matter_id IN :ids AND {LIVE}""")
PERIODS = _many("""
    SELECT matter_id, period_start FROM period_claim
    WHERE matter_id IN :ids AND released_on IS NULL""")
CLOSINGS = _many("""
    SELECT matter_id, closed_on, reopened_on FROM closed_span WHERE matter_id IN :ids""")
ROWS = _many("""
    SELECT r.id, r.matter_id, r.number, r.amount_cents, r.description, r.due_on, r.bill_on_step,
        r.pay_on_step
    FROM schedule_row AS r WHERE r.matter_id IN :ids AND NOT EXISTS (
        SELECT 1 FROM claim WHERE kind = 'schedule' AND entry_id = r.id AND released_on IS NULL)
    ORDER BY r.matter_id, r.number""")
MARKS = _many("""
    SELECT matter_id, day, percent_e4 FROM progress_mark WHERE matter_id IN :ids ORDER BY id""")
OUTCOMES = _many("""
    SELECT o.id, o.matter_id, o.result, o.release_e4, o.discounted, EXISTS (
            SELECT 1 FROM claim
            WHERE kind = 'outcome' AND entry_id = o.id AND released_on IS NULL) AS billed
    FROM outcome AS o WHERE o.matter_id IN :ids AND o.reversed_on IS NULL""")
RESERVE = _many(f"""
    SELECT matter_id, sum(CASE what WHEN 'accrued' THEN amount_cents ELSE -amount_cents END)
        AS cents
    FROM (
        SELECT matter_id, what, amount_cents FROM reserve_move WHERE matter_id IN :ids
        UNION ALL
        SELECT b.matter_id, 'written_off', r.released_cents + r.written_off_cents
        FROM bill_reserve AS r JOIN bill AS b ON b.id = r.bill_id
        WHERE b.matter_id IN :ids AND {LIVE})
    GROUP BY matter_id""")
TASKS = _many("""
    SELECT t.matter_id, t.number, t.done_on, t.archived_on, t.step, t.trigger_kind, t.trigger_cents,
        t.trigger_percent_e4, c.amount_cents
    FROM task AS t LEFT JOIN charge AS c ON c.task_id = t.id AND c.withdrawn_on IS NULL
    WHERE t.matter_id IN :ids AND (t.archived_on IS NULL OR c.id IS NOT NULL)
    ORDER BY t.matter_id, t.number""")
MILESTONES = _many("""
    SELECT t.matter_id, t.number, t.name, t.done_on, t.deliverable, t.acceptance, t.accepted_on,
        t.accepted_by, (
            SELECT json_group_array(name) FROM (
                SELECT name FROM task_document WHERE task_id = t.id ORDER BY id)) AS documents
    FROM task AS t WHERE t.matter_id = :matter AND t.number IN :ids ORDER BY t.number""")
