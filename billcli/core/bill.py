"""The bill: the eight steps of D-13, from work to a total, in one place.

A preview, a draft, a mass run and an approval all call `compute`: an estimate is the bill,
not yet written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from billcli.core.arrangements.terms import Arrangement, Fee, FeePart
from billcli.core.discount import Discount
from billcli.core.lines import (
    Line,
    cost_changes,
    cost_line,
    fee_lines,
    net_amounts,
    standard_taken,
    taxable_costs,
)
from billcli.core.quote import Quote, costs_quoted, fixed_quoted, quoted
from billcli.core.reserve import release
from billcli.core.tax import TaxRules, TaxSum, taxed
from billcli.core.work import ENTRIES, Asked, Billed, Entry, Outcome, Progress, Step, Work
from billcli.values import money


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of the work that one version of the arrangement governs (D-17)."""

    arrangement: Arrangement
    arrangement_id: int
    work: Work
    billed: Billed = Billed()
    since: date | None = None
    whole_since: bool = False
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Everything a bill is computed from."""

    day: date
    through: date
    terms_days: int
    segments: tuple[Segment, ...]
    costs: tuple[Entry, ...] = ()
    asked: Asked = Asked()
    progress: Progress = Progress()
    discount: Discount | None = None
    tax: TaxRules = TaxRules()
    hide_line_pricing: bool = False
    quote: Quote | None = None
    outcome: Outcome | None = None


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


def compute(order: Order) -> Bill:
    """Make the bill, step by step (D-13); the order's work is the gathered step 1."""
    # 2 arrange, 3 quote; a successful outcome adds what it releases
    charged = [(segment, fee) for segment in order.segments if (fee := _fee(segment, order))]
    code = order.tax.fee_code
    lines = [line for segment, fee in charged for line in fee_lines(segment.work, fee, code)]
    released = release(order.outcome, order.progress.reserve_cents, [fee for _, fee in charged])
    if released:
        lines.append(released.line(code))
    fees = sum(line.amount_cents for line in lines)
    # 4 discount
    bare = released.cents if released and not released.outcome.discounted else 0
    discount = order.discount.off(fees - bare) if order.discount else 0
    # 5 tax
    costs = _costs(order, charged)
    taxes = taxed(order.tax, order.day, net_amounts(lines, discount), taxable_costs(costs))
    # 6 total: a property of the bill; 7 credits and 8 top-up follow at issue
    because = [step for _, fee in charged for step in fee.because]
    because += released.steps() if released else ()
    because += _closing_steps(discount, costs, taxes)
    return Bill(
        arrangement=order.segments[-1].arrangement.kind,
        day=order.day,
        due_on=order.day + timedelta(days=_terms(order)),
        through=order.through,
        lines=(*lines, *costs),
        parts=tuple(part for segment, fee in charged for part in _parts(segment, fee)),
        taxes=taxes,
        standard_fees_cents=sum(standard_taken(s.work, fee) for s, fee in charged),
        fees_cents=fees,
        discount_cents=discount,
        costs_cents=sum(line.amount_cents for line in costs),
        discount_label=order.discount.label if order.discount and discount else None,
        hide_line_pricing=order.hide_line_pricing,
        because=tuple(because),
        warnings=(*(w for _, fee in charged for w in fee.warnings), *_clamped(order, fees - bare)),
        nothing=_nothing(order, charged),
        quote_rule=next((fee.quote_rule for _, fee in charged if fee.quote_rule), None),
        periods=tuple(period.start for _, fee in charged for period in fee.periods),
        rows=tuple(row for _, fee in charged for row in fee.rows),
        outcome=released.outcome.id if released else None,
        released_cents=released.cents if released else 0,
        reserve_written_off_cents=released.written_off_cents if released else 0,
    )


def _fee(segment: Segment, order: Order) -> Fee | None:
    """The fee of a segment; None leaves its work untouched, because nothing is due by itself."""
    asked, made = order.asked, segment.arrangement
    progress = _as_of(segment, order)
    if asked.only == "costs":
        return costs_quoted(segment.work, order.quote, asked) if segment.work.costs else None
    work = segment.work if asked.only != "fees" else replace(segment.work, costs=())
    if not asked.by_hand and made.waits(segment.work, segment.billed, progress) is not None:
        return None
    if len(order.segments) > 1 and segment is not order.segments[-1]:
        # An amount by hand is of the arrangement in force; earlier parts are charged as they are.
        asked = replace(asked, amount_cents=None)
    fee = made.fee(work, segment.billed, asked, progress)
    if order.quote is None or segment is not order.segments[-1]:
        return fee
    if made.kind == "hourly":
        return quoted(fee, work, order.quote, asked)
    return fixed_quoted(fee, work, order.quote, asked)


def _as_of(segment: Segment, order: Order) -> Progress:
    """The matter's progress, with the days on which this version of the terms is in force."""
    return replace(
        order.progress,
        since=segment.since or order.progress.since,
        whole_since=segment.whole_since,
        until=segment.until,
    )


def _parts(segment: Segment, fee: Fee) -> list[Part]:
    """What is kept of a fee, so that later bills know what was charged (F_prev)."""
    found = fee.parts or (FeePart(standard_taken(segment.work, fee), fee.charged_cents),)
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
        for part in found
    ]


def _costs(order: Order, charged: Sequence[tuple[Segment, Fee]]) -> list[Line]:
    """Costs as laid out, and what a covering value takes off them (D-16)."""
    if order.asked.only == "fees":
        return []
    lines = [cost_line(entry, order.tax.cost_code) for entry in order.costs]
    return lines + [line for _, fee in charged for line in cost_changes(fee)]


def _terms(order: Order) -> int:
    """The shortest terms of the bill's milestones, else the matter's (§4.5)."""
    milestones = [
        entry.terms_days
        for segment in order.segments
        for entry in segment.work.entries
        if entry.kind == "charge" and entry.terms_days is not None
    ]
    return min(milestones, default=order.terms_days)


def _closing_steps(discount: int, costs: Sequence[Line], taxes: Sequence[TaxSum]) -> list[Step]:
    steps = []
    if discount:
        steps.append(
            Step("D-10", "Discount, after the arrangement and before tax", -discount, "discount")
        )
    if costs:
        steps.append(Step("D-13", "Costs", sum(line.amount_cents for line in costs), "costs"))
    for tax in taxes:
        rate = money.plain_percent(tax.percent_e4)
        steps.append(Step("4.4", f"{tax.label} {rate} %", tax.tax_cents, "tax"))
    return steps


def _clamped(order: Order, fees: int) -> tuple[str, ...]:
    fixed = order.discount.amount_cents if order.discount else None
    return ("the discount was cut to the fees",) if fees and fixed and fixed > fees else ()


def _nothing(order: Order, charged: Sequence[tuple[Segment, Fee]]) -> str | None:
    """Why nothing is charged, in the arrangement's own words."""
    if order.asked.only == "costs":
        return "only its costs are billed, and there are none"
    for _, fee in charged:
        if fee.nothing:
            return fee.nothing
    for segment in order.segments:
        if not order.asked.by_hand:
            progress = _as_of(segment, order)
            reason = segment.arrangement.waits(segment.work, segment.billed, progress)
            if reason:
                return reason
    return None
