"""Months are added and periods counted without losing the day they are anchored on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billcli.values import dates
from billcli.values.dates import Period

modest = settings(max_examples=60, deadline=None)
TODAY = date(2026, 11, 21)
days = st.dates(date(1950, 1, 1), date(2150, 12, 31))
intervals = st.sampled_from(dates.INTERVALS)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 31), -13, date(2024, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_B13_months_are_added_and_cut_at_the_month_end(
    day: date, months: int, expected: date
) -> None:
    assert dates.add_months(day, months) == expected


@pytest.mark.parametrize("anchor_day", [29, 30, 31])
def test_B13_step_by_step_for_ten_years_the_anchor_is_never_lost(anchor_day: int) -> None:
    day = date(2020, 1, anchor_day)
    for month in range(1, 121):
        day = dates.add_months(day, 1, anchor_day=anchor_day)
        following = dates.add_months(day.replace(day=1), 1)
        last = (following - timedelta(days=1)).day
        assert (day.month - 1) == month % 12
        assert day.day == min(anchor_day, last)


def test_D20_a_month_anchored_on_the_31st_keeps_its_anchor() -> None:
    anchor = date(2026, 1, 31)
    starts = [
        period.start for period in dates.periods_between(anchor, date(2026, 6, 1), "month", anchor)
    ]
    assert starts == [
        *(date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)),
        *(date(2026, 4, 30), date(2026, 5, 31)),
    ]


@pytest.mark.parametrize(
    ("day", "interval", "anchor", "start", "end"),
    [
        # Plain calendar periods.
        ("2026-11-21", "week", None, "2026-11-16", "2026-11-23"),
        ("2026-11-23", "week", None, "2026-11-23", "2026-11-30"),
        ("2026-11-21", "month", None, "2026-11-01", "2026-12-01"),
        ("2026-11-30", "month", None, "2026-11-01", "2026-12-01"),
        ("2026-12-31", "quarter", None, "2026-10-01", "2027-01-01"),
        ("2026-01-01", "year", None, "2026-01-01", "2027-01-01"),
        ("1999-12-31", "quarter", None, "1999-10-01", "2000-01-01"),
        # Anchored before, on and after the day.
        ("2026-11-14", "month", "2026-01-15", "2026-10-15", "2026-11-15"),
        ("2026-11-15", "month", "2026-01-15", "2026-11-15", "2026-12-15"),
        ("2025-03-01", "month", "2026-01-15", "2025-02-15", "2025-03-15"),
        ("2026-02-28", "month", "2026-01-31", "2026-02-28", "2026-03-31"),
        ("2026-02-27", "month", "2026-01-31", "2026-01-31", "2026-02-28"),
        ("2026-03-30", "month", "2026-01-31", "2026-02-28", "2026-03-31"),
        ("2024-02-29", "month", "2026-01-31", "2024-02-29", "2024-03-31"),
        ("2026-11-21", "quarter", "2026-02-10", "2026-11-10", "2027-02-10"),
        ("2026-11-09", "quarter", "2026-02-10", "2026-08-10", "2026-11-10"),
        ("2025-02-28", "year", "2024-02-29", "2025-02-28", "2026-02-28"),
        ("2028-02-28", "year", "2024-02-29", "2027-02-28", "2028-02-29"),
        ("2026-04-05", "year", "2026-04-06", "2025-04-06", "2026-04-06"),
        ("2026-11-21", "week", "2026-11-20", "2026-11-20", "2026-11-27"),
        ("2026-11-19", "week", "2026-11-20", "2026-11-13", "2026-11-20"),
    ],
)
def test_D20_a_day_belongs_to_one_period(
    day: str, interval: str, anchor: str | None, start: str, end: str
) -> None:
    period = dates.period_of(
        date.fromisoformat(day),
        interval,
        dates.CALENDAR if anchor is None else date.fromisoformat(anchor),
    )
    assert period == Period(date.fromisoformat(start), date.fromisoformat(end))


@modest
@given(days, intervals, days)
def test_D20_periods_hold_their_day_and_meet_without_gap(
    day: date, interval: str, anchor: date
) -> None:
    period = dates.period_of(day, interval, anchor)
    assert day in period
    assert period.end not in period
    assert dates.period_of(period.start, interval, anchor) == period
    assert dates.period_of(period.last, interval, anchor) == period
    assert dates.period_of(period.end, interval, anchor).start == period.end
    assert dates.period_of(anchor, interval, anchor).start == anchor


@modest
@given(days, st.integers(min_value=0, max_value=400), intervals, days)
def test_D20_periods_between_two_days_cover_them_once(
    first: date, length: int, interval: str, anchor: date
) -> None:
    last = first + timedelta(days=length)
    periods = dates.periods_between(first, last, interval, anchor)
    assert first in periods[0]
    assert last in periods[-1]
    assert [period.end for period in periods[:-1]] == [period.start for period in periods[1:]]


def test_D20_edges_of_periods() -> None:
    november = dates.period_of(TODAY, "month")
    assert (november.last, november.days) == (date(2026, 11, 30), 30)
    assert dates.periods_between(TODAY, date(2026, 11, 20), "month") == []
    with pytest.raises(ValueError, match="fortnight"):
        dates.period_of(TODAY, "fortnight")


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-21", 0, "2026-11-21"),
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-11-18", 3, "2026-11-23"),
        ("2026-11-18", 10, "2026-12-02"),
    ],
)
def test_business_days_leave_the_week_ends_out(day: str, count: int, expected: str) -> None:
    assert dates.add_business_days(date.fromisoformat(day), count) == date.fromisoformat(expected)
