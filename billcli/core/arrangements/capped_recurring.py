"""Capped by period: the time at its rates up to a maximum in each period (§1.3, §1.4).

The reserving kind keeps what is above the cap in a contingent reserve instead of writing it down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self

from billcli.core.arrangements.covering import Room, covers_costs, taken
from billcli.core.arrangements.periods import Calendar, shown
from billcli.core.arrangements.reserving import ReserveTerms, accrued
from billcli.core.arrangements.terms import (
    Fee,
    FeeLine,
    FeePart,
    Position,
    basis_of,
    needed_value,
    only,
    standard_amounts,
    within,
)
from billcli.core.work import Asked, Billed, Entry, Progress, Step, Work
from billcli.values import money
from billcli.values.dates import Period

ADJUSTED = "Fee cap adjustment"


@dataclass(frozen=True, slots=True)
class CappedRecurring:
    """Per period A = min(U, max(0, V - F_prev)); bills of other periods are ignored (D-02)."""

    value_cents: int
    calendar: Calendar = Calendar()
    basis: str = "period"
    lifetime_cents: int | None = None
    decimals: int = 2
    covers_costs: bool = False
    kind: ClassVar[str] = "capped-recurring"
    terms: ClassVar[tuple[str, ...]] = (
        "value_cents",
        "every",
        "anchor",
        "basis",
        "covers",
        "lifetime_max_cents",
        "fresh",
    )

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any], decimals: int) -> Self:
        """Needs the cap of a period, `value_cents`; `lifetime_max_cents` caps the matter (D-19)."""
        only(terms, cls.kind, *cls.terms)
        return cls(
            needed_value(terms, cls.kind),
            Calendar.from_terms(terms),
            basis_of(terms, cls.kind),
            terms.get("lifetime_max_cents"),
            decimals,
            covers_costs(terms),
        )

    def waits(self, work: Work, billed: Billed, progress: Progress) -> str | None:
        """Work is due as soon as it is done."""
        return None

    def fee(self, work: Work, billed: Billed, asked: Asked, progress: Progress) -> Fee:
        """The work of each period up to what is left of that period's cap."""
        return capped_by_period(self, work, billed, asked, standard_amounts(work))

    def position(self, billed: Billed, progress: Progress) -> Position:
        """Of the period that holds the cutoff."""
        used, left = self.used(billed), self.value_cents
        if self.basis == "period" and progress.through < date.max:
            used = self.used(billed.within(self.calendar.of(progress.through).start))
            left = max(0, self.value_cents - used)
        rest = self.lifetime_left(billed)
        return Position(self.value_cents, used, left if rest is None else min(left, rest))

    def rooms(self, work: Work, billed: Billed, progress: Progress) -> list[Room]:
        """The costs of each period against what is left of its cap, and of the lifetime's."""
        if not self.covers_costs:
            return []
        rest = self.lifetime_left(billed)
        found = []
        for period, positions in self.groups(work.costs).items():
            cents = sum(work.costs[n].standard_cents for n in positions)
            left = self.left(billed, period)
            if rest is not None:
                left = min(left, rest)
                rest -= min(left, cents)
            found.append(Room(period, cents, left))
        return found

    def groups(self, entries: Sequence[Entry]) -> dict[Period | None, list[int]]:
        """The positions of entries by period; on the basis of bills all are of this one."""
        if self.basis == "bill":
            return {None: [*range(len(entries))]} if entries else {}
        return dict(self.calendar.split(entries).items())

    def left(self, billed: Billed, period: Period | None) -> int:
        """What the cap of a period leaves; on the basis of bills each has it all."""
        before = self.used(billed.within(period.start)) if period else 0
        return max(0, self.value_cents - before)

    def used(self, billed: Billed) -> int:
        """What used up a cap: fees, and the costs where it covers them (D-16)."""
        return billed.fees_cents + (billed.costs_cents if self.covers_costs else 0)

    def lifetime_left(self, billed: Billed) -> int | None:
        """What the maximum of all periods leaves (D-19); None where there is none."""
        if self.lifetime_cents is None:
            return None
        return max(0, self.lifetime_cents - self.used(billed))


