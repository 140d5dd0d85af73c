"""Milestones on a line of time, a row for each matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billcli.render.charts.marks import (
    DESK,
    WIDE,
    Bar,
    Chart,
    Label,
    Mark,
    Rule,
    Sign,
    across,
    named,
)
from billcli.values.dates import add_months

HEAD, WORDS, LANE, GAP = 26, 20, 18, 10
EDGE = 330
"""Signs stay so far from the ends of the line."""
APART = 420
"""Signs that are nearer to each other than this stand below one another."""
BEFORE, AFTER = timedelta(270), timedelta(460)
MOST_LANES = 6


@dataclass(frozen=True, slots=True)
class Point:
    """A milestone: the day it was done or is due, its state, and all that is known in words.

    `due` is set where it was done on another day than it was due.
    """

    day: date
    state: str
    title: str
    due: date | None = None
    stuck: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A matter with its milestones; `value` says in a few words where it stands."""

    matter: str
    name: str
    value: str
    points: tuple[Point, ...]
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time that the line shows."""

    first: date
    last: date

    def place(self, day: date) -> int:
        """Where a day is; what lies outside stands at the end."""
        inner = WIDE - 2 * EDGE
        return EDGE + across((day - self.first).days, (self.last - self.first).days) * inner // WIDE


def timeline(
    key: str,
    title: str,
    description: str,
    lines: Sequence[Line],
    *,
    today: date,
    today_word: str,
    month: Callable[[date], str],
) -> Chart:
    """The matters one below the other, on one line of time with the months and today."""
    shown = stretch([p.day for line in lines for p in line.points], today)
    marks: list[Mark] = []
    y = HEAD
    for line in lines:
        placed = list(_lanes(line.points, shown))
        lanes = max((lane for _, lane in placed), default=0) + 1
        marks += _row(line, placed, shown, y, lanes)
        y += WORDS + lanes * LANE + GAP
    months = _months(shown, y, today, month)
    now = shown.place(today)
    anchor = "start" if now < 1_500 else "end" if now > WIDE - 1_500 else "middle"
    behind: list[Mark] = [
        *months,
        Rule(now, HEAD - 8, now, y, "today"),
        Label(now, HEAD - 12, today_word, "now", anchor),
    ]
    return Chart(key, y, title, description, (*behind, *marks))


def stretch(days: Sequence[date], today: date) -> Stretch:
    """From the first to the last day that there is, around today, and not too far away."""
    first = max(min([*days, today - timedelta(30)]), today - BEFORE)
    last = min(max([*days, today + timedelta(60)]), today + AFTER)
    return Stretch(first, last)


def _lanes(points: Sequence[Point], shown: Stretch) -> Iterator[tuple[Point, int]]:
    """Each point with its lane, so that no two cover each other."""
    ends: list[int] = []
    for point in sorted(points, key=lambda p: p.day):
        x = shown.place(point.day)
        free = [lane for lane, end in enumerate(ends) if x - end >= APART]
        lane = free[0] if free else min(len(ends), MOST_LANES - 1)
        if lane == len(ends):
            ends.append(x)
        ends[lane] = x
        yield point, lane


def _row(
    line: Line, placed: Sequence[tuple[Point, int]], shown: Stretch, top: int, lanes: int
) -> list[Mark]:
    track = top + WORDS + LANE // 2
    found: list[Mark] = [
        named(top + 13, line.name, lead=line.matter, beside=line.value, desk=DESK),
        Label(WIDE, top + 13, line.value, line.tone or "value", "end"),
        Bar(0, track - 1, WIDE, 2, "track"),
    ]
    for point, lane in placed:
        x, y = shown.place(point.day), track + lane * LANE
        if point.due:
            found.append(Rule(shown.place(point.due), y, x, y, "late"))
            found.append(Rule(shown.place(point.due), y - 5, shown.place(point.due), y + 5, "late"))
        if point.stuck:
            found.append(Sign(x, y, "stuck", "alert"))
        found.append(Sign(x, y, point.state, "alert" if point.stuck else "", point.title))
    return found


def _months(
    shown: Stretch, bottom: int, today: date, month: Callable[[date], str]
) -> Iterator[Mark]:
    """A line for each month; as many are named as there is room for."""
    months = []
    day = add_months(shown.first.replace(day=1), 1)
    while day <= shown.last:
        months.append(day)
        day = add_months(day, 1)
    every = max(1, -(-len(months) // 6))
    for number, first in enumerate(months):
        x = shown.place(first)
        yield Rule(x, HEAD - 4, x, bottom, "grid")
        near = abs(x - shown.place(today)) < 1_300
        if number % every == 0 and not near and EDGE < x < WIDE - 500:
            yield Label(x, HEAD - 12, month(first), "axis", "middle")
