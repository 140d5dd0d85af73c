"""A bill in dispute, on the command line."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._show import show_one
from billcli.errors import UsageProblem


def dispute(
    bill: o.Bill,
    amount: Annotated[
        str | None, Option("--amount", metavar="X", help="So much of it is in dispute.")
    ] = None,
    resolve: Annotated[bool, Option("--resolve", help="Nothing of it is, any more.")] = False,
    note: o.Note = None,
    json: o.Json = False,
) -> None:
    """Put a sum of a bill in dispute, which trust won't pay, or resolve it."""
    from billcli.services.bill import disputes
    from billcli.values.money import grouped, read_positive_cents
    from billcli.values.text import read_text

    if (amount is None) is not resolve:
        raise UsageProblem(
            "dispute.what",
            "Say how much is in dispute, or that it is resolved.",
            hint="Give --amount 500.00, or --resolve.",
        )
    words = read_text(note, "--note", longest=1000) if note else None
    with opened() as ledger:
        if amount is None:
            view = disputes.resolve(ledger, bill, note=words)
            said = f"Nothing on bill {view['number']} is in dispute any more."
        else:
            cents = read_positive_cents(amount, ledger.decimals, what="--amount")
            view = disputes.open_(ledger, bill, cents, note=words)
            told = grouped(cents, ledger.decimals)
            said = f"Of bill {view['number']} {told} is in dispute; trust won't pay that."
        show_one(view, json=json, sentence=said, decimals=ledger.decimals)
