"""Taking in time that other programs kept."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from billcli.cli import _complete
from billcli.cli import _importing as i
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._progress import progress
from billcli.cli._show import show_list, show_one, talk, warn
from billcli.render.table import Column

COLUMNS = (
    Column("Row", "row", "number"),
    Column("Date", "date", "date"),
    Column("Matter", "matter"),
    Column("Who", "timekeeper"),
    Column("Hours", "hours_e4", "hours"),
    Column("Rate", "rate_e4", "rate"),
    Column("Amount", "amount_cents", "money"),
    Column("Behavior", "behavior"),
    Column("Description", "description"),
)


def time(
    file: i.File,
    source: Annotated[
        str,
        Option(
            "--from",
            metavar="PROGRAM",
            help="csv, toggl, clockify, harvest or timewarrior.",
            autocompletion=_complete.of("csv", "toggl", "clockify", "harvest", "timewarrior"),
        ),
    ] = "csv",
    map_: i.Maps = None,
    tk: Annotated[
        str | None,
        Option(
            "--tk",
            metavar="TK",
            help="Whose time all of it is, whatever the file says.",
            autocompletion=_complete.timekeepers,
        ),
    ] = None,
    bill_all: Annotated[
        bool, Option("--bill-all", help="Bill rows that are marked as not billable, too.")
    ] = False,
    column: i.Columns = None,
    dates: i.Dates = None,
    dry_run: i.DryRun = False,
    json: o.Json = False,
) -> None:
    """Take in time that another program kept: all of the file, or nothing.

    A row comes in once, whatever file brings it again. Hours are rounded and priced by the
    matter's own rules. A matter is found by its number, by the client's own number for it, or with
    --map; a timekeeper by id, e-mail or name.
    """
    from billcli.services.exchange import importing, importing_time
    from billcli.values.hours import plain_hours
    from billcli.values.money import grouped

    program = importing.one_of(source, importing_time.SOURCES)
    asked = importing_time.Asked(
        program,
        importing.pairs(column or (), "--column", known=importing_time.fields(program)),
        importing.pairs(map_ or (), "--map"),
        importing.read_order(dates),
        tk,
        bill_all=bill_all,
        dry_run=dry_run,
    )
    content = importing.read_file(file)
    with opened() as ledger, progress("Importing"):
        view = importing_time.take(ledger, content, asked)
        decimals = ledger.decimals
    count = f"{view.new} time entr{'y' if view.new == 1 else 'ies'}"
    worth = f"{plain_hours(view.hours_e4)} h, {grouped(view.amount_cents, decimals)}"
    parts = [f"{count} {'would be imported' if dry_run else 'imported'}"]
    parts[0] += f": {worth}" if view.new else ""
    if view.known:
        parts.append(f"{view.known} {'is' if view.known == 1 else 'are'} there already")
    if view.running:
        parts.append(f"{view.running} still run{'s' if view.running == 1 else ''}")
    if dry_run and not json:
        show_list(view.entries, COLUMNS, json=False, empty="", decimals=decimals)
        talk("; ".join(parts) + ".")
    else:
        show_one(view, json=json, sentence="; ".join(parts) + ".", decimals=decimals)
    for warning in view.warnings:
        warn(warning)
