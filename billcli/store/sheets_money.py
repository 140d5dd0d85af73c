"""The sheets of bills and money."""

from __future__ import annotations

from billcli.store.postings import CREDITED, paid
from billcli.store.sheets import Sheet, sheet

_LOST = """CASE 'bad_debt' WHEN debit THEN amount_cents WHEN credit THEN -amount_cents ELSE 0 END"""
_LEG = """SELECT e.id AS entry, e.day, v.n, {side} AS leg, e.what, v.{account} AS account,
    {debit} AS debit, {credit} AS credit, coalesce(p.client_id, t.client_id, r.client_id,
        b.client_id, m.client_id) AS client, m.number AS matter, b.number AS bill,
    'P-' || v.payment_id AS payment, 'TR-' || v.trust_id AS trust,
    'RT-' || v.retainer_id AS retainer, n.number AS credit_note, e.reason, o.id AS reverses
    FROM journal_entry AS e JOIN move AS v ON v.entry_id = e.id
    LEFT JOIN matter AS m ON m.id = v.matter_id LEFT JOIN bill AS b ON b.id = v.bill_id
    LEFT JOIN payment AS p ON p.id = v.payment_id
    LEFT JOIN trust_entry AS t ON t.id = v.trust_id
    LEFT JOIN retainer_entry AS r ON r.id = v.retainer_id
    LEFT JOIN credit_note AS n ON n.id = v.credit_id
    LEFT JOIN journal_entry AS o ON o.id = e.reverses"""

