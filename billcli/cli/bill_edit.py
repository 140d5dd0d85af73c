"""A draft changed by hand, on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typer import Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._show import show_one, warn
from billcli.errors import UsageProblem

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.core.discount import Discount

REASONS = (
    "courtesy", "error", "inefficiency", "correction", "cap", "fixed_fee", "quote", "outcome",
    "bad_debt", "reserve_limit",
)  # fmt: skip


def edit(
    bill: o.Bill,
    line: Annotated[
        int | None, Option("--line", metavar="N", help="The line whose amount changes.", min=1)
    ] = None,
    amount: Annotated[
        str | None, Option("--amount", metavar="AMOUNT", help="What the line charges instead.")
    ] = None,
    reason: Annotated[
        str | None,
        Option(
            "--reason",
            metavar="REASON",
            help="Why, as one of the fixed reasons; words may follow: 'courtesy: as agreed'.",
            autocompletion=_complete.of(*REASONS),
        ),
    ] = None,
    drop: Annotated[
        list[int] | None,
        Option("--drop", metavar="N", help="Leave this line's entry unbilled; may be repeated."),
    ] = None,
    discount: Annotated[
        str | None,
        Option("--discount", metavar="10%|AMOUNT", help="This bill's own discount; 0 for none."),
    ] = None,
    allocate: Annotated[
        list[str] | None,
        Option("--allocate", metavar="TK=AMOUNT", help="A timekeeper's share of the net fees."),
    ] = None,
    note: Annotated[
        str | None, Option("--note", metavar="TEXT", help="A note that the bill prints; '' clears.")
    ] = None,
    json: o.Json = False,
) -> None:
    """Change a draft: the amount of a line, dropped entries, discount, shares, a note."""
    from billcli.services.bill import bill_edits
    from billcli.values.money import grouped, read_cents
    from billcli.values.text import read_text

    with opened() as ledger:
        word, _, text = (reason or "").partition(":")
        cents = None if amount is None else read_cents(amount, ledger.decimals, what="--amount")
        new = bill_edits.Amount(
            line,
            cents,
            reason=word.strip().lower().replace("-", "_") or None,
            text=read_text(text, "--reason", longest=500) if text.strip() else None,
        )
        changes = bill_edits.Changes(
            amounts=() if line is None and cents is None else (new,),
            drop=tuple(drop or ()),
            discount=None if discount is None else _discount(ledger, discount),
            shares=_shares(ledger, allocate) if allocate else None,
            note=note if not note else read_text(note, "--note", longest=2000),
        )
        view = bill_edits.edit(ledger, bill, changes)
        if not json:
            for words in view["warnings"]:
                warn(words)
        total = f"{grouped(view['total_cents'], ledger.decimals)} {view['currency']}"
        said = f"Draft {view['id']} for {view['matter']} is now {total}."
        show_one(view, json=json, sentence=said, decimals=ledger.decimals)


def _discount(ledger: Ledger, text: str) -> Discount:
    from billcli.core.discount import Discount
    from billcli.values.money import read_cents, read_percent

    if text.strip().endswith("%"):
        return Discount(percent_e4=read_percent(text, what="--discount"))
    return Discount(amount_cents=read_cents(text, ledger.decimals, what="--discount"))


def _shares(ledger: Ledger, texts: list[str]) -> dict[str, int]:
    from billcli.values.money import read_cents

    found = {}
    for text in texts:
        who, equals, amount = text.partition("=")
        if not equals:
            raise UsageProblem(
                "edit.share",
                "--allocate takes a timekeeper and an amount.",
                hint="Give --allocate MA=1200.00.",
            )
        found[who.strip()] = read_cents(amount, ledger.decimals, what="--allocate")
    return found
