"""How wide text is on a terminal."""

from __future__ import annotations

import unicodedata


def columns_wide(text: str) -> int:
    """How many columns of a terminal the text takes: two for a wide character, none for a mark."""
    if text.isascii():
        return len(text)
    wide = 0
    for char in text:
        if unicodedata.category(char) in ("Mn", "Me", "Cf"):
            continue
        wide += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return wide
