"""Each row of recurring.md; no period's cap is ever exceeded; anchors over ten years."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recurring import Months
from tables import Row, cents, rows

from billcli.core.closings import Closing, open_days
from billcli.values.dates import period_of


@pytest.mark.parametrize("row", list(rows("recurring.md")), ids=lambda row: row.name)
def test_month_after_month(row: Row) -> None:
    months = Months(row["terms"])
    for step in row["steps"].split(";"):
        months.play(step.strip())
    bills = months.bills
    assert [bill.fees_cents for bill in bills] == row.amounts("fees")
    assert [bill.fee_adjustment_cents for bill in bills] == row.amounts("adjustments")
    own = [sum(1 for ln in b.lines if ln.entry_id is None) for b in bills]
    assert own == [int(word) for word in row["lines"].split()]
    for bill in bills:
        fees = [line for line in bill.lines if line.class_ == "fee"]
        assert sum(line.amount_cents for line in fees) == bill.fees_cents
        if any(line.entry_id is not None for line in fees):
            assert sum(line.billed_cents for line in fees) == bill.fees_cents
        assert sum(part.charged_cents for part in bill.parts) == bill.fees_cents
        assert sum(part.costs_cents for part in bill.parts) <= bill.costs_cents
    if row["costs"]:
        assert [bill.costs_cents for bill in bills] == row.amounts("costs")
    assert months.refused == row["refused"]
    if row["reserve"]:
        assert months.reserve_cents == cents(row["reserve"])


DAYS = st.integers(0, 120).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
STEPS = st.one_of(
    st.tuples(st.just("work"), DAYS, st.integers(1, 300_000)),
    st.tuples(st.just("bill"), DAYS, st.booleans()),
    st.tuples(st.just("void"), DAYS, st.integers(0, 20)),
)
KINDS = (
    "capped-recurring 1,000",
    "capped-recurring-reserve 1,000 anchor 2026-01-31",
    "capped-rate-recurring-reserve 1,000 rate 150",
    "fixed-recurring 1,000 anchor 2025-12-30",
    "capped-recurring 1,000 every week",
)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(KINDS), st.lists(STEPS, max_size=25))
def test_no_period_is_ever_charged_above_its_value(terms: str, steps: list[tuple]) -> None:
    months = Months(terms)
    for verb, day, what in steps:
        if verb == "work":
            months.add(what, day)
        elif verb == "bill":
            months.bill(day, by_hand=what)
        elif what < len(months.bills):
            months.void.add(what)
        starts = {part.period_start for bill in months.live for part in bill.parts}
        for start in starts - {None}:
            assert months.charged(start) <= 1_000_00
        claims = [claim for bill in months.live for claim in bill.claims]
        assert len(claims) == len(set(claims))
        periods = [start for bill in months.live for start in bill.periods]
        assert len(periods) == len(set(periods))


COVERING = (
    "capped-recurring 1,000 lifetime 2,500 covers fees-and-costs",
    "capped-recurring-reserve 1,000 anchor 2026-01-31 covers fees-and-costs",
    "capped-rate-recurring-reserve 1,000 rate 150 covers fees-and-costs",
    "fixed-recurring 1,000 covers fees-and-costs",
)
WITH_COSTS = st.one_of(STEPS, st.tuples(st.just("cost"), DAYS, st.integers(1, 150_000)))


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(COVERING), st.lists(WITH_COSTS, max_size=25))
def test_D16_fees_and_costs_never_pass_the_value_of_a_period(
    terms: str, steps: list[tuple]
) -> None:
    months = Months(terms)
    for verb, day, what in steps:
        if verb == "work":
            months.add(what, day)
        elif verb == "cost":
            months.lay_out(what, day)
        elif verb == "bill":
            months.bill(day, by_hand=what, confirm=True)
        elif what < len(months.bills):
            months.void.add(what)
        starts = {part.period_start for bill in months.live for part in bill.parts}
        for start in starts - {None}:
            assert months.charged(start) + months.costs_of(start) <= 1_000_00
        billed = sum(bill.costs_cents for bill in months.live)
        assert billed == sum(p.costs_cents for bill in months.live for p in bill.parts)
        spent = billed + sum(bill.fees_cents for bill in months.live)
        assert spent <= 2_500_00 or "lifetime" not in terms


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=20))
def test_a_reserve_is_what_was_worked_less_what_was_charged(steps: list[tuple]) -> None:
    months = Months("capped-recurring-reserve 1,000")
    for verb, day, what in steps:
        if verb == "work":
            months.add(what, day)
        elif verb == "bill":
            months.bill(day, by_hand=what)
        elif what < len(months.bills):
            months.void.add(what)
        worked = sum(bill.standard_fees_cents for bill in months.live)
        assert months.reserve_cents == worked - sum(bill.fees_cents for bill in months.live)


@pytest.mark.parametrize("day", [1, 15, 28, 29, 30, 31])
def test_B13_an_anchor_holds_for_ten_years(day: int) -> None:
    anchor = date(2024, 1, day)
    months = Months(f"fixed-recurring 100 anchor {anchor}", opened=anchor)
    for through in (date(2026, 2, 28), date(2029, 1, 5), date(2034, 1, day) - timedelta(days=1)):
        months.bill(through, by_hand=False)
    starts = sorted(start for bill in months.bills for start in bill.periods)
    assert len(starts) == 120
    assert sum(bill.fees_cents for bill in months.bills) == 120 * 100_00
    for start in starts:
        last = (date(start.year + start.month // 12, start.month % 12 + 1, 1)) - timedelta(days=1)
        assert start.day == min(day, last.day)
        assert period_of(start, "month", anchor).start == start


CLOSINGS = st.lists(
    st.tuples(DAYS, st.integers(0, 60)).map(
        lambda of: Closing(of[0], of[0] + timedelta(days=of[1]) if of[1] < 55 else date.max)
    ),
    max_size=4,
)


@settings(max_examples=100, deadline=None)
@given(CLOSINGS, DAYS, st.integers(0, 60))
def test_B13_open_days_are_those_in_no_closing(
    closings: list[Closing], first: date, days: int
) -> None:
    span = [first + timedelta(days=n) for n in range(days + 1)]
    shut = [d for d in span if any(c.closed_on < d < c.reopened_on for c in closings)]
    assert open_days(closings, first, span[-1]) == len(span) - len(shut)


@settings(max_examples=40, deadline=None)
@given(CLOSINGS, st.sampled_from(("", " partial days")))
def test_B13_no_period_is_charged_beyond_its_open_days(closings: list[Closing], how: str) -> None:
    months = Months(f"fixed-recurring 310{how}")
    months.closings = tuple(closings)
    months.bill(date(2026, 6, 30), by_hand=False)
    starts = {start for bill in months.bills for start in bill.periods}
    for month in range(1, 7):
        period = period_of(date(2026, month, 1), "month")
        days = open_days(closings, period.start, period.last)
        assert (period.start in starts) == bool(days)
        if days:
            value = round(Fraction(310_00 * days, period.days) + Fraction(1, 10**9))
            assert months.charged(period.start) == (value if how else 310_00)
