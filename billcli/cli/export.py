"""Exports for other programs on the command line."""

from __future__ import annotations

from billcli.cli import _options as o
from billcli.cli._days import maybe_day
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._progress import progress
from billcli.cli._show import print_text, show_one
from billcli.cli.export_dumps import Force, Out, csv
from billcli.cli.export_dumps import json as whole_ledger
from billcli.cli.export_journal import Basis, journal
from billcli.cli.export_ledes import ledes

app = Noun("export")
app.command(
    "ledes",
    example="billcli export ledes 2026-0007 --out outbox/\n"
    "billcli export ledes 2026-0007 --format 1998BI --out bill.txt",
)(ledes)
app.command(
    "json",
    example="billcli export json --out ledger.json\n"
    "billcli --ledger copy.db import json ledger.json",
)(whole_ledger)
app.command(
    "journal",
    example="billcli export journal --for qbo --from 2026-10-01 --to 2026-10-31 --out october.csv\n"
    "billcli export journal --for xero --accounts accounts.toml --out journal.csv",
)(journal)
app.command("csv", example="billcli export csv --out tables/")(csv)


@app.command(
    "hledger",
    example="billcli export hledger --out books.journal\nhledger -f books.journal check --strict",
)
def hledger(
    out: Out = None,
    first: o.From = None,
    last: o.To = None,
    basis: Basis = "accrual",
    force: Force = False,
    json: o.Json = False,
) -> None:
    """Write the journal for hledger, with every balance as an assertion.

    Clients, matters and trust have accounts of their own. On the cash basis a payment pays tax,
    then costs, then fees. Books of some days begin with the balances of the first one.
    """
    _export("hledger", out, basis, span=(first, last), force=force, json=json)


@app.command(
    "beancount",
    example="billcli export beancount --out books.beancount\nbean-check books.beancount",
)
def beancount(
    out: Out = None,
    first: o.From = None,
    last: o.To = None,
    basis: Basis = "accrual",
    force: Force = False,
    json: o.Json = False,
) -> None:
    """Write the journal for beancount, with every balance as a directive.

    Where beancount refuses a client's or matter's name, the account has a like one. Books of some
    days begin with the balances of the first one.
    """
    _export("beancount", out, basis, span=(first, last), force=force, json=json)


def _export(
    format: str,
    out: str | None,
    basis: str,
    *,
    span: tuple[str | None, str | None],
    force: bool,
    json: bool,
) -> None:
    from pathlib import Path

    from billcli.services.exchange import exporting

    path = None if out in (None, "-") else Path(str(out)).expanduser()
    kept = exporting.read_basis(basis)
    with opened() as ledger:
        first = maybe_day(ledger, span[0], "first day", past=True)
        last = maybe_day(ledger, span[1], "last day", past=True)
        with progress("Exporting"):
            view = exporting.journal(
                ledger, format, basis=kept, first=first, last=last, out=path, force=force
            )
    if view.text is not None and not json:
        print_text(view.text)
        return
    count = f"{view.entries} entr{'y' if view.entries == 1 else 'ies'}"
    show_one(view, json=json, sentence=f"The journal, {count}, is in {view.file}.")
