"""Tax: per code, on fees net of discount and on taxable costs, rounded once (§4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billcli.values import money


@dataclass(frozen=True, slots=True)
class TaxCode:
    """A tax with its rates by date; `applies_to` is fees, expenses or both."""

    code: str
    label: str
    applies_to: str
    rates: tuple[tuple[date, int], ...]

    def percent_on(self, day: date) -> int:
        """The rate in force on the bill's date, times 10^4; 0 before the first."""
        past = [(start, percent) for start, percent in self.rates if start <= day]
        return max(past)[1] if past else 0


@dataclass(frozen=True, slots=True)
class TaxRules:
    """What is taxed on this bill: nothing when there is no code or the client is exempt."""

    code: TaxCode | None = None
    rounding: str = "document"

    @property
    def fee_code(self) -> str | None:
        """The code that fee lines carry."""
        return self.code.code if self.code and self.code.applies_to != "expenses" else None

    @property
    def cost_code(self) -> str | None:
        """The code that taxable costs carry."""
        return self.code.code if self.code and self.code.applies_to != "fees" else None


@dataclass(frozen=True, slots=True)
class TaxSum:
    """The tax of one code on one bill."""

    code: str
    label: str
    percent_e4: int
    base_cents: int
    tax_cents: int


def taxed(
    rules: TaxRules, day: date, fees: Sequence[int], costs: Sequence[int]
) -> tuple[TaxSum, ...]:
    """The tax on net fee lines and taxable costs; V26: once per code, or once per line."""
    if rules.code is None:
        return ()
    parts = [*(fees if rules.fee_code else ()), *(costs if rules.cost_code else ())]
    base = sum(parts)
    if base == 0:
        return ()
    percent = rules.code.percent_on(day)
    tax = (
        sum(money.percent_of(part, percent) for part in parts)
        if rules.rounding == "line"
        else money.percent_of(base, percent)
    )
    return (TaxSum(rules.code.code, rules.code.label, percent, base, tax),)
