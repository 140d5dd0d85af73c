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

_LIVE = """NOT EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'voided')"""
_BETWEEN = f"b.day BETWEEN :start AND :end AND {_LIVE}"
_BILLS = text(f"""
    SELECT b.id, b.number, b.day, b.client_id AS client, m.number AS matter, m.title,
        b.arrangement, b.standard_fees_cents, b.fee_adjustment_cents, b.fees_cents,
        b.discount_cents, b.costs_cents, b.tax_cents, b.total_cents,
        json_extract(b.details, '$.discount_label') AS label,
        -- Money is split over payors, hours are not: they count on the bill that holds the entries.
        coalesce((SELECT sum(hours_e4) FROM bill_line
            WHERE bill_id = b.id AND kind = 'time' AND NOT EXISTS (
                SELECT 1 FROM bill_share WHERE bill_id = b.id AND group_id <> b.id)), 0)
            AS hours_e4,
        coalesce((SELECT sum(standard_cents) FROM bill_line
            WHERE bill_id = b.id AND behavior IN ('no-charge', 'hide')), 0) AS free_cents,
        coalesce((SELECT sum(fees_cents) FROM credit_note
            WHERE bill_id = b.id AND day <= :end), 0) AS credited_cents,
        coalesce((SELECT sum(discount_cents) FROM credit_note
            WHERE bill_id = b.id AND day <= :end), 0) AS discount_back_cents
    FROM bill AS b JOIN matter AS m ON m.id = b.matter_id
    WHERE {_BETWEEN} ORDER BY b.year, b.seq""")
_SHARES = text(f"""
    SELECT a.bill_id, b.day, a.timekeeper_id AS who, t.name, a.amount_cents, a.origination
    FROM bill_allocation AS a JOIN bill AS b ON b.id = a.bill_id
    JOIN timekeeper AS t ON t.id = a.timekeeper_id
    WHERE {_LIVE} AND b.day <= :end ORDER BY b.year, b.seq, a.n""")
_CREDITED = """coalesce((SELECT sum({}) FROM credit_note
                WHERE bill_id = b.id AND day <= :end), 0)"""
# What is over after tax and costs has paid fees (D-43); as of the day before, and of the last day.
# What was credited of them needn't be paid.
_PAID = text(f"""
    SELECT bill_id, max(0, min(net, before - first)) AS before_cents,
        max(0, min(net, until - first)) AS until_cents
    FROM (
        SELECT b.id AS bill_id,
            b.fees_cents - b.discount_cents - {_CREDITED.format("fees_cents")} AS net,
            b.tax_cents + b.costs_cents - {_CREDITED.format("tax_cents + costs_cents")} AS first,
            sum(CASE WHEN e.day < :start THEN p.cents ELSE 0 END) AS before,
            sum(p.cents) AS until
        FROM (
            SELECT entry_id, bill_id, CASE WHEN credit = 'receivable' THEN amount_cents
                ELSE -amount_cents END AS cents
            FROM move WHERE (credit = 'receivable' AND debit IN {PAYING})
                OR (debit = 'receivable' AND credit IN {PAYING})) AS p
        JOIN journal_entry AS e ON e.id = p.entry_id JOIN bill AS b ON b.id = p.bill_id
        WHERE e.day <= :end AND {_LIVE} GROUP BY b.id)""")
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


def bills(ledger: Ledger, start: date, end: date) -> list[Any]:
    """Live bills dated in these days, by their numbers."""
    return list(ledger.session.connection().execute(_BILLS, _days(start, end)))


def shares(ledger: Ledger, end: date) -> list[Any]:
    """The frozen shares of live bills dated up to that day."""
    return list(ledger.session.connection().execute(_SHARES, {"end": end.isoformat()}))


def fees_paid(ledger: Ledger, start: date, end: date) -> dict[int, tuple[int, int]]:
    """What of each bill's net fees was paid before the first of these days, and by the last."""
    found = ledger.session.connection().execute(_PAID, _days(start, end))
    return {row.bill_id: (row.before_cents, row.until_cents) for row in found}


def taxes(ledger: Ledger, start: date, end: date) -> list[Any]:
    """The taxes of live bills dated in these days less those credited in them, by code and rate."""
    return list(ledger.session.connection().execute(_TAXES, _days(start, end)))
