"""When a matter was closed, and how many days of a time it was open (B13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Closing:
    """A time in which a matter was closed; it goes on where nobody opened the matter again.

    The day of closing and the day of opening again are open days, as the first and the last day
    of a matter are.
    """

    closed_on: date
    reopened_on: date = date.max


def open_days(closings: Iterable[Closing], first: date, last: date) -> int:
    """How many days from `first` to `last`, both included, lie in none of the closings."""
    days, day = 0, first
    for closing in sorted(closings):
        until = min(closing.closed_on, last)
        if until >= day:
            days += (until - day).days + 1
        day = max(day, closing.reopened_on, until + _ONE_DAY)
    return days + max(0, (last - day).days + 1)
