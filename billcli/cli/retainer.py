"""General retainers, and requests for funds, on the command line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli import _trust as w
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import show_facts, show_list, show_one
from billcli.cli.trust_apply import MaybeAmount, MaybeBill, read_amount, tell
from billcli.core.funding import BASES
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.funds.general_retainers import EntryView

app = Noun("retainer")

CARD = (
    Column("Entry", "id"),
    Column("Date", "date", "date"),
    Column("Kind", "kind"),
    Column("Basis", "basis"),
    Column("Note", "note"),
    Column("Method", "method"),
    Column("Reference", "reference"),
    Column("Bill", "bill"),
    Column("Takes back", "reverses"),
    Column("Why", "reason"),
    Column("Amount", "amount_cents", "money"),
    Column("Balance", "balance_cents", "money"),
)
HELD = (
    Column("Matter", "matter"),
    Column("Client", "client"),
    Column("Balance", "balance_cents", "money"),
    Column("Request", "request"),
    Column("Asked for", "requested_cents", "money"),
)
Method = Annotated[str | None, Option("--method", metavar="TEXT", help="How: wire, check, card.")]


@app.command(
    "deposit",
    example="billcli retainer deposit 2026-001 5,000 --basis client-consent "
    "--note 'Consent signed 1 October'",
)
def deposit(
    matter: o.Matter,
    amount: o.Amount,
    basis: Annotated[
        str | None,
        Option(
            "--basis",
            metavar="BASIS",
            help="Why it isn't trust money: earned-on-receipt, client-consent or jurisdiction.",
            autocompletion=_complete.of(*BASES),
        ),
    ] = None,
    note: Annotated[
        str | None, Option("--note", metavar="TEXT", help="What the basis is: document, day, rule.")
    ] = None,
    date: o.Date = None,
    method: Method = None,
    reference: w.Reference = None,
    json: o.Json = False,
) -> None:
    """Take a general retainer into the operating account.

    An advance belongs into trust; only money that is earned on receipt, or that consent or the
    jurisdiction allows, is a general retainer.
    """
    from billcli.services.funds import general_retainers as service
    from billcli.values.money import read_positive_cents

    with opened() as ledger:
        view = service.deposit(
            ledger,
            matter,
            read_positive_cents(amount, ledger.decimals),
            basis=w.needed(basis, "On which basis?", "--basis"),
            note=w.needed(note, "What does it rest on?", "--note"),
            day=w.day_of(date, ledger),
            method=w.text_of(method, "--method"),
            reference=w.text_of(reference, "--reference"),
        )
        _done(view, "deposited", ledger, json=json)


@app.command(
    "apply", example="billcli retainer apply 2026-0001\nbillcli retainer apply 2026-0001 500"
)
def apply(bill: MaybeBill = None, amount: MaybeAmount = None, json: o.Json = False) -> None:
    """Pay issued bills from the general retainers of their matters."""
    from billcli.services.funds import drawing

    with opened() as ledger:
        if bill is None:
            view = drawing.pay_waiting(ledger, "retainer")
        else:
            view = drawing.pay(ledger, "retainer", bill, read_amount(ledger, amount))
        tell(view, ledger, "from the general retainer", json=json)


@app.command("refund", example="billcli retainer refund 2026-001 1,200 --method wire")
def refund(
    matter: o.Matter,
    amount: o.Amount,
    note: o.Note = None,
    date: o.Date = None,
    method: Method = None,
    reference: w.Reference = None,
    json: o.Json = False,
) -> None:
    """Pay a general retainer back to the client, in whole or in part."""
    from billcli.services.funds import general_retainers as service
    from billcli.values.money import read_positive_cents

    with opened() as ledger:
        view = service.refund(
            ledger,
            matter,
            read_positive_cents(amount, ledger.decimals),
            note=w.text_of(note, "--note"),
            day=w.day_of(date, ledger),
            method=w.text_of(method, "--method"),
            reference=w.text_of(reference, "--reference"),
        )
        _done(view, "refunded", ledger, json=json)


@app.command("reverse", example="billcli retainer reverse RT-3 --reason 'Entered twice'")
def reverse(
    entry: Annotated[
        str,
        Argument(
            metavar="RT-n",
            help="The entry, such as RT-3.",
            autocompletion=_complete.retainer_entries,
        ),
    ],
    reason: o.Reason = None,
    date: o.Date = None,
    json: o.Json = False,
) -> None:
    """Take an entry of a general retainer back: a mistake, or what was applied to a bill."""
    from billcli.services.funds import retainer_reversal

    why = w.needed(reason, "Why is it taken back?", "--reason")
    with opened() as ledger:
        view = retainer_reversal.reverse(ledger, entry, reason=why, day=w.day_of(date, ledger))
        words = f"of {view.reverses} taken back"
        if view.bill:
            words += f"; bill {view.bill} is open again"
        _done(view, words, ledger, json=json)


@app.command(
    "balance", example="billcli retainer balance\nbillcli retainer balance 2026-001 --json"
)
def balance(matter: o.MaybeMatter = None, json: o.Json = False, csv: o.Csv = False) -> None:
    """Show what general retainers hold: of one matter, or of all."""
    from billcli.services.funds import general_retainers as service

    with opened() as ledger:
        if matter is not None and not csv:
            view = service.balance(ledger, matter)
            return show_facts(view, HELD, json=json, decimals=ledger.decimals)
        found = [service.balance(ledger, matter)] if matter else service.balances(ledger)
        total = {"balance_cents": sum(row.balance_cents for row in found)}
        return show_list(
            found,
            HELD,
            json=json,
            csv=csv,
            empty="There are no general retainers.",
            totals=total,
            decimals=ledger.decimals,
        )


@app.command("ledger", example="billcli retainer ledger 2026-001")
def card(matter: o.Matter, json: o.Json = False, csv: o.Csv = False) -> None:
    """Show the general retainer of a matter, entry by entry."""
    from billcli.services.funds import general_retainers as service

    with opened() as ledger:
        rows = service.card(ledger, matter)
        if not json:  # as it is written on the command line
            rows = [
                replace(row, basis=row.basis.replace("_", "-")) if row.basis else row
                for row in rows
            ]
        told = [c for c in CARD if csv or any(getattr(row, c.key) for row in rows)]
        empty = f"Matter {matter} has no general retainer."
        show_list(rows, told, json=json, csv=csv, empty=empty, decimals=ledger.decimals)


@app.command(
    "request", example="billcli retainer request 2026-001 5,000\nbillcli retainer request 2026-001"
)
def request(matter: o.Matter, amount: MaybeAmount = None, json: o.Json = False) -> None:
    """Ask the client to pay in, for trust or the general retainer.

    Without an amount it asks for what the matter's replenishment lacks now. The request is no
    bill: it is outside the total, the tax and what the client owes.
    """
    from billcli.services.funds import fund_requests
    from billcli.values.money import grouped

    with opened() as ledger:
        view = fund_requests.request(ledger, matter, read_amount(ledger, amount))
        asked = grouped(view.amount_cents, ledger.decimals)
        whither = "the general retainer" if view.account == "retainer" else "trust"
        instead = f" It takes the place of {view.replaces}." if view.replaces else ""
        sentence = f"{view.number}: {view.client} is asked to pay {asked} into {whither} of "
        sentence += f"{view.matter}.{instead}"
        show_one(view, json=json, sentence=sentence, decimals=ledger.decimals)


def _done(view: EntryView, words: str, ledger: Ledger, *, json: bool) -> None:
    from billcli.values.money import grouped

    amount, held = (
        grouped(abs(cents), ledger.decimals) for cents in (view.amount_cents, view.balance_cents)
    )
    sentence = f"{view.id}: {amount} {words}. General retainer of {view.matter}: {held}."
    show_one(view, json=json, sentence=sentence, decimals=ledger.decimals)
