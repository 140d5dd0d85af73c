"""Reports on fees: who brought them in, what became of the work's value, discounts, taxes."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.allocation import Share, collected, merged
from billcli.store import fee_reports
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def allocation(
    ledger: Ledger, *, start: date | None = None, end: date | None = None
) -> list[dict[str, Any]]:
    """What each timekeeper is credited with: billed by bill date, collected by day of payment.

    Collections are rounded cumulatively, so that the parts of a bill add up to it (D-55).
    """
    first, last = start or date.min, end or ledger.today
    names: dict[str, str] = {}
    by_bill: dict[int, list[Share]] = defaultdict(list)
    days: dict[int, date] = {}
    for row in fee_reports.shares(ledger, last):
        names[row.who] = row.name
        days[row.bill_id] = date.fromisoformat(row.day)
        by_bill[row.bill_id].append(Share(row.who, row.amount_cents, bool(row.origination)))
    paid = fee_reports.fees_paid(ledger, first, last)
    sums: dict[str, dict[str, int]] = {
        who: {"billed": 0, "origination": 0, "collected": 0} for who in sorted(names)
    }
    for bill_id, shares in by_bill.items():
        if days[bill_id] >= first:
            for share in shares:
                sums[share.timekeeper]["billed"] += share.amount_cents
                if share.origination:
                    sums[share.timekeeper]["origination"] += share.amount_cents
        before, until = (collected(shares, cents) for cents in paid.get(bill_id, (0, 0)))
        for share in merged(shares):
            who = share.timekeeper
            sums[who]["collected"] += until.get(who, 0) - before.get(who, 0)
    return [
        {
            "timekeeper": who,
            "name": names[who],
            "billed_cents": found["billed"],
            "origination_cents": found["origination"],
            "collected_cents": found["collected"],
        }
        for who, found in sums.items()
        if any(found.values())
    ]


def realization(
    ledger: Ledger, *, start: date | None = None, end: date | None = None
) -> list[dict[str, Any]]:
    """What the value of the billed work became, matter by matter: billed, and then collected.

    The shares are of the net fees less what credit notes took back of them by the last day.
    """
    first, last = start or date.min, end or ledger.today
    paid = fee_reports.fees_paid(ledger, date.min, last)
    rows: dict[str, dict[str, Any]] = {}
    for bill in fee_reports.bills(ledger, first, last):
        row = rows.setdefault(
            bill.matter,
            {
                "matter": bill.matter,
                "title": bill.title,
                "client": bill.client,
                "hours_e4": 0,
                **{f"{name}_cents": 0 for name in _SUMMED},
            },
        )
        row["hours_e4"] += bill.hours_e4
        row["standard_fees_cents"] += bill.standard_fees_cents
        row["no_charge_cents"] += bill.free_cents
        row["fee_adjustment_cents"] += bill.fee_adjustment_cents
        row["fees_cents"] += bill.fees_cents
        row["discount_cents"] += bill.discount_cents
        row["net_fees_cents"] += bill.fees_cents - bill.discount_cents
        row["credited_cents"] += bill.credited_cents
        row["collected_cents"] += paid.get(bill.id, (0, 0))[1]
    return [
        {
            **row,
            "realization_percent_e4": _part(_left(row), row["standard_fees_cents"]),
            "collection_percent_e4": _part(row["collected_cents"], _left(row)),
        }
        for _, row in sorted(rows.items())
    ]


def discounts(
    ledger: Ledger, *, start: date | None = None, end: date | None = None
) -> list[dict[str, Any]]:
    """The discounts given, bill by bill; write-downs are none, see realization (§4.2).

    `taken_back` is the part of the discount that went with what credit notes took back.
    """
    return [
        {
            "bill": bill.number,
            "date": date.fromisoformat(bill.day),
            "matter": bill.matter,
            "client": bill.client,
            "description": bill.label or "Discount",
            "fees_cents": bill.fees_cents,
            "discount_cents": bill.discount_cents,
            "taken_back_cents": bill.discount_back_cents,
            "percent_e4": _part(bill.discount_cents, bill.fees_cents),
        }
        for bill in fee_reports.bills(ledger, start or date.min, end or ledger.today)
        if bill.discount_cents
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


_SUMMED = (
    "standard_fees", "no_charge", "fee_adjustment", "fees", "discount", "net_fees", "credited",
    "collected",
)  # fmt: skip
_TENTH_E4 = 1000


def _left(row: dict[str, Any]) -> int:
    """The net fees that credit notes left, which is what there was to collect."""
    return int(row["net_fees_cents"] - row["credited_cents"])


def _part(cents: int, of_cents: int) -> int | None:
    """So many percent of it, to a tenth; None of nothing."""
    if not of_cents:
        return None
    return money.round_ratio(cents * money.WHOLE_E4, of_cents * _TENTH_E4) * _TENTH_E4
