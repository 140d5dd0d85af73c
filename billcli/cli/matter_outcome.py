"""How a matter with a contingent reserve ended, on the command line."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._days import maybe_day
from billcli.cli._ledger import opened
from billcli.cli._show import print_text, say, show_one, talk
from billcli.errors import UsageProblem
from billcli.values.text import meant

Result = Annotated[
    str | None,
    Argument(
        metavar="success|failure",
        help="How it ended; left out with --reverse.",
        autocompletion=_complete.of("success", "failure"),
    ),
]


def outcome(
    matter: o.Matter,
    result: Result = None,
    release: Annotated[
        str | None,
        Option("--release", metavar="PCT", help="How much of the reserve falls due, such as 50%."),
    ] = None,
    discount: Annotated[
        bool, Option("--discount", help="The matter's discount comes off the success line too.")
    ] = False,
    date: o.Date = None,
    note: o.Note = None,
    reverse: Annotated[
        bool, Option("--reverse", help="Take the outcome back, as long as it is not billed.")
    ] = False,
    json: o.Json = False,
) -> None:
    """Record how a matter ended: success makes its reserve due, failure writes it off."""
    from billcli.render.closing_statement import closing_statement
    from billcli.services.matter import outcomes
    from billcli.values.money import grouped, read_percent
    from billcli.values.text import read_text

    _refuse(result, reverse=reverse, more=release is not None or discount or note is not None)
    with opened() as ledger:
        if reverse:
            view = outcomes.reverse(ledger, matter)
        else:
            view = outcomes.record(
                ledger,
                matter,
                str(result),
                release_e4=None if release is None else read_percent(release, what="--release"),
                discount=discount,
                note=None if note is None else read_text(note, "--note", longest=1000),
                day=maybe_day(ledger, date, past=True),
            )
        if view.draft:
            talk(f"Draft {view.draft} is stale: billcli bill refresh {view.draft}")
        if json:
            show_one(view, json=True, sentence="", decimals=ledger.decimals)
            return
        if reverse:
            say(
                f"The outcome of matter {matter} is taken back; "
                f"{grouped(view.balance_cents, ledger.decimals)} is in its reserve."
            )
            return
        due = grouped(view.due_cents, ledger.decimals)
        lost = grouped(view.written_off_cents, ledger.decimals)
        say(
            f"Matter {matter} ended in success: {due} falls due with its next bill."
            if result == "success"
            else f"Matter {matter} ended in failure: its reserve of {lost} is written off."
        )
        if view.settled_cents:
            cents = grouped(view.settled_cents, ledger.decimals)
            say(f"Work of {cents} above the cap became no-charge and joined the reserve.")
        if view.reopened:
            say(f"Matter {matter} is open for billing again.")
        print_text("\n" + closing_statement(view.statement, ledger.decimals))


def _refuse(result: str | None, *, reverse: bool, more: bool) -> None:
    if reverse and (result is not None or more):
        raise UsageProblem(
            "usage.option",
            "--reverse takes nothing beside it.",
            hint="Record the other outcome afterwards.",
        )
    if not reverse and result not in ("success", "failure"):
        raise UsageProblem(
            "outcome.result",
            "An outcome is success or failure.",
            hint=meant(result or "", ("success", "failure")),
        )
