"""The sentences for what isn't there, with the nearest that is."""

from __future__ import annotations

from collections.abc import Iterable

from billcli.errors import NotFound
from billcli.values.text import did_you_mean, shown


def matter(number: str, known: Iterable[str]) -> NotFound:
    """No matter has that number."""
    hint = did_you_mean(number, known) or "See `billcli matter list`."
    return NotFound("matter.missing", f"There is no matter {shown(number)}.", hint=hint)


def timekeeper(id: str, known: Iterable[str]) -> NotFound:
    """No timekeeper has that id."""
    few = sorted(known)
    listed = (
        f"It is one of {', '.join(few)}." if 0 < len(few) < 10 else "See `billcli timekeeper list`."
    )
    hint = did_you_mean(id, few) or listed
    return NotFound("timekeeper.missing", f"There is no timekeeper {shown(id)}.", hint=hint)
