"""Trust money on the command line."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from billcli.cli import _complete, trust_apply, trust_firm, trust_reconcile
from billcli.cli import _options as o
from billcli.cli import _trust as w
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import show_facts, show_list

app = Noun("trust")


@app.command(
    "deposit", example="billcli trust deposit 2026-001 6,000 --method wire --from 'Ana Rivera'"
)
def deposit(
    matter: o.Matter,
    amount: o.Amount,
    date: o.Date = None,
    method: w.Method = None,
    from_: Annotated[
        str | None, Option("--from", metavar="NAME", help="Who paid it, if not the client.")
    ] = None,
    clears: Annotated[
        str | None,
        Option("--clears", metavar="DATE", help="Usable from this day on, not as by its method."),
    ] = None,
    protect: Annotated[
        str | None,
        Option("--protect", metavar="PURPOSE", help="Keep all of it for this purpose alone."),
    ] = None,
    reference: w.Reference = None,
    json: o.Json = False,
) -> None:
    """Take client money into trust."""
    from billcli.services.funds import trust
    from billcli.values.dates import read_day
    from billcli.values.money import read_positive_cents

    with opened() as ledger:
        view = trust.deposit(
            ledger,
            matter,
            read_positive_cents(amount, ledger.decimals),
            day=w.day_of(date, ledger),
            method=method,
            party=w.text_of(from_, "--from"),
            reference=w.text_of(reference, "--reference"),
            clears=read_day(clears, ledger.today, what="--clears") if clears else None,
            protect=w.text_of(protect, "--protect"),
        )
        kept = f" and kept for {view['purpose']}" if view["purpose"] else ""
        waits = view["clears"] > ledger.today
        usable = f"; it clears on {view['clears']}{kept}" if waits else f", cleared{kept}"
        w.done(view, f"deposited in trust for {view['matter']}{usable}", ledger, json=json)


@app.command("clear", example="billcli trust clear TR-5 --evidence 'bank letter of 3 October'")
def clear(
    entry: w.Entry,
    evidence: Annotated[
        str | None, Option("--evidence", metavar="TEXT", help="What shows that it is cleared.")
    ] = None,
    date: o.Date = None,
    json: o.Json = False,
) -> None:
    """Count a deposit as cleared before its day."""
    from billcli.services.funds import trust

    with opened() as ledger:
        seen = w.text_of(evidence, "--evidence")
        view = trust.clear(ledger, entry, day=w.day_of(date, ledger), evidence=seen)
        w.done(view, f"is cleared as of {view['clears']}", ledger, json=json)


@app.command(
    "withdraw",
    example="billcli trust withdraw 2026-001 535 --payee USCIS --purpose 'filing fee'",
)
def withdraw(
    matter: o.Matter,
    amount: o.Amount,
    payee: Annotated[str | None, Option("--payee", metavar="NAME", help="Who gets it.")] = None,
    purpose: Annotated[
        str | None, Option("--purpose", metavar="TEXT", help="What it is for.")
    ] = None,
    date: o.Date = None,
    method: w.Method = None,
    number: Annotated[
        str | None, Option("--number", metavar="N", help="The check's number, never used twice.")
    ] = None,
    protected: Annotated[
        bool, Option("--protected", help="Pay money that was kept for its purpose.")
    ] = False,
    expense: Annotated[
        str | None,
        Option("--expense", metavar="E-n", help="The cost it pays; its bill then shows it paid."),
    ] = None,
    reference: w.Reference = None,
    json: o.Json = False,
) -> None:
    """Pay out of trust: to the client, a payee, or a cost of the matter."""
    from billcli.services.funds import trust
    from billcli.values.money import read_positive_cents

    who = w.needed(payee, "Who gets the money?", "--payee")
    why = w.needed(purpose, "What is it for?", "--purpose")
    with opened() as ledger:
        view = trust.withdraw(
            ledger,
            matter,
            read_positive_cents(amount, ledger.decimals),
            payee=who,
            purpose=why,
            day=w.day_of(date, ledger),
            method=method,
            cheque=w.text_of(number, "--number", longest=40),
            reference=w.text_of(reference, "--reference"),
            protected=protected,
            expense=expense,
        )
        words = f"paid from trust of {view['matter']} to {who} for {why}"
        w.done(view, words, ledger, json=json)


@app.command(
    "move", example="billcli trust move 2026-001 2026-007 500 --authority 'letter of 2 October'"
)
def move(
    matter: o.Matter,
    to: Annotated[
        str,
        Argument(
            metavar="TO",
            help="Another matter of the same client.",
            autocompletion=_complete.matters,
        ),
    ],
    amount: o.Amount,
    authority: Annotated[
        str | None,
        Option("--authority", metavar="REF", help="Where the client authorized it."),
    ] = None,
    date: o.Date = None,
    json: o.Json = False,
) -> None:
    """Move trust money to another matter of the same client."""
    from billcli.services.funds import trust
    from billcli.values.money import read_positive_cents

    what = w.needed(authority, "Where did the client authorize it?", "--authority")
    with opened() as ledger:
        view = trust.move(
            ledger,
            matter,
            to,
            read_positive_cents(amount, ledger.decimals),
            authority=what,
            day=w.day_of(date, ledger),
        )
        words = f"moved from {view['matter']} to {view['to']['matter']} ({view['pair']})"
        w.done(view, words, ledger, json=json)


@app.command("reverse", example="billcli trust reverse TR-5 --reason 'Check returned' --cover")
def reverse(
    entry: w.Entry,
    reason: o.Reason = None,
    cover: Annotated[
        bool,
        Option("--cover", help="The firm's money makes good what a returned deposit leaves short."),
    ] = False,
    date: o.Date = None,
    json: o.Json = False,
) -> None:
    """Take a trust entry back: a returned deposit, or a mistake."""
    from billcli.services.funds import trust_reversal
    from billcli.values.money import grouped

    why = w.needed(reason, "Why is it taken back?", "--reason")
    with opened() as ledger:
        view = trust_reversal.reverse(
            ledger, entry, reason=why, cover=cover, day=w.day_of(date, ledger)
        )
        words = f"of {view['reverses']} taken back"
        if view["also"]:
            words += f", and the other half of it ({', '.join(view['also'])})"
        if view["bill"]:
            words += f"; bill {view['bill']} is open again"
        if view["cover"]:
            put = grouped(view["cover_cents"], ledger.decimals)
            words += f"; the firm made good {put} ({view['cover']})"
        w.done(view, words, ledger, json=json)


@app.command("ledger", example="billcli trust ledger 2026-001")
def card(matter: o.Matter, json: o.Json = False, csv: o.Csv = False) -> None:
    """Show the ledger card of a matter: every entry with the balance after it."""
    from billcli.services.funds import trust_views

    with opened() as ledger:
        rows = trust_views.card(ledger, matter)
        empty = f"Matter {matter} has no trust entries."
        w.show_card(rows, ledger, json=json, csv=csv, empty=empty)


@app.command("balance", example="billcli trust balance 2026-001 --json")
def balance(
    matter: o.MaybeMatter = None,
    as_of: o.AsOf = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """Show what a matter, or every matter, holds in trust, and what of it may be used."""
    from billcli.services.funds import trust_views

    with opened() as ledger:
        day = w.day_of(as_of, ledger)
        if matter is not None and not csv:
            view = trust_views.balance(ledger, matter, day=day)
            return show_facts(view, w.HELD, json=json, decimals=ledger.decimals)
        rows = (
            [trust_views.balance(ledger, matter, day=day)]
            if matter
            else trust_views.balances(ledger, day=day)
        )
        cents = [column.key for column in w.HELD if column.kind == "money"]
        return show_list(
            rows,
            w.HELD,
            json=json,
            csv=csv,
            empty="No matter has trust entries.",
            totals={key: sum(getattr(row, key) for row in rows) for key in cents},
            decimals=ledger.decimals,
        )


firm = app.noun("firm", "The firm's own money in the trust account, for the bank's charges.")
firm.command("deposit", example="billcli trust firm deposit 50.00")(trust_firm.deposit)
firm.command("fee", example="billcli trust firm fee 12.50 --date 2026-10-31")(trust_firm.fee)
firm.command("ledger", example="billcli trust firm ledger")(trust_firm.card)
app.command("apply", example=trust_apply.EXAMPLE)(trust_apply.apply)
app.command("transfer-sheet", example=trust_reconcile.SHEET_EXAMPLE)(trust_reconcile.transfer_sheet)
app.command("reconcile", example=trust_reconcile.RECONCILE_EXAMPLE)(trust_reconcile.reconcile)
