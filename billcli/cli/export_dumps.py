"""`export json` and `export csv`: everything that the ledger holds, as a document or as tables."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import Annotated

from typer import Option

from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._progress import progress
from billcli.cli._show import show_one

Out = Annotated[
    str | None,
    Option("--out", metavar="FILE", help="Where to write it; without it, or with -, to stdout."),
]
Force = Annotated[bool, Option("--force", help="Replace a file that is there.")]


def json(out: Out = None, force: Force = False, json: o.Json = False) -> None:
    """Write the whole ledger as one JSON document that describes itself.

    Every row of every table, the log and the pages of issued bills among them, with units and
    checksums. `import json` makes the same ledger of it. Keep it as safe as the ledger itself.
    """
    from pathlib import Path

    from billcli.services.exchange import dumps

    path = None if out in (None, "-") else Path(str(out)).expanduser()
    # Opening brings an older ledger up to this schema first.
    with opened() as ledger, nullcontext() if path is None else progress("Exporting"):
        view = dumps.export(ledger.path, out=path, sink=_write, force=force)
    if path is None:
        return
    what = in_words({"bill": view.bills, "change": view.changes})
    sentence = f"The ledger is in {view.file}: {what} in its log."
    show_one(view, json=json, sentence=sentence)


def csv(
    out: Annotated[
        str, Option("--out", metavar="DIR", help="The folder; it is made if missing.")
    ] = "tables",
    force: Annotated[bool, Option("--force", help="Replace files that are there.")] = False,
    json: o.Json = False,
) -> None:
    """Write tables for a spreadsheet: clients, matters, work, bills, money, the journal.

    A file for each, all of one moment, and columns.csv with the unit and the meaning of every
    column. Amounts, hours and rates are decimals; no cell starts a formula.
    """
    from pathlib import Path

    from billcli.services.exchange import sheets

    with opened() as ledger, progress("Exporting"):
        view = sheets.export(ledger.path, Path(out).expanduser(), force=force)
    rows = sum(file.rows for file in view.files)
    sentence = f"{len(view.files)} tables with {in_words({'row': rows})} are in {view.folder}."
    show_one(view, json=json, sentence=sentence)


def in_words(counts: dict[str, int]) -> str:
    """How many of each there are: 1 bill, 12 changes."""
    return ", ".join(f"{n:,} {what}{'' if n == 1 else 's'}" for what, n in counts.items())


def _write(line: bytes) -> None:
    """A line as it is, where stdout takes bytes."""
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:
        sys.stdout.write(line.decode("utf-8"))
    else:
        raw.write(line)
