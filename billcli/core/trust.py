"""Client money in trust: what a matter holds, what of it may be used, and the floor below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from billcli.values.dates import add_business_days

HOLDS: dict[str, int] = {"wire": 0, "cash": 0, "card": 3, "check": 5, "other": 10}
"""Business days until a receipt is cleared, by method (T7); the firm may say otherwise."""


@dataclass(frozen=True, slots=True)
class TrustMove:
    """A row of a trust ledger: above 0 in, below 0 out; it counts from `effective_on` on.

    `effective_on` is the day a receipt was cleared, early or as held; a payment counts at once.
    """

    day: date
    effective_on: date
    cents: int
    protected_cents: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """What a ledger holds on a day, in cents: `available` is cleared and not protected (T7, T8)."""

    balance_cents: int = 0
    cleared_cents: int = 0
    protected_cents: int = 0

    @property
    def available_cents(self) -> int:
        """What may pay bills and go out without naming its protection."""
        return max(0, self.cleared_cents - max(0, self.protected_cents))


def standing(moves: Iterable[TrustMove], day: date) -> Standing:
    """The ledger as of a day; `protected` is the cleared part of it."""
    balance = cleared = protected = 0
    earmarked = []
    for move in moves:
        if move.day <= day:
            balance += move.cents
        if move.effective_on <= day:
            cleared += move.cents
            if move.protected_cents:
                earmarked.append(move)
    if earmarked:
        # A returned deposit takes back no more protection than is left of it.
        for move in sorted(earmarked, key=attrgetter("effective_on")):
            protected = max(0, protected + move.protected_cents)
    return Standing(balance, cleared, protected)


def payable(moves: Sequence[TrustMove], day: date) -> Standing:
    """What a payment dated that day may take: a back-dated one leaves later payments covered (T1).

    The ledger as of the day, or as of the later day of a payment on which less was there.
    """
    return min(_standings(moves, day), key=lambda found: found.available_cents)


def payable_protected(moves: Sequence[TrustMove], day: date) -> int:
    """What a payment of protected money dated that day may take, in cents (T8)."""
    return min(min(found.protected_cents, found.cleared_cents) for found in _standings(moves, day))


def shortage(moves: Sequence[TrustMove], day: date) -> int:
    """By how much, from a day on, cleared money falls short of nothing or of what is protected."""
    gaps = (max(0, each.protected_cents) - each.cleared_cents for each in _standings(moves, day))
    return max(0, *gaps, 0)


def _standings(moves: Sequence[TrustMove], day: date) -> list[Standing]:
    """The ledger on the day, and on each later day of a payment."""
    days = {day} | {m.effective_on for m in moves if m.cents < 0 and m.effective_on > day}
    return [standing(moves, each) for each in sorted(days)]


def clears_on(day: date, method: str | None, holds: Mapping[str, int]) -> date:
    """The day on which a receipt counts as cleared (T7)."""
    known = {**HOLDS, **holds}
    return add_business_days(day, known.get(method or "other", known["other"]))
