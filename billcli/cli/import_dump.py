"""`import json`: a dump becomes a ledger."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from billcli.cli import _options as o
from billcli.cli._progress import progress
from billcli.cli._root import run
from billcli.cli._show import show_one
from billcli.cli.export_dumps import in_words

File = Annotated[str, Argument(metavar="FILE", help="What `billcli export json` wrote.")]
DryRun = Annotated[bool, Option("--dry-run", help="Prove the dump sound, and change nothing.")]


def json(file: File, dry_run: DryRun = False, json: o.Json = False) -> None:
    """Make a ledger of a dump: every row as it was, the log and the pages of bills among them.

    The ledger is one that isn't there yet, or holds nothing. A dump that was edited or cut, or
    that makes no sound ledger, is refused as a whole, and the place is named.
    """
    from pathlib import Path

    from billcli.services.exchange import dumps

    with progress("Importing"):
        view = dumps.import_(run().ledger, Path(file).expanduser(), dry_run=dry_run)
    what = in_words({"bill": view.bills, "change": view.changes})
    if view.dry_run:
        sentence = f"The dump is sound: {what} in its log. Nothing was changed."
    else:
        sentence = (
            f"The ledger is at {view.ledger}: {what} in its log. All of `check` finds it sound."
        )
    if view.replaced:
        sentence += f"\nThe empty ledger that was there is kept in {view.replaced}."
    show_one(view, json=json, sentence=sentence)