@dataclass(frozen=True, slots=True)
class CappedRecurringReserve(CappedRecurring):
    """As capped by period; the part above the cap waits in the reserve (D-03)."""

    reserve: ReserveTerms = ReserveTerms()
    kind: ClassVar[str] = "capped-recurring-reserve"
    terms: ClassVar[tuple[str, ...]] = (*CappedRecurring.terms, *ReserveTerms.names)

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any], decimals: int) -> Self:
        """As capped-recurring, with `reserve_limit_cents` or `contingent_value_cents`."""
        only(terms, cls.kind, *cls.terms)
        return cls(
            needed_value(terms, cls.kind),
            Calendar.from_terms(terms),
            basis_of(terms, cls.kind),
            terms.get("lifetime_max_cents"),
            decimals,
            covers_costs(terms),
            ReserveTerms.from_terms(terms),
        )

    def fee(self, work: Work, billed: Billed, asked: Asked, progress: Progress) -> Fee:
        """The same fee; what it writes down accrues to the reserve."""
        amounts = standard_amounts(work)
        fee = capped_by_period(self, work, billed, asked, amounts)
        # What a person takes off by hand is a courtesy; only what the cap takes is held back.
        full = capped_by_period(self, work, billed, replace(asked, amount_cents=None), amounts)
        held = tuple(part.standard_cents - part.charged_cents for part in full.parts)
        return accrued(fee, self.reserve, progress, decimals=self.decimals, held=held)


def capped_by_period(
    terms: CappedRecurring,
    work: Work,
    billed: Billed,
    asked: Asked,
    amounts: tuple[int, ...],
) -> Fee:
    """Cap the amounts of each period, with an adjustment line for what is written down.

    Costs that the cap covers come first, in every period (D-16).
    """
    costs = taken(terms.rooms(work, billed, Progress()), asked, terms.decimals)
    groups = _with_costs(terms.groups(work.entries), costs.cents)
    rest = terms.lifetime_left(billed)
    rest = None if rest is None else rest - costs.total_cents
    parts, steps, lines = [], [*costs.steps], []
    for period, positions in groups:
        standard = sum(amounts[n] for n in positions)
        charged = min(standard, terms.left(billed, period) - costs.of(period))
        if rest is not None:
            charged, rest = min(charged, rest), rest - min(charged, rest)
        parts.append(FeePart(standard, charged, costs_cents=costs.of(period), period=period))
        when = shown(period) if period else "this bill"
        if positions:
            steps.append(Step("1.3", f"Work of {when} at its rates", standard))
        if charged != standard:
            steps.append(Step("D-04", f"Cap of {when}", charged - standard))
            words = f"{ADJUSTED}, {when}" if len(groups) > 1 else ADJUSTED
            lines.append(FeeLine("adjustment", words, charged - standard, "cap"))
    standard, charged = (sum(p.standard_cents for p in parts), sum(p.charged_cents for p in parts))
    if asked.amount_cents is not None and asked.amount_cents != charged:
        within(asked.amount_cents, charged, "the cap", terms.decimals)
        cut = asked.amount_cents - charged
        lines.append(FeeLine("adjustment", "Fee adjustment", cut, "courtesy"))
        shares = money.allocate(asked.amount_cents, [p.charged_cents for p in parts])
        parts = [
            replace(part, charged_cents=share) for part, share in zip(parts, shares, strict=True)
        ]
        charged = asked.amount_cents
    most = money.grouped(terms.value_cents, terms.decimals)
    return Fee(
        charged,
        amounts,
        (*lines, *costs.lines),
        tuple(parts),
        because=tuple(steps),
        nothing=f"cap exhausted: {most} for the period" if standard and not charged else None,
        shares=_shares(parts, [positions for _, positions in groups], amounts),
    )


def _shares(
    parts: Sequence[FeePart], groups: Sequence[Sequence[int]], amounts: Sequence[int]
) -> tuple[int, ...]:
    """What each entry brought in: what its own period charged, pro rata (D-15)."""
    found = [0] * len(amounts)
    for part, positions in zip(parts, groups, strict=True):
        weights = [amounts[n] for n in positions]
        if any(weights):
            for n, cents in zip(
                positions, money.allocate(part.charged_cents, weights), strict=True
            ):
                found[n] = cents
    return tuple(found)


def _with_costs(
    found: Mapping[Period | None, list[int]], costs: Mapping[Period | None, int]
) -> list[tuple[Period | None, list[int]]]:
    """The periods with work or costs, oldest first."""
    both = {period: found.get(period, []) for period in (*found, *costs)}
    return sorted(both.items(), key=lambda item: item[0].start if item[0] else date.min)
