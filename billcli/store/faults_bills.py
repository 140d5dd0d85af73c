"""What can be wrong with bills and their entries: a query for each fault, and its sentence."""

from __future__ import annotations

from billcli.store.faults_money import Faults
from billcli.store.postings import LIVE

_CHARGED = """sum(cents) FROM (
    SELECT bill_id, charged_cents AS cents FROM bill_part
    UNION ALL SELECT bill_id, released_cents FROM bill_reserve) WHERE"""
_SUMS = (
    ("fee lines", "fees", "sum(amount_cents) FROM bill_line WHERE class = 'fee' AND"),
    ("cost lines", "costs", "sum(amount_cents) FROM bill_line WHERE class = 'cost' AND"),
    ("taxes", "tax", "sum(tax_cents) FROM bill_tax WHERE"),
    # What a success releases is outside the arrangement's parts (D-22).
    (
        "parts",
        "fees",
        _CHARGED,
    ),
    ("parts at standard value", "standard_fees", "sum(standard_cents) FROM bill_part WHERE"),
    ("reserved parts", "reserve_accrued", "sum(reserved_cents) FROM bill_part WHERE"),
)
_ENTRIES = """(
    SELECT 'time' AS kind, id, matter_id FROM time_entry
    UNION ALL SELECT 'expense', id, matter_id FROM expense
    UNION ALL SELECT 'charge', id, matter_id FROM charge
    UNION ALL SELECT 'schedule', id, matter_id FROM schedule_row
    UNION ALL SELECT 'outcome', id, matter_id FROM outcome)"""
# What frees entries and periods: a void that returns them, or a credit note over the whole bill.
_FREED = """(EXISTS (
            SELECT 1 FROM bill_event AS v
            WHERE v.bill_id = b.id AND v.what = 'voided' AND v.entries = 'return')
        OR EXISTS (SELECT 1 FROM credit_note WHERE bill_id = b.id AND releases = 1))"""
_CLAIMS = "SELECT b.number, c.kind, c.entry_id FROM claim AS c JOIN bill AS b ON b.id = c.bill_id"

