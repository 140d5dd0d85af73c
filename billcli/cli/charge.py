"""Flat charges, on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from billcli.cli import _options as o
from billcli.cli import _work as w
from billcli.cli._days import maybe_day
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import show_one
from billcli.render.table import Column
from billcli.values.money import grouped, read_positive_cents

if TYPE_CHECKING:
    from billcli.services.work.items import Item

app = Noun("charge")

COLUMNS = (
    Column("Id", "id"),
    Column("Matter", "matter"),
    Column("Date", "date", "date"),
    Column("Who", "timekeeper"),
    Column("Amount", "amount_cents", "money"),
    Column("Task", "task", "number"),
    *w.TableEnd,
)

Entry = Annotated[str, Argument(metavar="C-n", help="The charge, such as C-3.")]


@app.command("add", example="billcli charge add 2026-001 1,500 'Set-up of the company'")
def add(
    matter: o.Matter,
    amount: o.Amount,
    description: Annotated[str, Argument(metavar="DESCRIPTION", help="What it is for.")],
    date: o.Date = None,
    tk: o.TimekeeperOption = None,
    json: o.Json = False,
) -> None:
    """Add a flat charge to a matter; it is a fee, without hours."""
    said = w.read_narrative(description, "description")
    with opened() as ledger:
        from billcli.services.work import charges

        item = charges.add(
            ledger,
            matter,
            read_positive_cents(amount, ledger.decimals),
            said,
            day=maybe_day(ledger, date),
            timekeeper=tk,
        )
        _show(item, "added", ledger.decimals, json=json)


@app.command("edit", example="billcli charge edit C-3 --amount 1,200")
def edit(
    entry: Entry,
    amount: Annotated[
        str | None, Option("--amount", metavar="AMOUNT", help="Money: 1500 or 1,500.00.")
    ] = None,
    description: Annotated[
        str | None, Option("--description", metavar="TEXT", help="What it is for.")
    ] = None,
    date: o.Date = None,
    tk: o.TimekeeperOption = None,
    json: o.Json = False,
) -> None:
    """Change an unbilled charge: what is named, and nothing else.

    The milestone that fired it keeps its own amount.
    """
    said = w.maybe_narrative(description, "description")
    with opened() as ledger:
        from billcli.services.work import charges

        item = charges.edit(
            ledger,
            entry,
            amount_cents=None if amount is None else read_positive_cents(amount, ledger.decimals),
            description=said,
            day=maybe_day(ledger, date),
            timekeeper=tk,
        )
        _show(item, "changed", ledger.decimals, json=json)


@app.command("withdraw", example="billcli charge withdraw C-3")
def withdraw(entry: Entry, json: o.Json = False) -> None:
    """Take back an unbilled charge; it stays in the list as withdrawn."""
    with opened() as ledger:
        from billcli.services.work import charges

        _show(charges.withdraw(ledger, entry), "withdrawn", ledger.decimals, json=json)


@app.command("list", example="billcli charge list 2026-001 --json")
def list_(
    matter: o.MaybeMatter = None,
    first: o.From = None,
    last: o.To = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """List flat charges, of one matter or of all."""
    with opened() as ledger:
        from billcli.services.work import charges

        items = charges.list_(ledger, matter, **w.span(ledger, first, last))
        w.show_items(
            items,
            COLUMNS,
            json=json,
            csv=csv,
            empty="There are no such charges.",
            decimals=ledger.decimals,
        )


def _show(item: Item, done: str, decimals: int, *, json: bool) -> None:
    show_one(
        item,
        json=json,
        decimals=decimals,
        sentence=f"{item.id} {done}: {grouped(item.amount_cents, decimals)} on {item.matter}.",
    )
