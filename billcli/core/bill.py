"""The bill: the eight steps of D-13, from work to a total, in one place.

A preview, a draft, a mass run and an approval all call `compute`: an estimate is the bill,
not yet written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from billcli.core.arrangements.terms import Arrangement, Fee
from billcli.core.discount import Discount
from billcli.core.tax import TaxRules, TaxSum, taxed
from billcli.core.work import Asked, Billed, Entry, Progress, Step, Work
from billcli.values import money


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of the work that one version of the arrangement governs (D-17)."""

    arrangement: Arrangement
    arrangement_id: int
    work: Work
    billed: Billed = Billed()


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


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `amount_cents` is printed, `billed_cents` is what the entry brought in (D-15)."""

    kind: str
    class_: str
    description: str
    standard_cents: int
    amount_cents: int
    billed_cents: int
    entry_id: int | None = None
    source: str | None = None
    day: date | None = None
    timekeeper: str | None = None
    timekeeper_name: str | None = None
    hours_e4: int | None = None
    logged_e4: int | None = None
    rate_e4: int | None = None
    behavior: str | None = None
    note: str | None = None
    reason: str | None = None
    task_code: str | None = None
    activity_code: str | None = None
    expense_code: str | None = None
    category: str | None = None
    tax_code: str | None = None
    task_number: int | None = None

    @property
    def printed(self) -> bool:
        """Hidden entries are on the bill, but not on paper (D-12)."""
        return self.behavior != "hide"


@dataclass(frozen=True, slots=True)
class Part:
    """What the bill charges under one version of the arrangement."""

    arrangement_id: int
    standard_cents: int
    charged_cents: int
    reserved_cents: int = 0
    period_start: date | None = None
    period_end: date | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """A computed bill; amounts in minor units, `total = fees - discount + costs + tax`."""

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
    # 2, 3 arrange
    charged = [(segment, fee) for segment in order.segments if (fee := _fee(segment, order))]
    fees = sum(fee.charged_cents for _, fee in charged)
    standard = sum(segment.work.standard_cents for segment, _ in charged)
    # 4 discount
    discount = order.discount.off(fees) if order.discount else 0
    # 5 tax
    lines = [line for segment, fee in charged for line in _fee_lines(segment, fee, order)]
    costs = [_cost_line(entry, order) for entry in order.costs]
    taxes = taxed(
        order.tax,
        order.day,
        _net(lines, discount),
        [line.amount_cents for line in costs if line.tax_code],
    )
    # 6 total: a property of the bill; 7 credits and 8 top-up follow at issue
    because = [step for _, fee in charged for step in fee.because]
    because += _closing_steps(discount, costs, taxes)
    return Bill(
        arrangement=order.segments[-1].arrangement.kind,
        day=order.day,
        due_on=order.day + timedelta(days=_terms(order)),
        through=order.through,
        lines=(*lines, *costs),
        parts=tuple(
            Part(
                segment.arrangement_id,
                segment.work.standard_cents,
                fee.charged_cents,
                fee.reserved_cents,
            )
            for segment, fee in charged
        ),
        taxes=taxes,
        standard_fees_cents=standard,
        fees_cents=fees,
        discount_cents=discount,
        costs_cents=sum(line.amount_cents for line in costs),
        discount_label=order.discount.label if order.discount and discount else None,
        hide_line_pricing=order.hide_line_pricing,
        because=tuple(because),
        warnings=(*(w for _, fee in charged for w in fee.warnings), *_clamped(order, fees)),
        nothing=_nothing(order, charged),
    )


def _fee(segment: Segment, order: Order) -> Fee | None:
    """The fee of a segment; None leaves its work untouched, because nothing is due by itself."""
    if not order.asked.by_hand:
        reason = segment.arrangement.waits(segment.work, segment.billed, order.progress)
        if reason is not None:
            return None
    asked = order.asked
    if len(order.segments) > 1 and segment is not order.segments[-1]:
        # An amount by hand is of the arrangement in force; earlier parts are charged as they are.
        asked = replace(asked, amount_cents=None)
    return segment.arrangement.fee(segment.work, segment.billed, asked, order.progress)


def _fee_lines(segment: Segment, fee: Fee, order: Order) -> list[Line]:
    shares = _shares(segment.work, fee)
    code = order.tax.fee_code
    lines = []
    for entry, amount, share in zip(segment.work.entries, fee.amounts, shares, strict=True):
        note = None
        if entry.behavior == "no-charge":
            note = "no charge"
        elif fee.included and not (entry.kind == "charge" and amount):
            note = "included"
        lines.append(_entry_line(entry, "fee", amount, share, note=note, code=code))
    for extra in fee.lines:
        lines.append(
            Line(
                extra.kind,
                "fee",
                extra.description,
                standard_cents=0,
                amount_cents=extra.cents,
                billed_cents=0 if any(shares) or not segment.work.entries else extra.cents,
                reason=extra.reason,
                tax_code=code,
            )
        )
    return lines


def _shares(work: Work, fee: Fee) -> list[int]:
    """What each entry brought in: the fee pro rata of standard value (D-15)."""
    if sum(fee.amounts) == fee.charged_cents:
        return list(fee.amounts)
    weights = [entry.standard_cents if entry.counts else 0 for entry in work.entries]
    if not any(weights):
        return [0] * len(weights)
    return money.allocate(fee.charged_cents, weights)


def _cost_line(entry: Entry, order: Order) -> Line:
    code = order.tax.cost_code if entry.taxable else None
    cents = entry.standard_cents
    return _entry_line(entry, "cost", cents, cents, note=None, code=code)


def _entry_line(
    entry: Entry, class_: str, amount: int, share: int, *, note: str | None, code: str | None
) -> Line:
    return Line(
        entry.kind,
        class_,
        entry.description,
        standard_cents=entry.standard_cents,
        amount_cents=amount,
        billed_cents=share,
        entry_id=entry.id,
        source=entry.ref,
        day=entry.day,
        timekeeper=entry.timekeeper,
        timekeeper_name=entry.timekeeper_name,
        hours_e4=entry.hours_e4,
        logged_e4=entry.logged_e4,
        rate_e4=entry.rate_e4,
        behavior=entry.behavior,
        note=note,
        task_code=entry.task_code,
        activity_code=entry.activity_code,
        expense_code=entry.expense_code,
        category=entry.category,
        tax_code=code,
        task_number=entry.task_number,
    )


def _net(lines: Sequence[Line], discount: int) -> list[int]:
    """Fee lines net of the discount, each bearing its share (for tax by line)."""
    amounts = [line.amount_cents for line in lines if line.amount_cents]
    if not discount or not amounts:
        return amounts
    if any(amount < 0 for amount in amounts):
        return [sum(amounts) - discount]
    return [a - d for a, d in zip(amounts, money.allocate(discount, amounts), strict=True)]


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
        steps.append(Step("D-10", "Discount, after the arrangement and before tax", -discount))
    if costs:
        steps.append(Step("D-13", "Costs", sum(line.amount_cents for line in costs)))
    for tax in taxes:
        rate = money.plain_percent(tax.percent_e4)
        steps.append(Step("4.4", f"{tax.label} {rate} %", tax.tax_cents))
    return steps


def _clamped(order: Order, fees: int) -> tuple[str, ...]:
    fixed = order.discount.amount_cents if order.discount else None
    return ("the discount was cut to the fees",) if fixed is not None and fixed > fees else ()


def _nothing(order: Order, charged: Sequence[tuple[Segment, Fee]]) -> str | None:
    """Why nothing is charged, in the arrangement's own words."""
    for _, fee in charged:
        if fee.nothing:
            return fee.nothing
    for segment in order.segments:
        if not order.asked.by_hand:
            reason = segment.arrangement.waits(segment.work, segment.billed, order.progress)
            if reason:
                return reason
    return None
