"""Payments on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import show_list, show_one
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger

app = Noun("payment")

COLUMNS = (
    Column("Payment", "id"),
    Column("Date", "date", "date"),
    Column("Client", "client"),
    Column("Matter", "matter"),
    Column("Method", "method"),
    Column("Reference", "reference"),
    Column("Amount", "amount_cents", "money"),
    Column("Applied", "applied_cents", "money"),
    Column("Credit", "credit_cents", "money"),
    Column("Refunded", "refunded_cents", "money"),
)
Payment = Annotated[
    str,
    Argument(metavar="P-n", help="The payment, such as P-2.", autocompletion=_complete.payments),
]
Part = Annotated[
    str | None, Argument(metavar="AMOUNT", help="This much; without it, all of the credit.")
]


@app.command("add", example="billcli payment add 2026-0001 1,500.00 --method check")
def add(
    target: Annotated[
        str, Argument(metavar="BILL|MATTER", help="A bill, or a matter's open bills by due date.")
    ],
    amount: o.Amount,
    date: o.Date = None,
    method: Annotated[
        str | None, Option("--method", metavar="METHOD", help="How: check, card, wire, cash …")
    ] = None,
    reference: Annotated[
        str | None, Option("--reference", metavar="TEXT", help="The check number or the like.")
    ] = None,
    json: o.Json = False,
) -> None:
    """Record a payment; what is over becomes the client's credit."""
    from billcli.services.receivables import payments
    from billcli.values.dates import read_day
    from billcli.values.money import read_positive_cents
    from billcli.values.text import read_text

    with opened() as ledger:
        view = payments.add(
            ledger,
            target,
            read_positive_cents(amount, ledger.decimals),
            day=read_day(date, ledger.today, past=True) if date else None,
            method=read_text(method, "--method", longest=40) if method else None,
            reference=read_text(reference, "--reference") if reference else None,
        )
        _shown(view, ledger, json=json)


@app.command("list", example="billcli payment list --matter 2026-001 --json")
def list_(matter: o.MatterOption = None, json: o.Json = False, csv: o.Csv = False) -> None:
    """List payments with what they pay."""
    from billcli.services.receivables import payments

    with opened() as ledger:
        rows = payments.list_(ledger, matter=matter)
        show_list(rows, COLUMNS, json=json, csv=csv, empty="No payments.", decimals=ledger.decimals)


@app.command("unapply", example="billcli payment unapply P-2")
def unapply(payment: Payment, json: o.Json = False) -> None:
    """Take a payment off its bills; the money stays as the client's credit."""
    from billcli.services.receivables import payments

    with opened() as ledger:
        _shown(payments.unapply(ledger, payment), ledger, json=json)


@app.command("apply", example="billcli payment apply P-2 2026-0003")
def apply(
    payment: Payment,
    bill: Annotated[
        str | None,
        Argument(metavar="BILL", help="This bill; without it, the open ones by due date."),
    ] = None,
    amount: Part = None,
    json: o.Json = False,
) -> None:
    """Apply the credit that a payment holds to open bills of its client."""
    from billcli.services.receivables import payments

    with opened() as ledger:
        view = payments.apply(ledger, payment, bill, _cents(amount, ledger))
        _shown(view, ledger, json=json)


@app.command("refund", example="billcli payment refund P-2 250.00")
def refund(
    payment: Payment, amount: Part = None, date: o.Date = None, json: o.Json = False
) -> None:
    """Pay credit back to the client."""
    from billcli.services.receivables import payments
    from billcli.values.dates import read_day

    with opened() as ledger:
        day = read_day(date, ledger.today, past=True) if date else None
        view = payments.refund(ledger, payment, _cents(amount, ledger), day=day)
        _shown(view, ledger, json=json)


def _cents(amount: str | None, ledger: Ledger) -> int | None:
    from billcli.values.money import read_positive_cents

    return read_positive_cents(amount, ledger.decimals) if amount is not None else None


def _shown(view: dict[str, Any], ledger: Ledger, *, json: bool) -> None:
    from billcli.values.money import grouped

    def words(cents: int) -> str:
        return grouped(cents, ledger.decimals)

    parts = [f"{words(part['amount_cents'])} to {part['bill']}" for part in view["applied"]]
    if view["credit_cents"]:
        parts.append(f"{words(view['credit_cents'])} as credit")
    if view["refunded_cents"]:
        parts.append(f"{words(view['refunded_cents'])} refunded")
    sentence = f"Payment {view['id']} of {words(view['amount_cents'])}: {', '.join(parts)}."
    show_one(view, json=json, sentence=sentence, decimals=ledger.decimals)