SHEETS: tuple[Sheet, ...] = (
    sheet(
        "bills",
        "Approved bills: what they asked for and where they stand.",
        {
            "bill": "the bill's number, which other files name",
            "draft": "the draft that it was",
            "state": "approved, issued, part_paid, paid, void, credited or written_off",
            "matter": "the matter",
            "client": "who pays it",
            "arrangement": "the kind of arrangement it was made under",
            "date": "the date of the bill",
            "due_on": "the day it is due",
            "through": "the last day of the work on it",
            "issued_on": "the day it was issued",
            "voided_on": "the day it was voided",
            "standard_fees_cents": "the work on it at its prices",
            "fee_adjustment_cents": "what the arrangement adds or takes off",
            "fees_cents": "fees before the discount",
            "discount_cents": "the discount",
            "costs_cents": "costs",
            "tax_cents": "taxes",
            "total_cents": "fees less discount, costs and taxes",
            "paid_cents": "what was paid of it, by whatever means",
            "credited_cents": "what credit notes took off",
            "written_off_cents": "what was written off",
            "balance_cents": "what is open on it; nothing before its issue and after a void",
        },
        f"""WITH sums AS (
            SELECT bill_id, sum({paid()}) AS paid, sum({CREDITED}) AS credited, sum({_LOST}) AS lost
            FROM move WHERE bill_id IS NOT NULL GROUP BY bill_id),
        facts AS (
            SELECT b.*, i.day AS issued, v.day AS voided, coalesce(s.paid, 0) AS paid,
                coalesce(s.credited, 0) AS credited, coalesce(s.lost, 0) AS lost
            FROM bill AS b LEFT JOIN sums AS s ON s.bill_id = b.id
            LEFT JOIN bill_event AS i ON i.bill_id = b.id AND i.what = 'issued'
            LEFT JOIN bill_event AS v ON v.bill_id = b.id AND v.what = 'voided')
        SELECT f.number, 'D-' || f.id,
            bill_state(issued NOT NULL, voided NOT NULL, total_cents, paid, credited, lost),
            m.number, f.client_id, replace(f.arrangement, '-', '_'), f.day, f.due_on, f.through,
            issued, voided, standard_fees_cents, fee_adjustment_cents, fees_cents, discount_cents,
            costs_cents, tax_cents, total_cents, paid, credited, lost,
            iif(issued IS NULL OR voided NOT NULL, 0, total_cents - paid - credited - lost)
        FROM facts AS f JOIN matter AS m ON m.id = f.matter_id ORDER BY f.year, f.seq, f.id""",
    ),
    sheet(
        "bill-lines",
        "The lines of bills. Those of kind adjustment make the sum of the fees what is agreed.",
        {
            "bill": "the bill",
            "line": "its place on the bill",
            "kind": "time, expense, charge, fixed_fee, adjustment or reserve",
            "class": "fee or cost",
            "entry": "the entry behind it",
            "date": "the day of the work or cost",
            "timekeeper": "who worked",
            "description": "what it says",
            "hours_e4": "hours",
            "rate_e4": "the price of an hour",
            "standard_cents": "hours times price",
            "amount_cents": "what it is printed with",
            "billed_cents": "what of the bill's fees or costs it brought in",
            "behavior": "bill, no_charge or hide",
            "note": "a remark on it",
            "reason": "why somebody changed it",
            "task_code": "the code of the task",
            "activity_code": "the code of the activity",
            "expense_code": "the code of the cost",
            "tax_code": "the tax on it",
        },
        """SELECT b.number, l.line, l.kind, l.class,
            CASE l.kind WHEN 'time' THEN 'T-' WHEN 'expense' THEN 'E-' WHEN 'charge' THEN 'C-' END
                || l.entry_id,
            l.day, l.timekeeper_id, l.description, l.hours_e4, l.rate_e4, l.standard_cents,
            l.amount_cents, l.billed_cents, replace(l.behavior, '-', '_'), l.note, l.reason,
            l.task_code, l.activity_code, l.expense_code, l.tax_code
            FROM bill_line AS l JOIN bill AS b ON b.id = l.bill_id
            ORDER BY b.year, b.seq, b.id, l.line""",
    ),
    sheet(
        "bill-taxes",
        "The taxes of bills, by code.",
        {
            "bill": "the bill",
            "code": "the tax",
            "label": "its name on the bill",
            "percent_e4": "its rate",
            "base_cents": "what it is of",
            "tax_cents": "the tax",
        },
        """SELECT b.number, t.code, t.label, t.percent_e4, t.base_cents, t.tax_cents
            FROM bill_tax AS t JOIN bill AS b ON b.id = t.bill_id
            ORDER BY b.year, b.seq, b.id, t.code""",
    ),
    sheet(
        "payments",
        "Money that came in. What it pays is in the journal.",
        {
            "payment": "the payment's id, which the journal names",
            "date": "the day it came",
            "client": "who paid",
            "matter": "the matter it was for, where one was named",
            "amount_cents": "how much",
            "method": "how",
            "reference": "the payer's or the bank's words",
            "credit_cents": "what of it pays no bill and is still the client's credit",
        },
        """SELECT 'P-' || p.id, p.day, p.client_id, m.number, p.amount_cents, p.method,
            p.reference, coalesce((SELECT sum(CASE 'client_credit' WHEN credit THEN amount_cents
                WHEN debit THEN -amount_cents ELSE 0 END) FROM move WHERE payment_id = p.id), 0)
            FROM payment AS p LEFT JOIN matter AS m ON m.id = p.matter_id ORDER BY p.day, p.id""",
    ),
    sheet(
        "credit-notes",
        "What was taken back from issued bills.",
        {
            "credit_note": "its number",
            "date": "its date",
            "bill": "the bill",
            "reason": "correction or courtesy",
            "note": "a remark",
            "amount_cents": "how much",
            "fees_cents": "of it fees, after discount",
            "discount_cents": "the discount that goes back with them",
            "costs_cents": "of it costs",
            "tax_cents": "of it taxes",
        },
        """SELECT n.number, n.day, b.number, n.reason, n.note, n.amount_cents, n.fees_cents,
            n.discount_cents, n.costs_cents, n.tax_cents
            FROM credit_note AS n JOIN bill AS b ON b.id = n.bill_id ORDER BY n.id""",
    ),
    sheet(
        "trust",
        "Client money in trust: above zero in, below zero out. Without a matter, the firm's own.",
        {
            "entry": "the entry's id, which the journal names",
            "date": "the day of it",
            "effective_on": "from when it counts: when a receipt is cleared",
            "kind": "deposit, withdrawal, fee, transfer, bank_fee, cover or reversal",
            "client": "whose money",
            "matter": "the matter that holds it",
            "amount_cents": "how much",
            "party": "who paid or was paid",
            "purpose": "what for",
            "method": "how",
            "number": "the number of the check",
            "reference": "the bank's words",
            "bill": "the bill it paid",
            "reverses": "the entry that it takes back",
            "reason": "why",
        },
        """SELECT 'TR-' || t.id, t.day, coalesce(c.day, t.effective_on), t.kind, t.client_id,
            m.number, t.amount_cents, t.party, t.purpose, t.method, t.number, t.reference,
            b.number, 'TR-' || t.reverses, t.reason FROM trust_entry AS t
            LEFT JOIN matter AS m ON m.id = t.matter_id LEFT JOIN bill AS b ON b.id = t.bill_id
            LEFT JOIN trust_clearing AS c ON c.receipt_id = t.id ORDER BY t.day, t.id""",
    ),
    sheet(
        "retainers",
        "General retainers: above zero in, below zero out.",
        {
            "entry": "the entry's id, which the journal names",
            "date": "the day of it",
            "kind": "deposit, applied, refund or reversal",
            "client": "whose credit",
            "matter": "the matter",
            "amount_cents": "how much",
            "basis": "why it is the firm's money",
            "note": "a remark",
            "bill": "the bill it paid",
            "reverses": "the entry that it takes back",
            "reason": "why",
        },
        """SELECT 'RT-' || r.id, r.day, r.kind, r.client_id, m.number, r.amount_cents,
            replace(r.basis, '-', '_'), r.note, b.number, 'RT-' || r.reverses, r.reason
            FROM retainer_entry AS r JOIN matter AS m ON m.id = r.matter_id
            LEFT JOIN bill AS b ON b.id = r.bill_id ORDER BY r.day, r.id""",
    ),
    sheet(
        "journal",
        "The double-entry journal: debits and credits of an entry are the same sum.",
        {
            "journal_entry": "the entry's number",
            "date": "the day it was posted for",
            "what": "what happened",
            "account": "the account, by billcli's own name for it",
            "debit_cents": "what is debited",
            "credit_cents": "what is credited",
            "client": "whose it is",
            "matter": "the matter",
            "bill": "the bill",
            "payment": "the payment",
            "trust": "the entry of the trust ledger",
            "retainer": "the entry of the general retainer",
            "credit_note": "the credit note",
            "reason": "why, where it was asked",
            "reverses": "the entry that it takes back",
        },
        f"""SELECT entry, what_day, what, account, debit, credit, client, matter, bill, payment,
            trust, retainer, credit_note, reason, reverses FROM (
            SELECT *, day AS what_day FROM (
            {_LEG.format(side=1, account="debit", debit="v.amount_cents", credit="NULL")}
            UNION ALL
            {_LEG.format(side=2, account="credit", debit="NULL", credit="v.amount_cents")}))
            ORDER BY what_day, entry, n, leg""",
    ),
)
