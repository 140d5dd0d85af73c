"""Timers: one a timekeeper, kept in the ledger, and recorded as time when they stop.

All of it goes over sqlite3 alone: starting and stopping is done all day. The length of a timer is
the difference of two moments in UTC, so no change of clocks shows in it; its day is the day on
which it began where the firm is (B14).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from billcli.errors import Refused, UsageProblem
from billcli.services.work import _rules as rules
from billcli.services.work import recording as record
from billcli.services.work._clock import moment, refuse_future, zone_here
from billcli.services.work.timer_views import Running, view
from billcli.store import recording, timers
from billcli.store.items import Item
from billcli.store.timers import Timer
from billcli.values import hours, moments
from billcli.values.money import E4

if TYPE_CHECKING:
    from billcli.store.plain import PlainLedger

LONG_E4 = 14 * E4
"""A timer that ran longer was probably forgotten, and is asked about (B14)."""
_STOP = "Say when it ended: billcli time stop --at 18:30. Or drop it: billcli time stop --discard."


@dataclass(frozen=True, slots=True)
class Started:
    """A timer that was started, and the entry of the one that it took the place of."""

    timer: Running
    recorded: Item | None


def start(
    ledger: PlainLedger,
    number: str,
    description: str | None = None,
    *,
    at: str | None = None,
    timekeeper: str | None = None,
    task_code: str | None = None,
    activity_code: str | None = None,
) -> Started:
    """Let a timer run; one that runs already is stopped and recorded up to that moment.

    Whose it is, is found as for time that is added. Refused: `timer.running` where the same work
    is timed already, `timer.untold` where nobody said what the running one is about, `timer.long`
    where it was probably forgotten, `timer.too-long` where it began a day ago. UsageProblem:
    `timer.future`, `clock.unreadable`, and those of recording time.
    """
    with ledger.write():
        matter = rules.open_matter(ledger, number)
        zone, now = zone_here(ledger), moment(ledger)
        began = now if at is None else moments.read_start(at, now, zone)
        refuse_future(began, now, zone)
        day = began.astimezone(zone).date()
        who = record.whose(ledger, matter, timekeeper)
        task = record.maybe_code(task_code, "task code")
        activity = record.maybe_code(activity_code, "activity code")
        record.rate_of(ledger, who, matter, activity, day)
        new = Timer(
            who, matter.number, matter.id, began, day.isoformat(), description, task, activity
        )
        _refuse_too_long(new, now, zone)
        recorded = _replaced(ledger, new, now, zone)
        after = timers.keep(ledger, new)
        ledger.record(f"timer {who}", after=after, matter_id=matter.id)
        return Started(view(ledger, new, now, zone), recorded)


def stop(
    ledger: PlainLedger,
    description: str | None = None,
    *,
    until: datetime | None = None,
    timekeeper: str | None = None,
) -> Item:
    """Stop a timer and record its time; a narrative takes the place of that of the start.

    `until` is the moment it ended, without one it is now. Refused: `timer.none`, `timer.untold`,
    `timer.too-long`, `timer.backwards`, `matter.closed`. UsageProblem: `timer.which`.
    """
    with ledger.write():
        timer = one(ledger, timekeeper)
        return _record(ledger, timer, description, moment(ledger) if until is None else until)


def discard(ledger: PlainLedger, *, timekeeper: str | None = None) -> Running:
    """Stop a timer and record nothing. Refused `timer.none`; UsageProblem `timer.which`."""
    with ledger.write():
        timer = one(ledger, timekeeper)
        dropped = view(ledger, timer, moment(ledger), zone_here(ledger))
        _end(ledger, timer)
        return dropped


def one(ledger: PlainLedger, timekeeper: str | None) -> Timer:
    """The timer of a timekeeper, or the only one that runs.

    Refused `timer.none`; UsageProblem `timer.which`; NotFound `timekeeper.missing`.
    """
    if timekeeper is not None:
        recording.timekeeper(ledger, timekeeper)
    found = timers.running(ledger, timekeeper)
    if not found:
        whose = f" for {timekeeper}" if timekeeper is not None else ""
        raise Refused(
            "timer.none", f"No timer runs{whose}.", hint="Start one: billcli time start MATTER."
        )
    if len(found) > 1:
        who = ", ".join(timer.timekeeper for timer in found)
        raise UsageProblem(
            "timer.which", f"{len(found)} timers run: {who}.", hint="Name one with --tk."
        )
    return found[0]


def ending(ledger: PlainLedger, timer: Timer, at: str | None) -> tuple[datetime, int]:
    """The moment a timer is to end and its length as hours_e4; `at` as typed, else now.

    Refused: `timer.too-long`, `timer.backwards`. UsageProblem: `timer.future`,
    `clock.unreadable`, `clock.skipped`.
    """
    zone, now = zone_here(ledger), moment(ledger)
    until = now if at is None else moments.read_stop(at, timer.started, now, zone)
    refuse_future(until, now, zone)
    return until, _length(ledger, timer, until, zone)


def _replaced(ledger: PlainLedger, new: Timer, now: datetime, zone: tzinfo) -> Item | None:
    """Stop and record what the same timekeeper has running, as another timer starts."""
    old = next(iter(timers.running(ledger, new.timekeeper)), None)
    if old is None:
        return None
    since = moments.shown_clock(old.started, zone, ledger.today)
    same = (new.matter_id, new.task_code, new.activity_code) == (
        old.matter_id, old.task_code, old.activity_code
    )  # fmt: skip
    if same and new.description in (None, old.description):
        raise Refused(
            "timer.running",
            f"The timer of {old.timekeeper} already runs on {old.matter}, since {since}.",
            hint="Stop it with `billcli time stop`, or start it for other work.",
        )
    if _length(ledger, old, new.started, zone) > LONG_E4:
        raise Refused(
            "timer.long",
            f"The timer of {old.timekeeper} on {old.matter} has run since {since}: "
            "probably it was forgotten.",
            hint=_STOP,
        )
    return _record(ledger, old, None, new.started)


def _record(ledger: PlainLedger, timer: Timer, description: str | None, until: datetime) -> Item:
    """The time of a timer as an entry, with its span; the timer is gone."""
    zone = zone_here(ledger)
    said = description or timer.description
    if not said:
        since = moments.shown_clock(timer.started, zone, ledger.today)
        raise Refused(
            "timer.untold",
            f"Nobody said what {timer.timekeeper} did on {timer.matter} since {since}.",
            hint=f"billcli time stop 'What was done' --tk {timer.timekeeper}",
        )
    length = _length(ledger, timer, until, zone)
    item = record.add_time(
        ledger,
        timer.matter,
        length,
        said,
        day=date.fromisoformat(timer.day),
        timekeeper=timer.timekeeper,
        task_code=timer.task_code,
        activity_code=timer.activity_code,
    )
    timers.keep_span(ledger, int(item.id.removeprefix("T-")), timer.started, until)
    _end(ledger, timer)
    return item


def _end(ledger: PlainLedger, timer: Timer) -> None:
    timers.remove(ledger, timer.timekeeper)
    before = timers.stored(timer)
    ledger.record(f"timer {timer.timekeeper}", before=before, matter_id=timer.matter_id)


def _length(ledger: PlainLedger, timer: Timer, until: datetime, zone: tzinfo) -> int:
    """How long a timer ran, as hours_e4."""
    if until < timer.started:
        began = moments.shown_clock(timer.started, zone, ledger.today)
        ended = moments.shown_clock(until, zone, ledger.today)
        raise Refused(
            "timer.backwards",
            f"The timer of {timer.timekeeper} began at {began}; it can't end before, at {ended}.",
            hint=_STOP,
        )
    _refuse_too_long(timer, until, zone)
    return hours.of_timer(int((until - timer.started).total_seconds()))


def _refuse_too_long(timer: Timer, until: datetime, zone: tzinfo) -> None:
    if until - timer.started > timedelta(hours=24):
        began = timer.started.astimezone(zone)
        raise Refused(
            "timer.too-long",
            f"The timer of {timer.timekeeper} on {timer.matter} began at {began:%Y-%m-%d %H:%M}; "
            "an entry takes at most 24 hours.",
            hint=_STOP,
        )
