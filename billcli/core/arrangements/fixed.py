"""Fixed: one agreed total for the matter, whatever the time (§1.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from billcli.core.arrangements.terms import (
    Fee,
    FeeLine,
    Position,
    needed_value,
    only,
    within,
)
from billcli.core.work import Asked, Billed, Progress, Step, Work
from billcli.errors import UsageProblem
from billcli.values import money

BILL_WHEN = ("completion", "start", "milestones")


@dataclass(frozen=True, slots=True)
class Fixed:
    """A = V - F_prev; `bill_when` says when it falls due by itself (D-26)."""

    value_cents: int | None
    bill_when: str = "completion"
    decimals: int = 2
    kind: ClassVar[str] = "fixed"

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any], decimals: int) -> Self:
        """Needs `value_cents`, save with milestones, where it is then the sum of the triggers."""
        only(terms, cls.kind, "value_cents", "bill_when")
        when = str(terms.get("bill_when") or "completion")
        if when not in BILL_WHEN:
            raise UsageProblem(
                "arrangement.bill-when",
                f"--bill-when {when} is not known for a fixed arrangement.",
                hint=f"It takes {', '.join(BILL_WHEN)}.",
            )
        if when == "milestones" and terms.get("value_cents") is None:
            return cls(None, when, decimals)
        return cls(needed_value(terms, cls.kind), when, decimals)

    def waits(self, work: Work, billed: Billed, progress: Progress) -> str | None:
        """A mass run never bills the whole fee of an unfinished matter (D-26)."""
        left = self._left(billed, progress)
        if left == 0:
            return None  # later time prints as included beside the next costs
        if self.bill_when == "milestones":
            return None if work.charges_cents else "no milestone is waiting to be billed"
        if self.bill_when == "start":
            return None
        if not progress.tasks:
            return "a fixed fee without tasks is billed by hand"
        if progress.tasks_open:
            done = progress.tasks - progress.tasks_open
            return f"the fixed fee is billed at completion: {done} of {progress.tasks} tasks done"
        return None

    def fee(self, work: Work, billed: Billed, asked: Asked, progress: Progress) -> Fee:
        """The agreed fee less what is invoiced; time prints as included."""
        left = self._left(billed, progress)
        if asked.amount_cents is not None:
            within(asked.amount_cents, left, "the fixed fee", self.decimals)
            return self._agreed(work, asked.amount_cents, left)
        if self.bill_when == "milestones" and not asked.final:
            return self._milestones(work, left)
        return self._agreed(work, left, left)

    def position(self, billed: Billed, progress: Progress) -> Position:
        """The agreed value, with change orders, and what is left of it."""
        value = self._value(progress)
        return Position(value, billed.fees_cents, self._left(billed, progress))

    def _value(self, progress: Progress) -> int:
        base = progress.milestones_cents if self.value_cents is None else self.value_cents
        return base + progress.change_orders_cents

    def _left(self, billed: Billed, progress: Progress) -> int:
        return max(0, self._value(progress) - billed.fees_cents)

    def _agreed(self, work: Work, charged: int, left: int) -> Fee:
        words = "Fixed fee" if charged == left else "Fixed fee, interim"
        line = FeeLine("fixed_fee", words, charged, "fixed_fee")
        return Fee(
            charged,
            tuple(0 for _ in work.entries),
            (line,) if charged else (),
            included=True,
            because=(
                Step("1.6", "Work at its rates, included in the fee", work.standard_cents),
                Step("1.6", "Left of the fixed fee", left),
                Step("1.6", words, charged),
            ),
            nothing=None if left else "the fixed fee is fully billed",
        )

    def _milestones(self, work: Work, left: int) -> Fee:
        fired = work.charges_cents
        charged = min(fired, left)
        amounts = tuple(e.standard_cents if e.kind == "charge" else 0 for e in work.entries)
        over = charged - fired
        shown = money.grouped(left, self.decimals)
        return Fee(
            charged,
            amounts,
            (FeeLine("adjustment", "Fixed fee adjustment", over, "fixed_fee"),) if over else (),
            included=True,
            because=(
                Step("1.6", "Milestones reached and not yet billed", fired),
                Step("1.6", f"At most what is left of the fee, {shown}", charged),
            ),
            warnings=(
                (f"the milestones are {money.grouped(-over, self.decimals)} above the fee",)
                if over
                else ()
            ),
            nothing=None if fired else "no milestone is waiting to be billed",
        )
