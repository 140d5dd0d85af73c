"""Hours are read as typed, and rounding for billing neither loses nor invents time."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billcli.errors import UsageProblem
from billcli.values import hours
from billcli.values.text import visible

modest = settings(max_examples=80, deadline=None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.5", 15000),
        ("1", 10000),
        ("01", 10000),
        ("0.1", 1000),
        (".5", 5000),
        (".25", 2500),
        ("1.6667", 16667),
        ("0.0001", 1),
        ("2h", 20000),
        ("2 h", 20000),
        ("2H", 20000),
        ("1.5h", 15000),
        ("1h30m", 15000),
        ("1h 30m", 15000),
        ("1h30", 15000),
        ("1H30M", 15000),
        ("1h05m", 10833),
        ("1h5m", 10833),
        ("0h06m", 1000),
        ("1h30min", 15000),
        ("90m", 15000),
        ("90 min", 15000),
        ("6m", 1000),
        ("1m", 167),
        ("100m", 16667),
        ("20m", 3333),
        ("40m", 6667),
        ("1:30", 15000),
        ("0:06", 1000),
        ("01:05", 10833),
        ("  1.5  ", 15000),
        ("24", 240000),
        ("24h", 240000),
        ("24:00", 240000),
        ("1440m", 240000),
        ("23:59", 239833),
        ("1.5 hours", 15000),
        ("1 hour", 10000),
        ("2 Hours", 20000),
        (".5 hr", 5000),
        ("90 minutes", 15000),
        ("45mins", 7500),
        ("1 h 30", 15000),
        ("1 hour 30 minutes", 15000),
        ("1 hour and 30 min", 15000),
        ("0:45", 7500),
        ("1:30h", 15000),
        ("9:00-10:30", 15000),
        ("09:00 - 10:30", 15000),
        ("9:00\u201310:30", 15000),
        ("9:00 to 10:30", 15000),
        ("13:15-14:00", 7500),
        ("0:00-24:00", 240000),
        ("9-10:30", 15000),
        ("9:00-10", 10000),
        ("9am-11am", 20000),
        ("2pm to 3:30pm", 15000),
        ("2-3:30pm", 15000),
        ("11-1pm", 20000),
        ("11am-1:30", 25000),
        ("9pm-11", 20000),
        ("12-1pm", 10000),
        ("9am-14:30", 55000),
        ("½", 5000),
        ("1½", 15000),
        ("¾ h", 7500),
        ("half an hour", 5000),
        ("a quarter of an hour", 2500),
        ("an hour and a half", 15000),
    ],
)
def test_B14_a_length_of_time_is_read_as_typed(text: str, expected: int) -> None:
    assert hours.read_hours(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[
            (text, "hours.unreadable")
            for text in (
                *("", " ", ".", "h", "m", ":", "1:", ":30", "1:5", "1:60", "1:075", "1:30:00"),
                *("1h60m", "1h90m", "1.5m", "1.5h30m", "1h1.5m", "30m1h", "1h 30m 20s", "90s"),
                *("1,5", "1.5.0", "5.", "+1", "1_0", "1e1", "nan", "inf", "infinity", "0x1"),
                *("one", "½½", "１", "١", "1d", "2026-11-20", "09:00-08:59", "9:00-9:00"),
                *("11:00-1:30", "22:00-01:00", "12:00-1:30", "9-11", "9:60-10:30", "9:00-24:01"),
                *("13pm-14pm", "11pm-1", "9am-9am", "9am-8:59am", "9-25pm", "0am-1am"),
                *("25:00-26:00", "9:00-10:30-11:00", "9:00 10:30", "9:00-10:30h", "half a day"),
                *("2026-11-20 09:00 to 11:30", "to 11:30", "9am", "1.5\x00", "1\ud8005", "1\n2"),
                *("--1", "1-", "- 1 -"),
            )
        ],
        ("0.33333", "hours.decimals"),
        ("0", "hours.not-positive"),
        ("0.0", "hours.not-positive"),
        ("0m", "hours.not-positive"),
        ("0:00", "hours.not-positive"),
        ("-1", "hours.not-positive"),
        ("-1:30", "hours.not-positive"),
        ("-90m", "hours.not-positive"),
        ("-25", "hours.not-positive"),
        ("24.0001", "hours.too-long"),
        ("24:01", "hours.too-long"),
        ("26h30m", "hours.too-long"),
        ("1441m", "hours.too-long"),
        ("25", "hours.too-long"),
        ("9" * 6000, "hours.too-long"),
        ("9" * 6000 + "m", "hours.too-long"),
        ("0" * 50 + "25", "hours.too-long"),
    ],
)
def test_B14_any_other_length_of_time_is_refused(text: str, code: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        hours.read_hours(text)
    assert problem.value.code == code
    assert problem.value.hint
    assert visible(problem.value.sentence) == problem.value.sentence


def test_the_hours_of_a_file_are_a_number_or_a_text() -> None:
    assert hours.from_number(Decimal("1.5")) == 15000
    assert hours.from_number(2) == 20000
    assert hours.from_number("1h30m") == 15000
    for value in (True, 1.5, None):
        with pytest.raises(UsageProblem) as problem:
            hours.from_number(value)  # type: ignore[arg-type]
        assert problem.value.code == "hours.unreadable"


def test_seconds_of_a_file_are_kept_to_the_nearest_unit() -> None:
    assert hours.of_seconds(5400) == 15000
    assert hours.of_seconds(1) == 3
    assert hours.of_seconds(0) == 0


def test_a_stop_watch_shows_minutes() -> None:
    shown = {0: "0:00", 10333: "1:02", 9999: "1:00", 150833: "15:05", 83: "0:00", 84: "0:01"}
    assert {hours_e4: hours.plain_clock(hours_e4) for hours_e4 in shown} == shown


def test_B15_a_timer_counts_whole_minutes() -> None:
    counted = {5400: 15000, 3602: 10000, 3629: 10000, 3630: 10167, 90: 333, 29: 167, 0: 167}
    assert {seconds: hours.of_timer(seconds) for seconds in counted} == counted


@pytest.mark.parametrize(
    ("minutes", "increment", "rounding", "billed"),
    [
        (9, 6, "up", 12),
        (9, 6, "down", 6),
        (9, 6, "half-up", 12),
        (8, 6, "half-up", 6),
        (1, 6, "up", 6),
        (1, 6, "down", 0),
        (16, 15, "up", 30),
        (16, 15, "down", 15),
        (22, 15, "half-up", 15),
        (23, 15, "half-up", 30),
        (7, 1, "up", 7),
        (7, 0, "up", 7),
        (100, 10, "up", 100),
        (100, 10, "down", 100),
        (1440, 7, "up", 1442),
        (0, 6, "up", 0),
    ],
)
def test_B15_time_is_billed_in_whole_increments(
    minutes: int, increment: int, rounding: str, billed: int
) -> None:
    hours_e4 = hours.of_minutes(minutes)
    assert hours.billable(hours_e4, increment, rounding) == hours.of_minutes(billed)


@pytest.mark.parametrize("rounding", hours.ROUNDINGS)
@pytest.mark.parametrize("increment", [1, 2, 3, 5, 6, 7, 10, 12, 15, 20, 30, 60])
def test_B15_an_exact_multiple_never_moves(increment: int, rounding: str) -> None:
    for minutes in range(0, 24 * 60 + 1, increment):
        hours_e4 = hours.of_minutes(minutes)
        assert hours.billable(hours_e4, increment, rounding) == hours_e4, f"{minutes} minutes"


def test_B15_without_an_increment_the_hours_stay_as_they_are() -> None:
    assert [hours.billable(hours_e4, 0, "up") for hours_e4 in (1, 1234, 16667)] == [1, 1234, 16667]


def test_B15_a_hundred_hours_logged_in_whole_units_are_a_hundred_billed() -> None:
    logged = [hours.of_minutes(minutes) for minutes in (15, 30, 45, 60, 90, 120, 240) * 10]
    assert sum(hours.billable(hours_e4, 15, "half-up") for hours_e4 in logged) == 100 * 10000


@modest
@given(
    st.integers(min_value=0, max_value=hours.DAY_E4),
    st.integers(min_value=1, max_value=90),
    st.sampled_from(hours.ROUNDINGS),
)
def test_B15_rounding_again_changes_nothing(hours_e4: int, increment: int, rounding: str) -> None:
    billed = hours.billable(hours_e4, increment, rounding)
    assert hours.billable(billed, increment, rounding) == billed


@modest
@given(
    st.integers(min_value=0, max_value=hours.DAY_E4),
    st.integers(min_value=1, max_value=90),
)
def test_B15_rounding_is_that_of_exact_fractions(hours_e4: int, increment: int) -> None:
    worked = Fraction(hours_e4 * 60, 10000)
    minute = floor(worked + Fraction(1, 2))
    if hours.of_minutes(minute) == hours_e4:
        worked = Fraction(minute)
    steps = worked / increment
    expected = {
        "up": ceil(steps),
        "down": floor(steps),
        "half-up": floor(steps + Fraction(1, 2)),
    }
    for rounding, whole in expected.items():
        billed = hours.billable(hours_e4, increment, rounding)
        assert billed == hours.of_minutes(whole * increment), rounding


@pytest.mark.parametrize(
    ("hours_e4", "increment", "rounding"), [(1, 6, "nearest"), (-1, 6, "up"), (1, -6, "up")]
)
def test_B15_another_rounding_is_a_mistake(hours_e4: int, increment: int, rounding: str) -> None:
    with pytest.raises(ValueError, match="increment_minutes"):
        hours.billable(hours_e4, increment, rounding)


@pytest.mark.parametrize(
    ("hours_e4", "text"),
    [(15000, "1.50"), (1000, "0.10"), (16667, "1.6667"), (1250, "0.125"), (0, "0.00")],
)
def test_hours_are_printed_with_two_to_four_decimals(hours_e4: int, text: str) -> None:
    assert hours.plain_hours(hours_e4) == text


@modest
@given(st.integers(min_value=1, max_value=hours.DAY_E4))
def test_printed_hours_are_read_back(hours_e4: int) -> None:
    assert hours.read_hours(hours.plain_hours(hours_e4)) == hours_e4


@modest
@given(
    st.one_of(
        st.text(alphabet=st.characters(), max_size=20),
        st.text(alphabet="0123456789.,:-hm in٣\x00\ud800", max_size=12),
    )
)
def test_B14_the_reader_of_hours_only_ever_complains_in_a_sentence(text: str) -> None:
    try:
        assert 0 < hours.read_hours(text) <= hours.DAY_E4
    except UsageProblem as problem:
        assert visible(problem.sentence) == problem.sentence


@pytest.mark.parametrize(("hours_e4", "text"), [(28_666, "2.87"), (0, "0.00"), (15_000, "1.50")])
def test_a_line_that_is_glanced_at_has_hundredths(hours_e4: int, text: str) -> None:
    assert hours.short_hours(hours_e4) == text
