"""What every arrangement answers, and the pieces they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

from billcli.core.work import Asked, Billed, Progress, Step, Work
from billcli.errors import Refused, UsageProblem
from billcli.values import money
from billcli.values.dates import Period


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A line that stands for no entry: the fixed fee, or an adjustment with its reason.

    `row` is the row of the schedule that it bills.
    """

    kind: str
    description: str
    cents: int
    reason: str
    class_: str = "fee"
    row: int | None = None


@dataclass(frozen=True, slots=True)
class FeePart:
    """What was charged of the work of one period, or of all of it when there is none."""

    standard_cents: int
    charged_cents: int
    reserved_cents: int = 0
    costs_cents: int = 0
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    """What an arrangement charges for some work.

    `amounts` are the printed amounts of the work's entries in their order, None for one that
    stays unbilled; together with `lines` of class fee they sum to `charged_cents`. `included`
    entries print as such, without a price. `rates` (times 10^4) replace printed rates. `periods`
    and `rows` are claimed by the bill: charged once, until a void gives them back. `shares` are
    what each entry brought in, where that isn't pro rata of the whole.
    """

    charged_cents: int
    amounts: tuple[int | None, ...]
    lines: tuple[FeeLine, ...] = ()
    parts: tuple[FeePart, ...] = ()
    included: bool = False
    because: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = ()
    nothing: str | None = None
    rates: tuple[int | None, ...] = ()
    periods: tuple[Period, ...] = ()
    rows: tuple[int, ...] = ()
    quote_rule: str | None = None
    shares: tuple[int, ...] = ()

    @property
    def costs_cents(self) -> int:
        """The change that a covering value makes to costs (D-16); never above 0."""
        return sum(line.cents for line in self.lines if line.class_ == "cost")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a matter stands against its agreed value."""

    value_cents: int | None
    invoiced_cents: int
    headroom_cents: int | None


class Arrangement(Protocol):
    """How a matter is charged: frozen terms and one pure method that prices work."""

    kind: ClassVar[str]

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any], decimals: int) -> Self:
        """Read the terms once; what doesn't belong to this kind is a usage problem."""
        ...

    def waits(self, work: Work, billed: Billed, progress: Progress) -> str | None:
        """Why no fee is due by itself now (mass billing, D-26); None when it is due."""
        ...

    def fee(self, work: Work, billed: Billed, asked: Asked, progress: Progress) -> Fee:
        """Price the work."""
        ...

    def position(self, billed: Billed, progress: Progress) -> Position:
        """Value, invoiced and headroom."""
        ...


def standard_amounts(work: Work) -> tuple[int, ...]:
    """Each entry at its standard value; no-charge and hidden ones at nothing."""
    return tuple(e.standard_cents if e.counts else 0 for e in work.entries)


def only(terms: Mapping[str, Any], kind: str, *names: str) -> None:
    """Refuse terms that this kind doesn't know."""
    for name in terms:
        if name not in names:
            option, takes = _option(name), ", ".join(_option(each) for each in names)
            raise UsageProblem(
                "arrangement.option",
                f"{option} has no meaning for a {kind} arrangement.",
                hint=f"{kind} takes {takes}." if names else f"{kind} takes no options.",
            )


def _option(name: str) -> str:
    return "--" + name.removesuffix("_cents").removesuffix("_e4").replace("_", "-")


def needed_value(terms: Mapping[str, Any], kind: str) -> int:
    """The agreed value V, which this kind can't do without."""
    value = terms.get("value_cents")
    if value is None:
        raise UsageProblem(
            "arrangement.value", f"A {kind} arrangement needs its value.", hint="Give --value V."
        )
    if not isinstance(value, int) or value <= 0:
        raise UsageProblem("arrangement.value", f"The value of a {kind} arrangement is above 0.")
    return value


def within(asked_cents: int, headroom_cents: int, what: str, decimals: int) -> None:
    """Refuse an amount by hand that is above what is left."""
    if asked_cents > headroom_cents:
        raise Refused(
            "bill.amount-above",
            f"{money.grouped(asked_cents, decimals)} was asked for; "
            f"{money.grouped(headroom_cents, decimals)} is left of {what}.",
            hint="Ask for less, or raise the value with `arrangement set`.",
        )


def basis_of(terms: Mapping[str, Any], kind: str) -> str:
    """`period` (default, D-02), or `bill` for the literal reading."""
    basis = str(terms.get("basis") or "period")
    if basis not in ("period", "bill"):
        raise UsageProblem(
            "arrangement.basis", f"--basis takes period or bill for a {kind} arrangement."
        )
    return basis
