"""Columns on a time line: what money is to come, week by week or month by month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from billcli.render.charts.marks import WIDE, Bar, Chart, Label, Mark, Rule

TOP, FLOOR, BOTTOM = 28, 190, 216
INSET, OUTSET = 900, 200
"""The scale is written left of the columns; on the right the last name has room."""
NAMED = 13
"""So many columns have names below and values above; of more, every second or third has a name."""


@dataclass(frozen=True, slots=True)
class Column:
    """A period: its sure part, what may come on top of it, its name and its value in words."""

    name: str
    value: str
    certain_cents: int
    possible_cents: int
    title: str


def columns(
    key: str,
    title: str,
    description: str,
    found: Sequence[Column],
    *,
    step_least_cents: int,
    amount: Callable[[int], str],
) -> Chart:
    """The columns on a scale of round sums; `amount` writes such a sum."""
    highest = max((max(0, c.certain_cents) + max(0, c.possible_cents) for c in found), default=0)
    step = round_step(highest, step_least_cents)
    scale = max(step, -(-highest // step) * step)
    marks: list[Mark] = []
    for cents in range(0, scale + 1, step):
        y = FLOOR - cents * (FLOOR - TOP) // scale
        marks.append(Rule(0, y, WIDE, y, "floor" if cents == 0 else "grid"))
        if cents:
            marks.append(Label(0, y - 4, amount(cents), "axis"))
    every = -(-len(found) // NAMED)
    for number, column in enumerate(found):
        left, right = (
            INSET + n * (WIDE - INSET - OUTSET) // len(found) for n in (number, number + 1)
        )
        marks += _column(column, left, right - left, scale, told=len(found) <= NAMED)
        if number % every == 0:
            tone = "axis minor" if len(found) > 7 and number // every % 2 else "axis"
            marks.append(Label((left + right) // 2, FLOOR + 18, column.name, tone, "middle"))
    return Chart(key, BOTTOM, title, description, tuple(marks))


def round_step(highest: int, least: int) -> int:
    """A round step that reaches the highest sum in two to five steps: 1, 2 or 5 with zeros."""
    step = least
    while True:
        for factor in (1, 2, 5):
            if highest <= step * factor * 4:
                return step * factor
        step *= 10


def _column(column: Column, left: int, slot: int, scale: int, *, told: bool) -> list[Mark]:
    side = slot // 5
    x, width = left + side, slot - 2 * side
    found: list[Mark] = []
    y = FLOOR
    for cents, tone in ((column.certain_cents, "sure"), (column.possible_cents, "maybe")):
        height = max(0, cents) * (FLOOR - TOP) // scale
        if cents > 0:
            height = max(height, 1)
            y -= height
            found.append(Bar(x, y, width, height, tone, column.title))
    if y < FLOOR and told:
        middle = left + slot // 2
        found.append(Label(middle, max(y - 6, 12), column.value, "over minor", "middle"))
    return found
