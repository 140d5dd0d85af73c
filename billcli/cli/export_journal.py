"""`export journal`: the journal for QuickBooks and Xero."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._days import maybe_day
from billcli.cli._ledger import opened
from billcli.cli._show import print_text, show_one
from billcli.cli.export_dumps import Force, Out, in_words

For = Annotated[
    str,
    Option(
        "--for",
        metavar="PROGRAM",
        help="qbo: QuickBooks Online; iif: QuickBooks Desktop; xero: Xero.",
        autocompletion=_complete.of("qbo", "xero", "iif"),
    ),
]
Basis = Annotated[
    str,
    Option(
        "--basis",
        metavar="BASIS",
        help="accrual: income when billed; cash: income when paid.",
        autocompletion=_complete.of("accrual", "cash"),
    ),
]
Accounts = Annotated[
    str | None,
    Option("--accounts", metavar="TOML", help="A file with your program's names of the accounts."),
]


def journal(
    program: For,
    first: o.From = None,
    last: o.To = None,
    basis: Basis = "accrual",
    accounts: Accounts = None,
    out: Out = None,
    force: Force = False,
    json: o.Json = False,
) -> None:
    """Write the journal as an accounting program takes it, in as many files as it wants.

    Every entry balances and stays in one file; what clients owe carries their names; trust money
    has accounts of its own. Entries keep their numbers, so take a span of days in once.
    """
    from pathlib import Path

    from billcli.services.exchange import exporting, journals

    path = None if out in (None, "-") else Path(str(out)).expanduser()
    asked, kept = journals.read_program(program), exporting.read_basis(basis)
    named = None if accounts is None else Path(accounts).expanduser()
    with opened() as ledger:
        view = journals.export(
            ledger,
            asked,
            basis=kept,
            first=maybe_day(ledger, first, "first day", past=True),
            last=maybe_day(ledger, last, "last day", past=True),
            accounts=named,
            out=path,
            force=force,
        )
    if view.text is not None and not json:
        print_text(view.text)
        return
    made = f"{view.entries:,} entr{'y' if view.entries == 1 else 'ies'}"
    sentence = "\n".join(
        f"{in_words({'line': each.rows})} are in {each.file}." for each in view.files
    )
    show_one(view, json=json, sentence=f"The journal has {made}.\n{sentence}")
