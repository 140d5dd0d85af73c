"""Capped: the time at its rates up to one maximum for the matter (§1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from billcli.core.arrangements.covering import Room, covers_costs, taken
from billcli.core.arrangements.terms import (
    Fee,
    FeeLine,
    FeePart,
    Position,
    needed_value,
    only,
    standard_amounts,
    within,
)
from billcli.core.work import Asked, Billed, Progress, Step, Work
from billcli.values import money


@dataclass(frozen=True, slots=True)
class Capped:
    """A = min(U, max(0, V - F_prev)); what is above is written down (D-04)."""

    value_cents: int
    covers_costs: bool = False
    decimals: int = 2
    kind: ClassVar[str] = "capped"

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any], decimals: int) -> Self:
        """Needs the cap, `value_cents`."""
        only(terms, cls.kind, "value_cents", "covers", "fresh")
        return cls(needed_value(terms, cls.kind), covers_costs(terms), decimals)

    def waits(self, work: Work, billed: Billed, progress: Progress) -> str | None:
        """Work is due as soon as it is done."""
        return None

    def fee(self, work: Work, billed: Billed, asked: Asked, progress: Progress) -> Fee:
        """The work up to what is left of the cap; one line shows what was written down (D-15)."""
        standard = work.standard_cents
        costs = taken(self.rooms(work, billed, progress), asked, self.decimals)
        headroom = self._headroom(billed) - costs.total_cents
        charged = min(standard, headroom)
        reason, words = "cap", "Fee cap adjustment"
        if asked.amount_cents is not None:
            within(asked.amount_cents, headroom, "the cap", self.decimals)
            if asked.amount_cents != charged:
                charged, reason, words = asked.amount_cents, "courtesy", "Fee adjustment"
        change = charged - standard
        shown = money.grouped(self.value_cents, self.decimals)
        return Fee(
            charged,
            standard_amounts(work),
            (*((FeeLine("adjustment", words, change, reason),) if change else ()), *costs.lines),
            (FeePart(standard, charged, costs_cents=costs.total_cents),),
            because=(
                Step("1.2", "Work at its rates", standard),
                *costs.steps,
                Step("1.2", f"Left of the cap of {shown}", headroom),
                Step("D-15", words, change),
            ),
            warnings=self._warnings(billed),
            nothing=f"cap exhausted: {shown} is invoiced" if headroom == 0 else None,
        )

    def position(self, billed: Billed, progress: Progress) -> Position:
        """Headroom is derived from live bills, so a void opens it again."""
        return Position(self.value_cents, self._used(billed), self._headroom(billed))

    def rooms(self, work: Work, billed: Billed, progress: Progress) -> list[Room]:
        """All costs against all that is left."""
        if not self.covers_costs or not work.costs:
            return []
        return [Room(None, work.costs_cents, self._headroom(billed))]

    def _used(self, billed: Billed) -> int:
        return billed.fees_cents + (billed.costs_cents if self.covers_costs else 0)

    def _headroom(self, billed: Billed) -> int:
        return max(0, self.value_cents - self._used(billed))

    def _warnings(self, billed: Billed) -> tuple[str, ...]:
        over = self._used(billed) - self.value_cents
        if over <= 0:
            return ()
        return (f"already {money.grouped(over, self.decimals)} over the new cap",)
