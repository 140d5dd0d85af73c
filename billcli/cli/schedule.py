"""Schedules on the command line: the instalments in which a fixed fee is billed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._days import maybe_day
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import show_list, show_one, warn
from billcli.errors import UsageProblem
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.arrangement.schedule_views import ScheduleView

app = Noun("schedule")

COLUMNS = (
    Column("Row", "id"),
    Column("Amount", "amount_cents", "money"),
    Column("Date", "date", "date"),
    Column("Bill on step", "bill_on_step"),
    Column("Pay on step", "pay_on_step"),
    Column("State", "state"),
    Column("Bill", "bill"),
    Column("Description", "description"),
)
ALL = (Column("Matter", "matter"), *COLUMNS)

RowOf = Annotated[str, Argument(metavar="S-n", help="The row, such as S-3.")]
Description = Annotated[
    str | None, Option("--description", metavar="TEXT", help="What its line on the bill says.")
]
DueOn = Annotated[
    str | None, Option("--date", metavar="DATE", help="Bill it on or after this day.")
]
BillOnStep = Annotated[
    str | None,
    Option(
        "--bill-on-step",
        metavar="STEP",
        help="Due at this step, and billed before the matter leaves it.",
    ),
]
PayOnStep = Annotated[
    str | None,
    Option(
        "--pay-on-step",
        metavar="STEP",
        help="Due at this step, and paid before the matter leaves it.",
    ),
]


@app.command(
    "autofill",
    example="billcli schedule autofill 2026-001 500\n"
    "billcli schedule autofill 2026-001 500 --every month --start 2026-12-01 --replace",
)
def autofill(
    matter: o.Matter,
    amount: o.Amount,
    every: Annotated[
        str | None,
        Option(
            "--every",
            metavar="week|month|quarter|year",
            help="Date the rows, so far apart; a month where only --start is given.",
            autocompletion=_complete.of("week", "month", "quarter", "year"),
        ),
    ] = None,
    start: Annotated[
        str | None,
        Option("--start", metavar="DATE", help="The day of the first row; today without it."),
    ] = None,
    replace: Annotated[
        bool, Option("--replace", help="Drop the unbilled rows that are there.")
    ] = False,
    json: o.Json = False,
) -> None:
    """Divide what is left of the fixed fee into rows of an amount; the last takes the remainder.

    Without a date or a step a row is billed by hand alone, one a bill.
    """
    from billcli.services.arrangement import schedules
    from billcli.values.money import read_positive_cents

    with opened() as ledger:
        view = schedules.autofill(
            ledger,
            matter,
            read_positive_cents(amount, ledger.decimals),
            every=every.strip().lower() if every else None,
            start=maybe_day(ledger, start, "--start"),
            replace=replace,
        )
        _filled(view, ledger, json=json)


@app.command(
    "add",
    example="billcli schedule add 2026-001 500 --description 'First instalment' --date 2026-12-01\n"
    "billcli schedule add 2026-001 1,000 --bill-on-step Filing",
)
def add(
    matter: o.Matter,
    amount: o.Amount,
    description: Description = None,
    date: DueOn = None,
    bill_on_step: BillOnStep = None,
    pay_on_step: PayOnStep = None,
    json: o.Json = False,
) -> None:
    """Add a row: due from a day on, at a step, or by hand alone."""
    from billcli.services.arrangement import schedules
    from billcli.values.money import read_positive_cents

    with opened() as ledger:
        view = schedules.add(
            ledger,
            matter,
            read_positive_cents(amount, ledger.decimals),
            description=description,
            day=maybe_day(ledger, date, "--date"),
            bill_on_step=bill_on_step,
            pay_on_step=pay_on_step,
        )
        _one(view, "added to", ledger, json=json)


@app.command("edit", example="billcli schedule edit S-3 --amount 600 --date 2027-01-01")
def edit(
    row: RowOf,
    amount: Annotated[
        str | None, Option("--amount", metavar="AMOUNT", help="Money: 1500 or 1,500.00.")
    ] = None,
    description: Description = None,
    date: DueOn = None,
    bill_on_step: BillOnStep = None,
    pay_on_step: PayOnStep = None,
    json: o.Json = False,
) -> None:
    """Change an unbilled row: what is named, and nothing else; an empty text clears it."""
    from billcli.services.arrangement import schedules
    from billcli.values.money import read_positive_cents

    given = {
        "description": description,
        "bill_on_step": bill_on_step,
        "pay_on_step": pay_on_step,
    }
    changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    with opened() as ledger:
        if amount is not None:
            changes["amount_cents"] = read_positive_cents(amount, ledger.decimals)
        if date is not None:
            changes["day"] = maybe_day(ledger, date, "--date") if date.strip() else None
        if not changes:
            raise UsageProblem("usage.nothing", "There is nothing to change: give an option.")
        _one(schedules.edit(ledger, row, changes), "changed on", ledger, json=json)


@app.command("remove", example="billcli schedule remove S-3")
def remove(row: RowOf, json: o.Json = False) -> None:
    """Take an unbilled row off its schedule."""
    from billcli.services.arrangement import schedules

    with opened() as ledger:
        _one(schedules.remove(ledger, row), "removed from", ledger, json=json)


@app.command("list", example="billcli schedule list 2026-001 --json")
def list_(matter: o.MaybeMatter = None, json: o.Json = False, csv: o.Csv = False) -> None:
    """List the rows of a schedule with their state and bill, of one matter or of all."""
    from billcli.services.arrangement import schedules

    with opened() as ledger:
        rows = schedules.list_(ledger, matter)
        columns = ALL if matter is None else COLUMNS
        none = f"Matter {matter} has no schedule." if matter else "There are no schedules."
        show_list(rows, columns, json=json, csv=csv, empty=none, decimals=ledger.decimals)


def _filled(view: ScheduleView, ledger: Ledger, *, json: bool) -> None:
    from billcli.values.money import grouped

    for words in view.warnings:
        warn(words)
    amounts = [row.amount_cents for row in view.rows]
    same = amounts.count(amounts[0])
    said = f"{same} x {grouped(amounts[0], ledger.decimals)}"
    if same < len(amounts):
        said += f" and 1 x {grouped(amounts[-1], ledger.decimals)}"
    first, last = view.rows[0], view.rows[-1]
    when = f", from {first.date} to {last.date}" if first.date and len(amounts) > 1 else ""
    show_one(
        view,
        json=json,
        sentence=f"{view.matter} is billed in {said}{when}.",
        decimals=ledger.decimals,
    )


def _one(view: ScheduleView, done: str, ledger: Ledger, *, json: bool) -> None:
    from billcli.values.money import grouped

    for words in view.warnings:
        warn(words)
    row = view.rows[0]
    amount = grouped(row.amount_cents, ledger.decimals)
    said = f"{row.id} {done} {view.matter}: {amount}, {row.description}."
    show_one(view, json=json, sentence=said, decimals=ledger.decimals)
