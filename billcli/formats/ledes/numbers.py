"""Numbers of a file, read exactly: times 10^4, or times 10^10 for the rate of a tax."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(-?)(\d{0,14})(?:\.(\d{0,4}))?", re.ASCII)
_RATE = re.compile(r"(0?)(?:\.(\d{0,10}))?", re.ASCII)


def e4(text: str) -> int | None:
    """A number times 10^4; None where it is none: digits, one point, a minus in front."""
    found = _NUMBER.fullmatch(text)
    if found is None or not (found[2] or found[3]):
        return None
    size = int(f"{found[2] or '0'}{(found[3] or '').ljust(4, '0')}")
    return -size if found[1] else size


def rate_e10(text: str) -> int | None:
    """A fraction from 0 to below 1, times 10^10."""
    found = _RATE.fullmatch(text)
    if found is None or not (found[1] or found[2]):
        return None
    return int((found[2] or "").ljust(10, "0"))


def plain(value_e4: int) -> str:
    """A number as findings name it."""
    whole, rest = divmod(abs(value_e4), 10_000)
    decimals = f"{rest:04d}"
    decimals = decimals[:2] + decimals[2:].rstrip("0")
    return f"{'-' if value_e4 < 0 else ''}{whole}.{decimals}"
