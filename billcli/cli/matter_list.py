"""Lists of matters on the command line."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._show import show_list
from billcli.errors import UsageProblem
from billcli.render.table import Column

COLUMNS = (
    Column("Matter", "number"),
    Column("Title", "title"),
    Column("Client", "client"),
    Column("Responsible", "responsible"),
    Column("Arrangement", "arrangement"),
    Column("State", "state"),
    Column("Unbilled", "unbilled_cents", "money"),
)
FUNDED = (
    Column("Matter", "number"),
    Column("Title", "title"),
    Column("Client", "client"),
    Column("Trust", "trust_available_cents", "money"),
    Column("General retainer", "retainer_cents", "money"),
    Column("Owed", "receivable_cents", "money"),
    Column("Unbilled", "wip_cents", "money"),
    Column("Funded", "funded_cents", "money"),
)


def list_(
    open_: Annotated[bool, Option("--open", help="Only open ones.")] = False,
    closed: Annotated[bool, Option("--closed", help="Only closed ones.")] = False,
    client: o.ClientOption = None,
    funded: Annotated[
        bool,
        Option("--funded", help="Only those with client money, and what it leaves over."),
    ] = False,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """List the matters with their unbilled work.

    With --funded, those that hold or held client money: trust available and general retainer,
    less what is owed and unbilled. Below zero, work is unsecured.
    """
    from billcli.services.matter import matters

    if open_ and closed:
        raise UsageProblem("usage.option", "Only one of --open and --closed can be given.")
    with opened() as ledger:
        state = closed if open_ or closed else None
        views = matters.list_(ledger, client=client, closed=state)
        if funded:
            from billcli.cli.report_trust import show_funded
            from billcli.services.matter import matter_views

            lines = matter_views.funded(ledger, views)
            empty = "No matter holds client money."
            show_funded(lines, FUNDED, json=json, csv=csv, empty=empty, ledger=ledger)
            return
        none = (
            "There are no matters yet."
            if state is None and client is None
            else "No matter is like that."
        )
        show_list(views, COLUMNS, json=json, csv=csv, empty=none, decimals=ledger.decimals)
