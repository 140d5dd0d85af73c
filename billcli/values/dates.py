"""Days: the clock of the run, days and months as typed, and billing periods with their anchor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from billcli.errors import UsageProblem
from billcli.values.text import did_you_mean, shown

FIRST_YEAR, LAST_YEAR = 1900, 2200
AS_A_DAY = "Write it as 2026-11-21, or today, yesterday, tomorrow."
INTERVALS = ("week", "month", "quarter", "year")
CALENDAR = date(2001, 1, 1)
"""The anchor of plain calendar periods: a first of January, and a Monday (D-20)."""

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_RELATIVE = {"day before yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1}
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_NUMBERS = re.compile(r"\d{1,2}[/.-]\d{1,2}([/.-](\d\d|\d{4})?)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_TIMED = re.compile(r"(\S+)(?: |(?<=\d)T)([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """The day a command works on, and the real moment (UTC) that the audit log keeps.

    `at` is the time of day that a script gave with the day, for what asks for more than a day.
    """

    today: date
    now: datetime
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, from `start` up to but not including `end` (D-20)."""

    start: date
    end: date

    @property
    def last(self) -> date:
        """The last day of the period."""
        return self.end - _ONE_DAY

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


def clock_of(today_option: str | None, timezone: str, real: datetime | None = None) -> Clock:
    """The clock of a run: today where the firm is, unless a day was given (B12).

    A day may have a time: `2026-11-21 14:30`, or with a T between them. `real` is the moment it
    is, with its offset. UsageProblem: `timezone.unknown`, or as read_day.
    """
    if real is not None and real.tzinfo is None:
        raise ValueError("a moment needs its offset")
    now = (real or datetime.now(UTC)).astimezone(UTC)
    today = local_day(now, timezone)
    if today_option is None:
        return Clock(today, now)
    found = _TIMED.fullmatch(today_option.strip())
    if found is None:
        return Clock(read_day(today_option, today, what="day of the run"), now)
    day = read_day(found[1], today, what="day of the run")
    return Clock(day, now, time(int(found[2]), int(found[3])))


def read_day(text: str, today: date, *, what: str = "date", past: bool = False) -> date:
    """A day as typed: `2026-11-21`, `today`, `yesterday`, `3 days ago`, `last friday`, `nov 5`.

    Words that could be two days are refused, but where the day lies behind (`past`), as that of
    work or of a payment does: there `friday` and `nov 5` are the latest, today among them (B14).
    UsageProblem `date.unreadable`.
    """
    typed = text.strip().lower()
    if typed in _RELATIVE:
        return today + _RELATIVE[typed] * _ONE_DAY
    found = _DAY.fullmatch(typed)
    if found is None:
        return _worded(typed, today, text, what, past=past)
    year, month, day = (int(part) for part in found.groups())
    last = _last_day(year, month, text, what).day
    if not 1 <= day <= last:
        raise _unreadable(
            text, what, "isn't in the calendar", f"{year}-{month:02} has days 01 to {last}."
        )
    return date(year, month, day)


def _worded(typed: str, today: date, text: str, what: str, *, past: bool) -> date:
    from billcli.values.day_words import in_words

    found = in_words(typed, today)
    if past and len(found) > 1:
        found = found[:1]
    if len(found) > 1:
        days = " or ".join(str(day) for day in found)
        raise _unreadable(text, what, f"could be {days}", "Write it as 2026-11-21.")
    if not found or not FIRST_YEAR <= found[0].year <= LAST_YEAR:
        if _NUMBERS.fullmatch(typed):
            raise _unreadable(
                text,
                what,
                "could have the month or the day first",
                "Write year, month and day: 2026-11-05.",
            )
        raise _unreadable(text, what, "can't be read", AS_A_DAY)
    return found[0]


