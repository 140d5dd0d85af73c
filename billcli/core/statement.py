"""The statement of account: what was owed, what came of it, and client money apart (§4.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

SOURCES = ("direct", "credit", "trust", "operating")


@dataclass(frozen=True, slots=True)
class Posted:
    """What moved a client's receivable: above 0 it is owed, below 0 it is settled.

    A payment has its `source`; `reference` is what people know it by.
    """

    day: date
    kind: str
    cents: int
    bill: str
    matter: str
    source: str | None = None
    reference: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement, and what was owed after it."""

    posted: Posted
    balance_cents: int


@dataclass(frozen=True, slots=True)
class Account:
    """What a client owes over a time; closing is opening and everything between."""

    opening_cents: int
    lines: tuple[Line, ...]

    def sum_of(self, kind: str, source: str | None = None) -> int:
        """What the lines of a kind, and of a source, come to; above 0 is owed."""
        return sum(
            line.posted.cents
            for line in self.lines
            if line.posted.kind == kind and source in (None, line.posted.source)
        )

    @property
    def closing_cents(self) -> int:
        """What is owed in the end."""
        return self.lines[-1].balance_cents if self.lines else self.opening_cents


@dataclass(frozen=True, slots=True)
class Held:
    """Money held for a client over a time: trust, or a general retainer."""

    opening_cents: int
    in_cents: int
    out_cents: int

    @property
    def closing_cents(self) -> int:
        """What is held in the end."""
        return self.opening_cents + self.in_cents - self.out_cents


def account(posted: Iterable[Posted], first: date | None, last: date) -> Account:
    """The statement from a day to a day, both counted; without a first day from the beginning."""
    opening = balance = 0
    lines = []
    for each in posted:
        if each.day > last:
            continue
        balance += each.cents
        if first is not None and each.day < first:
            opening = balance
        else:
            lines.append(Line(each, balance))
    return Account(opening, tuple(lines))


def held(moves: Sequence[tuple[date, int]], first: date | None, last: date) -> Held:
    """What a ledger held before, what came in and went out, by the days of its entries."""
    before = sum(cents for day, cents in moves if first is not None and day < first)
    during = [cents for day, cents in moves if day <= last and (first is None or day >= first)]
    return Held(
        before,
        sum(cents for cents in during if cents > 0),
        -sum(cents for cents in during if cents < 0),
    )
