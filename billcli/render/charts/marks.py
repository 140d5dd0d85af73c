"""What a chart is made of: bars, rules, labels and signs, placed by whole numbers.

Places across are hundredths of a percent of the width, so that a chart fits a telephone and a desk
alike; places down are pixels. A template turns them into SVG and escapes every text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from unicodedata import combining, east_asian_width

WIDE = 10_000
"""The whole width."""
NARROWEST = 300
"""The width in pixels that labels are fitted for: a small telephone's."""
DESK, HALF_DESK = 640, 460
"""The widths that the longer form of a name is fitted for: that of a page, that of a column."""


def across(part: int, whole: int) -> int:
    """How far along the width a part of a whole is, never beyond its ends."""
    return max(0, min(WIDE, part * WIDE // whole)) if whole > 0 else 0


def percent(place: int) -> str:
    """A place across as SVG writes it."""
    return f"{place / 100:g}%"


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle; its tone is the name of a class in the style sheet."""

    x: int
    y: int
    width: int
    height: int
    tone: str
    title: str = ""
    kind: ClassVar[str] = "bar"

    @property
    def left(self) -> str:
        """Where it begins."""
        return percent(self.x)

    @property
    def wide(self) -> str:
        """How wide it is."""
        return percent(self.width)


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line: across from `x` to `x2`, or down from `y` to `y2`."""

    x: int
    y: int
    x2: int
    y2: int
    tone: str
    kind: ClassVar[str] = "rule"

    @property
    def left(self) -> str:
        """Where it begins."""
        return percent(self.x)

    @property
    def right(self) -> str:
        """Where it ends."""
        return percent(self.x2)


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text with its base line at `y`; `lead` stands before it, in bold.

    `longer` is what stands there instead of the text where there is more room.
    """

    x: int
    y: int
    text: str
    tone: str = ""
    anchor: str = "start"
    lead: str = ""
    title: str = ""
    longer: str = ""
    kind: ClassVar[str] = "label"

    @property
    def left(self) -> str:
        """Where it is anchored."""
        return percent(self.x)


@dataclass(frozen=True, slots=True)
class Sign:
    """A small shape around its place: the shape says what it is, the tone says it again."""

    x: int
    y: int
    shape: str
    tone: str = ""
    title: str = ""
    kind: ClassVar[str] = "sign"

    @property
    def left(self) -> str:
        """Where its middle is."""
        return percent(self.x)


Mark = Bar | Rule | Label | Sign


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its name and a sentence that says what it shows."""

    key: str
    height: int
    title: str
    description: str
    marks: tuple[Mark, ...]


def named(y: int, name: str, *, lead: str, beside: str, desk: int) -> Label:
    """A name at the left end that leaves room for what stands at the right end."""
    taken = width_of(lead) + width_of(beside) + 20
    short, longer = (cut(name, max(30, wide - taken)) for wide in (NARROWEST, desk))
    return Label(
        0,
        y,
        short,
        lead=lead,
        title="" if longer == short == name else name,
        longer="" if longer == short else longer,
    )


def width_of(text: str) -> int:
    """About how many pixels a label's text takes; rather too many than too few."""
    return sum(_width(char) for char in text)


def cut(text: str, pixels: int) -> str:
    """The text, or as much of its start as fits, with an ellipsis."""
    if width_of(text) <= pixels:
        return text
    room, kept = pixels - _width("…"), ""
    for char in text:
        room -= _width(char)
        if room < 0:
            break
        kept += char
    return kept.rstrip() + "…"


def _width(char: str) -> int:
    if combining(char):
        return 0
    if east_asian_width(char) in "WF" or ord(char) > 0xFFFF:
        return 15
    if char in "mwMW…—%@&":
        return 11
    return 9 if char.isupper() else 7
