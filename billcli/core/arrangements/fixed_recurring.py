"""Fixed by period: an agreed fee for each period, whatever the time (§1.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from billcli.core.arrangements import TIMINGS
from billcli.core.arrangements.covering import Room, Taken, covers_costs, taken
from billcli.core.arrangements.periods import Calendar, due_periods, shown
from billcli.core.arrangements.terms import (
    Fee,
    FeeLine,
    FeePart,
    Position,
    basis_of,
    needed_value,
    only,
    within,
)
from billcli.core.work import Asked, Billed, Progress, Step, Work
from billcli.errors import UsageProblem
from billcli.values import money
from billcli.values.dates import Period


@dataclass(frozen=True, slots=True)
class FixedRecurring:
    """A = V for each period not yet charged, one line a period; `basis=bill`: V on each bill."""

    value_cents: int
    calendar: Calendar = Calendar()
    basis: str = "period"
    timing: str = "arrears"
    prorated: bool = False
    decimals: int = 2
    covers_costs: bool = False
    kind: ClassVar[str] = "fixed-recurring"
    terms: ClassVar[tuple[str, ...]] = (
        "value_cents",
        "every",
        "anchor",
        "basis",
        "covers",
        "timing",
        "prorate",
        "fresh",
    )

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any], decimals: int) -> Self:
        """Needs `value_cents`; `timing` is arrears or advance."""
        only(terms, cls.kind, *cls.terms)
        timing = str(terms.get("timing") or "arrears")
        if timing not in TIMINGS:
            raise UsageProblem("arrangement.timing", "--timing takes arrears or advance.")
        return cls(
            needed_value(terms, cls.kind),
            Calendar.from_terms(terms),
            basis_of(terms, cls.kind),
            timing,
            bool(terms.get("prorate")),
            decimals,
            covers_costs(terms),
        )

    def waits(self, work: Work, billed: Billed, progress: Progress) -> str | None:
        """Until a period is due; on the basis of bills, never."""
        if self.basis == "bill" or self._due(billed, progress, Asked(by_hand=False)):
            return None
        return "no period is due that isn't charged already"

    def fee(self, work: Work, billed: Billed, asked: Asked, progress: Progress) -> Fee:
        """One line a period; the time of charged periods prints as included, other time stays."""
        costs = taken(self.rooms(work, billed, progress), asked, self.decimals)
        if self.basis == "bill":
            return self._each_bill(work, asked, costs)
        due = self._due(billed, progress, asked)
        values = [self._left(period, billed, progress) - costs.of(period) for period in due]
        if asked.amount_cents is not None:
            within(asked.amount_cents, sum(values), "the periods that are due", self.decimals)
            values = money.allocate(asked.amount_cents, values) if values else []
        charged = {*billed.periods, *(period.start for period in due)}
        # Work from before these terms belongs to no period of theirs; it goes with the first.
        first = self.calendar.of(progress.since).start if progress.since else date.min
        # So does work of a period in which the matter was closed all along.
        amounts = tuple(
            0
            if (period := self.calendar.of(entry.day)).start in charged
            or period.start < first
            or not progress.open_days(period)
            else None
            for entry in work.entries
        )
        pairs = list(zip(due, values, strict=True))
        # Costs of a period that isn't charged yet use up its value beforehand.
        early = [period for period in costs.cents if period not in due]
        return Fee(
            sum(values),
            amounts,
            (
                *(FeeLine("fixed_fee", _words(p), c, "fixed_fee") for p, c in pairs if c),
                *costs.lines,
            ),
            (
                *(FeePart(0, 0, costs_cents=costs.of(p), period=p) for p in early),
                *(
                    FeePart(self._standard(work, p), c, costs_cents=costs.of(p), period=p)
                    for p, c in pairs
                ),
            ),
            included=True,
            because=(
                *costs.steps,
                *(Step("1.7", _words(period), cents) for period, cents in pairs),
            ),
            nothing=None if due else "no period is due that isn't charged already",
            periods=tuple(due),
        )

    def position(self, billed: Billed, progress: Progress) -> Position:
        """Of the period that holds the cutoff."""
        if self.basis == "bill":
            return Position(self.value_cents, self._used(billed), self.value_cents)
        used = self._used(billed.within(self.calendar.of(progress.through).start))
        return Position(self.value_cents, used, max(0, self.value_cents - used))

    def rooms(self, work: Work, billed: Billed, progress: Progress) -> list[Room]:
        """The costs of each period against what is left of its value.

        Those from before these terms go with their first period, as the work does.
        """
        if not self.covers_costs or not work.costs:
            return []
        if self.basis == "bill":
            return [Room(None, work.costs_cents, self.value_cents)]
        found: dict[Period, int] = {}
        for cost in work.costs:
            period = self.calendar.of(max(cost.day, progress.since or cost.day))
            found[period] = found.get(period, 0) + cost.standard_cents
        return [
            Room(period, cents, self._left(period, billed, progress))
            for period, cents in sorted(found.items(), key=lambda item: item[0].start)
        ]

    def _left(self, period: Period, billed: Billed, progress: Progress) -> int:
        """What a period's value leaves; one that is charged leaves nothing."""
        if period.start in billed.periods:
            return 0
        before = billed.within(period.start).costs_cents if self.covers_costs else 0
        return max(0, self._value(period, progress) - before)

    def _used(self, billed: Billed) -> int:
        return billed.fees_cents + (billed.costs_cents if self.covers_costs else 0)

    def _due(self, billed: Billed, progress: Progress, asked: Asked) -> list[Period]:
        due = due_periods(
            self.calendar,
            billed,
            progress,
            advance=self.timing == "advance",
            by_hand=asked.by_hand,
        )
        return due if asked.max_periods is None else due[: asked.max_periods]

    def _value(self, period: Period, progress: Progress) -> int:
        """V, or the share of the days served where partial periods are prorated."""
        if not self.prorated:
            return self.value_cents
        return money.round_ratio(self.value_cents * progress.open_days(period), period.days)

    def _standard(self, work: Work, period: Period) -> int:
        return sum(e.standard_cents for e in work.entries if e.counts and e.day in period)

    def _each_bill(self, work: Work, asked: Asked, costs: Taken) -> Fee:
        left = self.value_cents - costs.total_cents
        charged = left if asked.amount_cents is None else asked.amount_cents
        standard = sum(e.standard_cents for e in work.entries if e.counts)
        return Fee(
            charged,
            tuple(0 for _ in work.entries),
            (FeeLine("fixed_fee", "Fixed fee", charged, "fixed_fee"), *costs.lines),
            (FeePart(standard, charged, costs_cents=costs.total_cents),),
            included=True,
            because=(*costs.steps, Step("D-01", "The agreed fee of each bill", charged)),
        )


def _words(period: Period) -> str:
    return f"Fixed fee, {shown(period)}"
