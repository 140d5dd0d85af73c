"""Lists as tables: with Rich on a terminal, plain aligned text in a pipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from billcli.render.widths import columns_wide
from billcli.values.hours import plain_hours
from billcli.values.money import grouped, plain_percent, plain_rate
from billcli.values.text import visible

Kind = Literal["text", "money", "hours", "rate", "percent", "date", "number"]
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
    lines = [[cell(value_of(row, c.key), c.kind, decimals) for c in columns] for row in rows]
    last = [cell(totals.get(c.key), c.kind, decimals) for c in columns] if totals else None
    if rich:
        from billcli.render.fitted import fitted

        titles = [column.title for column in columns]
        right = [column.kind in RIGHT for column in columns]
        return fitted(lines, titles, right, last, width=width, colour=colour)
    return _plain(lines, columns, last)


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


def _plain(lines: list[list[str]], columns: Sequence[Column], last: list[str] | None) -> str:
    titles = [column.title for column in columns]
    everything = [titles, *lines, *([last] if last else [])]
    widths = [max(columns_wide(line[i]) for line in everything) for i in range(len(columns))]
    shown = []
    for line in everything:
        cells = [
            _aligned(text, widths[i], right=columns[i].kind in RIGHT) for i, text in enumerate(line)
        ]
        shown.append("  ".join(cells).rstrip())
    return "\n".join(shown) + "\n"


def _aligned(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - columns_wide(text))
    return space + text if right else text + space
