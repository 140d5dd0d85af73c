"""The journal for QuickBooks and Xero: files that they take, with the accounts' names in them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from billcli.core.books import Basis
from billcli.deliver import files
from billcli.errors import UsageProblem
from billcli.formats.journal import accounts as naming
from billcli.formats.journal import iif, sheets
from billcli.formats.journal.entries import entries
from billcli.services.exchange import exporting
from billcli.store import books
from billcli.values.text import did_you_mean, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Program = Literal["qbo", "xero", "iif"]
PROGRAMS: tuple[Program, ...] = ("qbo", "xero", "iif")


@dataclass(frozen=True, slots=True)
class JournalFile:
    """A file that was written, and how many lines of entries it has."""

    file: Path
    rows: int


@dataclass(frozen=True, slots=True)
class Exported:
    """The journal of a span of days: in files, or as one text. It balances in each."""

    program: Program
    basis: Basis
    first: date | None
    last: date | None
    entries: int
    rows: int
    files: tuple[JournalFile, ...]
    text: str | None


def export(
    ledger: Ledger,
    program: Program,
    *,
    basis: Basis = "accrual",
    first: date | None = None,
    last: date | None = None,
    accounts: Path | None = None,
    out: Path | None = None,
    force: bool = False,
) -> Exported:
    """Write the entries of these days for a program, in as many files as it wants them.

    UsageProblem `date.order`, `accounts.file`, `file.exists`, `export.several`.
    """
    exporting.refuse_order(first, last)
    named = naming.DEFAULTS[program]
    if accounts is not None:
        named = naming.read(_text_of(accounts), program, accounts.name)
    pages = [
        page
        for page in exporting.of(ledger, basis).pages
        if (first is None or page.day >= first) and (last is None or page.day <= last)
    ]
    made = list(entries(pages, named, books.client_names(ledger)))
    if program == "iif":
        rows = sum(len(entry.lines) for entry in made)
        parts = [sheets.Sheet(iif.text(made, decimals=ledger.decimals), rows)]
    else:
        preset = sheets.PRESETS[program]
        parts = list(sheets.sheets(made, preset, named, decimals=ledger.decimals))
    total = sum(part.rows for part in parts)
    if out is None:
        if len(parts) > 1:
            raise UsageProblem(
                "export.several",
                f"The journal has {total:,} lines, which are {len(parts)} files for this program.",
                hint="Name a file for them: --out journal.csv writes journal-1.csv and so on.",
            )
        text = parts[0].text.replace("\r\n", "\n")
        return Exported(program, basis, first, last, len(made), total, (), text)
    written = _write(parts, out, "cp1252" if program == "iif" else "utf-8", force=force)
    return Exported(program, basis, first, last, len(made), total, written, None)


def read_program(text: str) -> Program:
    """A program as typed. UsageProblem `export.program`."""
    word = text.strip().lower()
    for program in PROGRAMS:
        if word == program:
            return program
    raise UsageProblem(
        "export.program",
        f"{shown(text)} is no program that a journal is written for.",
        hint=did_you_mean(text, PROGRAMS)
        or "qbo: QuickBooks Online; iif: QuickBooks Desktop; xero: Xero.",
    )


def _write(
    parts: list[sheets.Sheet], out: Path, encoding: str, *, force: bool
) -> tuple[JournalFile, ...]:
    """All files, or none where one of their names is taken."""
    paths = [out]
    if len(parts) > 1:
        paths = [out.with_name(f"{out.stem}-{n}{out.suffix}") for n in range(1, len(parts) + 1)]
    for path in paths:
        if not force and os.path.lexists(path):
            raise UsageProblem(
                "file.exists",
                f"There is a file {path} already; it was not touched.",
                hint="Name another, or replace it with --force.",
            )
    for path, part in zip(paths, parts, strict=True):
        files.save(path, part.text.encode(encoding), force=force)
    return tuple(JournalFile(path, part.rows) for path, part in zip(paths, parts, strict=True))


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageProblem("accounts.file", f"{path.name}: this is no UTF-8 text.") from None
