"""Non-billable and internal matters: time is kept, and never charged (§1.8, §1.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from billcli.core.arrangements.terms import Fee, Position, only
from billcli.core.work import Asked, Billed, Progress, Work
from billcli.errors import Refused


@dataclass(frozen=True, slots=True)
class NonBillable:
    """Time at a rate of 0 stays off the bill; costs are billed (D-28)."""

    kind: ClassVar[str] = "non-billable"
    reason: ClassVar[str] = "its time is not billable"

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any], decimals: int) -> Self:
        """There are no terms."""
        only(terms, cls.kind)
        return cls()

    def waits(self, work: Work, billed: Billed, progress: Progress) -> str | None:
        """No fee is ever due."""
        return self.reason

    def fee(self, work: Work, billed: Billed, asked: Asked, progress: Progress) -> Fee:
        """Nothing for the time, which no bill takes. Refused `bill.non-billable` for an amount."""
        if asked.amount_cents is not None:
            raise Refused(
                "bill.non-billable",
                f"A {self.kind} matter charges no fee.",
                hint="Change it first: billcli arrangement set MATTER hourly",
            )
        return Fee(0, tuple(None for _ in work.entries), nothing=self.reason)

    def position(self, billed: Billed, progress: Progress) -> Position:
        """There is no value."""
        return Position(None, billed.fees_cents, None)


@dataclass(frozen=True, slots=True)
class Internal(NonBillable):
    """The firm's own project: no client, no bill at all."""

    kind: ClassVar[str] = "internal"
    reason: ClassVar[str] = "it is the firm's own project"
