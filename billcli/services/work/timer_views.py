"""Timers as they are shown: what runs, what it would bill, and what was booked twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from billcli.errors import Refused
from billcli.services.work import recording as record
from billcli.services.work._clock import moment, zone_here
from billcli.store import recording, timers
from billcli.store.items import Item
from billcli.store.timers import Timer
from billcli.values import hours, moments

if TYPE_CHECKING:
    from billcli.store.plain import PlainLedger


@dataclass(frozen=True, slots=True)
class Running:
    """A timer that runs, and what it would bill if it stopped now.

    Past 24 hours, or where its matter has no rate any more, that isn't known.
    """

    timekeeper: str
    matter: str
    started_at: datetime
    date: date
    description: str | None
    task_code: str | None
    activity_code: str | None
    hours_e4: int
    billable_hours_e4: int | None
    rate_e4: int | None
    amount_cents: int | None


@dataclass(frozen=True, slots=True)
class Glance:
    """What a prompt of the shell can show: timers, everybody's hours of the day, drafts."""

    date: date
    timers: tuple[Running, ...]
    logged_hours_e4: int
    drafts: int


def running(ledger: PlainLedger, *, timekeeper: str | None = None) -> list[Running]:
    """The timers that run, of one timekeeper or of all, the oldest first."""
    if timekeeper is not None:
        recording.timekeeper(ledger, timekeeper)
    now, zone = moment(ledger), zone_here(ledger)
    return [view(ledger, timer, now, zone) for timer in timers.running(ledger, timekeeper)]


def glance(ledger: PlainLedger) -> Glance:
    """The day so far, in what one line can say."""
    day = ledger.today
    logged_e4 = timers.logged_e4(ledger, day.isoformat())
    return Glance(day, tuple(running(ledger)), logged_e4, timers.drafts(ledger))


def overlaps(ledger: PlainLedger, item: Item) -> tuple[str, ...]:
    """A word on each other timer whose time an entry has too, of the same timekeeper (B14)."""
    entry_id = int(item.id.removeprefix("T-"))
    span = timers.span(ledger, entry_id)
    if span is None:
        return ()
    zone = zone_here(ledger)

    def told(first: datetime, last: datetime) -> str:
        shown = moments.shown_clock
        return f"{shown(first, zone, item.date)} to {shown(last, zone, item.date)}"

    return tuple(
        f"{item.id} ({told(span.started, span.stopped)}) overlaps {other.entry} "
        f"({told(other.started, other.stopped)}) of {item.timekeeper}."
        for other in timers.overlapping(ledger, entry_id, span.started, span.stopped)
    )


def view(ledger: PlainLedger, timer: Timer, now: datetime, zone: tzinfo) -> Running:
    """A timer, and what it would bill if it stopped now."""
    seconds = int((now - timer.started).total_seconds())
    length = hours.of_timer(max(0, seconds))
    priced: dict[str, int] = {}
    if 0 <= seconds <= 24 * 3600:
        try:
            priced = record.entry_of(
                ledger,
                recording.matter(ledger, timer.matter),
                length,
                timer.description or "",
                day=date.fromisoformat(timer.day),
                timekeeper=timer.timekeeper,
                task_code=timer.task_code,
                activity_code=timer.activity_code,
            )
        except Refused:  # archived meanwhile, or without a rate: stopping it says so
            priced = {}
    return Running(
        timer.timekeeper,
        timer.matter,
        timer.started.astimezone(zone),
        date.fromisoformat(timer.day),
        timer.description,
        timer.task_code,
        timer.activity_code,
        length,
        priced.get("hours_e4"),
        priced.get("rate_e4"),
        priced.get("standard_cents"),
    )
