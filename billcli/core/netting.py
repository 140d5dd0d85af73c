"""From fees to what the client owes: the discount, then the tax (steps 4 and 5 of D-13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from billcli.core.lines import Line, net_amounts, taxable_costs
from billcli.core.tax import TaxSum, taxed
from billcli.core.work import Step
from billcli.values import money

if TYPE_CHECKING:
    from billcli.core.order import Order


@dataclass(frozen=True, slots=True)
class Netted:
    """The fees, what comes off them, and the taxes."""

    fees_cents: int
    discount_cents: int
    discount_label: str | None
    taxes: tuple[TaxSum, ...]
    steps: tuple[Step, ...]
    warnings: tuple[str, ...]


def netted(order: Order, fees: Sequence[int], costs: Sequence[Line], released: int) -> Netted:
    """Discount and tax of these amounts of fees and lines of costs.

    What a success released has no discount by itself (D-22).
    """
    total = sum(fees)
    bare = 0 if order.outcome and order.outcome.discounted else released
    discount = order.discount.off(total - bare) if order.discount else 0
    taxes = taxed(order.tax, order.day, net_amounts(fees, discount), taxable_costs(costs))
    return Netted(
        total,
        discount,
        order.discount.label if order.discount and discount else None,
        taxes,
        tuple(_steps(discount, costs, taxes)),
        _clamped(order, total - bare),
    )


def _steps(discount: int, costs: Sequence[Line], taxes: Sequence[TaxSum]) -> list[Step]:
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
