"""Bills on the command line."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from billcli.cli import (
    _complete,
    bill_dispute,
    bill_edit,
    bill_explain,
    bill_print,
    bill_render,
    bill_send,
)
from billcli.cli import _options as o
from billcli.cli import _request as q
from billcli.cli._bills import tell, tell_warnings
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._quote import asked_of_quote
from billcli.cli._show import print_text, say, show_list, show_one
from billcli.core import states
from billcli.errors import UsageProblem
from billcli.render.table import Column
from billcli.values.text import meant

app = Noun("bill")

COLUMNS = (
    Column("Bill", "number"),
    Column("Draft", "id"),
    Column("State", "state"),
    Column("Matter", "matter"),
    Column("Client", "client"),
    Column("Date", "date", "date"),
    Column("Due", "due_date", "date"),
    Column("Total", "total_cents", "money"),
    Column("Balance", "balance_cents", "money"),
)


@app.command("preview", example="billcli bill preview 2026-001 --through 2026-11")
def preview(
    matter: o.Matter,
    through: o.Through = None,
    date: o.Date = None,
    amount: q.AmountOption = None,
    final: q.Final = False,
    charge: q.Charges = None,
    template: q.Template = None,
    terms: o.Terms = None,
    zero_bill: q.ZeroBill = False,
    next_only: q.NextOnly = False,
    max_periods: q.MaxPeriods = None,
    accept_schedule_mismatch: q.AcceptMismatch = False,
    quote_rule: q.QuoteRule = None,
    only: q.Only = None,
    confirm_cost_writedown: q.ConfirmCosts = False,
    confirm_cost_markup: q.ConfirmMarkup = False,
    json: o.Json = False,
) -> None:
    """Show the bill that would be made now; nothing is written."""
    from billcli.services.bill import bills

    with opened() as ledger:
        request = q.read_request(
            ledger, through=through, day=date, amount=amount, final=final, charges=charge,
            template=template, terms=terms, zero_bill=zero_bill, next_only=next_only,
            accept_schedule_mismatch=accept_schedule_mismatch, quote_rule=quote_rule, only=only,
            confirm_cost_writedown=confirm_cost_writedown, max_periods=max_periods,
            confirm_cost_markup=confirm_cost_markup,
        )  # fmt: skip
        view, page = bills.preview(ledger, matter, request, paper=not json)
        if json:
            show_one(view, json=True, sentence="", decimals=ledger.decimals)
            return
        tell_warnings(view)
        print_text(page)


@app.command("create", example="billcli bill create 2026-001 --through 2026-11 --approve --issue")
def create(
    matter: o.Matter,
    through: o.Through = None,
    date: o.Date = None,
    amount: q.AmountOption = None,
    final: q.Final = False,
    charge: q.Charges = None,
    template: q.Template = None,
    terms: o.Terms = None,
    zero_bill: q.ZeroBill = False,
    next_only: q.NextOnly = False,
    max_periods: q.MaxPeriods = None,
    accept_schedule_mismatch: q.AcceptMismatch = False,
    quote_rule: q.QuoteRule = None,
    only: q.Only = None,
    confirm_cost_writedown: q.ConfirmCosts = False,
    confirm_cost_markup: q.ConfirmMarkup = False,
    approve: Annotated[bool, Option("--approve", help="Give it its number at once.")] = False,
    issue: Annotated[bool, Option("--issue", help="Approve, post and render it at once.")] = False,
    json: o.Json = False,
) -> None:
    """Make a draft bill from a matter's unbilled work and costs."""
    from billcli.services.bill import bills

    with opened() as ledger:
        request = q.read_request(
            ledger, through=through, day=date, amount=amount, final=final, charges=charge,
            template=template, terms=terms, zero_bill=zero_bill, next_only=next_only,
            accept_schedule_mismatch=accept_schedule_mismatch, quote_rule=quote_rule, only=only,
            confirm_cost_writedown=confirm_cost_writedown, max_periods=max_periods,
            confirm_cost_markup=confirm_cost_markup,
        )  # fmt: skip
        request = asked_of_quote(ledger, matter, request)
        view = bills.create(ledger, matter, request, approved=approve or issue, issued=issue)
        tell(view, ledger, json=json)


app.command(
    "edit",
    example="billcli bill edit D-1 --line 2 --amount 450 --reason 'courtesy: as agreed'\n"
    "billcli bill edit D-1 --drop 3 --discount 10% --note 'Thank you.'",
)(bill_edit.edit)


@app.command("refresh", example="billcli bill refresh D-1")
def refresh(
    bill: o.Bill,
    discard_edits: Annotated[
        bool, Option("--discard-edits", help="Forget what was changed by hand.")
    ] = False,
    json: o.Json = False,
) -> None:
    """Compute a draft again from what is unbilled now; changes by hand are made again."""
    from billcli.services.bill import bills

    with opened() as ledger:
        view = bills.refresh(ledger, bill, discard_edits=discard_edits)
        tell(view, ledger, json=json)


