"""Payment plans: when a bill is to be paid, and where its payments stand (D-61)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billcli.values.dates import add_months

EVERY = ("week", "biweek", "month")
_DAYS = {"week": 7, "biweek": 14}


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of a bill and the day it is due; number 0 is the down payment."""

    n: int
    due_on: date
    cents: int

    @property
    def name(self) -> str:
        """What people call it."""
        return f"instalment {self.n}" if self.n else "the down payment"


@dataclass(frozen=True, slots=True)
class Open:
    """What of an instalment, or of a bill without a plan, is not paid yet."""

    n: int | None
    due_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """Paid to date less scheduled to date; below zero it is behind, since an instalment (§7.6)."""

    paid_cents: int
    scheduled_cents: int
    behind_since: Instalment | None

    @property
    def cents(self) -> int:
        """The standing: above zero is ahead."""
        return self.paid_cents - self.scheduled_cents


def instalments(
    total_cents: int, *, down_cents: int, count: int, every: str, start: date
) -> tuple[Instalment, ...]:
    """A down payment and equal parts, the cents that remain on the first: 4,501/9 → 500.12 first.

    `start` is the day of the first payment, whichever it is; the others follow one interval apart.
    ValueError where there is less than a cent for each part.
    """
    rest = total_cents - down_cents
    if down_cents < 0 or count < 1 or rest < count:
        raise ValueError("each part must be above zero")
    each, over = divmod(rest, count)
    found = [Instalment(0, start, down_cents)] if down_cents else []
    first = len(found)
    found += [
        Instalment(n, _day(start, every, n - 1 + first), each + (n <= over))
        for n in range(1, count + 1)
    ]
    return tuple(found)


def by_hand(rows: Sequence[tuple[date, int]]) -> tuple[Instalment, ...]:
    """Instalments as agreed, in the order of their days."""
    return tuple(Instalment(n, day, cents) for n, (day, cents) in enumerate(sorted(rows), 1))


def standing(plan: Sequence[Instalment], paid_cents: int, day: date) -> PlanStanding:
    """Where the payments stand on a day; an instalment is scheduled from its own day on."""
    scheduled = 0
    behind = None
    for part in plan:
        if part.due_on > day:
            break
        scheduled += part.cents
        if behind is None and paid_cents < scheduled:
            behind = part
    return PlanStanding(paid_cents, scheduled, behind)


def open_parts(
    due_on: date, open_cents: int, *, paid_cents: int = 0, plan: Sequence[Instalment] = ()
) -> tuple[Open, ...]:
    """What is open on a bill by the day it is due: its own, or those of its plan's instalments.

    Payments fill the instalments in their order. What a credit note or a write-off took off the
    bill shortens the plan from its end.
    """
    if not plan:
        return (Open(None, due_on, open_cents),) if open_cents else ()
    found = []
    paid, left = max(0, paid_cents), open_cents
    for part in plan:
        filled = min(paid, part.cents)
        paid -= filled
        cents = min(left, part.cents - filled)
        if cents > 0:
            found.append(Open(part.n, part.due_on, cents))
            left -= cents
    if left:  # more is open than was planned
        found.append(Open(None, due_on, left))
    return tuple(found)


def missed(parts: Sequence[Open], day: date) -> tuple[Open, ...]:
    """What is past due on a day; on its due date nothing is (§4.6)."""
    return tuple(part for part in parts if part.cents > 0 and part.due_on < day)


def _day(start: date, every: str, n: int) -> date:
    if every == "month":
        return add_months(start, n)
    return start + timedelta(days=_DAYS[every] * n)
