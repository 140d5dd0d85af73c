"""What can be wrong with credit notes: a query for each fault, and the sentence for its rows."""

from __future__ import annotations

from billcli.store.faults_money import Faults


def _of(bill: str, sql: str) -> str:
    return f"coalesce((SELECT {sql} AND c.bill_id = {bill}), 0)"


_NOTES = "FROM credit_note AS c WHERE 1"
_TAXES = "FROM credit_note_tax AS t JOIN credit_note AS c ON c.id = t.credit_id WHERE t.code = x"
_PARTS = "FROM credit_note_part AS p JOIN credit_note AS c ON c.id = p.credit_id WHERE p.part = x"

NUMBERS: Faults = (
    (
        """
        SELECT series, year, min(seq) AS low, max(seq) AS high, count(*) AS n FROM credit_note
        GROUP BY series, year HAVING low <> 1 OR high <> n""",
        "Of {n} credit notes of {year}, the first has number {low} and the last {high}.",
    ),
    (
        """
        SELECT number, previous FROM (
            SELECT number, audit_id, lag(number) OVER w AS previous, lag(audit_id) OVER w AS earlier
            FROM credit_note WINDOW w AS (PARTITION BY series, year ORDER BY seq))
        WHERE audit_id < earlier""",
        "Credit note {number} was written before {previous}.",
    ),
)
TOTALS: Faults = (
    (
        """
        SELECT number, tax_cents AS says_cents, coalesce((
            SELECT sum(tax_cents) FROM credit_note_tax WHERE credit_id = c.id), 0) AS makes_cents
        FROM credit_note AS c WHERE says_cents <> makes_cents""",
        "Credit note {number}: its taxes make {makes_cents}, it says {says_cents}.",
    ),
    (
        """
        SELECT c.number, sum(p.charged_cents) AS makes_cents,
            c.fees_cents + c.discount_cents AS says_cents
        FROM credit_note AS c JOIN credit_note_part AS p ON p.credit_id = c.id
        GROUP BY c.id HAVING makes_cents > says_cents OR c.reason <> 'correction'
            AND makes_cents <> 0 OR min(p.bill_id = c.bill_id) = 0""",
        "Credit note {number} takes {makes_cents} of the fees invoiced, it says {says_cents}.",
    ),
    *(
        (
            f"""
            SELECT * FROM (
                SELECT b.number, b.{column}_cents AS says_cents,
                    {_of("b.id", f"sum(c.{column}_cents) {_NOTES}")} AS makes_cents
                FROM bill AS b JOIN credit_note AS n ON n.bill_id = b.id GROUP BY b.id)
            WHERE makes_cents > says_cents""",
            f"Bill {{number}}: {{makes_cents}} of {{says_cents}} {column} is credited.",
        )
        for column in ("discount", "costs", "tax")
    ),
    (
        f"""
        SELECT * FROM (
            SELECT b.number, k.code, k.tax_cents AS says_cents,
                {_of("b.id", "sum(t.tax_cents) " + _TAXES.replace("= x", "= k.code"))}
                    AS makes_cents
            FROM bill AS b JOIN bill_tax AS k ON k.bill_id = b.id)
        WHERE makes_cents > says_cents""",
        "Bill {number}: {makes_cents} of {says_cents} tax {code} is credited.",
    ),
    (
        f"""
        SELECT * FROM (
            SELECT b.number, k.part, k.charged_cents AS says_cents,
                {_of("b.id", "sum(p.charged_cents) " + _PARTS.replace("= x", "= k.part"))}
                    AS makes_cents
            FROM bill AS b JOIN bill_part AS k ON k.bill_id = b.id)
        WHERE makes_cents > says_cents AND makes_cents > 0""",
        "Bill {number}: {makes_cents} of {says_cents} charged in part {part} is credited.",
    ),
)
POSTINGS: Faults = (
    (
        """
        WITH leg AS (
            SELECT id, number, 'fee_income' AS debit, 'receivable' AS credit,
                fees_cents + discount_cents AS cents FROM credit_note
            UNION ALL SELECT id, number, 'receivable', 'discounts_given', discount_cents
                FROM credit_note
            UNION ALL SELECT id, number, 'cost_recoveries', 'receivable', costs_cents
                FROM credit_note
            UNION ALL SELECT id, number, 'tax_payable', 'receivable', tax_cents FROM credit_note)
        SELECT * FROM (
            SELECT leg.number, leg.debit, leg.credit, leg.cents AS says_cents, coalesce((
                SELECT sum(m.amount_cents)
                FROM journal_entry AS e JOIN move AS m ON m.entry_id = e.id
                WHERE e.source = 'credit:' || leg.id AND m.credit_id = leg.id
                    AND m.bill_id = (SELECT bill_id FROM credit_note WHERE id = leg.id)
                    AND m.debit = leg.debit AND m.credit = leg.credit), 0) AS posted_cents
            FROM leg)
        WHERE posted_cents <> says_cents""",
        "Credit note {number}: {posted_cents} goes from {debit} to {credit}, it says {says_cents}.",
    ),
    (
        """
        SELECT number, amount_cents AS says_cents, coalesce((
            SELECT sum(CASE WHEN credit = 'receivable' THEN amount_cents
                WHEN debit = 'receivable' THEN -amount_cents ELSE 0 END)
            FROM move WHERE credit_id = c.id), 0) AS posted_cents
        FROM credit_note AS c WHERE posted_cents <> says_cents""",
        "Credit note {number}: {posted_cents} is posted, it says {says_cents}.",
    ),
)
RELEASES: Faults = (
    (
        """
        SELECT c.number, b.number AS bill FROM credit_note AS c JOIN bill AS b ON b.id = c.bill_id
        WHERE c.releases = 1 AND b.total_cents <> (
            SELECT sum(amount_cents) FROM credit_note WHERE bill_id = b.id)""",
        "Credit note {number} freed the entries of bill {bill}, which isn't credited whole.",
    ),
)
