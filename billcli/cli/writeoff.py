"""Write-offs on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import show_list, show_one
from billcli.cli.bill_edit import REASONS
from billcli.errors import UsageProblem
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger

app = Noun("writeoff")

COLUMNS = (
    Column("Date", "date", "date"),
    Column("Bill", "bill"),
    Column("Matter", "matter"),
    Column("Client", "client"),
    Column("Reason", "reason"),
    Column("Amount", "amount_cents", "money"),
    Column("Taken back", "reversed_on", "date"),
)


@app.command(
    "add",
    example="billcli writeoff add 2026-0001 --reason 'bad_debt: the company was dissolved'\n"
    "billcli writeoff add 2026-0001 0.40 --reason courtesy",
)
def add(
    bill: o.Bill,
    amount: Annotated[
        str | None, Argument(metavar="AMOUNT", help="This much; without it, all that is open.")
    ] = None,
    reason: Annotated[
        str | None,
        Option(
            "--reason",
            metavar="REASON",
            help="Why, as one of the fixed reasons; words may follow: 'bad_debt: dissolved'.",
            autocompletion=_complete.of("bad_debt", *(r for r in REASONS if r != "bad_debt")),
        ),
    ] = None,
    json: o.Json = False,
) -> None:
    """Write off what is open on a bill and won't be paid; its work stays billed."""
    from billcli.services.receivables import writeoffs
    from billcli.values.money import read_positive_cents
    from billcli.values.text import read_text

    if reason is None:
        raise UsageProblem(
            "input.needed",
            "A write-off needs its reason.",
            hint="Give --reason bad_debt, with words if you like: 'bad_debt: dissolved'.",
        )
    word, _, text = reason.partition(":")
    word = word.strip().lower().replace("-", "_")
    if word not in REASONS:
        # Words alone: what is written off is a bad debt unless something else is said.
        word, text = "bad_debt", reason
    with opened() as ledger:
        view = writeoffs.add(
            ledger,
            bill,
            None if amount is None else read_positive_cents(amount, ledger.decimals),
            reason=word,
            text=read_text(text, "--reason", longest=1000) if text.strip() else None,
        )
        _tell(view, ledger, json=json)


@app.command("reverse", example="billcli writeoff reverse 2026-0001 --reason 'they pay after all'")
def reverse(bill: o.Bill, reason: o.Reason = None, json: o.Json = False) -> None:
    """Take the write-offs of a bill back: it is open again."""
    from billcli.services.receivables import writeoffs
    from billcli.values.text import read_text

    if reason is None:
        raise UsageProblem(
            "input.needed",
            "Taking a write-off back needs its reason.",
            hint="Give --reason 'what happened'.",
        )
    with opened() as ledger:
        words = read_text(reason, "--reason", longest=1000)
        _tell(writeoffs.reverse(ledger, bill, reason=words), ledger, json=json)


@app.command("list", example="billcli writeoff list --json")
def list_(matter: o.MatterOption = None, json: o.Json = False, csv: o.Csv = False) -> None:
    """List the write-offs, those that were taken back too."""
    from billcli.services.receivables import writeoffs

    with opened() as ledger:
        rows = writeoffs.list_(ledger, matter=matter)
        show_list(
            rows, COLUMNS, json=json, csv=csv, empty="No write-offs.", decimals=ledger.decimals
        )


def _tell(view: dict[str, Any], ledger: Ledger, *, json: bool) -> None:
    from billcli.values.money import grouped

    cents = view["amount_cents"]
    amount, open_ = (grouped(c, ledger.decimals) for c in (abs(cents), view["balance_cents"]))
    did = f"{amount} is written off on" if cents > 0 else f"{amount} is taken back onto"
    sentence = f"{did} bill {view['bill']}; {open_} is open."
    show_one(view, json=json, sentence=sentence, decimals=ledger.decimals)
