"""Imports from other programs on the command line."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from billcli.cli import _complete, import_dump, import_lists, import_payments, import_time
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import show_one

app = Noun("import")

app.command(
    "time",
    example="billcli import time toggl.csv --from toggl --map 'Rivera=2026-001' --dry-run\n"
    "timew export | billcli import time - --from timewarrior --tk MA",
)(import_time.time)
app.command("expenses", example="billcli import expenses costs.csv --dry-run")(
    import_lists.expenses
)
app.command("clients", example="billcli import clients clients.csv --dry-run")(import_lists.clients)
app.command(
    "payments",
    example="billcli import payments statement.ofx --from ofx --account 1234567",
)(import_payments.payments)
app.command(
    "json",
    example="billcli --ledger copy.db import json ledger.json --dry-run\n"
    "billcli --ledger copy.db import json ledger.json",
)(import_dump.json)

DryRun = Annotated[bool, Option("--dry-run", help="Say what would come in, and change nothing.")]


@app.command(
    "utbms",
    example="billcli import utbms acme-codes.tsv --set Acme\n"
    "billcli matter billing 2026-003 --utbms Acme",
)
def utbms(
    file: Annotated[
        str,
        Argument(metavar="FILE", help="Tab-separated, with a first line that names the columns."),
    ],
    set_: Annotated[
        str | None,
        Option(
            "--set",
            metavar="NAME",
            help="The name of the list, where the file has no column for it.",
            autocompletion=_complete.code_sets,
        ),
    ] = None,
    dry_run: DryRun = False,
    json: o.Json = False,
) -> None:
    """Take in a client's own list of task, activity and expense codes.

    Columns are code and title, and set and phase where there are such. The list takes the place of
    the one of its name; a second import of the same file changes nothing.
    """
    from pathlib import Path

    from billcli.services.work import utbms as service

    with opened() as ledger:
        views = service.import_(ledger, Path(file).expanduser(), set_=set_, dry_run=dry_run)
    told = [
        f"{view.set}: {view.codes} codes, {view.added} new, {view.changed} changed, "
        f"{view.removed} gone."
        for view in views
    ]
    if dry_run:
        told.append("Nothing was changed.")
    show_one({"sets": views, "dry_run": dry_run}, json=json, sentence="\n".join(told))
