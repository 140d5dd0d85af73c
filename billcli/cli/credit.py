"""Credit notes on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import say, show_list, show_one
from billcli.errors import UsageProblem
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger

app = Noun("credit")

COLUMNS = (
    Column("Credit note", "number"),
    Column("Date", "date", "date"),
    Column("Bill", "bill"),
    Column("Matter", "matter"),
    Column("Client", "client"),
    Column("Reason", "reason"),
    Column("Fees", "fees_cents", "money"),
    Column("Costs", "costs_cents", "money"),
    Column("Tax", "tax_cents", "money"),
    Column("Amount", "amount_cents", "money"),
)


@app.command(
    "add",
    example="billcli credit add 2026-0001 120.00 --reason courtesy --note 'as agreed by phone'\n"
    "billcli credit add 2026-0001 1,746.00 --reason correction --release-entries",
)
def add(
    bill: o.Bill,
    amount: o.Amount,
    reason: Annotated[
        str | None,
        Option(
            "--reason",
            metavar="correction|courtesy",
            help="A correction may be billed again under a cap or a fixed fee, a courtesy not.",
            autocompletion=_complete.of("correction", "courtesy"),
        ),
    ] = None,
    fees: Annotated[
        str | None,
        Option("--fees", metavar="X", help="This much of it is fees, net of the discount."),
    ] = None,
    costs: Annotated[
        str | None, Option("--costs", metavar="X", help="This much of it is costs.")
    ] = None,
    tax: Annotated[str | None, Option("--tax", metavar="X", help="This much of it is tax.")] = None,
    release_entries: Annotated[
        bool,
        Option(
            "--release-entries",
            help="With all that is left of the bill: its entries can be billed again.",
        ),
    ] = False,
    note: o.Note = None,
    json: o.Json = False,
) -> None:
    """Credit an issued bill, in whole or in part; what was paid above it goes back."""
    from billcli.services.receivables import credits
    from billcli.values.money import read_cents, read_positive_cents
    from billcli.values.text import read_text

    if reason is None:
        raise UsageProblem(
            "input.needed",
            "A credit note needs its reason.",
            hint="Give --reason correction, or --reason courtesy.",
        )
    with opened() as ledger:

        def cents(text: str | None, what: str) -> int | None:
            return None if text is None else read_cents(text, ledger.decimals, what=what)

        word, _, words = reason.partition(":")
        view = credits.add(
            ledger,
            bill,
            read_positive_cents(amount, ledger.decimals),
            reason=word.strip().lower(),
            split=credits.Split(
                cents(fees, "--fees"), cents(costs, "--costs"), cents(tax, "--tax")
            ),
            release_entries=release_entries,
            note=read_text(note or words, "--note", longest=1000) if note or words else None,
        )
        _tell(view, ledger, json=json)


@app.command("list", example="billcli credit list --matter 2026-001 --json")
def list_(matter: o.MatterOption = None, json: o.Json = False, csv: o.Csv = False) -> None:
    """List the credit notes: the credit register."""
    from billcli.services.receivables import credits

    with opened() as ledger:
        rows = credits.list_(ledger, matter=matter)
        show_list(
            rows, COLUMNS, json=json, csv=csv, empty="No credit notes.", decimals=ledger.decimals
        )


def _tell(view: dict[str, Any], ledger: Ledger, *, json: bool) -> None:
    from billcli.services.funds.giving_back import told
    from billcli.values.money import grouped

    def words(cents: int) -> str:
        return grouped(cents, ledger.decimals)

    parts = [
        f"{what} {words(view[key])}"
        for what, key in (("fees", "fees_cents"), ("costs", "costs_cents"), ("tax", "tax_cents"))
        if view[key]
    ]
    sentence = (
        f"Credit note {view['number']} over {words(view['amount_cents'])} on bill {view['bill']}: "
        f"{', '.join(parts)}. {words(view['balance_cents'])} is open."
    )
    show_one(view, json=json, sentence=sentence, decimals=ledger.decimals)
    if json:
        return
    if view["given_back"]:
        say(f"Given back: {told(view['given_back'], ledger.decimals)}.")
    if view["released_entries"]:
        say("Its entries can be billed again.")
