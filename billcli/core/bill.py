"""The bill: the eight steps of D-13, from work to a total, in one place.

A preview, a draft, a mass run and an approval all call `compute`: an estimate is the bill,
not yet written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billcli.core.arrangements.terms import Fee
from billcli.core.charging import as_of, charge, parts_of
from billcli.core.lines import (
    Line,
    cost_changes,
    cost_line,
    fee_amounts,
    fee_lines,
    standard_taken,
)
from billcli.core.netting import netted
from billcli.core.order import Order, Segment
from billcli.core.reserve import Release, release
from billcli.core.tax import TaxSum
from billcli.core.work import ENTRIES, Step


@dataclass(frozen=True, slots=True)
class Part:
    """What the bill charges under one version of the arrangement, in one period if it has any."""

    arrangement_id: int
    standard_cents: int
    charged_cents: int
    reserved_cents: int = 0
    costs_cents: int = 0
    period_start: date | None = None
    period_end: date | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """A computed bill; amounts in minor units, `total = fees - discount + costs + tax`.

    `periods` (first days) and `rows` of a schedule are claimed beside the entries of its lines.
    """

    arrangement: str
    day: date
    due_on: date
    through: date
    lines: tuple[Line, ...]
    parts: tuple[Part, ...]
    taxes: tuple[TaxSum, ...]
    standard_fees_cents: int
    fees_cents: int
    discount_cents: int
    costs_cents: int
    discount_label: str | None = None
    hide_line_pricing: bool = False
    because: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = ()
    nothing: str | None = None
    quote_rule: str | None = None
    periods: tuple[date, ...] = ()
    rows: tuple[int, ...] = ()
    outcome: int | None = None
    released_cents: int = 0
    reserve_written_off_cents: int = 0
    note: str | None = None
    allocated: tuple[tuple[str, int], ...] = ()

    @property
    def period_start(self) -> date | None:
        """The first day of the periods it charges."""
        return min((p.period_start for p in self.parts if p.period_start), default=None)

    @property
    def period_end(self) -> date | None:
        """The last day of the periods it charges."""
        return max((p.period_end for p in self.parts if p.period_end), default=None)

    @property
    def claims(self) -> tuple[tuple[str, int], ...]:
        """What no other bill may hold: its entries and the rows of a schedule (D-46)."""
        entries = tuple(
            (ln.kind, ln.entry_id)
            for ln in self.lines
            if ln.entry_id is not None and ln.kind in ENTRIES
        )
        rows = tuple(("schedule", row) for row in self.rows)
        return (*entries, *rows, *((("outcome", self.outcome),) if self.outcome else ()))

    @property
    def fee_adjustment_cents(self) -> int:
        """Write-up above 0, write-down below."""
        return self.fees_cents - self.standard_fees_cents

    @property
    def tax_cents(self) -> int:
        """All taxes together."""
        return sum(tax.tax_cents for tax in self.taxes)

    @property
    def total_cents(self) -> int:
        """What the client owes for it."""
        return self.fees_cents - self.discount_cents + self.costs_cents + self.tax_cents

    @property
    def reserve_accrued_cents(self) -> int:
        """What goes to the contingent reserve (D-21)."""
        return sum(part.reserved_cents for part in self.parts)

    @property
    def empty(self) -> bool:
        """Whether it charges nothing, neither fees nor costs."""
        return self.fees_cents == 0 and self.costs_cents == 0


def compute(order: Order, *, itemised: bool = True) -> Bill:
    """Make the bill, step by step (D-13); the order's work is the gathered step 1.

    Who only asks what it comes to takes it without the lines of its fees.
    """
    # 2 arrange, 3 quote; a successful outcome adds what it releases
    charged = charge(order)
    released = release(order.outcome, order.progress.reserve_cents, [fee for _, fee in charged])
    fees = [cents for _, fee in charged for cents in fee_amounts(fee)]
    fees += [released.cents] if released else []
    # 4 discount, 5 tax
    costs = _costs(order, charged)
    net = netted(order, fees, costs, released.cents if released else 0)
    # 6 total: a property of the bill; 7 credits and 8 top-up follow at issue
    because = [step for _, fee in charged for step in fee.because]
    because += released.steps() if released else ()
    because += net.steps
    return Bill(
        arrangement=order.segments[-1].arrangement.kind,
        day=order.day,
        due_on=order.day + timedelta(days=_terms(order)),
        through=order.through,
        lines=(*(_fee_lines(order, charged, released) if itemised else ()), *costs),
        parts=tuple(part for segment, fee in charged for part in _parts(segment, fee)),
        taxes=net.taxes,
        standard_fees_cents=sum(standard_taken(s.work, fee) for s, fee in charged),
        fees_cents=net.fees_cents,
        discount_cents=net.discount_cents,
        costs_cents=sum(line.amount_cents for line in costs),
        discount_label=net.discount_label,
        hide_line_pricing=order.hide_line_pricing,
        because=tuple(because),
        warnings=(*(w for _, fee in charged for w in fee.warnings), *net.warnings),
        nothing=_nothing(order, charged),
        quote_rule=next((fee.quote_rule for _, fee in charged if fee.quote_rule), None),
        periods=tuple(period.start for _, fee in charged for period in fee.periods),
        rows=tuple(row for _, fee in charged for row in fee.rows),
        outcome=released.outcome.id if released else None,
        released_cents=released.cents if released else 0,
        reserve_written_off_cents=released.written_off_cents if released else 0,
    )


def _fee_lines(
    order: Order, charged: Sequence[tuple[Segment, Fee]], released: Release | None
) -> list[Line]:
    code = order.tax.fee_code
    lines = [line for segment, fee in charged for line in fee_lines(segment.work, fee, code)]
    return [*lines, released.line(code)] if released else lines


def _parts(segment: Segment, fee: Fee) -> list[Part]:
    """What is kept of a fee, so that later bills know what was charged (F_prev)."""
    return [
        Part(
            segment.arrangement_id,
            part.standard_cents,
            part.charged_cents,
            part.reserved_cents,
            part.costs_cents,
            part.period.start if part.period else None,
            part.period.last if part.period else None,
        )
        for part in parts_of(segment.work, fee)
    ]


def _costs(order: Order, charged: Sequence[tuple[Segment, Fee]]) -> list[Line]:
    """Costs as laid out, and what a covering value takes off them (D-16)."""
    if order.asked.only == "fees":
        return []
    lines = [cost_line(entry, order.tax.cost_code) for entry in order.costs]
    return lines + [line for _, fee in charged for line in cost_changes(fee, order.tax.cost_code)]


def _terms(order: Order) -> int:
    """The shortest terms of the bill's milestones, else the matter's (§4.5)."""
    milestones = [
        entry.terms_days
        for segment in order.segments
        for entry in segment.work.entries
        if entry.kind == "charge" and entry.terms_days is not None
    ]
    return min(milestones, default=order.terms_days)


def _nothing(order: Order, charged: Sequence[tuple[Segment, Fee]]) -> str | None:
    """Why nothing is charged, in the arrangement's own words."""
    if order.asked.only == "costs":
        return "only its costs are billed, and there are none"
    for _, fee in charged:
        if fee.nothing:
            return fee.nothing
    for segment in order.segments:
        if not order.asked.by_hand:
            progress = as_of(segment, order)
            reason = segment.arrangement.waits(segment.work, segment.billed, progress)
            if reason:
                return reason
    return None
