"""A bar on either side of zero, for a terminal."""

from __future__ import annotations

HALF = 12


def gauge(cents: int, largest: int, *, unicode: bool) -> str:
    """A bar to the right of the middle for money that is there, to the left for what lacks.

    `largest` is the amount, either way, that fills a side.
    """
    if unicode:
        more, less, middle = "█", "▒", "│"
    else:
        more, less, middle = "#", "-", "|"
    size = abs(cents) * HALF // largest if largest else 0
    size = max(size, 1 if cents else 0)
    left = less * size if cents < 0 else ""
    right = more * size if cents > 0 else ""
    return f"{left:>{HALF}}{middle}{right:<{HALF}}"
