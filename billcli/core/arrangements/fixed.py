"""Fixed: one agreed total for the matter, whatever the time (§1.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from billcli.core.arrangements.terms import (
    Fee,
    FeeLine,
    FeePart,
    Position,
    covers_costs,
    needed_value,
    only,
    room_beside_costs,
    within,
)
from billcli.core.work import Asked, Billed, Progress, Row, Step, Work
from billcli.errors import UsageProblem
from billcli.values import money

BILL_WHEN = ("completion", "start", "schedule", "milestones", "progress")
WHOLE_E4 = 1_000_000


@dataclass(frozen=True, slots=True)
class Fixed:
    """A = V - F_prev; `bill_when` says when it falls due by itself (D-26)."""

    value_cents: int | None
    bill_when: str = "completion"
    covers_costs: bool = False
    decimals: int = 2
    kind: ClassVar[str] = "fixed"

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any], decimals: int) -> Self:
        """Needs `value_cents`, save with milestones, where it is then the sum of the triggers."""
        only(terms, cls.kind, "value_cents", "bill_when", "covers", "fresh")
        when = str(terms.get("bill_when") or "completion")
        if when not in BILL_WHEN:
            raise UsageProblem(
                "arrangement.bill-when",
                f"--bill-when {when} is not known for a fixed arrangement.",
                hint=f"It takes {', '.join(BILL_WHEN)}.",
            )
        covers = covers_costs(terms)
        if when == "milestones" and terms.get("value_cents") is None:
            return cls(None, when, covers, decimals)
        return cls(needed_value(terms, cls.kind), when, covers, decimals)

    def waits(self, work: Work, billed: Billed, progress: Progress) -> str | None:
        """A mass run never bills the whole fee of an unfinished matter (D-26)."""
        if self._left(billed, progress) == 0:
            return None  # later time prints as included beside the next costs
        waiting = {
            "milestones": "no milestone is waiting to be billed"
            if not work.charges_cents
            else None,
            "schedule": None if self._due(progress) else "no row of the schedule is due",
            "progress": None
            if self._reached(billed, progress)
            else "nothing is billable by percent complete",
            "start": None,
        }
        if self.bill_when in waiting:
            return waiting[self.bill_when]
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
            return self._agreed(work, asked.amount_cents, left, asked)
        if asked.final or self.bill_when in ("completion", "start"):
            return self._agreed(work, left, left, asked)
        if self.bill_when == "schedule":
            return self._schedule(work, left, asked, progress)
        if self.bill_when == "progress":
            return self._progress(work, self._reached(billed, progress), left, progress)
        return self._milestones(work, left)

    def position(self, billed: Billed, progress: Progress) -> Position:
        """The agreed value, with change orders, and what is left of it."""
        return Position(self._value(progress), self._used(billed), self._left(billed, progress))

    def _value(self, progress: Progress) -> int:
        base = progress.milestones_cents if self.value_cents is None else self.value_cents
        return base + progress.change_orders_cents

    def _used(self, billed: Billed) -> int:
        return billed.fees_cents + (billed.costs_cents if self.covers_costs else 0)

    def _left(self, billed: Billed, progress: Progress) -> int:
        return max(0, self._value(progress) - self._used(billed))

    def _due(self, progress: Progress) -> list[Row]:
        return [row for row in progress.rows if row.due(progress.through)]

    def _reached(self, billed: Billed, progress: Progress) -> int:
        """V x percent complete, less what is invoiced (§7.3)."""
        done = progress.complete_e4 or 0
        earned = money.round_ratio(self._value(progress) * done, WHOLE_E4)
        return max(0, min(earned - self._used(billed), self._left(billed, progress)))

    def _agreed(self, work: Work, charged: int, left: int, asked: Asked) -> Fee:
        words = "Fixed fee" if charged == left else "Fixed fee, interim"
        costs = work.costs_cents if self.covers_costs else 0
        lines: tuple[FeeLine, ...] = ()
        if costs:
            room, lines = room_beside_costs(left, costs, asked, self.decimals)
            costs += sum(line.cents for line in lines)
            charged = min(charged, room)
        return self._included(
            work,
            ((words, charged),),
            steps=(Step("1.6", "Left of the fixed fee", left),),
            nothing=None if left else "the fixed fee is fully billed",
            costs=costs,
            others=lines,
        )

    def _schedule(self, work: Work, left: int, asked: Asked, progress: Progress) -> Fee:
        """All rows that are due, one line each, or the next one alone (D-08)."""
        due = self._due(progress)[: 1 if asked.next_only else None]
        total = sum(row.amount_cents for row in due)
        fee = self._included(
            work,
            tuple((row.description, row.amount_cents) for row in due),
            steps=(Step("D-08", "Rows of the schedule that are due", total),),
            nothing=None if due else "no row of the schedule is due",
            rows=tuple(row.id for row in due),
        )
        if total > left:
            within(total, left, "the fixed fee", self.decimals)
        return fee

    def _progress(self, work: Work, charged: int, left: int, progress: Progress) -> Fee:
        percent = money.plain_percent(progress.complete_e4 or 0)
        return self._included(
            work,
            ((f"Fixed fee, {percent} % complete", charged),),
            steps=(Step("7.3", f"Earned at {percent} % complete, less invoiced", charged),),
            nothing=None if charged else "nothing is billable by percent complete",
        )

    def _included(
        self,
        work: Work,
        lines: tuple[tuple[str, int], ...],
        *,
        steps: tuple[Step, ...],
        nothing: str | None,
        costs: int = 0,
        others: tuple[FeeLine, ...] = (),
        rows: tuple[int, ...] = (),
    ) -> Fee:
        """Lines of the agreed fee; the work prints as included, without a price."""
        charged = sum(cents for _, cents in lines)
        own = tuple(FeeLine("fixed_fee", w, cents, "fixed_fee") for w, cents in lines if cents)
        return Fee(
            charged,
            tuple(0 for _ in work.entries),
            (*own, *others),
            (FeePart(work.standard_cents, charged, costs_cents=costs),),
            included=True,
            because=(
                Step("1.6", "Work at its rates, included in the fee", work.standard_cents),
                *steps,
                *(Step("1.6", words, cents) for words, cents in lines),
            ),
            nothing=nothing,
            rows=rows,
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
