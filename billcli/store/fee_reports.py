"""The questions behind the reports on fees: each one query over live bills and postings.

A bill is live when it is approved and not voided; it counts by its own date.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.store import rows
from billcli.store.postings import PAYING

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_LIVE = """b.id NOT IN (SELECT bill_id FROM bill_event WHERE what = 'voided')"""
_BETWEEN = f"b.day BETWEEN :start AND :end AND {_LIVE}"
_NOTES = """
    SELECT bill_id, sum(fees_cents) AS fees_cents, sum(discount_cents) AS discount_cents,
        sum(tax_cents + costs_cents) AS rest_cents
    FROM credit_note WHERE day <= :end GROUP BY bill_id"""
# What was paid on bills up to the day before, and up to the last day.
_SETTLED = f"""
    SELECT v.bill_id, sum(CASE WHEN e.day < :start THEN v.cents ELSE 0 END) AS before,
        sum(v.cents) AS until
    FROM (
        SELECT entry_id, bill_id, CASE WHEN credit = 'receivable' THEN amount_cents
            ELSE -amount_cents END AS cents
        FROM move WHERE (credit = 'receivable' AND debit IN {PAYING})
            OR (debit = 'receivable' AND credit IN {PAYING})) AS v
    JOIN journal_entry AS e ON e.id = v.entry_id
    WHERE e.day <= :end GROUP BY v.bill_id"""
# What is over after tax and costs has paid fees (D-43); what was credited of them needn't be paid.
_NET = "b.fees_cents - b.discount_cents - coalesce(k.fees_cents, 0)"
_FIRST = "(b.tax_cents + b.costs_cents - coalesce(k.rest_cents, 0))"
# Bills are gathered matter by matter; the client is that of its first bill.
_REALIZED = f"""
    SELECT m.number AS matter, m.title, b.client_id AS client,
        min(b.year * 1000000000 + b.seq) AS first,
        sum(b.standard_fees_cents) AS standard_fees_cents,
        sum(b.fee_adjustment_cents) AS fee_adjustment_cents, sum(b.fees_cents) AS fees_cents,
        sum(b.discount_cents) AS discount_cents,
        sum(coalesce(k.fees_cents, 0)) AS credited_cents,
        -- Money is split over payors, hours are not: they count on the bill that holds the entries.
        sum(CASE WHEN b.id IN (SELECT bill_id FROM bill_share WHERE group_id <> bill_id)
            THEN 0 ELSE coalesce(l.hours_e4, 0) END) AS hours_e4,
        sum(coalesce(l.free_cents, 0)) AS free_cents,
        sum(max(0, min({_NET}, coalesce(p.until, 0) - {_FIRST}))) AS paid_cents
    FROM bill AS b JOIN matter AS m ON m.id = b.matter_id
    LEFT JOIN (
        SELECT bill_id, sum(CASE kind WHEN 'time' THEN hours_e4 ELSE 0 END) AS hours_e4,
            sum(CASE WHEN behavior IN ('no-charge', 'hide') THEN standard_cents ELSE 0 END)
                AS free_cents
        FROM bill_line GROUP BY bill_id) AS l ON l.bill_id = b.id
    LEFT JOIN ({_SETTLED}) AS p ON p.bill_id = b.id
    LEFT JOIN ({_NOTES}) AS k ON k.bill_id = b.id
    WHERE {_BETWEEN} GROUP BY m.id ORDER BY m.number"""
_DISCOUNTS = f"""
    SELECT b.number, b.day, m.number AS matter, b.client_id AS client, b.fees_cents,
        b.discount_cents, json_extract(b.details, '$.discount_label') AS label,
        coalesce(k.discount_cents, 0) AS discount_back_cents
    FROM bill AS b JOIN matter AS m ON m.id = b.matter_id
    LEFT JOIN ({_NOTES}) AS k ON k.bill_id = b.id
    WHERE b.discount_cents <> 0 AND {_BETWEEN} ORDER BY b.year, b.seq"""
# What is paid as a whole, or not at all, is collected as it was shared; only a part is a matter of
# rounding, bill by bill (D-55). Each step is worked out once: where one query merges into the
# next, SQLite computes an expression again wherever its name stands.
_SHARES = f"""
    WITH shared AS MATERIALIZED (
        SELECT b.id AS bill_id, b.day >= :start AS billed, w.net, w.least, {_NET} AS due,
            coalesce(p.before, 0) - {_FIRST} AS before, coalesce(p.until, 0) - {_FIRST} AS until
        FROM (
            SELECT bill_id, sum(amount_cents) AS net, min(amount_cents) AS least
            FROM bill_allocation GROUP BY bill_id) AS w
        CROSS JOIN bill AS b ON b.id = w.bill_id
        LEFT JOIN ({_SETTLED}) AS p ON p.bill_id = b.id
        LEFT JOIN ({_NOTES}) AS k ON k.bill_id = b.id
        WHERE b.day <= :end AND {_LIVE}),
    paid AS MATERIALIZED (
        SELECT bill_id, billed, net, least, max(0, min(due, before)) AS before_cents,
            max(0, min(due, until)) AS until_cents
        FROM shared),
    credits AS MATERIALIZED (
        SELECT bill_id, billed, before_cents, until_cents,
            CASE WHEN net = 0 THEN 0 ELSE (until_cents = net) - (before_cents = net) END AS gained,
            least >= 0 AND before_cents IN (0, net) AND until_cents IN (0, net) AS whole
        FROM paid)
    SELECT NULL AS bill_id, a.timekeeper_id AS who, sum(c.billed * a.amount_cents) AS billed_cents,
        sum(c.billed * a.origination * a.amount_cents) AS origination_cents,
        sum(c.gained * a.amount_cents) AS cents, NULL AS origination, NULL AS before_cents,
        NULL AS until_cents, NULL AS n
    FROM credits AS c CROSS JOIN bill_allocation AS a ON a.bill_id = c.bill_id
    WHERE c.whole GROUP BY a.timekeeper_id
    UNION ALL
    SELECT c.bill_id, a.timekeeper_id, c.billed * a.amount_cents,
        c.billed * a.origination * a.amount_cents, a.amount_cents, a.origination, c.before_cents,
        c.until_cents, a.n
    FROM credits AS c CROSS JOIN bill_allocation AS a ON a.bill_id = c.bill_id
    WHERE NOT c.whole ORDER BY 1, 9"""
_TAXES = f"""
    SELECT code, label, percent_e4, sum(bills) AS bills, sum(base_cents) AS base_cents,
        sum(tax_cents) AS tax_cents
    FROM (
        SELECT t.code, t.label, t.percent_e4, 1 AS bills, t.base_cents, t.tax_cents
        FROM bill_tax AS t JOIN bill AS b ON b.id = t.bill_id WHERE {_BETWEEN}
        UNION ALL
        SELECT t.code, t.label, t.percent_e4, 0, -k.base_cents, -k.tax_cents
        FROM credit_note AS c JOIN credit_note_tax AS k ON k.credit_id = c.id
        JOIN bill_tax AS t ON t.bill_id = c.bill_id AND t.code = k.code
        WHERE c.day BETWEEN :start AND :end)
    GROUP BY code, label, percent_e4 ORDER BY code, percent_e4, label"""


def _days(start: date, end: date) -> dict[str, str]:
    return {"start": start.isoformat(), "end": end.isoformat()}


def realized(ledger: Ledger, start: date, end: date) -> list[Any]:
    """What live bills dated in these days came to, matter by matter, and what is paid of them."""
    return list(rows.named(ledger, _REALIZED, _days(start, end)))


def discounts(ledger: Ledger, start: date, end: date) -> list[Any]:
    """Live bills with a discount dated in these days, by their numbers."""
    return list(rows.named(ledger, _DISCOUNTS, _days(start, end)))


def shares(ledger: Ledger, start: date, end: date) -> list[Any]:
    """Whom the net fees of live bills are credited to: billed in these days, and collected.

    First, without a bill, a sum for each timekeeper of the bills that were paid as a whole or not
    at all; `cents` of it is collected. Then, bill by bill, the shares of those paid in part.
    """
    return list(rows.named(ledger, _SHARES, _days(start, end)))


def taxes(ledger: Ledger, start: date, end: date) -> list[Any]:
    """The taxes of live bills dated in these days less those credited in them, by code and rate."""
    return list(rows.named(ledger, _TAXES, _days(start, end)))
