"""A minimum by period: the time at its rates, but no less than an agreed sum (D-29)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from billcli.core.arrangements.periods import Calendar, due_periods, shown
from billcli.core.arrangements.terms import (
    Fee,
    FeeLine,
    FeePart,
    Position,
    needed_value,
    only,
    within,
)
from billcli.core.work import Asked, Billed, Progress, Step, Work
from billcli.values import money
from billcli.values.dates import Period


@dataclass(frozen=True, slots=True)
class MinimumRecurring:
    """Per period A = max(0, max(S, V) - F_prev); S is all the period's work, billed or not."""

    value_cents: int
    calendar: Calendar = Calendar()
    decimals: int = 2
    kind: ClassVar[str] = "minimum-recurring"

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any], decimals: int) -> Self:
        """Needs the minimum of a period, `value_cents`."""
        only(terms, cls.kind, "value_cents", "every", "anchor", "fresh")
        return cls(needed_value(terms, cls.kind), Calendar.from_terms(terms), decimals)

    def waits(self, work: Work, billed: Billed, progress: Progress) -> str | None:
        """Until a period is due that has something to charge."""
        due = self._due(work, billed, progress, Asked(by_hand=False))
        return None if due else "no period is due that has something to charge"

    def fee(self, work: Work, billed: Billed, asked: Asked, progress: Progress) -> Fee:
        """Each due period at its work or its minimum, less what is charged of it."""
        due = self._due(work, billed, progress, asked)
        lines, parts, steps = [], [], []
        for period, floor in due:
            standard = self._unbilled(work, period)
            before = billed.within(period.start)
            full = max(before.standard_cents + standard, floor)
            charged = max(0, full - before.fees_cents)
            parts.append(FeePart(standard, charged, period=period))
            steps.append(Step("D-29", f"Work or minimum of {shown(period)}", charged))
            if charged != standard:
                words = "Minimum fee" if charged > standard else "Within the minimum fee"
                words = f"{words}, {shown(period)}"
                lines.append(FeeLine("adjustment", words, charged - standard, "fixed_fee"))
        charged = sum(part.charged_cents for part in parts)
        if asked.amount_cents is not None and asked.amount_cents != charged:
            within(asked.amount_cents, charged, "the periods that are due", self.decimals)
            cut = asked.amount_cents - charged
            lines.append(FeeLine("adjustment", "Fee adjustment", cut, "courtesy"))
            charged = asked.amount_cents
            shares = money.allocate(charged, [part.charged_cents for part in parts])
            parts = [replace(p, charged_cents=c) for p, c in zip(parts, shares, strict=True)]
        taken = {period.start for period, _ in due}
        return Fee(
            charged,
            tuple(
                (e.standard_cents if e.counts else 0)
                if self.calendar.of(e.day).start in taken
                else None
                for e in work.entries
            ),
            tuple(lines),
            tuple(parts),
            because=tuple(steps),
            nothing=None if charged else "the minimum of the period is charged already",
        )

    def position(self, billed: Billed, progress: Progress) -> Position:
        """Of the period that holds the cutoff."""
        used = billed.within(self.calendar.of(progress.through).start).fees_cents
        return Position(self.value_cents, used, None)

    def _due(
        self, work: Work, billed: Billed, progress: Progress, asked: Asked
    ) -> list[tuple[Period, int]]:
        """The periods with something to charge, each with its minimum.

        Work in a period from before these terms, or before the matter was opened, has none.
        """
        due = due_periods(self.calendar, billed, progress, advance=False, by_hand=asked.by_hand)
        last = progress.through
        earlier = [
            period
            for period in self.calendar.split(work.entries)
            if period not in due and (period.last <= last or asked.by_hand)
        ]
        worth = [
            (period, self.value_cents if period in due else 0)
            for period in sorted((*due, *earlier), key=lambda period: period.start)
            if self._unbilled(work, period) or (period in due and not _charged(billed, period))
        ]
        return worth if asked.max_periods is None else worth[: asked.max_periods]

    def _unbilled(self, work: Work, period: Period) -> int:
        return sum(e.standard_cents for e in work.entries if e.counts and e.day in period)


def _charged(billed: Billed, period: Period) -> int:
    return billed.within(period.start).fees_cents
