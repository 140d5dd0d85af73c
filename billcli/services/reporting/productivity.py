"""`report productivity`: what each timekeeper logged, what of it is billed, when nothing was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from billcli.core.productivity import Worked, gaps, long_days, total
from billcli.errors import UsageProblem
from billcli.store import find, people, work_days
from billcli.values.dates import period_of
from billcli.values.text import meant

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

WEEKS = 13
"""So many weeks without --from: a quarter."""
EVERY = ("day", "week", "month")


@dataclass(frozen=True, slots=True)
class Productivity:
    """One timekeeper's time; `periods` are days, weeks or months, `days` those with hours."""

    timekeeper: str
    name: str
    start: date
    end: date
    logged_hours_e4: int
    hours_e4: int
    rounding_hours_e4: int
    billable_hours_e4: int
    no_charge_hours_e4: int
    non_billable_hours_e4: int
    billable_percent_e4: int | None
    value_cents: int
    days_worked: int
    gaps: tuple[date, ...]
    long_days: tuple[dict[str, Any], ...]
    periods: tuple[dict[str, Any], ...]
    days: tuple[dict[str, Any], ...]


def report(
    ledger: Ledger,
    *,
    start: date | None = None,
    end: date | None = None,
    timekeeper: str | None = None,
    every: str = "week",
) -> list[Productivity]:
    """Each timekeeper's time from a day to a day; without one, the last thirteen weeks.

    A gap is a working day without time, from the first day that the timekeeper ever logged, up to
    yesterday: today isn't over. Who isn't archived is listed with no hours too. UsageProblem
    `report.period`; NotFound `timekeeper.missing`.
    """
    if every not in EVERY:
        raise UsageProblem("report.period", f"--by {every} is not known.", hint=meant(every, EVERY))
    last = end or ledger.today
    first = start or last - timedelta(days=last.weekday() + 7 * (WEEKS - 1))
    who = find.timekeeper(ledger, timekeeper).id if timekeeper else None
    found = work_days.by_timekeeper(ledger, first, last, timekeeper=who)
    for row in people.timekeepers(ledger):
        if row.archived_on is None and who in (None, row.id):
            found.setdefault((row.id, row.name), {})
    began = work_days.first_days(ledger)
    return [
        _of(key, days, first, last, every=every, began=began.get(key[0]), today=ledger.today)
        for key, days in sorted(found.items())
    ]


def _of(
    key: tuple[str, str],
    days: dict[date, Worked],
    first: date,
    last: date,
    *,
    every: str,
    began: date | None,
    today: date,
) -> Productivity:
    whole = total(days.values())
    spans: dict[tuple[date, date], Worked] = {}
    for day, worked in sorted(days.items()):
        span = _span(day, every)
        spans[span] = spans.get(span, Worked()) + worked
    over = min(last, today - timedelta(days=1))
    missed = () if began is None else gaps(days, max(first, began), over)
    return Productivity(
        timekeeper=key[0],
        name=key[1],
        start=first,
        end=last,
        logged_hours_e4=whole.logged_e4,
        **_told(whole),
        days_worked=len(days),
        gaps=missed,
        long_days=tuple(
            {"date": day, "logged_hours_e4": days[day].logged_e4} for day in long_days(days)
        ),
        periods=tuple(
            {"start": start, "end": end, "logged_hours_e4": worked.logged_e4, **_told(worked)}
            for (start, end), worked in spans.items()
        ),
        days=tuple(
            {"date": day, "logged_hours_e4": worked.logged_e4, "hours_e4": worked.hours_e4}
            for day, worked in sorted(days.items())
        ),
    )


def _told(worked: Worked) -> dict[str, Any]:
    return {
        "hours_e4": worked.hours_e4,
        "rounding_hours_e4": worked.rounding_hours_e4,
        "billable_hours_e4": worked.billable_hours_e4,
        "no_charge_hours_e4": worked.no_charge_hours_e4,
        "non_billable_hours_e4": worked.non_billable_hours_e4,
        "billable_percent_e4": worked.billable_percent_e4,
        "value_cents": worked.value_cents,
    }


def _span(day: date, every: str) -> tuple[date, date]:
    if every == "day":
        return day, day
    if every == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    period = period_of(day, every)
    return period.start, period.last
