"""The whole practice on one page, on the command line."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._progress import progress
from billcli.cli._show import say, show_facts
from billcli.render.table import Column

KEY = (
    Column("Open matters", "open_matters", "number"),
    Column("Owed by clients", "receivable_cents", "money"),
    Column("  of it overdue", "overdue_cents", "money"),
    Column("Earned, not billed", "unbilled_cents", "money"),
    Column("  for more than 30 days", "unbilled_old_cents", "money"),
    Column("Expected in 13 weeks", "expected_cents", "money"),
    Column("  of it certain", "certain_cents", "money"),
    Column("Held in trust", "trust_cents", "money"),
    Column("Below their minimum", "below_minimum", "number"),
    Column("Not secured", "unsecured_cents", "money"),
    Column("  in so many matters", "unsecured_matters", "number"),
    Column("Values used by 70 % or more", "caps_passed", "number"),
    Column("Milestones stuck", "stuck_milestones", "number"),
)

Html = Annotated[
    str | None,
    Option("--html", metavar="FILE", help="Write it as a page with charts into this file."),
]


def dashboard(html: Html = None, json: o.Json = False) -> None:
    """The whole practice at a glance: key figures, or with --html a page with charts.

    The page is one file that needs no network and no script: milestones on a line of time, cash to
    come, what is earned, owed and agreed, client money. A page made before is replaced.
    """
    from billcli.services.reporting import dashboard as boards
    from billcli.services.reporting import pages

    with opened() as ledger:
        if html is not None:
            pages.place(html)
        with progress("Counting"):
            found = boards.view(ledger)
        page = pages.dashboard(ledger, found, html) if html is not None else None
        decimals = ledger.decimals
    if json or page is None:
        shown = found if json else found.key
        show_facts(shown, KEY, json=json, decimals=decimals, title=f"{found.firm}, {found.date}")
    else:
        say(f"The dashboard is in {page}.")
