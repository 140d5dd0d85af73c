"""Lists as CSV, safe to open in a spreadsheet: no cell starts a formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from csv import writer
from io import StringIO
from typing import Any

from billcli.render.json import in_units, key_of
from billcli.render.table import Column, value_of
from billcli.values.text import csv_cell, visible


def csv_text(rows: Sequence[Any], columns: Sequence[Column], *, decimals: int = 2) -> str:
    """A header and a line for each row; the names are those of the JSON keys."""
    return "".join(csv_lines(rows, [column.key for column in columns], decimals=decimals))


def csv_lines(rows: Iterable[Any], keys: Sequence[str], *, decimals: int = 2) -> Iterator[str]:
    """The header and each row as it comes, with its line end."""
    sink = StringIO()
    lines = writer(sink, lineterminator="\n")
    lines.writerow([key_of(key).replace(".", "_") for key in keys])
    for row in rows:
        yield sink.getvalue()
        sink.seek(0)
        sink.truncate()
        lines.writerow([_cell(row, key, decimals) for key in keys])
    yield sink.getvalue()


def _cell(row: Any, key: str, decimals: int) -> str:
    value = in_units(value_of(row, key), key.rpartition(".")[2], decimals)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = "; ".join(str(item) for item in value)
    return csv_cell(visible(str(value), lines=True))
