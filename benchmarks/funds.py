"""What a ledger of years.py has besides hours, bills and payments: a little of everything else.

A fifth of the matters has a fixed fee by milestones, a quarter pays its bills from trust, a
twentieth holds fees in reserve and another has a minimum agreed for its trust. One bill in a
hundred has a credit note, one in two hundred is void, one in twenty is paid by half.
"""

from __future__ import annotations

import json

FIXED = json.dumps({"value_cents": 500_000})
MINIMUM = json.dumps({"minimum_cents": 200_000, "trigger_cents": 200_000})

COSTS = """
    INSERT INTO expense (matter_id, timekeeper_id, day, amount_cents, description)
        SELECT id, 'tk1', '2026-11-12', 8000, 'Courier' FROM matter WHERE id % 2 = 0"""
MILESTONES = f"""
    UPDATE arrangement SET kind = 'fixed', terms = '{FIXED}' WHERE matter_id % 5 = 0;
    INSERT INTO task (matter_id, number, name, due_on, done_on, trigger_kind, trigger_percent_e4)
        SELECT m.id, r.n, 'Stage ' || r.n, date('2026-01-15', '+' || (r.n * 2) || ' months'),
            CASE WHEN r.n <= 4 THEN date('2026-01-20', '+' || (r.n * 2) || ' months') END,
            'percent', 200000
        FROM matter AS m CROSS JOIN (SELECT id AS n FROM matter WHERE id <= 5) AS r
        WHERE m.id % 5 = 0;
    INSERT INTO charge (matter_id, task_id, day, amount_cents, description)
        SELECT matter_id, id, done_on, 100000, name FROM task WHERE number <= 3;
    INSERT INTO claim (bill_id, kind, entry_id)
        SELECT (SELECT min(id) FROM bill WHERE matter_id = c.matter_id AND day >= c.day), 'charge',
            c.id
        FROM charge AS c JOIN task AS t ON t.id = c.task_id WHERE t.number <= 2"""
# A deposit the day each bill is made, and the bill paid from it as the others are from the bank.
TRUST = f"""
    INSERT INTO trust_entry (day, kind, client_id, matter_id, amount_cents, effective_on, method,
            audit_id, audit_hash)
        SELECT '2026-01-02', 'deposit', client_id, id, 500000, '2026-01-02', 'wire', 1, ''
        FROM matter WHERE id % 4 = 0;
    INSERT INTO trust_entry (day, kind, client_id, matter_id, amount_cents, effective_on, method,
            reference, audit_id, audit_hash)
        SELECT b.day, 'deposit', b.client_id, b.matter_id, p.amount_cents, b.day, 'wire',
            'for ' || b.number, 1, ''
        FROM payment AS p JOIN bill AS b ON b.id = p.id WHERE b.matter_id % 4 = 0;
    INSERT INTO trust_entry (day, kind, client_id, matter_id, amount_cents, effective_on, bill_id,
            audit_id, audit_hash)
        SELECT day, 'fee', client_id, matter_id, -amount_cents, day, id, 1, ''
        FROM payment WHERE matter_id % 4 = 0;
    DELETE FROM payment WHERE matter_id % 4 = 0;
    INSERT INTO trust_confirmation (trust_id, day, reference, audit_id, audit_hash)
        SELECT id, day, 'seen', 1, '' FROM trust_entry WHERE kind = 'fee' AND id % 500 <> 0;
    INSERT INTO journal_entry (day, what, source, audit_id, audit_hash)
        SELECT day, 'trust', 'trust:' || id, 1, '' FROM trust_entry;
    INSERT INTO move (entry_id, n, debit, credit, amount_cents, matter_id, trust_id)
        SELECT e.id, 1, 'trust_bank', 'trust_liability', t.amount_cents, t.matter_id, t.id
        FROM trust_entry AS t JOIN journal_entry AS e ON e.source = 'trust:' || t.id
        WHERE t.kind = 'deposit';
    INSERT INTO move (entry_id, n, debit, credit, amount_cents, matter_id, bill_id, trust_id)
        SELECT e.id, 1, 'trust_liability', 'receivable', -t.amount_cents, t.matter_id, t.bill_id,
            t.id
        FROM trust_entry AS t JOIN journal_entry AS e ON e.source = 'trust:' || t.id
        WHERE t.kind = 'fee';
    INSERT INTO move (entry_id, n, debit, credit, amount_cents, matter_id, bill_id, trust_id)
        SELECT e.id, 2, 'operating_bank', 'trust_bank', -t.amount_cents, t.matter_id, t.bill_id,
            t.id
        FROM trust_entry AS t JOIN journal_entry AS e ON e.source = 'trust:' || t.id
        WHERE t.kind = 'fee';
    INSERT INTO matter_option (matter_id, name, value)
        SELECT id, 'replenish', '{MINIMUM}' FROM matter WHERE id % 20 = 0"""
RESERVE = """
    UPDATE bill SET reserve_accrued_cents = 5000 WHERE matter_id % 20 = 1;
    UPDATE bill_part SET reserved_cents = 5000
        WHERE bill_id IN (SELECT id FROM bill WHERE matter_id % 20 = 1);
    INSERT INTO reserve_move (matter_id, day, what, amount_cents, reason, audit_id, audit_hash)
        SELECT id, '2026-06-30', 'accrued', 10000, 'taken over', 1, '' FROM matter
        WHERE id % 20 = 1"""
CREDITS = """
    INSERT INTO credit_note (id, number, series, year, seq, bill_id, day, reason, amount_cents,
            fees_cents, costs_cents, tax_cents, audit_id, audit_hash)
        SELECT id, 'C-' || id, 'credit', 2026, id, id, min(date(day, '+9 days'), '2026-11-30'),
            'courtesy', 14000, 14000, 0, 0, 1, ''
        FROM bill WHERE id % 100 = 18;
    INSERT INTO journal_entry (day, what, source, audit_id, audit_hash)
        SELECT day, 'credit', 'credit:' || id, 1, '' FROM credit_note;
    INSERT INTO move (entry_id, n, debit, credit, amount_cents, matter_id, bill_id, credit_id)
        SELECT e.id, 1, 'fee_income', 'receivable', 14000, b.matter_id, b.id, b.id
        FROM journal_entry AS e JOIN credit_note AS c ON e.source = 'credit:' || c.id
        JOIN bill AS b ON b.id = c.bill_id"""
VOIDS = """
    INSERT INTO bill_event (bill_id, what, day, reason, entries, audit_id, audit_hash)
        SELECT id, 'voided', min(date(day, '+5 days'), '2026-11-30'), 'wrong matter', 'return', 1,
            ''
        FROM bill WHERE id % 200 = 9;
    UPDATE claim SET released_on = v.day FROM bill_event AS v
        WHERE v.bill_id = claim.bill_id AND v.what = 'voided';
    INSERT INTO journal_entry (day, what, source, reverses, reason, audit_id, audit_hash)
        SELECT day, 'void', 'void:' || bill_id, bill_id, reason, 1, '' FROM bill_event
        WHERE what = 'voided';
    INSERT INTO move (entry_id, n, debit, credit, amount_cents, matter_id, bill_id)
        SELECT e.id, m.n, m.credit, m.debit, m.amount_cents, m.matter_id, m.bill_id
        FROM journal_entry AS e JOIN move AS m ON m.entry_id = e.reverses WHERE e.what = 'void'"""

BILLED = (COSTS, MILESTONES, RESERVE, CREDITS, VOIDS)
"""What follows the bills, as SQL; TRUST follows the payments, before they are posted."""
