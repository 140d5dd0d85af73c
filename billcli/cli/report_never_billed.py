"""`billcli report never-billed`; `report` registers it."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._progress import progress
from billcli.cli._show import show_list
from billcli.render.table import Column

EXAMPLE = """
billcli report never-billed --older-than 60
billcli report never-billed --entries --csv
"""
MATTERS = (
    Column("Matter", "matter"),
    Column("Title", "title"),
    Column("Client", "client"),
    Column("Any bill", "any_bill"),
    Column("Oldest", "oldest", "date"),
    Column("Days", "age_days", "number"),
    Column("Hours", "hours_e4", "hours"),
    Column("Time", "time_cents", "money"),
    Column("Charges", "charges_cents", "money"),
    Column("Milestones", "milestones_cents", "money"),
    Column("Costs", "costs_cents", "money"),
    Column("Total", "total_cents", "money"),
    Column("On hold", "held_cents", "money"),
)
MATTERS_CSV = (*MATTERS[:3], Column("", "never_billed"), *MATTERS[4:])
ENTRIES = (
    Column("Matter", "matter"),
    Column("Id", "id"),
    Column("Kind", "kind"),
    Column("Date", "date", "date"),
    Column("Days", "age_days", "number"),
    Column("TK", "timekeeper"),
    Column("Description", "description"),
    Column("Hours", "hours_e4", "hours"),
    Column("Amount", "amount_cents", "money"),
    Column("State", "state"),
)


def never_billed(
    older_than: Annotated[
        int | None,
        Option("--older-than", metavar="DAYS", help="Only what is older than this.", min=0),
    ] = None,
    entries: Annotated[
        bool, Option("--entries", help="Every entry by itself, in the table and with --csv.")
    ] = False,
    client: o.ClientOption = None,
    as_of: o.AsOf = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """List what no bill has touched: work, costs, charges, milestones, and whole matters.

    What was on a bill that is void is not among it: `billcli report wip` has that too. Work on
    hold and in drafts is, with its state; non-billable work and the firm's own matters aren't.
    Time counts at its rates, also where a fixed fee will include it. With --json each matter has
    its entries.
    """
    from billcli.services.reporting import never_billed as reports
    from billcli.values.dates import read_day

    with opened() as ledger:
        day = read_day(as_of, ledger.today, what="--as-of", past=True) if as_of else None
        with progress("Counting"):
            found = reports.report(ledger, as_of=day, client=client, older_than=older_than)
        flat = [entry for view in found for entry in view.entries]
        columns = ENTRIES if entries else MATTERS_CSV if csv else MATTERS
        told = [
            {column.key: getattr(view, column.key, None) for column in MATTERS}
            | {"any_bill": "never" if view.never_billed else "yes"}
            for view in found
        ]
        if json or (csv and not entries):
            rows: list[object] = list(found)
        else:
            rows = list(flat if entries else told)
        summed = [column.key for column in columns if column.kind in ("money", "hours")]
        source = flat if entries else found
        show_list(
            rows,
            columns,
            json=json,
            csv=csv,
            empty="Every matter and all work has been on a bill.",
            totals={
                "matter": "Total",
                **{key: sum(getattr(each, key) for each in source) for key in summed},
            },
            decimals=ledger.decimals,
        )
