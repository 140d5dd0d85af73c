"""Hours as whole numbers × 10⁴: read as typed, rounded to the increment for billing, printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from billcli.errors import UsageProblem
from billcli.values.money import E4, number_text, plain_e4, round_ratio
from billcli.values.text import shown

if TYPE_CHECKING:
    from decimal import Decimal

DAY_E4 = 24 * E4
"""The longest a single entry may be, as hours_e4."""
ROUNDINGS = ("up", "down", "half-up")

_H, _M = r"(?:h|hrs?|hours?)", r"(?:m|mins?|minutes?)"
_DECIMAL = re.compile(rf"(\d*)(?:\.(\d+))?\s*{_H}?", re.ASCII)
_HOURS_AND_MINUTES = re.compile(
    rf"(\d+)\s*{_H}\s*(?:and\s+)?(\d+)\s*{_M}?|(\d+):(\d\d)\s*{_H}?", re.ASCII
)
_MINUTES = re.compile(rf"(\d+)\s*{_M}", re.ASCII)
_PARTED = re.compile(r"(\d{0,2})\s*([¼½¾])\s*(?:h|hrs?|hours?)?", re.ASCII)
_PARTS = {"¼": 15, "½": 30, "¾": 45}
_WORDS = {
    "an hour": 60,
    "half an hour": 30,
    "quarter of an hour": 15,
    "three quarters of an hour": 45,
    "an hour and a half": 90,
}


def read_hours(text: str) -> int:
    """How long the work took, as typed (`1.5`, `1h30m`, `90m`, `1:30`, `9:00-10:30`), as hours_e4.

    More than nothing and at most 24 hours. UsageProblem: `hours.unreadable`, `hours.decimals`,
    `hours.too-long`, `hours.not-positive`.
    """
    typed = text.strip().lower()
    hours_e4 = _scan(typed.removeprefix("-"), text)
    if hours_e4 <= 0 or typed.startswith("-"):
        raise UsageProblem(
            "hours.not-positive",
            f"{shown(text)} is no time at all; an entry takes more than 0 hours.",
            hint="Write it as 1.5, 1h30m, 90m or 1:30.",
        )
    if hours_e4 > DAY_E4:
        raise UsageProblem(
            "hours.too-long",
            f"{shown(text)} is longer than 24 hours, the most that one entry may take.",
            hint="Record each day by itself; minutes are written 90m.",
        )
    return hours_e4


def from_number(value: int | Decimal | str, *, what: str = "hours") -> int:
    """The hours of an entry in a file, as hours_e4. UsageProblem as read_hours."""
    return read_hours(number_text(value, what, kind="hours"))


def of_minutes(minutes: int) -> int:
    """So many minutes, as hours_e4."""
    return round_ratio(minutes * E4, 60)


def of_seconds(seconds: int) -> int:
    """So many seconds, as another program's file counts them, as hours_e4."""
    return round_ratio(seconds * E4, 3600)


def of_timer(seconds: int) -> int:
    """What a timer counts: whole minutes, the nearest and one at least, as hours_e4.

    Two seconds more than an hour are an hour, and don't begin another increment (B15).
    """
    return of_minutes(max(1, round_ratio(seconds, 60)))


def billable(hours_e4: int, increment_minutes: int, rounding: str) -> int:
    """The hours that are billed for the hours worked, in whole increments, as hours_e4.

    `rounding` is up, down or half-up; an increment of 0 bills the hours as they are. A whole
    multiple never moves, though 100 minutes can't be kept exactly (B15): what lies within half a
    unit of a whole minute is that minute. ValueError for another rounding, or below zero.
    """
    if rounding not in ROUNDINGS or increment_minutes < 0 or hours_e4 < 0:
        raise ValueError(f"{hours_e4=}, {increment_minutes=}, {rounding=}")
    if increment_minutes == 0:
        return hours_e4
    minute = round_ratio(hours_e4 * 60, E4)
    exact = of_minutes(minute) == hours_e4
    worked = minute * E4 if exact else hours_e4 * 60
    step = increment_minutes * E4
    match rounding:
        case "up":
            steps = -(-worked // step)
        case "down":
            steps = worked // step
        case _:
            steps = round_ratio(worked, step)
    return of_minutes(steps * increment_minutes)


def plain_hours(hours_e4: int) -> str:
    """Hours with two decimals, and up to four where it has more: `1.50`, `1.6667`."""
    return plain_e4(hours_e4, 2)


def short_hours(hours_e4: int) -> str:
    """Hours to the nearest hundredth, for a line that is only glanced at: `2.87`."""
    return plain_e4(round_ratio(hours_e4, 100) * 100, 2)


def plain_clock(hours_e4: int) -> str:
    """Hours as a stop-watch shows them, to the nearest minute: `1:02`."""
    hours, minutes = divmod(round_ratio(hours_e4 * 60, E4), 60)
    return f"{hours}:{minutes:02}"


def _scan(typed: str, text: str) -> int:
    if found := _HOURS_AND_MINUTES.fullmatch(typed):
        hours, minutes = _small(found[1] or found[3]), _small(found[2] or found[4])
        if minutes < 60:
            return of_minutes(hours * 60 + minutes)
    elif found := _MINUTES.fullmatch(typed):
        return of_minutes(_small(found[1]))
    elif (found := _DECIMAL.fullmatch(typed)) and (found[1] or found[2]):
        fraction = found[2] or ""
        if len(fraction) > 4:
            raise UsageProblem(
                "hours.decimals",
                f"{shown(text)} has {len(fraction)} decimals; hours may have at most 4.",
                hint="Write minutes as 20m, or round the hours yourself.",
            )
        return _small(found[1] or "0") * E4 + int(fraction.ljust(4, "0"))
    elif found := _PARTED.fullmatch(typed):
        return of_minutes(int(found[1] or 0) * 60 + _PARTS[found[2]])
    elif (length := _WORDS.get(typed.removeprefix("a "))) is not None:
        return of_minutes(length)
    else:
        from billcli.values.clock_times import is_span

        if is_span(typed):
            return _between(text)
    raise UsageProblem(
        "hours.unreadable",
        f"{shown(text)} can't be read as hours.",
        hint="Write it as 1.5, 1h30m, 90m or 1:30.",
    )


def _between(text: str) -> int:
    """From one time of a day to a later one of the same day."""
    from billcli.values.clock_times import read_span

    span = read_span(text)
    if span is None:
        raise UsageProblem(
            "hours.unreadable",
            f"{shown(text)} isn't a time of one day and a later one.",
            hint="Write afternoons as 13:30 or 1:30pm; past midnight, record each day by itself.",
        )
    return of_minutes(span[1] - span[0])


def _small(digits: str) -> int:
    """The number, or one too long for any entry where it has too many digits to be worth it."""
    kept = digits.lstrip("0") or "0"
    return int(kept) if len(kept) <= 6 else 10**6
