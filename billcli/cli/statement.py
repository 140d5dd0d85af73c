"""Statements of account on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import print_page, print_text, refuse_at_terminal, show_one, show_table
from billcli.errors import UsageProblem
from billcli.render.table import Column
from billcli.values.text import meant, visible

if TYPE_CHECKING:
    from billcli.services.receivables.statements import HeldView, StatementView

app = Noun("")

FORMATS = ("text", "md", "html", "pdf", "json")
PAGES = ("md", "html", "pdf")
LINES = (
    Column("Date", "date", "date"),
    Column("What", "words"),
    Column("Reference", "reference"),
    Column("Matter", "matter"),
    Column("Amount", "amount_cents", "money"),
    Column("Balance", "balance_cents", "money"),
)
OPEN = (
    Column("Open bill", "bill"),
    Column("Matter", "matter"),
    Column("Due", "due_date", "date"),
    Column("Past due", "overdue_cents", "money"),
    Column("Open", "balance_cents", "money"),
)
AGEING = (
    Column("Current", "current_cents", "money"),
    Column("1-30", "d1_30_cents", "money"),
    Column("31-60", "d31_60_cents", "money"),
    Column("61-90", "d61_90_cents", "money"),
    Column("91+", "d91_cents", "money"),
    Column("Total", "total_cents", "money"),
)
HELD = (
    Column("Date", "date", "date"),
    Column("What", "words"),
    Column("Entry", "id"),
    Column("Matter", "matter"),
    Column("Amount", "amount_cents", "money"),
    Column("Held", "balance_cents", "money"),
)


@app.command(
    "statement",
    example="billcli statement rivera --from 2026-10-01 --to 2026-12-31\n"
    "billcli statement rivera --format html --out statements/",
)
def statement(
    client: o.Client,
    first: o.From = None,
    last: o.To = None,
    matter: o.MatterOption = None,
    form: Annotated[
        str,
        Option(
            "--format",
            metavar="text|md|html|pdf|json",
            help="As text on the screen, a page in Markdown, HTML or PDF, or JSON.",
            autocompletion=_complete.of(*FORMATS),
        ),
    ] = "text",
    out: Annotated[
        str | None, Option("--out", metavar="FILE|DIR", help="Write it here, not to stdout.")
    ] = None,
    json: o.Json = False,
) -> None:
    """Show what a client owed, was billed, paid and owes, closed matters included.

    Trust money and general retainers stand apart: they never lower what is owed.
    """
    from billcli.services.receivables import statements
    from billcli.values.dates import read_day, read_through

    if form not in FORMATS:
        raise UsageProblem(
            "statement.format", f"--format takes {', '.join(FORMATS)}.", hint=meant(form, FORMATS)
        )
    if out is not None and form not in PAGES:
        raise UsageProblem(
            "statement.out", "A file is written as md, html or pdf.", hint="Add --format html."
        )
    if out is None:
        refuse_at_terminal(form)
    with opened() as ledger:
        view = statements.statement(
            ledger,
            client,
            matter=matter,
            first=read_day(first, ledger.today, what="--from", past=True) if first else None,
            last=read_through(last, ledger.today, what="--to", past=True) if last else None,
        )
        if form in PAGES:
            page = statements.printed(ledger, view, form)
            if out is None:
                print_page(page, form)
                return
            path = statements.save(view, page, form=form, out=out)
            told = {"client": view.client, "file": str(path)}
            show_one(told, json=json, sentence=f"Wrote {path}.")
            return
        if json or form == "json":
            show_one(view.document(), json=True, sentence="", decimals=ledger.decimals)
            return
        _show(view, ledger.decimals)


def _show(view: StatementView, decimals: int) -> None:
    from billcli.render.statement import words_of
    from billcli.values.money import grouped

    def amount(cents: int) -> str:
        return grouped(cents, decimals)

    of = f", matter {view.matter}" if view.matter else ""
    period = f"from {view.from_} to {view.to}" if view.from_ else f"up to {view.to}"
    print_text(f"Statement of account for {visible(view.client_name)}{of}, {period}")
    sums = [
        ("Opening balance", view.opening_cents),
        ("Billed", view.billed_cents),
        ("Voided", -view.voided_cents),
        ("Credit notes", -view.credited_cents),
        ("Paid", -view.paid_cents),
        ("Written off", -view.written_off_cents),
        ("Closing balance", view.closing_cents),
    ]
    told = [(name, amount(cents)) for name, cents in sums if cents or name.endswith("balance")]
    wide = max(len(text) for _, text in told)
    for name, text in told:
        print_text(f"{name:<16}{text:>{wide}}")
    if view.lines:
        _table([_row(line, words_of(line)) for line in view.lines], LINES, decimals)
    if view.open_bills:
        _table(list(view.open_bills), OPEN, decimals)
        _table([view.ageing], AGEING, decimals)
    if view.client_credit_cents:
        print_text(f"\nCredit not applied yet: {amount(view.client_credit_cents)}")
    _held("In trust", view.trust, decimals)
    _held("General retainer", view.retainer, decimals)
    for request in view.requests:
        print_text(
            f"\nRequest {request.number} of {request.date} for matter {request.matter}: "
            f"{amount(request.outstanding_cents)} to pay in"
        )


def _held(title: str, held: HeldView, decimals: int) -> None:
    from billcli.render.statement import held_words
    from billcli.values.money import grouped

    if not (held.entries or held.opening_cents):
        return
    names = ("opening_cents", "in_cents", "out_cents", "closing_cents")
    opening, in_, out, closing = (grouped(getattr(held, name), decimals) for name in names)
    print_text(f"\n{title}, apart from what is owed: {opening} + {in_} - {out} = {closing}")
    if held.uncleared_cents:
        print_text(f"Of it not cleared yet: {grouped(held.uncleared_cents, decimals)}")
    if held.entries:
        rows = [_row(entry, held_words(entry)) for entry in held.entries]
        show_table(rows, HELD, decimals=decimals)


def _row(line: Any, words: str) -> dict[str, Any]:
    names = ("id", "date", "reference", "matter", "amount_cents", "balance_cents")
    return {"words": words} | {name: getattr(line, name, None) for name in names}


def _table(rows: list[Any], columns: tuple[Column, ...], decimals: int) -> None:
    print_text("")
    show_table(rows, columns, decimals=decimals)
