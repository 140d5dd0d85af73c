"""What is there to bill, and what live bills already charged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from billcli.core.closings import Closing, open_days
from billcli.core.letters import LETTERS as LETTERS
from billcli.values.dates import Period

Kind = Literal["time", "expense", "charge"]

ENTRIES = ("time", "expense", "charge")


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of unbilled work or cost; `standard_cents` is its standard value SV (D-13)."""

    kind: Kind
    id: int
    day: date
    description: str
    standard_cents: int
    behavior: str = "bill"
    timekeeper: str | None = None
    timekeeper_name: str | None = None
    hours_e4: int | None = None
    logged_e4: int | None = None
    rate_e4: int | None = None
    task_code: str | None = None
    activity_code: str | None = None
    expense_code: str | None = None
    category: str | None = None
    taxable: bool = False
    task_number: int | None = None
    terms_days: int | None = None

    @property
    def ref(self) -> str:
        """The name a user knows it by: T-12, E-4, C-3."""
        return f"{LETTERS[self.kind]}-{self.id}"

    @property
    def disbursement(self) -> bool:
        """Whether it was paid as the client's agent: passed on to the cent (§4.4)."""
        return self.kind == "expense" and self.category is not None and not self.taxable

    @property
    def counts(self) -> bool:
        """Whether its value is part of work in progress."""
        return self.behavior == "bill"


@dataclass(frozen=True, slots=True)
class Work:
    """The fee entries that one arrangement prices, in the order in which they print."""

    entries: tuple[Entry, ...] = ()
    costs: tuple[Entry, ...] = ()

    @property
    def costs_cents(self) -> int:
        """Costs of the same matter, which matter where the value covers them (D-16)."""
        return sum(cost.standard_cents for cost in self.costs)

    @property
    def standard_cents(self) -> int:
        """U of D-13: the standard value of all that counts as work in progress."""
        return sum(entry.standard_cents for entry in self.entries if entry.counts)

    @property
    def charges_cents(self) -> int:
        """Fired milestones and flat charges among it."""
        return sum(entry.standard_cents for entry in self.entries if entry.kind == "charge")


@dataclass(frozen=True, slots=True)
class BilledPart:
    """What one live bill charged under one version of the arrangement, in one period."""

    arrangement_id: int
    charged_cents: int
    standard_cents: int = 0
    reserved_cents: int = 0
    costs_cents: int = 0
    period_start: date | None = None


@dataclass(frozen=True, slots=True)
class Billed:
    """What live bills already charged: the source of F_prev (D-13)."""

    parts: tuple[BilledPart, ...] = ()
    periods: frozenset[date] = frozenset()

    @classmethod
    def of(cls, fees_cents: int) -> Billed:
        """So much in fees, on one bill without a period."""
        return cls((BilledPart(0, fees_cents),)) if fees_cents else cls()

    @property
    def fees_cents(self) -> int:
        """Arrangement fees, before discount and tax."""
        return sum(part.charged_cents for part in self.parts)

    @property
    def costs_cents(self) -> int:
        """Costs that used up an arrangement's value (D-16)."""
        return sum(part.costs_cents for part in self.parts)

    @property
    def standard_cents(self) -> int:
        """The standard value of the work that was billed."""
        return sum(part.standard_cents for part in self.parts)

    @property
    def reserved_cents(self) -> int:
        """What accrued to the contingent reserve (D-21)."""
        return sum(part.reserved_cents for part in self.parts)

    def within(self, start: date) -> Billed:
        """What was billed for the period that starts then (D-02)."""
        return Billed(tuple(part for part in self.parts if part.period_start == start))

    def plus(self, *parts: BilledPart, periods: Iterable[date] = ()) -> Billed:
        """The same and more, such as what an earlier part of the same bill charges."""
        return Billed((*self.parts, *parts), self.periods | frozenset(periods))

    def since(self, arrangement_id: int) -> Billed:
        """What was billed under this version and later ones (`--fresh`)."""
        parts = tuple(p for p in self.parts if p.arrangement_id >= arrangement_id)
        return Billed(parts, self.periods)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person (or the mass run) asked of this bill."""

    amount_cents: int | None = None
    final: bool = False
    by_hand: bool = True
    only: str | None = None
    quote_rule: str | None = None
    next_only: bool = False
    max_periods: int | None = None
    confirm_cost_writedown: bool = False
    confirm_cost_markup: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """An unbilled row of a schedule; `reached` when its step is (D-33)."""

    id: int
    number: int
    amount_cents: int
    description: str
    due_on: date | None = None
    has_step: bool = False
    reached: bool = False

    @property
    def ref(self) -> str:
        """The name a user knows it by: S-3."""
        return f"{LETTERS['schedule']}-{self.id}"

    @property
    def by_hand(self) -> bool:
        """With neither a day nor a step it never falls due by itself (D-33)."""
        return self.due_on is None and not self.has_step

    def due(self, through: date) -> bool:
        """Due when its day has come or its step is reached; with neither, by hand alone (D-33)."""
        return (self.due_on is not None and self.due_on <= through) or self.reached


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the matter stands, as far as an arrangement asks (D-26)."""

    tasks: int = 0
    tasks_open: int = 0
    milestones_cents: int = 0
    change_orders_cents: int = 0
    through: date = date.max
    since: date | None = None
    whole_since: bool = False
    until: date | None = None
    closings: tuple[Closing, ...] = ()
    complete_e4: int | None = None
    rows: tuple[Row, ...] = ()
    reserve_cents: int = 0
    reserving: bool = True

    def open_days(self, period: Period) -> int:
        """How many days of a period the matter was open, from the first day of its terms on."""
        first = max(period.start, self.since or period.start)
        return open_days(self.closings, first, period.last)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A successful outcome that is not billed yet: how much of the reserve falls due (D-22)."""

    id: int
    release_e4: int
    discounted: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the arithmetic, in words, for `bill explain`.

    `phase` is arrange, quote, outcome, edit, discount, costs or tax.
    """

    rule: str
    words: str
    cents: int
    phase: str = "arrange"
