"""Payment plans on the command line: when a bill is paid, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typer import Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import say, show_one, show_table
from billcli.core.plan import EVERY
from billcli.errors import UsageProblem
from billcli.render.table import Column

if TYPE_CHECKING:
    from datetime import date as Day

    from billcli.cli._ledger import Ledger

app = Noun("plan")

COLUMNS = (
    Column("Payment", "name"),
    Column("Due", "due_date", "date"),
    Column("Amount", "amount_cents", "money"),
    Column("Paid", "paid_cents", "money"),
    Column("Open", "open_cents", "money"),
    Column("State", "state"),
)


@app.command(
    "set",
    example="billcli plan set 2026-0001 --down 1,500 --count 9 --every month\n"
    "billcli plan set 2026-0001 --row 2026-12-01=2000 --row 2027-03-01=4000",
)
def set_(
    bill: o.Bill,
    down: Annotated[
        str | None, Option("--down", metavar="AMOUNT", help="The down payment, paid first.")
    ] = None,
    count: Annotated[
        int | None, Option("--count", metavar="N", help="How many equal instalments.")
    ] = None,
    every: Annotated[
        str | None,
        Option(
            "--every",
            metavar="week|biweek|month",
            help="How far apart they are; a month without it.",
            autocompletion=_complete.of(*EVERY),
        ),
    ] = None,
    start: Annotated[
        str | None,
        Option("--start", metavar="DATE", help="The day of the first payment; today without it."),
    ] = None,
    row: Annotated[
        list[str] | None,
        Option("--row", metavar="DATE=AMOUNT", help="A payment by hand; again for each."),
    ] = None,
    json: o.Json = False,
) -> None:
    """Agree on a plan by which an issued bill is paid; it replaces the plan before.

    It covers the whole bill: what was paid before counts towards its first instalments. While the
    client keeps to it, nothing of the bill is overdue.
    """
    from billcli.services.receivables import plans
    from billcli.values.dates import read_day
    from billcli.values.money import read_cents

    if row and any(given is not None for given in (down, count, every, start)):
        raise UsageProblem(
            "plan.mixed",
            "A plan is made of --row alone, or of --down, --count, --every and --start.",
            hint="Leave --row out, or give each payment by --row.",
        )
    with opened() as ledger:
        view = plans.agree(
            ledger,
            bill,
            down_cents=read_cents(down, ledger.decimals, what="down payment") if down else 0,
            count=count,
            every=every or "month",
            start=read_day(start, ledger.today, what="--start") if start else None,
            rows=[_row(text, ledger) for text in row or ()],
        )
        if json:
            show_one(view, json=True, sentence="", decimals=ledger.decimals)
            return
        say(f"Bill {view.bill} is paid by a plan of {len(view.instalments)} payments:")
        show_table(view.instalments, COLUMNS, decimals=ledger.decimals)


@app.command("show", example="billcli plan show 2026-0001 --json")
def show(bill: o.Bill, as_of: o.AsOf = None, json: o.Json = False) -> None:
    """Show a bill's plan, and its standing: what is paid less what was due."""
    from billcli.services.receivables import plans
    from billcli.values.dates import read_day

    with opened() as ledger:
        day = read_day(as_of, ledger.today, what="--as-of", past=True) if as_of else None
        view = plans.show(ledger, bill, as_of=day)
        if json:
            show_one(view, json=True, sentence="", decimals=ledger.decimals)
            return
        show_table(view.instalments, COLUMNS, decimals=ledger.decimals)
        told = plans.told(view, ledger.decimals)
        say(told[0].upper() + told[1:])


def _row(text: str, ledger: Ledger) -> tuple[Day, int]:
    from billcli.values.dates import read_day
    from billcli.values.money import read_positive_cents
    from billcli.values.text import shown

    day, equals, amount = text.partition("=")
    if not equals:
        raise UsageProblem(
            "plan.row", f"{shown(text)} isn't a row of a plan.", hint="Write it as 2026-12-01=500."
        )
    on = read_day(day, ledger.today, what="day of a row")
    return on, read_positive_cents(amount, ledger.decimals)
