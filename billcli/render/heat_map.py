"""A calendar of weeks and weekdays whose squares say how long each day was, for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from io import StringIO

from billcli.values.money import E4

# Up to so many hours, the sign of it, in ASCII, and its colour: dark blue to yellow, as every eye
# tells them apart. The signs alone say as much.
LEVELS: tuple[tuple[int, str, str, str], ...] = (
    (0, "·", ".", "grey50"),
    (2 * E4, "░", "-", "#3f6ca8"),
    (5 * E4, "▒", "+", "#6f93ad"),
    (8 * E4, "▓", "*", "#a9b08a"),
    (12 * E4, "█", "#", "#ddc649"),
)
OVER = ("▲", "!", "bold #ff8c00")
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CELL, LABEL = 2, 4

Piece = tuple[str, str]


def heat_map(
    hours_e4: Mapping[date, int],
    first: date,
    last: date,
    *,
    unicode: bool,
    colour: bool,
    width: int,
) -> str:
    """The days from first to last, a column a week; where the terminal is narrow, the last weeks.

    Weekends without hours stay empty, as nothing is missing there.
    """
    fits = max(1, (width - LABEL) // CELL)
    monday = first - timedelta(days=first.weekday())
    weeks = (last - monday).days // 7 + 1
    if weeks > fits:
        monday += timedelta(weeks=weeks - fits)
        weeks = fits
    lines: list[list[Piece]] = [[(" " * LABEL + _months(monday, weeks, last), "")]]
    for weekday, name in enumerate(NAMES):
        line: list[Piece] = [(f"{name:<{LABEL}}", "")]
        for week in range(weeks):
            day = monday + timedelta(weeks=week, days=weekday)
            line.append(_square(hours_e4.get(day, 0), day, first, last, unicode=unicode))
        lines.append(line)
    lines.append(_legend(unicode=unicode))
    return _printed(lines, colour=colour)


def _months(monday: date, weeks: int, last: date) -> str:
    """The months over the weeks that they begin in, where there is room for the name."""
    line, named = "", 0
    for week in range(weeks):
        at = min(monday + timedelta(weeks=week, days=6), last)
        if at.month != named and len(line) <= week * CELL:
            line = line.ljust(week * CELL) + f"{at.year}-{at.month:02} "
            named = at.month
    return line.rstrip()


def _square(hours_e4: int, day: date, first: date, last: date, *, unicode: bool) -> Piece:
    rests = day.weekday() > 4 and not hours_e4
    if rests or not first <= day <= last:
        return (" " * CELL, "")
    for most, sign, ascii_, style in LEVELS:
        if hours_e4 <= most:
            return (f"{sign if unicode else ascii_} ", style)
    return (f"{OVER[0] if unicode else OVER[1]} ", OVER[2])


def _legend(*, unicode: bool) -> list[Piece]:
    pieces: list[Piece] = [(" " * LABEL, "")]
    for most, sign, ascii_, style in LEVELS:
        said = f"to {most // E4} h" if most else "none"
        pieces += [(sign if unicode else ascii_, style), (f" {said}  ", "")]
    return [*pieces, (OVER[0] if unicode else OVER[1], OVER[2]), (" more", "")]


def _printed(lines: Sequence[Sequence[Piece]], *, colour: bool) -> str:
    if not colour:
        return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)
    from rich.console import Console
    from rich.text import Text

    sink = StringIO()
    console = Console(file=sink, force_terminal=True, width=1000, legacy_windows=False)
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)
    return sink.getvalue()
