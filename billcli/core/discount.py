"""Discounts: on fees alone, before tax, after the arrangement (D-10, §4.3)."""

from __future__ import annotations

from dataclasses import dataclass

from billcli.values import money


@dataclass(frozen=True, slots=True)
class Discount:
    """A percentage of the fees, or a fixed amount off each bill; one of the two is set."""

    percent_e4: int | None = None
    amount_cents: int | None = None

    @property
    def label(self) -> str:
        """What the bill calls it: the merge field SP_FeeDiscountDescription."""
        if self.percent_e4 is not None:
            return f"Discount {money.plain_percent(self.percent_e4)} %"
        return "Discount"

    def off(self, fees_cents: int) -> int:
        """What comes off; never more than the fees."""
        if self.percent_e4 is not None:
            return money.percent_of(fees_cents, self.percent_e4)
        return min(self.amount_cents or 0, fees_cents)
