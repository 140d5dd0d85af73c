"""Capped rate: each line at no more than an agreed rate, the rest in reserve (§1.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from billcli.core.arrangements.capped_recurring import CappedRecurring, capped_by_period
from billcli.core.arrangements.covering import Room, covers_costs
from billcli.core.arrangements.periods import Calendar
from billcli.core.arrangements.reserving import ReserveTerms, accrued
from billcli.core.arrangements.terms import Fee, Position, basis_of, only
from billcli.core.work import Asked, Billed, Entry, Progress, Step, Work
from billcli.errors import UsageProblem
from billcli.values import money

UNCAPPED = 10**15


@dataclass(frozen=True, slots=True)
class CappedRate:
    """Per line h x min(rate, cap); an optional cap of the period may sit on top (D-25)."""

    rate_cap_e4: int
    inner: CappedRecurring
    reserve: ReserveTerms = ReserveTerms()
    kind: ClassVar[str] = "capped-rate-recurring-reserve"

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any], decimals: int) -> Self:
        """Needs `rate_cap_e4`; `value_cents` is the cap of a period, where there is one."""
        only(terms, cls.kind, "rate_cap_e4", *CappedRecurring.terms, *ReserveTerms.names)
        cap = terms.get("rate_cap_e4")
        if not isinstance(cap, int) or cap <= 0:
            raise UsageProblem(
                "arrangement.rate-cap",
                f"A {cls.kind} arrangement needs its rate.",
                hint="Give --rate-cap R.",
            )
        inner = CappedRecurring(
            terms.get("value_cents") or UNCAPPED,
            Calendar.from_terms(terms),
            basis_of(terms, cls.kind),
            terms.get("lifetime_max_cents"),
            decimals,
            covers_costs(terms),
        )
        if inner.covers_costs and inner.value_cents == UNCAPPED and inner.lifetime_cents is None:
            raise UsageProblem(
                "arrangement.covers",
                f"A {cls.kind} arrangement without a value has nothing that costs could use up.",
                hint="Give the cap of a period too, with --value V, or leave --covers out.",
            )
        return cls(cap, inner, ReserveTerms.from_terms(terms))

    def waits(self, work: Work, billed: Billed, progress: Progress) -> str | None:
        """Work is due as soon as it is done."""
        return None

    def fee(self, work: Work, billed: Billed, asked: Asked, progress: Progress) -> Fee:
        """Lines at the capped rate; what that and the cap leave accrues to the reserve."""
        amounts = tuple(self._amount(entry) for entry in work.entries)
        fee = capped_by_period(self.inner, work, billed, asked, amounts)
        standard = tuple(e.standard_cents if e.counts else 0 for e in work.entries)
        full = capped_by_period(
            replace(self.inner, value_cents=UNCAPPED, lifetime_cents=None),
            work,
            billed,
            replace(asked, amount_cents=None),
            standard,
        )
        # An amount by hand is a courtesy and no reserve.
        bare = replace(asked, amount_cents=None)
        capped = capped_by_period(self.inner, work, billed, bare, amounts)
        held = tuple(
            whole.standard_cents - part.charged_cents
            for whole, part in zip(full.parts, capped.parts, strict=True)
        )
        below = sum(amounts) - sum(standard)
        fee = replace(
            fee,
            parts=tuple(
                replace(part, standard_cents=whole.standard_cents)
                for whole, part in zip(full.parts, fee.parts, strict=True)
            ),
            rates=tuple(self._rate(entry) for entry in work.entries),
            because=(
                Step("1.5", "Work at its standard rates", sum(standard)),
                Step("1.5", "Above the agreed rate", below),
                *fee.because,
            ),
        )
        return accrued(fee, self.reserve, progress, decimals=self.inner.decimals, held=held)

    def position(self, billed: Billed, progress: Progress) -> Position:
        """Of the period's cap, where there is one."""
        if self.inner.value_cents == UNCAPPED:
            return Position(None, self.inner.used(billed), None)
        return self.inner.position(billed, progress)

    @property
    def decimals(self) -> int:
        """Those of the currency."""
        return self.inner.decimals

    def rooms(self, work: Work, billed: Billed, progress: Progress) -> list[Room]:
        """The costs of each period against its cap, where there is one that covers them."""
        return self.inner.rooms(work, billed, progress)

    def _amount(self, entry: Entry) -> int:
        if not entry.counts:
            return 0
        if entry.rate_e4 is None or entry.hours_e4 is None or entry.rate_e4 <= self.rate_cap_e4:
            return entry.standard_cents
        return money.price(entry.hours_e4, self.rate_cap_e4, self.inner.decimals)

    def _rate(self, entry: Entry) -> int | None:
        if entry.rate_e4 is None or entry.rate_e4 <= self.rate_cap_e4:
            return None
        return self.rate_cap_e4
