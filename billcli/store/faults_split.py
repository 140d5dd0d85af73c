"""What can be wrong with the bills of several payors: a query for each fault, and its sentence."""

from __future__ import annotations

from billcli.store.faults_money import Faults

_KIND = "CASE l.kind WHEN 'fixed_fee' THEN 'schedule' ELSE l.kind END"

TOTALS: Faults = (
    (
        """
        SELECT g.number, sum(s.basis_points) AS points, min(s.n) AS low, max(s.n) AS high,
            count(*) AS payors, max(m.number) AS matter
        FROM bill_share AS s JOIN bill AS g ON g.id = s.group_id
        JOIN matter AS m ON m.id = g.matter_id
        GROUP BY s.group_id HAVING points <> 10000 OR low <> 1 OR high <> payors""",
        "Bill {number} of {matter} is shared by {payors} payors with {points} of 10000 points.",
    ),
    (
        """
        SELECT b.number FROM bill_share AS s JOIN bill AS b ON b.id = s.bill_id
        JOIN bill AS g ON g.id = s.group_id
        WHERE b.matter_id <> g.matter_id OR b.day <> g.day
            OR json_extract(b.details, '$.share.basis_points') IS NOT s.basis_points
            OR json_extract(b.details, '$.share.n') IS NOT s.n
            OR json_extract(b.details, '$.share.group') IS NOT 'D-' || s.group_id
        UNION ALL
        SELECT number FROM bill WHERE details LIKE '%"share"%'
            AND json_extract(details, '$.share.n') IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM bill_share WHERE bill_id = bill.id)""",
        "Bill {number}: the share it was approved with is not the one that is kept.",
    ),
    (
        """
        SELECT g.number, sum(b.total_cents) AS makes_cents,
            json_extract(g.details, '$.share.total_cents') AS says_cents
        FROM bill_share AS s JOIN bill AS b ON b.id = s.bill_id JOIN bill AS g ON g.id = s.group_id
        GROUP BY s.group_id HAVING makes_cents <> says_cents""",
        "The payors' shares of bill {number} make {makes_cents}; the work came to {says_cents}.",
    ),
    (
        """
        SELECT g.number, l.line, sum(l.amount_cents) AS makes_cents,
            json_extract(g.details, '$.share.lines[' || (l.line - 1) || ']') AS says_cents
        FROM bill_share AS s JOIN bill_line AS l ON l.bill_id = s.bill_id
        JOIN bill AS g ON g.id = s.group_id
        GROUP BY s.group_id, l.line HAVING makes_cents IS NOT says_cents""",
        "The payors' shares of line {line} on bill {number} make {makes_cents}, not {says_cents}.",
    ),
    # Tax is rounded once for all payors together.
    (
        """
        SELECT g.number, t.code, sum(t.base_cents) AS base_cents, sum(t.tax_cents) AS tax_cents,
            max(t.percent_e4) AS percent_e4, s.group_id
        FROM bill_share AS s JOIN bill_tax AS t ON t.bill_id = s.bill_id
        JOIN bill AS g ON g.id = s.group_id
        GROUP BY s.group_id, t.code
        HAVING abs(sum(t.tax_cents) * 1000000 - sum(t.base_cents) * max(t.percent_e4))
            > 500000 * max(1, (SELECT count(*) FROM bill_line WHERE bill_id = s.group_id))""",
        "Payors of bill {number}: {tax_cents} of tax {code} isn't its rate on {base_cents}.",
    ),
)
ENTRIES: Faults = (
    (
        f"""
        SELECT b.number, c.kind, c.entry_id FROM claim AS c
        JOIN bill_share AS s ON s.group_id = c.bill_id JOIN bill AS b ON b.id = s.bill_id
        WHERE c.kind IN ('time', 'expense', 'charge', 'schedule') AND 1 <> (
            SELECT count(*) FROM bill_line AS l
            WHERE l.bill_id = s.bill_id AND l.entry_id = c.entry_id AND {_KIND} = c.kind)""",
        "Bill {number}, a payor's share, has {kind} {entry_id} not on exactly one of its lines.",
    ),
    (
        """
        SELECT b.number FROM bill_share AS s JOIN bill AS b ON b.id = s.bill_id
        WHERE s.bill_id <> s.group_id AND (
            EXISTS (SELECT 1 FROM claim WHERE bill_id = s.bill_id)
            OR EXISTS (SELECT 1 FROM period_claim WHERE bill_id = s.bill_id))""",
        "Bill {number} holds entries, which another payor's bill holds for it.",
    ),
    (
        """
        SELECT b.number, g.number AS other FROM bill_share AS s JOIN bill AS b ON b.id = s.bill_id
        JOIN bill AS g ON g.id = s.group_id
        WHERE EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'voided')
            <> EXISTS (SELECT 1 FROM bill_event WHERE bill_id = g.id AND what = 'voided')""",
        "Of bills {number} and {other}, which are one computation, only one is void.",
    ),
)