def read_month(text: str, *, what: str = "month") -> tuple[date, date]:
    """The first and the last day of a month as typed: `2026-11`. UsageProblem `date.unreadable`."""
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        raise _unreadable(text, what, "can't be read", "Write it as 2026-11.")
    last = _last_day(int(found[1]), int(found[2]), text, what)
    return last.replace(day=1), last


def read_through(text: str, today: date, *, what: str = "--through", past: bool = False) -> date:
    """A day as typed, or a month that stands for its last day. UsageProblem `date.unreadable`."""
    if _MONTH.fullmatch(text.strip()):
        return read_month(text, what=what)[1]
    try:
        return read_day(text, today, what=what, past=past)
    except UsageProblem as fault:
        if fault.hint == AS_A_DAY:
            fault.hint = f"{AS_A_DAY} A month, such as 2026-11, stands for its last day."
        raise


def add_months(day: date, months: int, *, anchor_day: int | None = None) -> date:
    """The same day so many months on, or the month's last where it has no such day (B13).

    `anchor_day` is the day of the month that is meant when `day` itself was already cut short.
    """
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    wanted = day.day if anchor_day is None else anchor_day
    return date(years, month + 1, min(wanted, _month_end(years, month + 1).day))


def add_business_days(day: date, days: int) -> date:
    """The day so many working days on, Monday to Friday; none leaves the day as it is."""
    while days > 0:
        day += _ONE_DAY
        days -= day.weekday() < 5
    return day


@lru_cache(maxsize=4096)
def period_of(day: date, interval: str, anchor: date = CALENDAR) -> Period:
    """The period of the interval that holds the day, counted from an anchor before or after it.

    `interval` is week, month, quarter or year (D-20); ValueError for another.
    """
    if interval == "week":
        start = day - timedelta(days=(day - anchor).days % 7)
        return Period(start, start + timedelta(days=7))
    if interval not in _MONTHS:
        raise ValueError(f"{interval!r} is not one of {', '.join(INTERVALS)}")
    step = _MONTHS[interval]
    apart = (day.year - anchor.year) * 12 + day.month - anchor.month
    months = apart - apart % step
    if add_months(anchor, months) > day:
        months -= step
    return Period(add_months(anchor, months), add_months(anchor, months + step))


def periods_between(
    first: date, last: date, interval: str, anchor: date = CALENDAR
) -> list[Period]:
    """Every period that holds a day from `first` to `last`, both included, oldest first."""
    periods: list[Period] = []
    day = first
    while day <= last:
        periods.append(period_of(day, interval, anchor))
        day = periods[-1].end
    return periods


def local_day(now: datetime, timezone: str) -> date:
    """The day that a moment falls on in a time zone. UsageProblem `timezone.unknown`."""
    return now.astimezone(zone_of(timezone)).date()


def zone_of(timezone: str) -> tzinfo:
    """The time zone of an IANA name. UsageProblem `timezone.unknown`."""
    if timezone == "UTC":
        return UTC
    from zoneinfo import ZoneInfo, available_timezones

    try:
        return ZoneInfo(timezone)
    # A name that is a folder, leaves it or holds a NUL is answered in several ways.
    except (KeyError, ValueError, OSError):
        raise UsageProblem(
            "timezone.unknown",
            f"{shown(timezone)} isn't a time zone.",
            hint=did_you_mean(timezone, sorted(available_timezones()))
            or "Use an IANA name such as America/Chicago or Europe/Berlin.",
        ) from None


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - _ONE_DAY


def _last_day(year: int, month: int, text: str, what: str) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _unreadable(
            text,
            what,
            f"lies outside the years {FIRST_YEAR} to {LAST_YEAR}",
            "Check the year.",
        )
    if not 1 <= month <= 12:
        raise _unreadable(text, what, "isn't in the calendar", "The months are 01 to 12.")
    return _month_end(year, month)


def _unreadable(text: str, what: str, why: str, hint: str) -> UsageProblem:
    return UsageProblem("date.unreadable", f"The {what} {shown(text)} {why}.", hint=hint)
