"""Fixed: one agreed total for the matter, whatever the time (§1.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self

from billcli.core.arrangements import BILL_WHEN
from billcli.core.arrangements.covering import Room, Taken, covers_costs, taken
from billcli.core.arrangements.terms import (
    Fee,
    FeeLine,
    FeePart,
    Position,
    needed_value,
    only,
    within,
)
from billcli.core.work import Asked, Billed, Progress, Row, Step, Work
from billcli.errors import UsageProblem
from billcli.values import money
from billcli.values.text import meant

WHOLE_E4 = 1_000_000
NO_ROW = "no row of the schedule is due"
BY_ITSELF = Asked(by_hand=False)


def due_rows(progress: Progress, asked: Asked) -> list[Row]:
    """The rows that a bill takes, earliest first: all that are due, or the first (D-08).

    A row with neither a day nor a step is billed by hand alone, one a bill, when no other is due
    (D-33).
    """
    due = [row for row in progress.rows if row.due(progress.through)]
    if not due and asked.by_hand:
        due = [row for row in progress.rows if row.by_hand][:1]
    due.sort(key=lambda row: (row.due_on or date.max, row.number))
    return due[:1] if asked.next_only else due


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
                hint=meant(when, BILL_WHEN),
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
            "schedule": None if due_rows(progress, BY_ITSELF) else NO_ROW,
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
        costs = taken(self.rooms(work, billed, progress), asked, self.decimals)
        if asked.amount_cents is not None:
            within(asked.amount_cents, left, "the fixed fee", self.decimals)
            return self._agreed(work, asked.amount_cents, left, costs)
        if asked.final and self.bill_when == "schedule":
            # The last bill takes the rows that are left, so that none falls due behind it.
            rows = tuple(row.id for row in progress.rows)
            return replace(self._agreed(work, left, left, costs), rows=rows)
        if asked.final or self.bill_when in ("completion", "start"):
            return self._agreed(work, left, left, costs)
        room = left - costs.total_cents
        if self.bill_when == "schedule":
            fee = self._schedule(work, left, room, due_rows(progress, asked))
        elif self.bill_when == "progress":
            fee = self._progress(work, min(room, self._reached(billed, progress)), progress)
        else:
            fee = self._milestones(work, room)
        return _with_costs(fee, costs)

    def position(self, billed: Billed, progress: Progress) -> Position:
        """The agreed value, with change orders, and what is left of it."""
        return Position(self._value(progress), self._used(billed), self._left(billed, progress))

    def rooms(self, work: Work, billed: Billed, progress: Progress) -> list[Room]:
        """All costs against all that is left."""
        if not self.covers_costs or not work.costs:
            return []
        return [Room(None, work.costs_cents, self._left(billed, progress))]

    def _value(self, progress: Progress) -> int:
        base = progress.milestones_cents if self.value_cents is None else self.value_cents
        return base + progress.change_orders_cents

    def _used(self, billed: Billed) -> int:
        return billed.fees_cents + (billed.costs_cents if self.covers_costs else 0)

    def _left(self, billed: Billed, progress: Progress) -> int:
        return max(0, self._value(progress) - self._used(billed))

    def _reached(self, billed: Billed, progress: Progress) -> int:
        """V x percent complete, less what is invoiced (§7.3)."""
        done = progress.complete_e4 or 0
        earned = money.round_ratio(self._value(progress) * done, WHOLE_E4)
        return max(0, min(earned - self._used(billed), self._left(billed, progress)))

    def _agreed(self, work: Work, charged: int, left: int, costs: Taken) -> Fee:
        words = "Fixed fee" if charged == left else "Fixed fee, interim"
        charged = min(charged, left - costs.total_cents)
        fee = self._included(
            work,
            (FeeLine("fixed_fee", words, charged, "fixed_fee"),) if charged else (),
            steps=(Step("1.6", "Left of the fixed fee", left),),
            nothing=None if left else "the fixed fee is fully billed",
        )
        if self.bill_when == "milestones" and charged < left:
            fee = _without_charges(fee, work)
        return _with_costs(fee, costs)

    def _schedule(self, work: Work, left: int, room: int, due: Sequence[Row]) -> Fee:
        """The rows that are due, one line each (D-08); covered costs come first (D-16)."""
        if not left or not due:
            nothing = NO_ROW if left else "the fixed fee is fully billed"
            return self._included(work, (), steps=(), nothing=nothing)
        total = sum(row.amount_cents for row in due)
        lines = [
            FeeLine("fixed_fee", row.description, row.amount_cents, "fixed_fee", row=row.id)
            for row in due
        ]
        warnings: tuple[str, ...] = ()
        if total > left:
            over = money.grouped(total - left, self.decimals)
            warnings = (f"the rows that are due are {over} above what is left of the fee",)
            lines.append(FeeLine("adjustment", "Fixed fee adjustment", left - total, "fixed_fee"))
        if min(total, left) > room:
            taken = room - min(total, left)
            lines.append(FeeLine("adjustment", "Costs within the fee", taken, "fixed_fee"))
        return self._included(
            work,
            tuple(lines),
            steps=(Step("D-08", "Rows of the schedule that are due", total),),
            nothing=None,
            rows=tuple(row.id for row in due),
            warnings=warnings,
        )

    def _progress(self, work: Work, charged: int, progress: Progress) -> Fee:
        percent = money.plain_percent(progress.complete_e4 or 0)
        words = f"Fixed fee, {percent} % complete"
        return self._included(
            work,
            (FeeLine("fixed_fee", words, charged, "fixed_fee"),) if charged else (),
            steps=(Step("7.3", f"Earned at {percent} % complete, less invoiced", charged),),
            nothing=None if charged else "nothing is billable by percent complete",
        )

    def _included(
        self,
        work: Work,
        lines: tuple[FeeLine, ...],
        *,
        steps: tuple[Step, ...],
        nothing: str | None,
        rows: tuple[int, ...] = (),
        warnings: tuple[str, ...] = (),
    ) -> Fee:
        """Lines of the agreed fee; the work prints as included, without a price."""
        charged = sum(line.cents for line in lines)
        return Fee(
            charged,
            tuple(0 for _ in work.entries),
            lines,
            (FeePart(work.standard_cents, charged),),
            included=True,
            because=(
                Step("1.6", "Work at its rates, included in the fee", work.standard_cents),
                *steps,
                *(Step("1.6", line.description, line.cents) for line in lines),
            ),
            nothing=nothing,
            rows=rows,
            warnings=warnings,
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
            (FeePart(work.standard_cents, charged),),
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


def _with_costs(fee: Fee, costs: Taken) -> Fee:
    """Note the costs that the fee covers, so that they use it up (D-16)."""
    if not costs.cents:
        return fee
    parts = tuple(replace(part, costs_cents=costs.total_cents) for part in fee.parts)
    steps = (fee.because[0], *costs.steps, *fee.because[1:])
    return replace(fee, lines=(*fee.lines, *costs.lines), parts=parts, because=steps)


def _without_charges(fee: Fee, work: Work) -> Fee:
    """An interim amount by hand leaves milestones that fired to a bill of their own."""
    pairs = zip(work.entries, fee.amounts, strict=True)
    amounts = tuple(None if entry.kind == "charge" else cents for entry, cents in pairs)
    standard = work.standard_cents - work.charges_cents
    return replace(fee, amounts=amounts, parts=(FeePart(standard, fee.charged_cents),))
