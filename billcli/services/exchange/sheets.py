"""The ledger as a folder of tables for spreadsheets, with a page that explains each column."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from billcli.deliver import files
from billcli.errors import UsageProblem
from billcli.render.csv import csv_lines
from billcli.render.json import key_of
from billcli.store import dumping, refusals, sheets_money, sheets_work
from billcli.store import sheets as store
from billcli.values.money import decimals_of

SHEETS = (*sheets_work.SHEETS, *sheets_money.SHEETS)
DICTIONARY = ("file", "column", "unit", "meaning")
_DAYS = ("date", "valid_from", "through")
README = """\
{firm}, everything that its ledger held at one moment, as tables for a spreadsheet.

{names}

columns.csv explains every column: its file, its unit and its meaning.

The files are UTF-8 with commas between columns, quotes where they are needed, and a first line
with the names of the columns. Amounts are in {currency} and have {decimals} decimals; hours, rates
and percents are decimals too; days are YYYY-MM-DD; a cell without a value is empty. A text that a
spreadsheet would run as a formula has an apostrophe in front.

Tables refer to each other by the first column of the other: a client's id, a matter's number, a
bill's number, T-, E-, C-, P-, TR- and RT- with a number.

This is for reading. `billcli export json` has everything, and comes in again.
"""


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A table that was written."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Exported:
    """The folder, and the tables in it."""

    folder: Path
    files: tuple[SheetFile, ...]


def export(path: Path, folder: Path, *, force: bool = False) -> Exported:
    """Write a CSV file for each table, all of one moment; each file is complete or absent.

    UsageProblem `file.exists` where one is there, before any is written.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageProblem("file.unusable", f"{folder} is a file.", hint="Name a folder.")
    names = [f"{sheet.name}.csv" for sheet in SHEETS]
    for name in (*names, "columns.csv", "README.txt"):
        if not force and os.path.lexists(folder / name):
            raise UsageProblem(
                "file.exists",
                f"There is a file {folder / name} already; nothing was written.",
                hint="Name another folder, or replace the files with --force.",
            )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with refusals.translated(path), dumping.moment(path) as now:
        decimals = decimals_of(now.currency)
        written = []
        for sheet, name in zip(SHEETS, names, strict=True):
            rows = _Counted(store.rows(now, sheet))
            keys = [column.key for column in sheet.columns]
            lines = csv_lines(rows, keys, decimals=decimals)
            files.pour(folder / name, (line.encode("utf-8") for line in lines), force=force)
            written.append(SheetFile(name, rows.count))
        about = csv_lines(dictionary(now.currency), DICTIONARY)
        files.save(folder / "columns.csv", "".join(about).encode("utf-8"), force=force)
        told = README.format(
            firm=now.firm or "A law firm",
            names="\n".join(f"{sheet.name}.csv: {sheet.about}" for sheet in SHEETS),
            currency=now.currency,
            decimals=decimals or "no",
        )
        files.save(folder / "README.txt", told.encode("utf-8"), force=force)
    return Exported(folder, tuple(written))


def dictionary(currency: str) -> Iterator[dict[str, str]]:
    """Every column of every file, with its unit and its meaning."""
    for sheet in SHEETS:
        for column in sheet.columns:
            yield {
                "file": f"{sheet.name}.csv",
                "column": key_of(column.key),
                "unit": _unit(column.key, currency),
                "meaning": column.meaning,
            }


def _unit(key: str, currency: str) -> str:
    ends = {
        "_cents": currency,
        "hours_e4": "hours",
        "rate_e4": f"{currency} an hour",
        "percent_e4": "percent",
        "_on": "date",
        "_days": "days",
    }
    found = next((unit for end, unit in ends.items() if key.endswith(end)), "")
    return found or ("date" if key in _DAYS else "")


class _Counted:
    """Rows on their way, and how many went by."""

    def __init__(self, rows: Iterable[object]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[object]:
        for row in self.rows:
            self.count += 1
            yield row
