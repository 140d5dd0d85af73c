"""A bank's statement on the command line: proposals, and payments when somebody says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typer import Option

from billcli.cli import _complete
from billcli.cli import _importing as i
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._progress import progress
from billcli.cli._prompt import confirm
from billcli.cli._root import run
from billcli.cli._show import say, show_list, show_one, talk
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.services.exchange.importing_payments import PaymentImport

COLUMNS = (
    Column("Row", "row", "number"),
    Column("Date", "date", "date"),
    Column("Amount", "amount_cents", "money"),
    Column("Pays", "bill"),
    Column("Client", "client"),
    Column("Over", "over_cents", "money"),
    Column("By", "why"),
    Column("Payer", "payer"),
    Column("Memo", "memo"),
)


def payments(
    file: i.File,
    source: Annotated[
        str,
        Option(
            "--from",
            metavar="FORMAT",
            help="csv or ofx, also as the bank's own .qfx or .qbo.",
            autocompletion=_complete.of("csv", "ofx"),
        ),
    ] = "csv",
    account: Annotated[
        str | None,
        Option(
            "--account",
            metavar="ACCOUNT",
            help="The operating account's number, where the file has several.",
        ),
    ] = None,
    column: i.Columns = None,
    dates: i.Dates = None,
    post: Annotated[
        bool, Option("--post", help="Post what is proposed; --yes doesn't say that.")
    ] = False,
    dry_run: i.DryRun = False,
    json: o.Json = False,
) -> None:
    """Find the bills that money on the operating account pays, and post it when you say so.

    A credit is matched by a bill's number in what the bank says, or by exactly the open amount and
    the client's name. Where two bills fit, nothing is proposed. What was posted isn't proposed
    again. Money on a trust account is deposited: `billcli trust deposit`.
    """
    from billcli.errors import UsageProblem
    from billcli.services.exchange import importing, importing_payments

    if post and dry_run:
        raise UsageProblem("usage.option", "Only one of --post and --dry-run can be given.")
    form = importing.one_of(source, importing_payments.SOURCES)
    known = importing_payments.CSV_FIELDS if form == "csv" else ()
    asked = importing_payments.Asked(
        form,
        importing.pairs(column or (), "--column", known=known),
        importing.read_order(dates),
        account,
    )
    content = importing.read_file(file)
    with opened() as ledger:
        with progress("Reading"):
            view = importing_payments.propose(ledger, content, asked)
        decimals = ledger.decimals
        if not json:
            _shown(view, decimals)
        wanted = post
        if view.proposals and not (post or dry_run or json) and run().may_prompt:
            wanted = confirm(_question(view, decimals), default=False, option="--post")
        if wanted and view.proposals:
            with progress("Posting"):
                view = importing_payments.post(ledger, content, asked, agreed=view)
    if json:
        show_one(view, json=True, sentence="", decimals=decimals)
    elif view.posted:
        refs = [str(line.payment) for line in view.proposals]
        say(f"Posted: {', '.join(refs)}.")
    elif view.proposals:
        talk("Nothing is posted." + ("" if dry_run else " Give --post to post what is proposed."))


def _shown(view: PaymentImport, decimals: int) -> None:
    from dataclasses import asdict

    # Most credits pay just what is open: nothing stands where nothing is over.
    lines = [
        asdict(line) | {"over_cents": line.over_cents or None}
        for line in (*view.proposals, *view.unmatched)
    ]
    over = any(line["over_cents"] for line in lines)
    columns = [column for column in COLUMNS if over or column.key != "over_cents"]
    show_list(lines, columns, json=False, empty="No new credits.", decimals=decimals)
    if view.known:
        talk(f"{view.known} {'was' if view.known == 1 else 'were'} posted before.")


def _question(view: PaymentImport, decimals: int) -> str:
    from billcli.values.money import grouped

    count, total = len(view.proposals), grouped(view.total_cents, decimals)
    return f"Post {'this payment' if count == 1 else f'these {count} payments'}, {total} in all?"
