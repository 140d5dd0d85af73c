"""Every row of the table on split bills, as a test of its own; and what holds for all of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import Row, cents, rows

from billcli.core.allocation import Share
from billcli.core.bill import Bill, Part
from billcli.core.lines import Line
from billcli.core.splitting import Portion, split, table
from billcli.core.tax import TaxSum
from billcli.values import money

DAY = date(2026, 11, 30)


def bill_of(fees: list[int], costs: list[int], discount: int = 0, tax: int = 0) -> Bill:
    """A bill with such lines, all under one arrangement."""
    lines = [Line("time", "fee", "Work", abs(c), c, c, n) for n, c in enumerate(fees, 1)]
    lines += [Line("expense", "cost", "Cost", c, c, c, n) for n, c in enumerate(costs, 1)]
    total = sum(fees)
    return Bill(
        arrangement="hourly",
        day=DAY,
        due_on=DAY,
        through=DAY,
        lines=tuple(lines),
        parts=(Part(1, total, total),),
        taxes=(TaxSum("vat", "VAT", 200_000, 5 * tax, tax),) if tax else (),
        standard_fees_cents=total,
        fees_cents=total,
        discount_cents=discount,
        costs_cents=sum(costs),
        periods=(DAY,),
        rows=(7,),
    )


def adds_up(bill: Bill, portions: tuple[Portion, ...], allocation: list[Share]) -> None:
    """Each bill closes in itself, and all of them together are the bill."""
    for portion in portions:
        mine = portion.bill
        assert sum(ln.amount_cents for ln in mine.lines if ln.class_ == "fee") == mine.fees_cents
        assert sum(ln.amount_cents for ln in mine.lines if ln.class_ == "cost") == mine.costs_cents
        assert sum(part.charged_cents for part in mine.parts) == mine.fees_cents
        assert sum(part.standard_cents for part in mine.parts) == mine.standard_fees_cents
        assert 0 <= mine.discount_cents <= mine.fees_cents
        net = mine.fees_cents - mine.discount_cents
        assert sum(share.amount_cents for share in portion.allocation) == (net if allocation else 0)
    for name in ("fees_cents", "discount_cents", "costs_cents", "tax_cents", "total_cents"):
        whole = getattr(bill, name)
        assert sum(getattr(portion.bill, name) for portion in portions) == whole, name
    for n, line in enumerate(bill.lines):
        for name in ("amount_cents", "standard_cents", "billed_cents"):
            parts = [getattr(portion.bill.lines[n], name) for portion in portions]
            assert sum(parts) == getattr(line, name)
    for share in allocation:
        found = [
            mine.amount_cents
            for portion in portions
            for mine in portion.allocation
            if mine.timekeeper == share.timekeeper
        ]
        assert sum(found) == share.amount_cents
    assert [portion.bill.rows for portion in portions] == [(7,)] + [()] * (len(portions) - 1)


@pytest.mark.parametrize("row", list(rows("split.md")), ids=lambda row: row.name)
def test_one_bill_for_several_payors(row: Row) -> None:
    bill = bill_of(
        row.amounts("fees"), row.amounts("costs"), row.cents("discount"), row.cents("tax")
    )
    allocation = [Share("A", bill.fees_cents - bill.discount_cents)]
    shares = [cents(word) for word in row["shares"].split()]
    portions = split(bill, allocation, shares)
    bills = [portion.bill for portion in portions]
    assert [b.fees_cents - b.discount_cents for b in bills] == row.amounts("net of each")
    assert [b.discount_cents for b in bills] == row.amounts("discount of each")
    assert [b.costs_cents for b in bills] == row.amounts("costs of each")
    assert [b.tax_cents for b in bills] == row.amounts("tax of each")
    assert [b.total_cents for b in bills] == row.amounts("total of each")
    adds_up(bill, portions, allocation)


shares_of = st.lists(st.integers(1, 2000), min_size=0, max_size=4).map(
    lambda parts: [*parts, 10_000 - sum(parts)]
)
lines_of = st.lists(st.integers(-50_00, 900_00), max_size=12)


@given(
    fees=lines_of,
    costs=st.lists(st.integers(1, 900_00), max_size=6),
    off=st.integers(0, 100),
    tax=st.integers(0, 500_00),
    shares=shares_of,
    worked=st.lists(st.integers(1, 9), min_size=1, max_size=3),
)
def test_V29_every_component_closes(
    fees: list[int], costs: list[int], off: int, tax: int, shares: list[int], worked: list[int]
) -> None:
    if sum(fees) < 0:
        fees = [abs(cents) for cents in fees]
    discount = sum(fees) * off // 100
    bill = bill_of(fees, costs, discount, tax)
    net = bill.fees_cents - discount
    credited = money.allocate(net, worked)
    allocation = [Share(f"T{n}", part) for n, part in enumerate(credited) if part]
    portions = split(bill, allocation, shares)
    adds_up(bill, portions, allocation)
    assert [p.bill.fees_cents - p.bill.discount_cents for p in portions] == money.allocate(
        net, shares
    )
    for n, line in enumerate(bill.lines):
        for portion in portions:
            mine = portion.bill.lines[n].amount_cents
            assert mine * line.amount_cents >= 0, "a portion keeps the sign of its line"


@given(rows_=st.lists(st.integers(0, 10_000), min_size=1, max_size=20), shares=shares_of)
def test_a_table_closes_both_ways(rows_: list[int], shares: list[int]) -> None:
    totals = money.allocate(sum(rows_), shares)
    cells = table(rows_, shares, totals)
    assert [sum(row) for row in cells] == rows_
    assert [sum(row[n] for row in cells) for n in range(len(shares))] == totals
    for row, parts in zip(rows_, cells, strict=True):
        for part, share in zip(parts, shares, strict=True):
            assert abs(part * 10_000 - row * share) < 3 * 10_000, "no portion is far off"


@pytest.mark.parametrize("shares", [[5000, 4999], [10_001], [10_000, 0], [12_000, -2000]])
def test_shares_make_a_whole(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="10,000"):
        split(bill_of([100], []), (), shares)
