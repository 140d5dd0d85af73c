"""What became of a timekeeper's days: hours logged and billed, gaps, and days that were long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from billcli.values import money

LONG_E4 = 12 * money.E4
"""A day with more hours than this is worth a look."""
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Worked:
    """The hours of some entries: as logged, as rounded for billing, and by what they are worth.

    `no_charge` goes onto a bill for nothing, `non_billable` never does. `value_cents` is that of
    the billable part at its rates.
    """

    logged_e4: int = 0
    hours_e4: int = 0
    billable_hours_e4: int = 0
    no_charge_hours_e4: int = 0
    non_billable_hours_e4: int = 0
    value_cents: int = 0

    def __add__(self, other: Worked) -> Worked:
        return Worked(
            self.logged_e4 + other.logged_e4,
            self.hours_e4 + other.hours_e4,
            self.billable_hours_e4 + other.billable_hours_e4,
            self.no_charge_hours_e4 + other.no_charge_hours_e4,
            self.non_billable_hours_e4 + other.non_billable_hours_e4,
            self.value_cents + other.value_cents,
        )

    @property
    def rounding_hours_e4(self) -> int:
        """What rounding to increments added, or took away (B15)."""
        return self.hours_e4 - self.logged_e4

    @property
    def billable_percent_e4(self) -> int | None:
        """The billable part of all hours, to a tenth of a percent; None of none."""
        if not self.hours_e4:
            return None
        tenth = 1000
        return money.round_ratio(self.billable_hours_e4 * money.WHOLE_E4, self.hours_e4 * tenth) * (
            tenth
        )


def total(worked: Iterable[Worked]) -> Worked:
    """All of it together."""
    return sum(worked, Worked())


def gaps(days: Mapping[date, Worked], first: date, last: date) -> tuple[date, ...]:
    """The working days, Monday to Friday, without any hours, from the first day to the last."""
    every = (first + timedelta(n) for n in range((last - first).days + 1))
    return tuple(day for day in every if day.weekday() < SATURDAY and day not in days)


def long_days(days: Mapping[date, Worked]) -> tuple[date, ...]:
    """The days with more than twelve hours logged."""
    return tuple(sorted(day for day, worked in days.items() if worked.logged_e4 > LONG_E4))
