"""Periods of recurring arrangements, and the work that belongs to each (D-20)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from billcli.core.work import Billed, Entry, Progress
from billcli.errors import UsageProblem
from billcli.values.dates import CALENDAR, INTERVALS, Period, period_of, periods_between
from billcli.values.text import meant

_SHOWN = re.compile(r"\b(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)$")


@dataclass(frozen=True, slots=True)
class Calendar:
    """How often, and from which day the periods are counted; calendar periods by default."""

    every: str = "month"
    anchor: date = CALENDAR

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any]) -> Calendar:
        """Read `every` and `anchor`."""
        every = str(terms.get("every") or "month")
        if every not in INTERVALS:
            raise UsageProblem(
                "arrangement.every",
                f"--every {every} is not known.",
                hint=meant(every, INTERVALS),
            )
        anchor = terms.get("anchor")
        return cls(every, date.fromisoformat(str(anchor)) if anchor else CALENDAR)

    def of(self, day: date) -> Period:
        """The period that a day belongs to."""
        return period_of(day, self.every, self.anchor)

    def between(self, first: date, last: date) -> list[Period]:
        """The periods from the one that holds `first` to the one that holds `last`."""
        return periods_between(first, last, self.every, self.anchor) if first <= last else []

    def split(self, entries: Sequence[Entry]) -> dict[Period, list[int]]:
        """The positions of entries by the period of their work date, oldest first (D-02)."""
        found: dict[Period, list[int]] = {}
        for n, entry in enumerate(entries):
            found.setdefault(self.of(entry.day), []).append(n)
        return dict(sorted(found.items(), key=lambda item: item[0].start))


def calendar_of(kind: str, terms: Mapping[str, Any]) -> Calendar | None:
    """The periods of a recurring kind; None for one without periods."""
    return Calendar.from_terms(terms) if "recurring" in kind else None


def due_periods(
    calendar: Calendar, billed: Billed, progress: Progress, *, advance: bool, by_hand: bool
) -> list[Period]:
    """Periods that are due and not yet charged, oldest first (D-27).

    In arrears a period is due on its last day, in advance on its first; a bill by hand also
    charges the period that holds its cutoff. None is charged in which the matter was closed all
    along (B13), nor where other terms are in force on its first day.
    """
    last = progress.through
    return [
        period
        for period in calendar.between(progress.since or last, last)
        if ((period.start if advance else period.last) <= last or (by_hand and last in period))
        and period.start not in billed.periods
        and progress.open_days(period)
        and not (progress.until and period.start >= progress.until)
        and not (progress.whole_since and progress.since and period.start < progress.since)
    ]


def shown(period: Period) -> str:
    """A period in the program's own words, which every line, step and sentence about it takes."""
    return f"{period.start} to {period.last}"


def worded(text: str, word: Callable[[date, date], str]) -> str:
    """The words of a line with the period at their end as `word` says its first and last day."""
    found = _SHOWN.search(text)
    if found is None:
        return text
    first, last = (date.fromisoformat(day) for day in found.groups())
    return text[: found.start()] + word(first, last)
