"""Moments of a day as clocks show them: read as typed, and placed in the firm's time zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from billcli.errors import UsageProblem
from billcli.values.clock_times import read_clock
from billcli.values.dates import read_day
from billcli.values.hours import read_hours
from billcli.values.money import E4, round_ratio
from billcli.values.text import shown

_DAY_AND_CLOCK = re.compile(r"(\S.*?)(?:\s+(?:at\s+)?|(?<=\d)t)(\d{1,2}(?::\d\d)?\s*(?:am|pm)?)")
_AGO = re.compile(r"(.+?)\s+ago")
_ONE_DAY = timedelta(days=1)
HINT = "Write it as 9:15, 18:30, 6:30pm, `yesterday 18:30` or `20m ago`."


def read_start(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The moment a timer is to begin, as typed, in UTC: of today where no day is named.

    `now` is the moment of the run. UsageProblem: `clock.unreadable`, `clock.skipped`.
    """
    typed = _read(text, now, zone)
    if isinstance(typed, datetime):
        return typed
    day, clock = typed
    return placed(day or now.astimezone(zone).date(), clock, zone)


def read_stop(text: str, started: datetime, now: datetime, zone: tzinfo) -> datetime:
    """The moment a timer is to end, as typed, in UTC.

    Where no day is named it is the first time that the clock showed this after the start, so
    18:30 of a timer that was forgotten yesterday is yesterday's. UsageProblem as read_start.
    """
    typed = _read(text, now, zone)
    if isinstance(typed, datetime):
        return typed
    day, clock = typed
    if day is not None:
        return placed(day, clock, zone)
    first = started.astimezone(zone).date()
    for later in range(3):
        day = first + later * _ONE_DAY
        for fold in (0, 1):
            # What clocks jumped over before the start is nothing that was meant.
            if datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC) > started:
                return placed(day, clock, zone, fold=fold)
    raise AssertionError("a clock shows every time within two days")


def placed(day: date, clock: time, zone: tzinfo, *, fold: int = 0) -> datetime:
    """The moment in UTC when clocks of the zone showed that time on that day.

    In the night in which they are set back it is the first such moment, or with `fold` the second.
    UsageProblem `clock.skipped` for a time that they jumped over.
    """
    local = datetime.combine(day, clock, zone).replace(fold=fold)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise UsageProblem(
            "clock.skipped",
            f"Clocks jumped over {clock:%H:%M} on {day}: it was never that time.",
            hint="Give a time before or after the jump.",
        )
    return moment


def on_day(day: date, minutes: int, zone: tzinfo) -> datetime:
    """The moment in UTC at that minute of a day, its end (24:00) among them. As placed."""
    later, minute = divmod(minutes, 24 * 60)
    return placed(day + later * _ONE_DAY, time(*divmod(minute, 60)), zone)


def shown_clock(moment: datetime, zone: tzinfo, today: date) -> str:
    """A moment as a clock showed it, with its day where that isn't today."""
    local = moment.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == today else f"{local:%Y-%m-%d %H:%M}"


def _read(text: str, now: datetime, zone: tzinfo) -> datetime | tuple[date | None, time]:
    """A moment, or what a clock shows with the day that was named, if one was."""
    typed = text.strip().lower()
    today = now.astimezone(zone).date()
    if found := _AGO.fullmatch(typed):
        if not re.search(r"\d\s*d|\bday", found[1]):
            return now - timedelta(seconds=round_ratio(read_hours(found[1]) * 3600, E4))
    elif (clock := read_clock(typed)) is not None:
        return None, clock
    elif (found := _DAY_AND_CLOCK.fullmatch(typed)) and (clock := read_clock(found[2])) is not None:
        return read_day(found[1], today, what="day", past=True), clock
    raise UsageProblem("clock.unreadable", f"{shown(text)} is no time of day.", hint=HINT)
