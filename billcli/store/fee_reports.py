"""The questions behind the reports on fees: each one query over live bills and postings.

A bill is live when it is approved and not voided; it counts by its own date.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from billcli.store.postings import PAYING

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_LIVE = """b.id NOT IN (SELECT bill_id FROM bill_event WHERE what = 'voided')"""
_BETWEEN = f"b.day BETWEEN :start AND :end AND {_LIVE}"
_NOTES = """
    SELECT bill_id, sum(fees_cents) AS fees_cents, sum(discount_cents) AS discount_cents,
        sum(tax_cents + costs_cents) AS rest_cents
    FROM credit_note WHERE day <= :end GROUP BY bill_id"""
# What is over after tax and costs has paid fees (D-43); as of the day before, and of the last day.
# What was credited of them needn't be paid.
_PAID = f"""
    SELECT bill_id, max(0, min(net, before - first)) AS before_cents,
        max(0, min(net, until - first)) AS until_cents
    FROM (
        SELECT b.id AS bill_id,
            b.fees_cents - b.discount_cents - coalesce(k.fees_cents, 0) AS net,
            b.tax_cents + b.costs_cents - coalesce(k.rest_cents, 0) AS first,
            s.before, s.until
        FROM (
            SELECT v.bill_id, sum(CASE WHEN e.day < :start THEN v.cents ELSE 0 END) AS before,
                sum(v.cents) AS until
            FROM (
                SELECT entry_id, bill_id, CASE WHEN credit = 'receivable' THEN amount_cents
                    ELSE -amount_cents END AS cents
                FROM move WHERE (credit = 'receivable' AND debit IN {PAYING})
                    OR (debit = 'receivable' AND credit IN {PAYING})) AS v
            JOIN journal_entry AS e ON e.id = v.entry_id
            WHERE e.day <= :end GROUP BY v.bill_id) AS s
        JOIN bill AS b ON b.id = s.bill_id LEFT JOIN ({_NOTES}) AS k ON k.bill_id = b.id)"""
# Bills are gathered matter by matter; the client is that of its first bill.
_REALIZED = text(f"""
    SELECT m.number AS matter, m.title, b.client_id AS client, min(b.year * 1000000000 + b.seq),
        sum(b.standard_fees_cents) AS standard_fees_cents,
        sum(b.fee_adjustment_cents) AS fee_adjustment_cents, sum(b.fees_cents) AS fees_cents,
        sum(b.discount_cents) AS discount_cents,
        sum(coalesce(k.fees_cents, 0)) AS credited_cents,
        -- Money is split over payors, hours are not: they count on the bill that holds the entries.
        sum(CASE WHEN b.id IN (SELECT bill_id FROM bill_share WHERE group_id <> bill_id)
            THEN 0 ELSE coalesce(l.hours_e4, 0) END) AS hours_e4,
        sum(coalesce(l.free_cents, 0)) AS free_cents, sum(coalesce(p.until_cents, 0)) AS paid_cents
    FROM bill AS b JOIN matter AS m ON m.id = b.matter_id
    LEFT JOIN (
        SELECT bill_id, sum(CASE kind WHEN 'time' THEN hours_e4 ELSE 0 END) AS hours_e4,
            sum(CASE WHEN behavior IN ('no-charge', 'hide') THEN standard_cents ELSE 0 END)
                AS free_cents
        FROM bill_line GROUP BY bill_id) AS l ON l.bill_id = b.id
    LEFT JOIN ({_PAID}) AS p ON p.bill_id = b.id LEFT JOIN ({_NOTES}) AS k ON k.bill_id = b.id
    WHERE {_BETWEEN} GROUP BY m.id ORDER BY m.number""")
_DISCOUNTS = text(f"""
    SELECT b.number, b.day, m.number AS matter, b.client_id AS client, b.fees_cents,
        b.discount_cents, json_extract(b.details, '$.discount_label') AS label,
        coalesce(k.discount_cents, 0) AS discount_back_cents
    FROM bill AS b JOIN matter AS m ON m.id = b.matter_id
    LEFT JOIN ({_NOTES}) AS k ON k.bill_id = b.id
    WHERE b.discount_cents <> 0 AND {_BETWEEN} ORDER BY b.year, b.seq""")
# What is paid as a whole, or not at all, is collected as it was shared; only a part is a matter of
# rounding, bill by bill (D-55).
_CREDITS = f"""
    SELECT b.id AS bill_id, b.day >= :start AS billed, b.year, b.seq, w.net,
        coalesce(p.before_cents, 0) AS before_cents, coalesce(p.until_cents, 0) AS until_cents,
        w.least >= 0 AND coalesce(p.before_cents, 0) IN (0, w.net)
            AND coalesce(p.until_cents, 0) IN (0, w.net) AS whole
    FROM (
        SELECT bill_id, sum(amount_cents) AS net, min(amount_cents) AS least
        FROM bill_allocation GROUP BY bill_id) AS w
    JOIN bill AS b ON b.id = w.bill_id LEFT JOIN ({_PAID}) AS p ON p.bill_id = w.bill_id
    WHERE b.day <= :end AND {_LIVE}"""
_BY_TIMEKEEPER = text(f"""
    SELECT a.timekeeper_id AS who, t.name, sum(c.billed * a.amount_cents) AS billed_cents,
        sum(c.billed * a.origination * a.amount_cents) AS origination_cents,
        sum(CASE WHEN c.whole AND c.net <> 0 THEN a.amount_cents
            * ((c.until_cents = c.net) - (c.before_cents = c.net)) ELSE 0 END) AS collected_cents,
        sum(NOT c.whole) AS in_part
    FROM ({_CREDITS}) AS c CROSS JOIN bill_allocation AS a ON a.bill_id = c.bill_id
    JOIN timekeeper AS t ON t.id = a.timekeeper_id GROUP BY a.timekeeper_id ORDER BY who""")
_IN_PART = text(f"""
    SELECT c.bill_id, a.timekeeper_id AS who, a.amount_cents, a.origination, c.before_cents,
        c.until_cents
    FROM ({_CREDITS}) AS c CROSS JOIN bill_allocation AS a ON a.bill_id = c.bill_id
    WHERE NOT c.whole ORDER BY c.year, c.seq, a.n""")
_TAXES = text(f"""
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
    GROUP BY code, label, percent_e4 ORDER BY code, percent_e4, label""")


def _days(start: date, end: date) -> dict[str, str]:
    return {"start": start.isoformat(), "end": end.isoformat()}


def realized(ledger: Ledger, start: date, end: date) -> list[Any]:
    """What live bills dated in these days came to, matter by matter, and what is paid of them."""
    return list(ledger.session.connection().execute(_REALIZED, _days(start, end)))


def discounts(ledger: Ledger, start: date, end: date) -> list[Any]:
    """Live bills with a discount dated in these days, by their numbers."""
    return list(ledger.session.connection().execute(_DISCOUNTS, _days(start, end)))


def by_timekeeper(ledger: Ledger, start: date, end: date) -> list[Any]:
    """Whom the net fees of live bills are credited to: billed in these days, and collected.

    Collected is what bills that were paid as a whole brought in; see shares_in_part.
    """
    return list(ledger.session.connection().execute(_BY_TIMEKEEPER, _days(start, end)))


def shares_in_part(ledger: Ledger, start: date, end: date) -> list[Any]:
    """The shares of bills paid in part, with what was paid before these days and by their end."""
    return list(ledger.session.connection().execute(_IN_PART, _days(start, end)))


def taxes(ledger: Ledger, start: date, end: date) -> list[Any]:
    """The taxes of live bills dated in these days less those credited in them, by code and rate."""
    return list(ledger.session.connection().execute(_TAXES, _days(start, end)))
