"""Entries as the files that QuickBooks Online and Xero take: as many as their limits ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from csv import writer
from dataclasses import dataclass
from io import StringIO

from billcli.errors import Refused
from billcli.formats.journal.accounts import Accounts
from billcli.formats.journal.entries import Entry, Line
from billcli.values.money import plain
from billcli.values.text import csv_cell, visible

Row = tuple[str, ...]
LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Preset:
    """A program's columns, and how many lines and bytes it takes in a file, the first included."""

    columns: Row
    row: Callable[[Entry, Line, Accounts, int], Row]
    lines: int
    size: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file: its text, and how many lines of entries are in it."""

    text: str
    rows: int


def _qbo(entry: Entry, line: Line, accounts: Accounts, decimals: int) -> Row:
    debit = plain(line.cents, decimals) if line.cents > 0 else ""
    credit = plain(-line.cents, decimals) if line.cents < 0 else ""
    day = f"{entry.day:%m/%d/%Y}"
    return entry.number, day, line.account, debit, credit, _cut(line.words), line.client


def _xero(entry: Entry, line: Line, accounts: Accounts, decimals: int) -> Row:
    # Lines of the same narration and date are one journal, so the number makes it one of its kind.
    words = f"{line.words} / {line.client}" if line.client else line.words
    told = (_cut(f"{entry.number} {entry.note}"), f"{entry.day:%d/%m/%Y}", _cut(words))
    amount = plain(line.cents, decimals)
    return *told, line.account, accounts.tax_rate, amount, "", "", "", ""


PRESETS = {
    "qbo": Preset(
        (
            "Journal No",
            "Journal Date",
            "Account Name",
            "Debits",
            "Credits",
            "Description",
            "Name",
        ),
        _qbo,
        1_000,
        2_000_000,
    ),
    "xero": Preset(
        (
            "*Narration",
            "*Date",
            "Description",
            "*AccountCode",
            "*TaxRate",
            "*Amount",
            "TrackingName1",
            "TrackingOption1",
            "TrackingName2",
            "TrackingOption2",
        ),
        _xero,
        300,
        1_000_000,
    ),
}


def sheets(
    entries: Iterable[Entry], preset: Preset, accounts: Accounts, *, decimals: int
) -> Iterator[Sheet]:
    """The files, at least one; an entry is never parted. Refused `export.entry-too-long`."""
    head = _lines([preset.columns])
    made, rows, size = [head], 0, len(head.encode())
    for entry in entries:
        text = _lines(
            tuple(csv_cell(visible(cell)) for cell in preset.row(entry, line, accounts, decimals))
            for line in entry.lines
        )
        more = len(text.encode())
        if len(entry.lines) >= preset.lines or len(head.encode()) + more > preset.size:
            raise Refused(
                "export.entry-too-long",
                f"Entry {entry.number} of {entry.day} has {len(entry.lines):,} lines; "
                f"a file takes {preset.lines - 1:,}.",
                hint="Enter it by hand, and export what is before and after it.",
            )
        if 1 + rows + len(entry.lines) > preset.lines or size + more > preset.size:
            yield Sheet("".join(made), rows)
            made, rows, size = [head], 0, len(head.encode())
        made.append(text)
        rows += len(entry.lines)
        size += more
    yield Sheet("".join(made), rows)


def _lines(rows: Iterable[Row]) -> str:
    sink = StringIO()
    writer(sink, lineterminator="\r\n").writerows(rows)
    return sink.getvalue()


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
