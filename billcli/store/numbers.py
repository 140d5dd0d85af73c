"""Numbers of a series: 1..n without a gap, taken in the transaction that approves."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from billcli.errors import UsageProblem
from billcli.store import rows

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_FIELD = re.compile(r"\{(year|seq(?::0?\d{1,2})?)\}")
_LAST = "SELECT max(seq) FROM {table} WHERE series = :series AND year = :year"


@lru_cache(maxsize=16)
def check_format(pattern: str) -> str:
    """A number format has {seq} once, {year} at most once, and nothing else in braces."""
    fields = _FIELD.findall(pattern)
    rest = _FIELD.sub("", pattern)
    if (
        sum(1 for f in fields if f.startswith("seq")) != 1
        or fields.count("year") > 1
        or "{" in rest
        or "}" in rest
        or not re.fullmatch(r"[A-Za-z0-9._-]*", rest)
        or len(pattern) > 40
    ):
        raise UsageProblem(
            "number.format",
            f"The number format {pattern[:60]!r} can't be used.",
            hint="Write {seq} once and {year} if it restarts each year: {year}-{seq:04}.",
        )
    return pattern


def take(
    ledger: Ledger, series: str, pattern: str, day: date, *, table: str = "bill"
) -> tuple[int, int, str]:
    """The next (year, seq, number); year is 0 for a series that never restarts (D-45).

    `table` is where the series is kept: bills, credit notes and requests have one each.
    """
    year = day.year if "{year}" in pattern else 0
    last = rows.one(ledger, _LAST.format(table=table), {"series": series, "year": year}) or 0
    return year, last + 1, written(pattern, day.year, last + 1)


def written(pattern: str, year: int, seq: int) -> str:
    """A number as it prints."""
    return check_format(pattern).format(year=year, seq=seq)
