"""Days in words: `monday`, `last friday`, `3 days ago`, `-2d`, `nov 5`, `5th of november`.

A word that could be two days is two days here, and whoever asked decides: work lies behind, so of
a Friday that was and one that comes it is the one that was; anywhere else nobody can know.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_OTHER = {"tues": "tuesday", "thur": "thursday", "thurs": "thursday", "sept": "september"}
_STEPS = {"d": 1, "day": 1, "days": 1, "w": 7, "week": 7, "weeks": 7}
_AGO = re.compile(r"(\d{1,4}|an?)\s*(d|days?|w|weeks?)\s+ago", re.ASCII)
_IN = re.compile(r"in\s+(\d{1,4}|an?)\s*(d|days?|w|weeks?)", re.ASCII)
_SIGNED = re.compile(r"([-+])(\d{1,4})\s*(d|days?|w|weeks?)", re.ASCII)
_WEEKDAY = re.compile(r"(last\s+)?([a-z]{3,9})\.?", re.ASCII)
_NTH = r"(\d{1,2})(?:st|nd|rd|th)?"
_MONTH_FIRST = re.compile(rf"([a-z]{{3,9}})\.?\s+{_NTH}(?:,?\s+(\d{{4}}))?", re.ASCII)
_DAY_FIRST = re.compile(rf"{_NTH}\.?\s+(?:of\s+)?([a-z]{{3,9}})\.?(?:,?\s+(\d{{4}}))?", re.ASCII)
_ONE_DAY = timedelta(days=1)


def in_words(typed: str, today: date) -> tuple[date, ...]:
    """The days that the words may mean, the earlier first; none where they mean no day.

    Two days are the nearest that lies behind, or is today, and the nearest that comes.
    """
    if (days := _apart(typed)) is not None:
        try:
            return (today + days * _ONE_DAY,)
        except OverflowError:
            return ()
    if found := _WEEKDAY.fullmatch(typed):
        weekday = _place(found[2], DAYS)
        return () if weekday is None else _weekdays(weekday, today, last=bool(found[1]))
    if found := _MONTH_FIRST.fullmatch(typed):
        return _of_month(_place(found[1], MONTHS), int(found[2]), found[3], today)
    if found := _DAY_FIRST.fullmatch(typed):
        return _of_month(_place(found[2], MONTHS), int(found[1]), found[3], today)
    return ()


def _apart(typed: str) -> int | None:
    """How many days from today, where the words say that."""
    if found := _SIGNED.fullmatch(typed):
        return (-1 if found[1] == "-" else 1) * int(found[2]) * _STEPS[found[3]]
    for pattern, sign in ((_AGO, -1), (_IN, 1)):
        if found := pattern.fullmatch(typed):
            return sign * (1 if found[1][0] == "a" else int(found[1])) * _STEPS[found[2]]
    return None


def _weekdays(weekday: int, today: date, *, last: bool) -> tuple[date, ...]:
    """The latest such day and the next; `last` is a day of the past, and never today."""
    back = (today.weekday() - weekday) % 7
    if last:
        return (today - (back or 7) * _ONE_DAY,)
    return today - back * _ONE_DAY, today + (7 - back) * _ONE_DAY


def _of_month(month: int | None, day: int, year: str | None, today: date) -> tuple[date, ...]:
    """That day of the year named, or the latest such day and the next."""
    if month is None:
        return ()
    if year is not None:
        return tuple(_dated(int(year), month + 1, day))
    near = [
        found
        for years in range(today.year - 8, today.year + 9)  # a leap day comes at least so often
        for found in _dated(years, month + 1, day)
    ]
    behind = [found for found in near if found <= today]
    ahead = [found for found in near if found > today]
    return (*behind[-1:], *ahead[:1])


def _dated(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """Which of the names a word is, in full or by its first three letters."""
    full = _OTHER.get(word, word)
    found = [
        n for n, name in enumerate(names) if full == name or (len(full) == 3 and name[:3] == full)
    ]
    return found[0] if found else None
