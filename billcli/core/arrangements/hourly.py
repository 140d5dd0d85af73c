"""Hourly: the time at its rates, without a ceiling (§1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from billcli.core.arrangements.terms import Fee, FeeLine, Position, only, standard_amounts
from billcli.core.work import Asked, Billed, Progress, Step, Work


@dataclass(frozen=True, slots=True)
class Hourly:
    """A = U."""

    kind: ClassVar[str] = "hourly"

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any], decimals: int) -> Self:
        """Hourly has no terms."""
        only(terms, cls.kind)
        return cls()

    def waits(self, work: Work, billed: Billed, progress: Progress) -> str | None:
        """Work is due as soon as it is done."""
        return None

    def fee(self, work: Work, billed: Billed, asked: Asked, progress: Progress) -> Fee:
        """All the work at its rates, or the amount asked for with an adjustment line."""
        standard = work.standard_cents
        steps = (Step("1.1", "All work at its rates", standard),)
        if asked.amount_cents is None or asked.amount_cents == standard:
            return Fee(standard, standard_amounts(work), because=steps)
        change = asked.amount_cents - standard
        return Fee(
            asked.amount_cents,
            standard_amounts(work),
            (FeeLine("adjustment", "Fee adjustment", change, "courtesy"),),
            because=(*steps, Step("4.2", "Changed by hand", change)),
        )

    def position(self, billed: Billed, progress: Progress) -> Position:
        """No ceiling, so no headroom."""
        return Position(None, billed.fees_cents, None)
