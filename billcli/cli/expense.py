"""Costs paid for the client, on the command line."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from billcli.cli import _complete, _recording
from billcli.cli import _options as o
from billcli.cli import _work as w
from billcli.cli._days import maybe_day
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.render.table import Column
from billcli.values.money import read_positive_cents
from billcli.values.text import read_text

app = Noun("expense")

COLUMNS = (
    Column("Id", "id"),
    Column("Matter", "matter"),
    Column("Date", "date", "date"),
    Column("Who", "timekeeper"),
    Column("Amount", "amount_cents", "money"),
    Column("Code", "expense_code"),
    Column("Category", "category"),
    *w.TableEnd,
)

Entry = Annotated[str, Argument(metavar="E-n", help="The expense, such as E-4.")]
Code = Annotated[
    str | None,
    Option(
        "--code",
        metavar="CODE",
        help="An expense code, such as E112; else its category's.",
        autocompletion=_complete.expense_codes,
    ),
]
Category = Annotated[
    str | None, Option("--category", metavar="NAME", help="A category of the firm.")
]
Taxable = Annotated[
    bool | None,
    Option("--taxable/--not-taxable", help="Taxed on the bill or not; else its category says."),
]


Receipt = Annotated[
    str | None,
    Option("--receipt", metavar="WHERE", help="Where its receipt is: a file, a folder, a number."),
]


@app.command("add", example="billcli expense add 2026-001 402.00 'Filing fee' --code E112")
def add(
    matter: o.Matter,
    amount: o.Amount,
    description: Annotated[str, Argument(metavar="DESCRIPTION", help="What was paid for.")],
    date: o.Date = None,
    code: Code = None,
    category: Category = None,
    no_bill: Annotated[
        bool, Option("--no-bill", help="Keep it, but never put it on a bill.")
    ] = False,
    taxable: Taxable = None,
    tk: o.TimekeeperOption = None,
    receipt: Receipt = None,
    json: o.Json = False,
) -> None:
    """Record an expense on a matter."""
    _recording.add_expense(
        matter,
        amount,
        description,
        date=date,
        code=code,
        category=category,
        no_bill=no_bill,
        taxable=taxable,
        tk=tk,
        receipt=receipt,
        json=json,
    )


@app.command("edit", example="billcli expense edit E-4 --amount 410.00")
def edit(
    entry: Entry,
    amount: Annotated[
        str | None, Option("--amount", metavar="AMOUNT", help="What was paid: 1500 or 1,500.00.")
    ] = None,
    description: Annotated[
        str | None, Option("--description", metavar="TEXT", help="What was paid for.")
    ] = None,
    date: o.Date = None,
    code: Code = None,
    category: Category = None,
    bill: Annotated[
        bool | None, Option("--bill/--no-bill", help="Whether it goes on a bill.")
    ] = None,
    taxable: Taxable = None,
    tk: o.TimekeeperOption = None,
    matter: w.NewMatter = None,
    receipt: Receipt = None,
    json: o.Json = False,
) -> None:
    """Change an unbilled expense: what is named, and nothing else.

    An empty code, category or receipt is taken away.
    """
    said = w.maybe_narrative(description, "description")
    paper = None if receipt is None else read_text(receipt, "receipt", required=False)
    with opened() as ledger:
        from billcli.services.work import expenses

        item = expenses.edit(
            ledger,
            entry,
            amount_cents=None if amount is None else read_positive_cents(amount, ledger.decimals),
            description=said,
            day=maybe_day(ledger, date, past=True),
            code=code,
            category=category,
            bill=bill,
            taxable=taxable,
            timekeeper=tk,
            matter=matter,
            receipt=paper,
        )
        _recording.show_expense(item, "changed", ledger.decimals, json=json)
        w.warn_of_codes(ledger, item)


@app.command("remove", example="billcli expense remove E-4")
def remove(entry: Entry, json: o.Json = False) -> None:
    """Remove an unbilled expense; the log keeps what it was."""
    with opened() as ledger:
        from billcli.services.work import expenses

        _recording.show_expense(
            expenses.remove(ledger, entry), "removed", ledger.decimals, json=json
        )


@app.command("list", example="billcli expense list 2026-001 --csv")
def list_(
    matter: o.MaybeMatter = None,
    first: o.From = None,
    last: o.To = None,
    tk: o.TimekeeperOption = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """List expenses, of one matter or of all."""
    with opened() as ledger:
        from billcli.services.work import expenses

        items = expenses.list_(ledger, matter, timekeeper=tk, **w.span(ledger, first, last))
        w.show_items(
            items,
            COLUMNS,
            json=json,
            csv=csv,
            empty="There are no such expenses.",
            decimals=ledger.decimals,
        )