@app.command("delete", example="billcli bill delete D-1")
def delete(bill: o.Bill, json: o.Json = False) -> None:
    """Delete a draft; its entries are unbilled again."""
    from billcli.services.bill import bills

    with opened() as ledger:
        ref = bills.delete(ledger, bill)
        show_one(
            {"id": ref, "deleted": True},
            json=json,
            sentence=f"Draft {ref} is deleted; its entries are unbilled again.",
        )


@app.command("approve", example="billcli bill approve D-1")
def approve(
    bill: o.Bill,
    accept_schedule_mismatch: q.AcceptMismatch = False,
    json: o.Json = False,
) -> None:
    """Approve a draft: it gets its number and is frozen."""
    from billcli.services.bill import bills

    with opened() as ledger:
        accepted = accept_schedule_mismatch
        view = bills.approve(ledger, bill, accept_schedule_mismatch=accepted)
        tell(view, ledger, json=json)


@app.command("issue", example="billcli bill issue 2026-0001 --send")
def issue(
    bill: o.Bill,
    send: Annotated[bool, Option("--send", help="Send it by e-mail at once.")] = False,
    json: o.Json = False,
) -> None:
    """Issue an approved bill: it is posted, rendered, and its pages are kept for ever."""
    from billcli.services.bill import bills

    with opened() as ledger:
        if send:
            bill_send.issued_and_sent(ledger, bill, json=json)
            return
        tell(bills.issue(ledger, bill), ledger, json=json)


@app.command("void", example="billcli bill void 2026-0001 --reason 'wrong client'")
def void(
    bill: o.Bill,
    reason: o.Reason = None,
    entries: Annotated[
        str,
        Option(
            "--entries",
            metavar="return|write-off",
            help="What becomes of its entries.",
            autocompletion=_complete.of("return", "write-off"),
        ),
    ] = "return",
    json: o.Json = False,
) -> None:
    """Void a bill; it keeps its number, its entries can be billed again, trust gets its money."""
    from billcli.services.bill import bills
    from billcli.values.text import read_text

    if entries.replace("_", "-") not in ("return", "write-off"):
        raise UsageProblem(
            "bill.entries", "--entries takes return or write-off.", hint="return is the default."
        )
    if reason is None:
        raise UsageProblem(
            "input.needed", "A void needs its reason.", hint="Give --reason 'what was wrong'."
        )
    with opened() as ledger:
        words = read_text(reason, "--reason", longest=1000)
        view = bills.void(ledger, bill, reason=words, entries=entries.replace("_", "-"))
        tell(view, ledger, json=json)


app.command(
    "dispute",
    example="billcli bill dispute 2026-0001 --amount 500.00 --note 'the trip in May'\n"
    "billcli bill dispute 2026-0001 --resolve",
)(bill_dispute.dispute)


@app.command("list", example="billcli bill list --state issued --overdue")
def list_(
    state: Annotated[
        str | None,
        Option(
            "--state",
            metavar="STATE",
            help="Only those in this state.",
            autocompletion=_complete.of(*states.KEPT),
        ),
    ] = None,
    matter: o.MatterOption = None,
    overdue: Annotated[bool, Option("--overdue", help="Only those past due.")] = False,
    since: o.Since = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """List bills and drafts."""
    from billcli.services.bill import bill_reading
    from billcli.values.dates import read_day

    if state is not None and state.replace("-", "_") not in states.KEPT:
        raise UsageProblem(
            "bill.state", "There is no such state of a bill.", hint=meant(state, states.KEPT)
        )
    with opened() as ledger:
        day = read_day(since, ledger.today, what="--since", past=True) if since else None
        rows = bill_reading.list_(ledger, state=state, matter=matter, overdue=overdue, since=day)
        show_list(rows, COLUMNS, json=json, csv=csv, empty="No bills.", decimals=ledger.decimals)


@app.command("show", example="billcli bill show 2026-0001 --json")
def show(bill: o.Bill, json: o.Json = False) -> None:
    """Show a bill or a draft, with its lines."""
    from billcli.services.bill import bill_reading
    from billcli.services.receivables import plans

    with opened() as ledger:
        if json:
            view = bill_reading.show(ledger, bill)
            show_one(view, json=True, sentence="", decimals=ledger.decimals)
            return
        for line in bill_reading.summary(ledger, bill):
            say(line)
        if plan := plans.sentence(ledger, bill):
            say(plan)
        print_text(bill_reading.render(ledger, bill, form="md").decode())


app.command(
    "explain", example="billcli bill explain 2026-0001\nbillcli bill explain 2026-001 --json"
)(bill_explain.explain)


app.command(
    "render",
    example="billcli bill render 2026-0001 --format html --out bills/\n"
    "billcli bill render 2026-0001 --out bills/ --documents",
)(bill_render.render)

app.command(
    "send",
    example="billcli bill send 2026-0001\nbillcli bill send 2026-0001 --dry-run --out letters/",
)(bill_send.send)

app.command(
    "print",
    example="billcli bill print 2026-0001 --copies 2 --printer Office\nbillcli bill print --run 3",
)(bill_print.print_)
