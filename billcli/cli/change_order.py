"""Change orders on the command line."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from billcli.cli import _options as o
from billcli.cli import _tasks as w
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import show_list, show_one, warn
from billcli.render.table import Column

app = Noun("change-order")

COLUMNS = (
    Column("Order", "id"),
    Column("Matter", "matter"),
    Column("Date", "date", "date"),
    Column("Amount", "amount_cents", "money"),
    Column("Name", "name"),
    Column("Task", "task", "number"),
    Column("Approved by", "approved_by"),
    Column("Reason", "reason"),
)


@app.command(
    "add",
    example="billcli change-order add 2026-001 2,000.00 --name 'Second interview' "
    "--approved-by 'Ana Rivera'\n"
    "billcli change-order add 2026-001 -500.00 --name 'No translation needed' --task 4",
)
def add(
    matter: o.Matter,
    amount: Annotated[
        str, Argument(metavar="AMOUNT", help="How much more was agreed; -500.00 is less.")
    ],
    name: Annotated[str, Option("--name", metavar="TEXT", help="What the change is.")],
    reason: o.Reason = None,
    approved_by: Annotated[
        str | None,
        Option("--approved-by", metavar="TEXT", help="Who approved it for the client, and how."),
    ] = None,
    task: Annotated[
        str | None,
        Option("--task", metavar="TASK", help="The milestone that it changes, if it has one."),
    ] = None,
    date: o.Date = None,
    json: o.Json = False,
) -> None:
    """Agree on more or less; more makes a milestone of its own, and what is billed stays."""
    from billcli.services.milestones import change_orders
    from billcli.values.dates import read_day
    from billcli.values.money import grouped, read_cents

    with opened() as ledger:
        view = change_orders.add(
            ledger,
            matter,
            read_cents(amount, ledger.decimals, what="amount"),
            name=name,
            reason=reason,
            approved_by=approved_by,
            task=w.read_task(task) if task else None,
            day=read_day(date, ledger.today, what="--date", past=True) if date else None,
        )
        for warning in view.warnings:
            warn(warning)
        said = f"{view.id}: {grouped(view.amount_cents, ledger.decimals)} on {matter}"
        if view.task:
            said += f", with task {view.task}"
        if view.value_cents is not None:
            said += f"; {grouped(view.value_cents, ledger.decimals)} is agreed now"
        show_one(view, json=json, sentence=f"{said}.", decimals=ledger.decimals)


@app.command("list", example="billcli change-order list 2026-001 --json")
def list_(matter: o.MaybeMatter = None, json: o.Json = False, csv: o.Csv = False) -> None:
    """List the change orders of a matter, or of all matters."""
    from billcli.services.milestones import change_orders

    with opened() as ledger:
        show_list(
            change_orders.list_(ledger, matter),
            COLUMNS,
            json=json,
            csv=csv,
            empty="There are no change orders.",
            decimals=ledger.decimals,
        )
