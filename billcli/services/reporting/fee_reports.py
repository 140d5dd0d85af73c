"""Reports on fees: who brought them in, what became of the work's value, discounts, taxes."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from billcli.core.allocation import Share, collected
from billcli.store import fee_reports, people
from billcli.store.rows import undisturbed
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@undisturbed
def allocation(
    ledger: Ledger, *, start: date | None = None, end: date | None = None
) -> list[dict[str, Any]]:
    """What each timekeeper is credited with: billed by bill date, collected by day of payment.

    Collections are rounded cumulatively, so that the parts of a bill add up to it (D-55).
    """
    found = fee_reports.shares(ledger, start or date.min, end or ledger.today)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])  # billed, origination, collected
    for bill_id, mine in groupby(found, lambda row: row.bill_id):
        shares = []
        for row in mine:
            of = sums[row.who]
            of[0] += row.billed_cents
            of[1] += row.origination_cents
            if bill_id is None:
                of[2] += row.cents
            else:
                shares.append(Share(row.who, row.cents, bool(row.origination)))
        if shares:
            before = collected(shares, row.before_cents) if row.before_cents else {}
            for who, cents in collected(shares, row.until_cents).items():
                sums[who][2] += cents - before.get(who, 0)
    return [
        {
            "timekeeper": row.id,
            "name": row.name,
            "billed_cents": sums[row.id][0],
            "origination_cents": sums[row.id][1],
            "collected_cents": sums[row.id][2],
        }
        for row in people.timekeepers(ledger)
        if any(sums[row.id])
    ]


@undisturbed
def realization(
    ledger: Ledger, *, start: date | None = None, end: date | None = None
) -> list[dict[str, Any]]:
    """What the value of the billed work became, matter by matter: billed, and then collected.

    The shares are of the net fees less what credit notes took back of them by the last day.
    """
    first, last = start or date.min, end or ledger.today
    return [_realized(row) for row in fee_reports.realized(ledger, first, last)]


def discounts(
    ledger: Ledger, *, start: date | None = None, end: date | None = None
) -> list[dict[str, Any]]:
    """The discounts given, bill by bill; write-downs are none, see realization (§4.2).

    `taken_back` is the part of the discount that went with what credit notes took back.
    """
    days = cache(date.fromisoformat)  # a year has 366 of them
    return [
        {
            "bill": bill.number,
            "date": days(bill.day),
            "matter": bill.matter,
            "client": bill.client,
            "description": bill.label or "Discount",
            "fees_cents": bill.fees_cents,
            "discount_cents": bill.discount_cents,
            "taken_back_cents": bill.discount_back_cents,
            "percent_e4": _part(bill.discount_cents, bill.fees_cents),
        }
        for bill in fee_reports.discounts(ledger, start or date.min, end or ledger.today)
    ]


def tax(
    ledger: Ledger, *, start: date | None = None, end: date | None = None
) -> list[dict[str, Any]]:
    """The taxes billed, by code and rate, less those of credit notes (by the note's date)."""
    return [
        {
            "code": row.code,
            "label": row.label,
            "percent_e4": row.percent_e4,
            "bills": row.bills,
            "base_cents": row.base_cents,
            "tax_cents": row.tax_cents,
        }
        for row in fee_reports.taxes(ledger, start or date.min, end or ledger.today)
    ]


_TENTH_E4 = 1000


def _realized(row: Any) -> dict[str, Any]:
    net = row.fees_cents - row.discount_cents
    left = net - row.credited_cents  # what there was to collect
    return {
        "matter": row.matter,
        "title": row.title,
        "client": row.client,
        "hours_e4": row.hours_e4,
        "standard_fees_cents": row.standard_fees_cents,
        "no_charge_cents": row.free_cents,
        "fee_adjustment_cents": row.fee_adjustment_cents,
        "fees_cents": row.fees_cents,
        "discount_cents": row.discount_cents,
        "net_fees_cents": net,
        "credited_cents": row.credited_cents,
        "collected_cents": row.paid_cents,
        "realization_percent_e4": _part(left, row.standard_fees_cents),
        "collection_percent_e4": _part(row.paid_cents, left),
    }


def _part(cents: int, of_cents: int) -> int | None:
    """So many percent of it, to a tenth; None of nothing."""
    if not of_cents:
        return None
    return money.round_ratio(cents * money.WHOLE_E4, of_cents * _TENTH_E4) * _TENTH_E4
