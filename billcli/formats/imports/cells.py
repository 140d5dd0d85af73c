"""Cells read into values: days in the file's own order, durations, yes and no, amounts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from billcli.errors import BillError, UsageProblem
from billcli.formats.imports.sheet import Cells
from billcli.values.dates import read_day
from billcli.values.hours import DAY_E4, of_seconds, read_hours
from billcli.values.money import read_cents
from billcli.values.text import shown

Read = TypeVar("Read")
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?", re.ASCII | re.DOTALL)
_OTHER = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T].*)?", re.ASCII | re.DOTALL)
_CLOCK = re.compile(r"(\d{1,4}):(\d\d):(\d\d)", re.ASCII)
_YES = ("yes", "y", "true", "1", "billable")
_NO = ("no", "n", "false", "0", "non-billable", "nonbillable")


def day(cells: Cells, field: str, order: str | None) -> date:
    """A day; 01/02/2026 needs to be told what comes first. UsageProblem `import.row`."""
    return of(cells, field, lambda text: to_day(text, order))


def to_day(text: str, order: str | None) -> date:
    """A day as a file writes it. UsageProblem `date.unreadable`."""
    if found := _DAY.fullmatch(text):
        year, month, day_ = found.groups()
    elif found := _OTHER.fullmatch(text):
        if order not in ("mdy", "dmy"):
            raise UsageProblem(
                "date.unreadable",
                f"The date {shown(text)} can be read in two ways.",
                hint="Say what comes first: --dates mdy or --dates dmy.",
            )
        first, second, year = found.groups()
        month, day_ = (first, second) if order == "mdy" else (second, first)
    else:
        raise UsageProblem(
            "date.unreadable",
            f"The date {shown(text)} can't be read." if text else "There is no date.",
            hint="A day is written 2026-11-21, or 11/21/2026 with --dates mdy.",
        )
    return read_day(f"{year}-{month:0>2}-{day_:0>2}", date.min)


def hours(cells: Cells, field: str) -> int:
    """How long it took, as hours_e4: 1:30:00, 1:30, 1.5. UsageProblem `import.row`."""
    return of(cells, field, to_hours)


def to_hours(text: str) -> int:
    """A duration with or without seconds, as hours_e4. UsageProblem as read_hours."""
    found = _CLOCK.fullmatch(text)
    if found is None or int(found[2]) > 59 or int(found[3]) > 59:
        return read_hours(text)
    hours_e4 = of_seconds(int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3]))
    if not 0 < hours_e4 <= DAY_E4:
        raise UsageProblem(
            "hours.too-long" if hours_e4 else "hours.not-positive",
            f"{shown(text)} isn't the time of one entry: more than 0, at most 24 hours.",
            hint="Split it by days, or take the row out.",
        )
    return hours_e4


def cents(cells: Cells, field: str, decimals: int) -> int:
    """An amount with or without its currency's sign. UsageProblem `import.row`."""
    return of(cells, field, lambda text: to_cents(text, decimals))


def to_cents(text: str, decimals: int) -> int:
    """An amount as a spreadsheet writes it; in brackets it is below zero."""
    bare = text.replace("$", "", 1).replace("€", "", 1).replace("£", "", 1).strip()
    if bare.startswith("(") and bare.endswith(")"):
        return -read_cents(bare[1:-1], decimals)
    return read_cents(bare.removeprefix("+"), decimals)


def yes(cells: Cells, field: str) -> bool | None:
    """Yes or no, or None where the cell is empty. UsageProblem `import.row`."""
    text = cells[field].casefold()
    if not text:
        return None
    if text in _YES or text in _NO:
        return text in _YES
    problem = UsageProblem(
        "import.row", f"{shown(text)} is neither yes nor no.", "Write yes or no."
    )
    raise cells.fault(field, problem)


def of(cells: Cells, field: str, read: Callable[[str], Read]) -> Read:
    """The value of a cell, or the fault with its row and column."""
    try:
        return read(cells[field])
    except BillError as problem:
        raise cells.fault(field, problem) from None
