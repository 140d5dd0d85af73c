"""How much of an agreed value is used, billed or not: somebody should know in time (D-18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billcli.core import arrangements
from billcli.core.arrangements.covering import covers_costs
from billcli.core.arrangements.periods import calendar_of
from billcli.core.matter import MatterFile, in_force, progress
from billcli.values.dates import Period

THRESHOLDS = (70, 85, 100)
"""Percentages of an agreed value at which somebody should know."""


@dataclass(frozen=True, slots=True)
class Use:
    """An agreed value and how much of it is used; `period` where it is a period's."""

    value_cents: int
    invoiced_cents: int
    wip_cents: int
    period: Period | None = None

    @property
    def used_cents(self) -> int:
        """What is billed, or waits to be."""
        return self.invoiced_cents + self.wip_cents

    def passed(self, *, without_cents: int = 0) -> int | None:
        """The highest threshold that is passed now, and wasn't without so much of the work."""
        before = self.used_cents - without_cents
        crossed = [
            level
            for level in THRESHOLDS
            if self.used_cents * 100 >= level * self.value_cents
            and (not without_cents or before * 100 < level * self.value_cents)
        ]
        return crossed[-1] if crossed else None


def use_of(file: MatterFile, day: date, decimals: int) -> Use | None:
    """The use of the value in force on a day, of the period that holds it; None without one.

    A minimum is no value that is used up: the work may pass it, and is charged.
    Under a fixed fee what counts is the work, at its standard value, not what was invoiced for
    it: that is where the fee's realisation goes.
    """
    version = in_force(file.versions, day)
    if version.kind == "minimum-recurring":
        return None
    made = arrangements.read(version.kind, version.terms, decimals)
    billed = file.billed.since(version.id) if version.terms.get("fresh") else file.billed
    where = made.position(billed, progress(file, through=day))
    if not where.value_cents:
        return None
    covers = covers_costs(version.terms)
    work = [entry for entry in file.fees if entry.counts] + list(file.costs if covers else ())
    period = None
    calendar = calendar_of(version.kind, version.terms)
    if calendar is not None:
        period = calendar.of(day)
        work = [entry for entry in work if entry.day in period]
        if str(version.terms.get("basis") or "period") == "period":
            billed = billed.within(period.start)
        else:
            billed = type(billed)()
    fixed = version.kind in ("fixed", "fixed-recurring")
    invoiced = billed.standard_cents if fixed else billed.fees_cents
    if version.terms.get("bill_when") == "milestones":
        # What milestones charge is the fee itself, not work that it pays for.
        work = [entry for entry in work if entry.kind != "charge"]
        invoiced = max(0, billed.standard_cents - billed.fees_cents)
    invoiced += billed.costs_cents if covers else 0
    return Use(where.value_cents, invoiced, sum(e.standard_cents for e in work), period)
