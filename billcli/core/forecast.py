"""What money is to come, and when: the cash-flow forecast and its warnings (§7.7, D-62)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

from billcli.values import money
from billcli.values.dates import Period, period_of

WHOLE_E4 = money.WHOLE_E4
PLANNED_E4 = 700_000
"""How much of a milestone counts that is planned and not reached, unless another weight is set."""

Kind = Literal["bill", "instalment", "charge", "milestone", "schedule", "recurring"]


class Expected(NamedTuple):
    """A sum that is to come in: billed on `billing`, paid by `day`, counted by its weight.

    `day` is None where nothing says when.
    """

    matter: str
    client: str
    kind: Kind
    what: str
    cents: int
    day: date | None
    billing: date | None = None
    weight_e4: int = WHOLE_E4
    from_trust: bool = False

    @property
    def weighted_cents(self) -> int:
        """What the forecast counts of it."""
        if self.weight_e4 == WHOLE_E4:
            return self.cents
        return money.percent_of(self.cents, self.weight_e4)


@dataclass(frozen=True, slots=True)
class Span:
    """A week or a month with what is expected in it."""

    period: Period
    items: tuple[Expected, ...]

    @property
    def expected_cents(self) -> int:
        """What is expected, weighted."""
        return sum(item.weighted_cents for item in self.items)

    @property
    def certain_cents(self) -> int:
        """The part of it that is billed, earned or agreed by date."""
        return sum(item.cents for item in self.items if item.weight_e4 == WHOLE_E4)


@dataclass(frozen=True, slots=True)
class Planned:
    """A milestone of a matter as warnings look at it, in the order of the matter."""

    matter: str
    task: int
    cents: int
    due: date | None
    terms_days: int
    done: bool


def funded(items: Iterable[Expected], available: dict[str, int]) -> list[Expected]:
    """The items with what trust pays taken at the day of billing: that is cash at issue.

    `available` is the trust money of each matter, used up in the order of billing.
    """
    left = dict(available)
    found = []
    for item in sorted(items, key=lambda i: (i.billing or date.max, i.what)):
        held = left.get(item.matter, 0)
        if item.billing is None or item.kind in ("bill", "instalment") or held <= 0:
            found.append(item)
            continue
        paid = min(held, item.cents)
        left[item.matter] = held - paid
        found.append(item._replace(cents=paid, day=item.billing, from_trust=True))
        if item.cents > paid:
            found.append(item._replace(cents=item.cents - paid))
    return found


def spans(items: Iterable[Expected], start: date, *, every: str, count: int) -> list[Span]:
    """The next weeks or months from a day on; what was due before comes in the first."""
    periods = [period_of(start, every)]
    while len(periods) < count:
        periods.append(period_of(periods[-1].end, every))
    kept: dict[Period, list[Expected]] = {period: [] for period in periods}
    ends = [period.end for period in periods]
    for item in items:
        if item.day is None:
            continue
        place = bisect_right(ends, max(item.day, start))  # a period is without its end
        if place < count:
            kept[periods[place]].append(item)
    return [
        Span(period, tuple(sorted(found, key=lambda i: (i.day or start, i.matter, i.what))))
        for period, found in kept.items()
    ]


def warnings(
    weeks: Sequence[Span], milestones: Sequence[Planned], values: dict[str, int]
) -> list[str]:
    """What a lawyer may change about the plan: clusters, empty weeks, long terms, a heavy start.

    `values` are the agreed values of the matters.
    """
    return [
        *_clusters(milestones),
        *_empty(weeks),
        *_long_terms(milestones),
        *_front_loaded(milestones, values),
    ]


def _clusters(milestones: Sequence[Planned]) -> list[str]:
    first: dict[str, Planned] = {}
    for milestone in milestones:
        if not milestone.done and milestone.due:
            held = first.get(milestone.matter)
            if held is None or milestone.due < (held.due or date.max):
                first[milestone.matter] = milestone
    weeks: dict[date, list[str]] = {}
    for matter, milestone in first.items():
        if milestone.due:
            monday = milestone.due - timedelta(milestone.due.weekday())
            weeks.setdefault(monday, []).append(matter)
    return [
        f"The next milestones of {len(matters)} matters fall into the week of {monday}: "
        f"{', '.join(sorted(matters))}. Stagger them if you can."
        for monday, matters in sorted(weeks.items())
        if len(matters) > 2
    ]


def _empty(weeks: Sequence[Span]) -> list[str]:
    last = max((n for n, week in enumerate(weeks) if week.items), default=-1)
    empty = [week.period.start for n, week in enumerate(weeks) if not week.items and n < last]
    if not empty:
        return []
    days = ", ".join(str(day) for day in empty)
    return [f"Nothing is expected in the {'week' if len(empty) == 1 else 'weeks'} of {days}."]


def _long_terms(milestones: Sequence[Planned]) -> list[str]:
    found = []
    matters: dict[str, list[Planned]] = {}
    for milestone in milestones:
        if milestone.due and not milestone.done:
            matters.setdefault(milestone.matter, []).append(milestone)
    for matter, rows in matters.items():
        rows.sort(key=lambda m: m.due or date.max)
        for one, after in pairwise(rows):
            gap = ((after.due or date.max) - (one.due or date.max)).days
            if 0 < gap < one.terms_days:
                found.append(
                    f"{matter}: task {one.task} is payable in {one.terms_days} days, and task "
                    f"{after.task} is due {gap} days after it; shorter terms keep cash ahead."
                )
    return found


def _front_loaded(milestones: Sequence[Planned], values: dict[str, int]) -> list[str]:
    first: dict[str, Planned] = {}
    for milestone in milestones:
        first.setdefault(milestone.matter, milestone)
    return [
        f"{matter}: the first milestone takes more than half of the agreed fee; "
        "later work should carry its own part."
        for matter, milestone in first.items()
        if 2 * milestone.cents > values.get(matter, 0) > 0
    ]
