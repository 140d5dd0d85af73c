"""Bars across, one below the other: sums by age, and levels against a goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from billcli.render.charts.marks import (
    HALF_DESK,
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

ROW = 42
THICK = 14
BEYOND = 125
"""A level is drawn up to so many percent of its goal; what is above ends in an arrow."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: how much, in which tone, and what it is in words."""

    cents: int
    tone: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A bar with its name on the left and its value in words on the right."""

    name: str
    value: str
    parts: tuple[Part, ...]
    lead: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Level(Row):
    """A bar against a goal, with ticks at percentages of it; `tone` tells that it needs a look."""

    goal_cents: int = 0
    ticks: tuple[int, ...] = ()


def sums(key: str, title: str, description: str, rows: Sequence[Row]) -> Chart:
    """Bars on one scale: the longest is the largest sum."""
    largest = max((_total(row.parts) for row in rows), default=0)
    marks: list[Mark] = []
    for number, row in enumerate(rows):
        top = number * ROW
        marks += _words(row, top)
        marks.append(Bar(0, top + 22, WIDE, THICK, "track"))
        marks += _filled(row.parts, largest, top + 22)
    return Chart(key, len(rows) * ROW, title, description, tuple(marks))


def levels(
    key: str, title: str, description: str, rows: Sequence[Level], scale: Mapping[int, str]
) -> Chart:
    """Bars each on a scale of its own goal; `scale` names percentages at the top."""
    head = 20 if scale else 0
    marks: list[Mark] = [
        Label(across(each, BEYOND), 11, words, "axis", "middle") for each, words in scale.items()
    ]
    for number, row in enumerate(rows):
        top = head + number * ROW
        marks += _words(row, top)
        marks.append(Bar(0, top + 22, WIDE, THICK, "track"))
        whole = row.goal_cents * BEYOND // 100
        marks += _filled(row.parts, whole, top + 22)
        marks += [
            Rule(across(tick, BEYOND), top + 19, across(tick, BEYOND), top + 25 + THICK, tone)
            for tick in row.ticks
            for tone in ("tick goal" if tick == 100 else "tick",)
        ]
        if _total(row.parts) > whole > 0:
            marks.append(Sign(WIDE - 150, top + 22 + THICK // 2, "beyond"))
    return Chart(key, head + len(rows) * ROW, title, description, tuple(marks))


def _total(parts: Sequence[Part]) -> int:
    return sum(max(0, part.cents) for part in parts)


def _words(row: Row, top: int) -> list[Mark]:
    return [
        named(top + 15, row.name, lead=row.lead, beside=row.value, desk=HALF_DESK),
        Label(WIDE, top + 15, row.value, row.tone or "value", "end"),
    ]


def _filled(parts: Sequence[Part], whole: int, top: int) -> list[Mark]:
    """The parts one after the other, up to the end of the track."""
    found: list[Mark] = []
    so_far = 0
    for part in parts:
        left = across(so_far, whole)
        so_far += max(0, part.cents)
        right = across(so_far, whole)
        if right > left:
            found.append(Bar(left, top, right - left, THICK, part.tone, part.title))
    return found