NUMBERS: Faults = (
    (
        """
        SELECT series, year, min(seq) AS low, max(seq) AS high, count(*) AS n FROM bill
        GROUP BY series, year HAVING low <> 1 OR high <> n""",
        "Series {series} {year} has {n} bills, numbered {low} to {high}.",
    ),
    (
        """
        SELECT * FROM (
            SELECT number, audit_id, lag(number) OVER w AS previous, lag(audit_id) OVER w AS earlier
            FROM bill WINDOW w AS (PARTITION BY series, year ORDER BY seq))
        WHERE audit_id < earlier""",
        "Bill {number} was approved before {previous}.",
    ),
)
TOTALS: Faults = (
    *(
        (
            f"""
            SELECT * FROM (
                SELECT number, {column}_cents AS says_cents,
                    coalesce((SELECT {source} bill_id = b.id), 0) AS makes_cents
                FROM bill AS b)
            WHERE says_cents <> makes_cents""",
            f"Bill {{number}}: its {what} make {{makes_cents}}, it says {{says_cents}}.",
        )
        for what, column, source in _SUMS
    ),
    (
        """
        SELECT b.number, sum(a.amount_cents) AS makes_cents,
            b.fees_cents - b.discount_cents AS says_cents
        FROM bill_allocation AS a JOIN bill AS b ON b.id = a.bill_id
        GROUP BY b.id HAVING makes_cents <> says_cents""",
        "Bill {number}: its shares make {makes_cents}, its net fees {says_cents}.",
    ),
    # Tax is rounded once for the document, or once a line: never off by more than half a cent each.
    (
        """
        SELECT b.number, t.code, t.base_cents, t.tax_cents
        FROM bill_tax AS t JOIN bill AS b ON b.id = t.bill_id
        WHERE NOT EXISTS (SELECT 1 FROM bill_share WHERE bill_id = b.id)
            AND abs(t.tax_cents * 1000000 - t.base_cents * t.percent_e4)
            > 500000 * max(1, (SELECT count(*) FROM bill_line WHERE bill_id = b.id))""",
        "Bill {number}: {tax_cents} of tax {code} isn't its rate on {base_cents}.",
    ),
)
ENTRIES: Faults = (
    (
        """
        SELECT b.number, l.kind, l.entry_id FROM bill_line AS l JOIN bill AS b ON b.id = l.bill_id
        LEFT JOIN bill_share AS s ON s.bill_id = l.bill_id
        WHERE l.entry_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM claim AS c
            WHERE c.bill_id = coalesce(s.group_id, l.bill_id) AND c.entry_id = l.entry_id
                AND c.kind = CASE l.kind WHEN 'fixed_fee' THEN 'schedule' ELSE l.kind END)""",
        "Bill {number}: its line for {kind} {entry_id} doesn't hold the entry.",
    ),
    (
        f"""
        {_CLAIMS} WHERE c.kind IN ('time', 'expense', 'charge') AND 1 <> (
            SELECT count(*) FROM bill_line AS l
            WHERE l.bill_id = b.id AND l.kind = c.kind AND l.entry_id = c.entry_id)""",
        "Bill {number} holds {kind} {entry_id}, which isn't on exactly one of its lines.",
    ),
    (
        """
        SELECT kind, entry_id, count(*) AS n FROM claim WHERE released_on IS NULL
        GROUP BY kind, entry_id HAVING n > 1""",
        "The {kind} {entry_id} is on {n} live bills.",
    ),
    (
        f"""
        {_CLAIMS} WHERE (c.released_on IS NOT NULL) <> {_FREED}""",
        "Bill {number}: a void and the freedom of {kind} {entry_id} don't go together.",
    ),
    (
        f"""
        {_CLAIMS} LEFT JOIN {_ENTRIES} AS x ON x.kind = c.kind AND x.id = c.entry_id
        WHERE c.released_on IS NULL AND x.matter_id IS NOT b.matter_id""",
        "Bill {number} holds {kind} {entry_id}, which its matter doesn't have.",
    ),
    (
        """
        SELECT b.number, c.kind, c.entry_id, s.draft_id FROM claim AS c
        JOIN bill AS b ON b.id = c.bill_id
        JOIN draft_source AS s ON s.kind = c.kind AND s.entry_id = c.entry_id
        WHERE c.released_on IS NULL""",
        "The {kind} {entry_id} is on bill {number} and in draft D-{draft_id}.",
    ),
    (
        f"""
        SELECT d.id, s.kind, s.entry_id FROM draft_source AS s JOIN draft AS d ON d.id = s.draft_id
        LEFT JOIN {_ENTRIES} AS x ON x.kind = s.kind AND x.id = s.entry_id
        WHERE x.matter_id IS NOT d.matter_id""",
        "Draft D-{id} holds {kind} {entry_id}, which its matter doesn't have.",
    ),
    (
        f"""
        SELECT b.number, c.period_start FROM period_claim AS c JOIN bill AS b ON b.id = c.bill_id
        WHERE c.matter_id <> b.matter_id OR (c.released_on IS NOT NULL) <> {_FREED}""",
        "Bill {number}: a void and the free period from {period_start} don't go together.",
    ),
    (
        """
        SELECT b.number, p.period_start FROM bill_part AS p JOIN bill AS b ON b.id = p.bill_id
        JOIN period_claim AS c ON c.matter_id = b.matter_id AND c.period_start = p.period_start
            AND c.released_on IS NULL
        WHERE c.bill_id <> p.bill_id AND EXISTS (
            SELECT 1 FROM period_claim WHERE bill_id = p.bill_id AND period_start = p.period_start
            AND released_on IS NULL)""",
        "Bill {number} charges the period from {period_start} a second time.",
    ),
    (
        """
        SELECT b.number, p.period_start FROM bill_part AS p JOIN bill AS b ON b.id = p.bill_id
        JOIN arrangement AS a ON a.id = p.arrangement_id AND a.kind = 'fixed-recurring'
        LEFT JOIN bill_share AS s ON s.bill_id = p.bill_id
        WHERE p.period_start IS NOT NULL AND p.charged_cents <> 0 AND NOT EXISTS (
            SELECT 1 FROM period_claim WHERE period_start = p.period_start
                AND bill_id = coalesce(s.group_id, p.bill_id))
        """,
        "Bill {number} charges the period from {period_start} without claiming it.",
    ),
    (
        """
        SELECT bill_id FROM run_bill AS r
        WHERE NOT EXISTS (SELECT 1 FROM draft WHERE id = r.bill_id)
            AND NOT EXISTS (SELECT 1 FROM bill WHERE id = r.bill_id)""",
        "A run made D-{bill_id}, which is neither a draft nor a bill.",
    ),
)
RESERVE: Faults = (
    (
        f"""
        WITH live AS (SELECT * FROM bill AS b WHERE {LIVE}),
        flow AS (
            SELECT matter_id, reserve_accrued_cents AS cents FROM live
            UNION ALL SELECT b.matter_id, -r.released_cents - r.written_off_cents
                FROM bill_reserve AS r JOIN live AS b ON b.id = r.bill_id
            UNION ALL SELECT matter_id,
                CASE what WHEN 'accrued' THEN amount_cents ELSE -amount_cents END
                FROM reserve_move)
        SELECT m.number, sum(flow.cents) AS held_cents FROM flow
        JOIN matter AS m ON m.id = flow.matter_id GROUP BY m.id HAVING held_cents < 0""",
        "The reserve of matter {number} is below zero: {held_cents}.",
    ),
)
