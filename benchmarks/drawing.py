"""Curves as one SVG: panels beside each other, each with round numbers on its sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDE, HIGH = 420, 260
LEFT, RIGHT, TOP, BOTTOM = 52, 36, 50, 40
COLOURS = ("#0072b2", "#d55e00")
"""Told apart by eyes of every kind; the second line is dashed too."""
DASHES = ("", ' stroke-dasharray="6 4"')


@dataclass(frozen=True, slots=True)
class Line:
    """A curve and what it is called."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Panel:
    """Curves on common scales: tenfold steps to the right, upward even ones from zero.

    `tenfold` has tenfold steps upward too.
    """

    title: str
    across: str
    lines: Sequence[Line]
    tenfold: bool = False


def picture(panels: Sequence[Panel], *, note: str, columns: int = 2) -> str:
    """The panels in rows, and a note on what they were measured on."""
    rows = ceil(len(panels) / columns)
    wide, high = WIDE * min(columns, len(panels)), HIGH * rows + 24
    size = f'viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"'
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" fill="#333">',
        f"<title>{escape('; '.join(panel.title for panel in panels))}</title>",
        f'<rect width="{wide}" height="{high}" fill="#fff"/>',
    ]
    for n, panel in enumerate(panels):
        drawn.append(f'<g transform="translate({n % columns * WIDE} {n // columns * HIGH})">')
        drawn += _panel(panel)
        drawn.append("</g>")
    drawn.append(_text(LEFT, high - 8, note, size=11))
    return "\n".join([*drawn, "</svg>"]) + "\n"


def _panel(panel: Panel) -> list[str]:
    across = [x for line in panel.lines for x, _ in line.points]
    first, last = floor(log10(min(across))), max(ceil(log10(max(across))), 1)
    last = max(last, first + 1)
    upward = [y for line in panel.lines for _, y in line.points]
    steps = _powers(min(upward), max(upward)) if panel.tenfold else _steps(max(upward))
    least, most = (_high(panel, step) for step in (steps[0], steps[-1]))

    def place(x: float, y: float) -> tuple[float, float]:
        right = LEFT + (log10(x) - first) / (last - first) * (WIDE - LEFT - RIGHT)
        up = (_high(panel, y) - least) / (most - least) * (HIGH - BOTTOM - TOP)
        return round(right, 1), round(HIGH - BOTTOM - up, 1)

    drawn = [_text(LEFT, 20, panel.title, size=14, more=' font-weight="bold"')]
    for step in steps:
        _, y = place(10**first, step)
        drawn.append(f'<path d="M{LEFT} {y}H{WIDE - RIGHT}" stroke="{_grey(step, steps)}"/>')
        drawn.append(_text(LEFT - 6, y + 4, f"{step:,g}", anchor="end"))
    for power in range(first, last + 1):
        x, y = place(10**power, steps[0])
        drawn.append(_text(x, y + 16, f"{10**power:,}", anchor="middle"))
    drawn.append(_text((LEFT + WIDE - RIGHT) / 2, HIGH - 8, panel.across, anchor="middle"))
    begin = LEFT
    for n, line in enumerate(panel.lines):
        colour, dash = COLOURS[n % 2], DASHES[n % 2]
        points = [place(x, y) for x, y in line.points]
        drawn.append(
            f'<polyline points="{" ".join(f"{x},{y}" for x, y in points)}" fill="none"'
            f' stroke="{colour}" stroke-width="2"{dash}/>'
        )
        drawn += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in points]
        drawn.append(f'<path d="M{begin} 34h22" stroke="{colour}" stroke-width="2"{dash}/>')
        drawn.append(_text(begin + 28, 38, line.name))
        begin += 48 + 7 * len(line.name)
    return drawn


def _steps(highest: float) -> list[float]:
    """From zero to above the highest in three to five round steps."""
    step = 10.0 ** floor(log10(highest or 1))
    while highest / step > 5:
        step *= 2
    while highest / step < 2.5:
        step /= 2
    return [step * n for n in range(ceil(highest / step) + 1)]


def _powers(lowest: float, highest: float) -> list[float]:
    first = floor(log10(lowest))
    return [10.0**n for n in range(first, max(ceil(log10(highest)), first + 1) + 1)]


def _high(panel: Panel, y: float) -> float:
    return log10(y) if panel.tenfold else y


def _grey(step: float, steps: Sequence[float]) -> str:
    return "#888" if step == steps[0] else "#ddd"


def _text(
    x: float, y: float, text: str, *, size: int = 12, anchor: str = "start", more: str = ""
) -> str:
    placed = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}"{more}'
    return f"<text {placed}>{escape(text)}</text>"
