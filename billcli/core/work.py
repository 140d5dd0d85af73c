"""What is there to bill, and what live bills already charged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["time", "expense", "charge"]
Behavior = Literal["bill", "no-charge", "hide", "non-billable"]

BEHAVIORS: tuple[str, ...] = ("bill", "no-charge", "hide", "non-billable")
LETTERS = {"time": "T", "expense": "E", "charge": "C"}


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
    def counts(self) -> bool:
        """Whether its value is part of work in progress."""
        return self.behavior == "bill"


@dataclass(frozen=True, slots=True)
class Work:
    """The fee entries that one arrangement prices, in the order in which they print."""

    entries: tuple[Entry, ...] = ()

    @property
    def standard_cents(self) -> int:
        """U of D-13: the standard value of all that counts as work in progress."""
        return sum(entry.standard_cents for entry in self.entries if entry.counts)

    @property
    def charges_cents(self) -> int:
        """Fired milestones and flat charges among it."""
        return sum(entry.standard_cents for entry in self.entries if entry.kind == "charge")


@dataclass(frozen=True, slots=True)
class Billed:
    """F_prev of D-13: arrangement fees on live bills, before discount and tax."""

    fees_cents: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person (or the mass run) asked of this bill."""

    amount_cents: int | None = None
    final: bool = False
    by_hand: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the matter stands, as far as an arrangement asks (D-26)."""

    tasks: int = 0
    tasks_open: int = 0
    milestones_cents: int = 0
    change_orders_cents: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the arithmetic, in words, for `bill explain`."""

    rule: str
    words: str
    cents: int
