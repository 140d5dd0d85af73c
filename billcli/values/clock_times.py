"""Times of a day as clocks show them: one (`9:15`, `6:30pm`), or from one to a later one."""

from __future__ import annotations

import re
from datetime import time

_CLOCK = re.compile(r"(\d{1,2}):(\d\d)\s*(am|pm)?|(\d{1,2})\s*(am|pm)", re.ASCII)
_ONE = r"(\d{1,2})(?::(\d\d))?\s*(am|pm)?"
_FROM_TO = re.compile(rf"{_ONE}\s*(?:-|\u2013|to)\s*{_ONE}", re.ASCII)
NOON = 12 * 60


def read_clock(text: str) -> time | None:
    """What a clock shows, as typed (`9:15`, `6:30pm`, `9am`); None for anything else.

    A bare hour such as `9` could be morning or evening, and isn't taken.
    """
    found = _CLOCK.fullmatch(text.strip().lower())
    if found is None:
        return None
    minutes = _minutes(found[1] or found[4], found[2], found[3] or found[5])
    return None if minutes is None or minutes == 2 * NOON else time(*divmod(minutes, 60))


def is_span(text: str) -> bool:
    """Whether that names two times, one of them at least as a clock shows it: `9-10:30`."""
    found = _FROM_TO.fullmatch(text.strip().lower())
    return found is not None and any(found[part] for part in (2, 3, 5, 6))


def read_span(text: str) -> tuple[int, int] | None:
    """From when to when on one day, as typed (`9:00-10:30`, `2-3:30pm`), in minutes of the day.

    A time without am or pm is of the same half of the day as the other, if it can be, and of a
    clock of 24 hours if neither has any. None where the second isn't later than the first.
    """
    found = _FROM_TO.fullmatch(text.strip().lower())
    if found is None or not is_span(text):
        return None
    half, last_half = found[3], found[6]
    said = half or last_half
    for likely in (said, "am" if said == "pm" else "pm") if said else (None,):
        began = _minutes(found[1], found[2], half or likely, typed=bool(half))
        ended = _minutes(found[4], found[5], last_half or likely, typed=bool(last_half))
        if began is not None and ended is not None and began < ended:
            return began, ended
    return None


def _minutes(
    hours: str, minutes: str | None, half: str | None, *, typed: bool = True
) -> int | None:
    """The minute of the day; a half that wasn't typed leaves 13 and more, and 0, as they are."""
    hour, minute = int(hours), int(minutes or 0)
    if half and not typed and not 1 <= hour <= 12:
        half = None
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    whole = hour * 60 + minute
    return whole if minute < 60 and whole <= 2 * NOON else None
