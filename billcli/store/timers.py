"""Timers that run, and the spans in which work was done: sqlite3 alone, for a key press."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from billcli.store import rows

if TYPE_CHECKING:
    from billcli.store.plain import PlainLedger

_RUNNING = """
    SELECT t.timekeeper_id, m.number, t.matter_id, t.started_at, t.day, t.description,
        t.task_code, t.activity_code
    FROM timer AS t JOIN matter AS m ON m.id = t.matter_id
    WHERE :who IS NULL OR t.timekeeper_id = :who ORDER BY t.started_at, t.timekeeper_id"""
_REMOVE = "DELETE FROM timer WHERE timekeeper_id = :who"
_DROP_SPAN = "DELETE FROM time_span WHERE entry_id = :entry"
_SPAN = "SELECT started_at, stopped_at FROM time_span WHERE entry_id = :entry"
# An entry is at most a day long, so what began a day before can't reach into the span.
_OVERLAPPING = """
    SELECT s.entry_id, s.started_at, s.stopped_at
    FROM time_span AS s JOIN time_entry AS e ON e.id = s.entry_id
    WHERE s.started_at > :day_before AND s.started_at < :stopped AND s.stopped_at > :started
        AND s.entry_id <> :entry
        AND e.timekeeper_id = (SELECT timekeeper_id FROM time_entry WHERE id = :entry)
    ORDER BY s.started_at LIMIT 3"""
_LOGGED = """
    SELECT coalesce(sum((SELECT sum(e.logged_e4) FROM time_entry AS e
        WHERE e.timekeeper_id = t.id AND e.day = :day)), 0) FROM timekeeper AS t"""
_DRAFTS = "SELECT count(*) FROM draft"


class Timer(NamedTuple):
    """A timer that runs; `started` is a moment of UTC, `day` the day it was where the firm is."""

    timekeeper: str
    matter: str
    matter_id: int
    started: datetime
    day: str
    description: str | None
    task_code: str | None
    activity_code: str | None


class Span(NamedTuple):
    """When the work of an entry was done."""

    entry: str
    started: datetime
    stopped: datetime


def running(ledger: PlainLedger, timekeeper: str | None = None) -> list[Timer]:
    """The timers that run, of one timekeeper or of all, the oldest first."""
    found = rows.driver(ledger).execute(_RUNNING, {"who": timekeeper})
    return [
        Timer(who, matter, matter_id, datetime.fromisoformat(started), *more)
        for who, matter, matter_id, started, *more in found
    ]


def keep(ledger: PlainLedger, timer: Timer) -> dict[str, Any]:
    """Let a timer run; returns its row, for the log."""
    values = stored(timer)
    rows.insert(ledger, "timer", values)
    return values


def stored(timer: Timer) -> dict[str, Any]:
    """The row of a timer."""
    return {
        "timekeeper_id": timer.timekeeper,
        "matter_id": timer.matter_id,
        "started_at": timer.started.isoformat(),
        "day": timer.day,
        "description": timer.description,
        "task_code": timer.task_code,
        "activity_code": timer.activity_code,
    }


def remove(ledger: PlainLedger, timekeeper: str) -> None:
    """Let a timer end."""
    rows.driver(ledger).execute(_REMOVE, {"who": timekeeper})


def keep_span(ledger: PlainLedger, entry_id: int, started: datetime, stopped: datetime) -> None:
    """Note when the work of an entry was done."""
    values = {
        "entry_id": entry_id,
        "started_at": started.isoformat(),
        "stopped_at": stopped.isoformat(),
    }
    rows.insert(ledger, "time_span", values)


def drop_span(ledger: PlainLedger, entry_id: int) -> None:
    """Forget when the work of an entry was done, if that was known."""
    rows.driver(ledger).execute(_DROP_SPAN, {"entry": entry_id})


def span(ledger: PlainLedger, entry_id: int) -> Span | None:
    """When the work of an entry was done, where a timer or the times typed tell it."""
    found = rows.driver(ledger).execute(_SPAN, {"entry": entry_id}).fetchone()
    if found is None:
        return None
    return Span(f"T-{entry_id}", *(datetime.fromisoformat(at) for at in found))


def overlapping(
    ledger: PlainLedger, entry_id: int, started: datetime, stopped: datetime
) -> list[Span]:
    """Other spans of the same timekeeper that have time in common with that one."""
    asked = {
        "entry": entry_id,
        "day_before": (started - timedelta(days=1)).isoformat(),
        "started": started.isoformat(),
        "stopped": stopped.isoformat(),
    }
    found = rows.driver(ledger).execute(_OVERLAPPING, asked)
    return [
        Span(f"T-{entry}", datetime.fromisoformat(first), datetime.fromisoformat(last))
        for entry, first, last in found
    ]


def logged_e4(ledger: PlainLedger, day: str) -> int:
    """The hours that everybody together logged for a day, as hours_e4."""
    return int(rows.one(ledger, _LOGGED, {"day": day}))


def drafts(ledger: PlainLedger) -> int:
    """How many drafts wait."""
    return int(rows.one(ledger, _DRAFTS))
