"""The end of a mandate on the command line: earned, paid, and what goes back."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._show import say, show_one, talk

LINES = (
    ("Agreed value", "value_cents"),
    ("Billed, less credits", "billed_cents"),
    ("Earned and unbilled", "unbilled_cents"),
    ("Earned to date", "earned_cents"),
    ("Paid", "paid_cents"),
    ("Due", "due_cents"),
    ("Held as client credit", "credit_cents"),
    ("Held as general retainer", "retainer_cents"),
    ("Held in trust", "trust_cents"),
    ("Protected of it", "protected_cents"),
    ("Refund", "refund_cents"),
    ("Left to pay", "balance_due_cents"),
)
ALWAYS = ("earned_cents", "paid_cents", "trust_cents", "refund_cents")


def settle(
    matter: o.Matter,
    quantum: Annotated[
        str | None,
        Option("--quantum", metavar="X", help="Agreed for work between milestones, before tax."),
    ] = None,
    json: o.Json = False,
) -> None:
    """Reckon up a matter that ends: earned to date, paid, and the refund; moves no money."""
    from billcli.services.matter import termination
    from billcli.values.money import grouped, read_positive_cents

    with opened() as ledger:
        cents = read_positive_cents(quantum, ledger.decimals, what="--quantum") if quantum else 0
        view = termination.settle(ledger, matter, quantum_cents=cents)
        if json:
            show_one(view, json=True, sentence="", decimals=ledger.decimals)
            return
        say(f"Matter {view.matter}, if it ended on {view.date}:")
        amounts = [
            (title, grouped(value, ledger.decimals))
            for title, name in LINES
            if (value := getattr(view, name)) is not None and (value or name in ALWAYS)
        ]
        wide = max(len(amount) for _, amount in amounts)
        for title, amount in amounts:
            say(f"  {title:<26}{amount:>{wide}}")
        for each in view.pending:
            talk(
                f"Task {each.task} ({each.name}) is done, and its charge of "
                f"{grouped(each.amount_cents, ledger.decimals)} isn't decided on: not counted."
            )
        say("What is left to do:")
        for command in view.commands:
            say(f"  {command}")
