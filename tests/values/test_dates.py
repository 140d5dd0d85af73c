"""Days are read as typed, and today is the day where the firm is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billcli.errors import UsageProblem
from billcli.values import dates
from billcli.values.text import visible

modest = settings(max_examples=60, deadline=None)
TODAY = date(2026, 11, 21)
days = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21", date(2026, 11, 21)),
        (" 2026-11-21 ", date(2026, 11, 21)),
        ("2026-01-05", date(2026, 1, 5)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2000-02-29", date(2000, 2, 29)),
        ("2026-12-31", date(2026, 12, 31)),
        ("1900-01-01", date(1900, 1, 1)),
        ("2200-12-31", date(2200, 12, 31)),
        ("today", TODAY),
        ("Today", TODAY),
        ("yesterday", date(2026, 11, 20)),
        ("tomorrow", date(2026, 11, 22)),
        # The nights on which the clocks change are days like others.
        ("2026-03-08", date(2026, 3, 8)),
        ("2026-11-01", date(2026, 11, 1)),
    ],
)
def test_B14_a_day_is_read_as_typed(text: str, expected: date) -> None:
    assert dates.read_day(text, TODAY) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "2026", "2026-11", "26-11-21", "2026-1-5", "2026-11-5", "2026/11/21"),
        *("20261121", "2026.11.21", "21.11.2026", "11/21/2026", "21-11-2026", "2026-11-21T09:00"),
        *("2026-11-20 09:00 to 11:30", "2026-11-21 00:00", "2026-02-29", "2026-02-30"),
        *("2100-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-11-00", "2026-11-32"),
        *("1899-12-31", "2201-01-01", "0000-01-01", "9999-12-31", "12026-11-21", "-2026-11-21"),
        *("2026-W47-6", "2026-325", "now", "monday", "next friday", "+1", "-1", "todayy"),
        *(
            "mo",
            "mond",
            "nov",
            "5",
            "nov 31",
            "31 nov",
            "5 nov 26",
            "nov 5x",
            "-2",
            "2 days",
            "-2x",
        ),
        *("5/11", "11/5/2026", "5.11.", "5.11", "05-11", "3 days", "in a while", "last nov 5"),
        *("99 weeks ago ago", "9999w ago", "-9999w", "friday the 13th", "feb 30", "nov 0"),
        *("２０２６-11-21", "٢٠٢٦-١١-٢١", "2026\u201011\u201021", "2026-11-21\x00"),
        *("2026-11-\ud80021", "2026-\n11-21"),
    ],
)
def test_B14_any_other_day_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        dates.read_day(text, TODAY, what="work date")
    assert problem.value.code == "date.unreadable"
    assert "work date" in problem.value.sentence
    assert visible(problem.value.sentence) == problem.value.sentence
    assert problem.value.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 2026-11-21 is a Saturday.
        ("-2d", "2026-11-19"), ("-2 days", "2026-11-19"), ("-1w", "2026-11-14"),
        ("2d ago", "2026-11-19"), ("2 days ago", "2026-11-19"), ("3 Days Ago", "2026-11-18"),
        ("a day ago", "2026-11-20"), ("a week ago", "2026-11-14"), ("2 weeks ago", "2026-11-07"),
        ("30 days ago", "2026-10-22"), ("0d ago", "2026-11-21"), ("+3d", "2026-11-24"),
        ("in 3 days", "2026-11-24"), ("in a week", "2026-11-28"),
        ("last friday", "2026-11-20"), ("last fri", "2026-11-20"), ("last saturday", "2026-11-14"),
        ("last sunday", "2026-11-15"), ("last monday", "2026-11-16"), ("Last Thurs", "2026-11-19"),
        ("nov 5 2026", "2026-11-05"), ("5 nov 2026", "2026-11-05"), ("Nov 5, 2026", "2026-11-05"),
        ("november 5 2026", "2026-11-05"), ("5 November 2026", "2026-11-05"),
        ("5. nov. 2026", "2026-11-05"), ("29 feb 2028", "2028-02-29"),
        ("sept 9 2025", "2025-09-09"), ("Nov 5th, 2026", "2026-11-05"),
        ("5th nov 2026", "2026-11-05"),
        ("5th of November 2026", "2026-11-05"), ("day before yesterday", "2026-11-19"),
    ],
)  # fmt: skip
def test_B14_a_day_in_words_is_the_same_day_everywhere(text: str, expected: str) -> None:
    for past in (True, False):
        assert dates.read_day(text, TODAY, past=past).isoformat() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("saturday", "2026-11-21"), ("sat", "2026-11-21"), ("friday", "2026-11-20"),
        ("Fri", "2026-11-20"), ("tues", "2026-11-17"), ("wednesday", "2026-11-18"),
        ("sunday", "2026-11-15"), ("monday", "2026-11-16"), ("nov 5", "2026-11-05"),
        ("5 nov", "2026-11-05"), ("nov 21", "2026-11-21"), ("nov 22", "2025-11-22"),
        ("31 december", "2025-12-31"), ("december 31", "2025-12-31"), ("feb 29", "2024-02-29"),
        ("may 1", "2026-05-01"), ("Sept. 9", "2026-09-09"), ("nov 20th", "2026-11-20"),
        ("1st of may", "2026-05-01"),
    ],
)  # fmt: skip
def test_B14_work_lies_behind_and_other_days_could_be_two(text: str, expected: str) -> None:
    assert dates.read_day(text, TODAY, past=True).isoformat() == expected
    with pytest.raises(UsageProblem, match=f"could be {expected} or 202"):
        dates.read_day(text, TODAY)


@modest
@given(days, st.sampled_from(["monday", "friday", "nov 5", "feb 29", "last friday", "-3d"]))
def test_B14_a_day_of_work_in_words_is_never_ahead(today: date, text: str) -> None:
    found = dates.read_day(text, today, past=True)
    assert found <= today
    assert (today - found).days < 366 * 8 + 1


def test_the_hint_says_what_is_wrong_with_a_day() -> None:
    hints = {}
    for text in ("2026/11/21", "21.11.2026", "monday", "nov 5", "2026-02-29", "2026-13-01"):
        with pytest.raises(UsageProblem) as problem:
            dates.read_day(text, TODAY)
        hints[problem.value.sentence] = problem.value.hint
    assert hints == {
        'The date "2026/11/21" can\'t be read.': (
            "Write it as 2026-11-21, or today, yesterday, tomorrow."
        ),
        'The date "21.11.2026" could have the month or the day first.': (
            "Write year, month and day: 2026-11-05."
        ),
        'The date "monday" could be 2026-11-16 or 2026-11-23.': "Write it as 2026-11-21.",
        'The date "nov 5" could be 2026-11-05 or 2027-11-05.': "Write it as 2026-11-21.",
        'The date "2026-02-29" isn\'t in the calendar.': "2026-02 has days 01 to 28.",
        'The date "2026-13-01" isn\'t in the calendar.': "The months are 01 to 12.",
    }


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2100-02", date(2100, 2, 1), date(2100, 2, 28)),
    ],
)
def test_a_month_is_its_first_and_last_day(text: str, first: date, last: date) -> None:
    assert dates.read_month(text) == (first, last)
    assert dates.read_through(text, TODAY) == last


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-1", "2026-00", "2026-13", "1899-12", "2201-01", "nov", "2026-11-01"]
)
def test_any_other_month_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        dates.read_month(text)
    assert problem.value.code == "date.unreadable"


def test_through_takes_a_day_too() -> None:
    assert dates.read_through("2026-10-15", TODAY) == date(2026, 10, 15)
    assert dates.read_through("yesterday", TODAY) == date(2026, 11, 20)
    with pytest.raises(UsageProblem, match="cutoff"):
        dates.read_through("october", TODAY, what="cutoff")


def test_through_that_is_mistyped_is_told_of_months() -> None:
    with pytest.raises(UsageProblem) as problem:
        dates.read_through("2026-1", TODAY)
    assert problem.value.sentence == 'The --through "2026-1" can\'t be read.'
    assert str(problem.value.hint).endswith("A month, such as 2026-11, stands for its last day.")
    with pytest.raises(UsageProblem) as problem:
        dates.read_day("2026-1", TODAY)
    assert "month" not in str(problem.value.hint)


@modest
@given(st.one_of(st.text(alphabet=st.characters(), max_size=15), st.text("0123-9", max_size=10)))
def test_B14_readers_of_days_only_ever_complain_in_a_sentence(text: str) -> None:
    for read in (
        lambda: dates.read_day(text, TODAY),
        lambda: dates.read_month(text),
        lambda: dates.read_through(text, TODAY),
        lambda: dates.clock_of(text, "UTC"),
        lambda: dates.clock_of(None, text),
    ):
        try:
            read()
        except UsageProblem as problem:
            assert visible(problem.sentence) == problem.sentence


@modest
@given(days)
def test_a_printed_day_is_read_back(day: date) -> None:
    assert dates.read_day(day.isoformat(), TODAY) == day


ZONES = ("UTC", "Australia/Sydney", "America/Los_Angeles")
MONTH_ENDS = (
    *(date(2026, 1, 31), date(2026, 2, 28), date(2024, 2, 29), date(2026, 3, 31)),
    *(date(2026, 4, 30), date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31)),
)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", MONTH_ENDS, ids=str)
def test_B12_today_is_the_firm_s_day_on_both_sides_of_midnight(zone: str, day: date) -> None:
    next_day = day + timedelta(days=1)
    late = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ZoneInfo(zone))
    early = datetime(next_day.year, next_day.month, next_day.day, 0, 0, 1, tzinfo=ZoneInfo(zone))
    assert dates.clock_of(None, zone, late.astimezone(UTC)).today == day
    assert dates.clock_of(None, zone, early.astimezone(UTC)).today == next_day


@pytest.mark.parametrize("zone", ["Australia/Sydney", "America/Los_Angeles", "Europe/Berlin"])
def test_B12_no_hour_of_the_nights_of_clock_change_falls_on_another_day(zone: str) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    day = dates.clock_of(None, zone, moment).today
    while moment.year == 2026:
        moment += timedelta(hours=1)
        today = dates.clock_of(None, zone, moment).today
        assert today - day in (timedelta(0), timedelta(days=1))
        assert today == moment.astimezone(ZoneInfo(zone)).date()
        day = today


def test_B12_the_same_moment_is_another_day_elsewhere() -> None:
    real = datetime(2026, 11, 30, 14, 30, tzinfo=UTC)
    todays = [dates.clock_of(None, zone, real).today for zone in ZONES]
    assert todays == [date(2026, 11, 30), date(2026, 12, 1), date(2026, 11, 30)]


def test_B12_the_machine_s_own_time_zone_plays_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    real = datetime(2026, 12, 31, 23, 30, tzinfo=ZoneInfo("America/Chicago"))
    seen = set()
    try:
        for zone in (*ZONES, ""):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            seen.add(dates.clock_of(None, "America/Chicago", real))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert seen == {dates.Clock(date(2026, 12, 31), datetime(2027, 1, 1, 5, 30, tzinfo=UTC))}


def test_B12_a_given_day_is_the_day_of_the_run_and_the_real_time_is_kept() -> None:
    real = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    assert dates.clock_of("2020-02-29", "UTC", real) == dates.Clock(date(2020, 2, 29), real)
    assert dates.clock_of("yesterday", "UTC", real).today == date(2026, 11, 20)
    assert dates.clock_of(None, "UTC").now.utcoffset() == timedelta(0)


def test_B12_a_moment_without_an_offset_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="offset"):
        dates.clock_of(None, "UTC", datetime(2026, 11, 21, 12, 0))


@pytest.mark.parametrize("zone", ["", "America", "Europe/Berln", "../UTC", "/etc/passwd", "a\0b"])
def test_B12_an_unknown_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        dates.clock_of(None, zone)
    assert problem.value.code == "timezone.unknown"
    assert problem.value.hint


def test_a_time_zone_typed_wrong_gets_the_near_one() -> None:
    with pytest.raises(UsageProblem) as problem:
        dates.clock_of(None, "Europe/Berln")
    assert problem.value.hint == 'Did you mean "Europe/Berlin"?'
