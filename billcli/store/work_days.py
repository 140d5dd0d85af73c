"""The hours of each timekeeper day by day, as the reports on them ask: one query."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from billcli.core.productivity import Worked
from billcli.store import rows

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

# Time on matters that charge nothing for it keeps its standard rate beside a rate of 0 (D-28).
_NEVER = "(e.behavior = 'non-billable' OR e.standard_rate_e4 IS NOT NULL)"
_DAYS = f"""
    SELECT e.timekeeper_id AS who, t.name, e.day, sum(e.logged_e4) AS logged,
        sum(e.hours_e4) AS hours,
        sum(CASE WHEN {_NEVER} OR e.behavior <> 'bill' THEN 0 ELSE e.hours_e4 END) AS billable,
        sum(CASE WHEN {_NEVER} OR e.behavior = 'bill' THEN 0 ELSE e.hours_e4 END) AS no_charge,
        sum(CASE WHEN {_NEVER} THEN e.hours_e4 ELSE 0 END) AS never,
        sum(CASE WHEN {_NEVER} OR e.behavior <> 'bill' THEN 0 ELSE e.standard_cents END) AS cents
    FROM time_entry AS e JOIN timekeeper AS t ON t.id = e.timekeeper_id
    WHERE e.day BETWEEN :first AND :last AND (:who IS NULL OR e.timekeeper_id = :who)
    GROUP BY e.timekeeper_id, e.day ORDER BY e.timekeeper_id, e.day"""
_FIRST = "SELECT timekeeper_id AS who, min(day) AS day FROM time_entry GROUP BY timekeeper_id"


def by_timekeeper(
    ledger: Ledger, first: date, last: date, *, timekeeper: str | None = None
) -> dict[tuple[str, str], dict[date, Worked]]:
    """The days of each timekeeper, by id and name."""
    asked = {"first": first.isoformat(), "last": last.isoformat(), "who": timekeeper}
    found: dict[tuple[str, str], dict[date, Worked]] = {}
    for row in rows.named(ledger, _DAYS, asked):
        worked = Worked(row.logged, row.hours, row.billable, row.no_charge, row.never, row.cents)
        found.setdefault((row.who, row.name), {})[date.fromisoformat(row.day)] = worked
    return found


def first_days(ledger: Ledger) -> dict[str, date]:
    """The first day on which each timekeeper logged anything."""
    return {row.who: date.fromisoformat(row.day) for row in rows.named(ledger, _FIRST, {})}
