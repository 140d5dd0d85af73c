"""Lists as tables: with Rich on a terminal, plain aligned text in a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from billcli.render.widths import columns_wide
from billcli.values.hours import plain_hours
from billcli.values.money import grouped, plain_percent, plain_rate
from billcli.values.text import visible

Kind = Literal["text", "money", "hours", "rate", "percent", "date", "number"]
HELD = 5_000
"""A table of no more rows than this is held as text."""
RIGHT = ("money", "hours", "rate", "percent", "number")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the view's field (dots go inwards), how its values are written."""

    title: str
    key: str
    kind: Kind = "text"


def table(
    rows: Sequence[Any],
    columns: Sequence[Column],
    decimals: int,
    *,
    rich: bool = False,
    width: int = 80,
    totals: Mapping[str, Any] | None = None,
    colour: bool = False,
) -> str:
    """The rows under their headings, a last line of totals if given; ends with a line end.

    Plain text is never cut, whatever the width (B31); on a terminal (`rich`) it fits the width.
    """
    if rich:
        lines = [_cells(row, columns, decimals) for row in rows]
        last = _last(totals, columns, decimals)
        from billcli.render.fitted import fitted

        titles = [column.title for column in columns]
        right = [column.kind in RIGHT for column in columns]
        return fitted(lines, titles, right, last, width=width, colour=colour)
    return "".join(plain_lines(rows, columns, decimals, totals=totals))


def plain_lines(
    rows: Sequence[Any],
    columns: Sequence[Column],
    decimals: int,
    *,
    totals: Mapping[str, Any] | None = None,
) -> Iterator[str]:
    """The table as plain text, a line at a time; of a long one memory holds no more than that."""
    titles = [column.title for column in columns]
    last = _last(totals, columns, decimals)

    def everything() -> Iterator[list[str]]:
        yield titles
        yield from (_cells(row, columns, decimals) for row in rows)
        if last:
            yield last

    # A long one is gone through twice instead: first for its widths.
    held = list(everything()) if len(rows) <= HELD else None
    widths = [0] * len(columns)
    for line in held or everything():
        widths = [max(wide, columns_wide(text)) for wide, text in zip(widths, line, strict=True)]
    for line in held or everything():
        cells = [_aligned(*each) for each in zip(line, widths, columns, strict=True)]
        yield "  ".join(cells).rstrip() + "\n"


def value_of(row: Any, key: str) -> Any:
    """A field of a view; `trigger.state` goes inwards, and nothing stays nothing."""
    for name in key.split("."):
        if row is None:
            return None
        row = row.get(name) if isinstance(row, Mapping) else getattr(row, name)
    return row


def cell(value: Any, kind: Kind, decimals: int) -> str:
    """One value as people read it, with control characters escaped."""
    if value is None:
        return ""
    if isinstance(value, str):  # already worded by the caller, such as "Total"
        return visible(value)
    if kind == "money":
        return grouped(value, decimals)
    if kind == "hours":
        return plain_hours(value)
    if kind == "rate":
        return plain_rate(value, decimals)
    if kind == "percent":
        return f"{plain_percent(value)}%"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return ", ".join(visible(str(item)) for item in value)
    return visible(str(value))


def _cells(row: Any, columns: Sequence[Column], decimals: int) -> list[str]:
    return [cell(value_of(row, column.key), column.kind, decimals) for column in columns]


def _last(
    totals: Mapping[str, Any] | None, columns: Sequence[Column], decimals: int
) -> list[str] | None:
    if not totals:
        return None
    return [cell(totals.get(column.key), column.kind, decimals) for column in columns]


def _aligned(text: str, width: int, column: Column) -> str:
    space = " " * (width - columns_wide(text))
    return space + text if column.kind in RIGHT else text + space
