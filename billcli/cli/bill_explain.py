"""A bill explained, step by step, on the command line."""

from __future__ import annotations

from typing import Annotated, Any

from typer import Argument

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._show import say, show_one, show_table, warn
from billcli.render.table import Column

Reference = Annotated[
    str,
    Argument(
        metavar="BILL",
        help="A bill's number, a draft such as D-1, or a matter for the bill it would get now.",
        autocompletion=_complete.bills,
    ),
]
COLUMNS = (
    Column("Step", "step"),
    Column("Rule", "rule"),
    Column("What", "words"),
    Column("Amount", "amount_cents", "money"),
    Column("Adds up to", "running_cents", "money"),
)


def explain(bill: Reference, through: o.Through = None, json: o.Json = False) -> None:
    """Show how a bill came about: every step in words and numbers, with its rule."""
    from billcli.services.bill import explaining
    from billcli.values.dates import read_through

    with opened() as ledger:
        upto = read_through(through, ledger.today) if through else None
        view = explaining.explain(ledger, bill, through=upto)
        if json:
            show_one(view, json=True, sentence="", decimals=ledger.decimals)
            return
        name = view.number or view.id or "The bill that would be made now"
        kind = view.arrangement.replace("_", "-")
        say(f"{name} for matter {view.matter} ({kind}, {view.state.replace('_', ' ')}).")
        rows: list[dict[str, Any]] = []
        for step in view.steps:
            rule = step.rule if step.rule.startswith("D-") else f"§{step.rule}"
            rows.append(
                {
                    "step": "" if rows and rows[-1]["of"] == step.step else step.step,
                    "of": step.step,
                    "rule": rule,
                    "words": step.words,
                    "amount_cents": step.amount_cents,
                    "running_cents": step.running_cents,
                }
            )
        show_table(rows, COLUMNS, decimals=ledger.decimals)
        for words in view.warnings:
            warn(words)
