"""A value that covers costs too: costs come first, in full, and fees take what is left (D-16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from billcli.core.arrangements.periods import shown
from billcli.core.arrangements.terms import Fee, FeeLine, FeePart
from billcli.core.work import Asked, Billed, Progress, Step, Work
from billcli.errors import Refused, UsageProblem
from billcli.values import money
from billcli.values.dates import Period


@dataclass(frozen=True, slots=True)
class Room:
    """Costs of a period, or of the matter without one, and what the value leaves for them."""

    period: Period | None
    costs_cents: int
    left_cents: int


@runtime_checkable
class Covering(Protocol):
    """An arrangement whose value may cover costs; without that it has no rooms."""

    def rooms(self, work: Work, billed: Billed, progress: Progress) -> list[Room]:
        """The unbilled costs against what is left of the value, period by period."""
        ...

    @property
    def decimals(self) -> int:
        """Those of the currency."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What costs take out of a value by period, and the lines of what is above it."""

    cents: Mapping[Period | None, int]
    lines: tuple[FeeLine, ...] = ()
    steps: tuple[Step, ...] = ()

    def of(self, period: Period | None) -> int:
        """What the costs of that period take."""
        return self.cents.get(period, 0)

    @property
    def total_cents(self) -> int:
        """What all costs take."""
        return sum(self.cents.values())


def covers_costs(terms: Mapping[str, Any]) -> bool:
    """Whether costs use up the value too (D-16)."""
    covers = str(terms.get("covers") or "fees").replace("_", "-")
    if covers not in ("fees", "fees-and-costs"):
        raise UsageProblem("arrangement.covers", "--covers takes fees or fees-and-costs.")
    return covers == "fees-and-costs"


def taken(rooms: Sequence[Room], asked: Asked, decimals: int) -> Taken:
    """Costs at what was laid out; those above the value are refused, or written down if confirmed.

    Refused `bill.costs-above`.
    """
    cents: dict[Period | None, int] = {}
    lines, steps = [], []
    for room in rooms:
        when = f" for {shown(room.period)}" if room.period else ""
        over = max(0, room.costs_cents - room.left_cents)
        if over and not asked.confirm_cost_writedown:
            raise Refused(
                "bill.costs-above",
                f"Costs of {money.grouped(room.costs_cents, decimals)} are above the "
                f"{money.grouped(room.left_cents, decimals)} that the agreed value leaves{when}.",
                hint="Write them down with --confirm-cost-writedown, or raise the value.",
            )
        cents[room.period] = room.costs_cents - over
        steps.append(Step("D-16", f"Costs that the value covers{when}", room.costs_cents - over))
        if over:
            words = "Costs above the agreed value" + (
                f", {shown(room.period)}" if room.period and len(rooms) > 1 else ""
            )
            lines.append(FeeLine("adjustment", words, -over, "cap", "cost"))
    return Taken(cents, tuple(lines), tuple(steps))


def costs_alone(
    made: object, work: Work, billed: Billed, asked: Asked, progress: Progress
) -> Fee | None:
    """A bill of costs without a fee uses up the value that covers them all the same (D-16).

    None where costs stand beside the value.
    """
    if not isinstance(made, Covering):
        return None
    rooms = made.rooms(work, billed, progress)
    if not rooms:
        return None
    costs = taken(rooms, asked, made.decimals)
    return Fee(
        0,
        (None,) * len(work.entries),
        costs.lines,
        tuple(FeePart(0, 0, costs_cents=cents, period=p) for p, cents in costs.cents.items()),
        because=costs.steps,
    )
