"""Reports on the command line."""

from __future__ import annotations

from billcli.cli import _options as o
from billcli.cli import (
    report_boards,
    report_dashboard,
    report_fees,
    report_never_billed,
    report_productivity,
    report_trust,
)
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._progress import progress
from billcli.cli._show import show_list
from billcli.render.table import Column

app = Noun("report")

AGEING = (
    Column("Matter", "matter"),
    Column("Client", "client"),
    Column("Bills", "bills", "number"),
    Column("Current", "current_cents", "money"),
    Column("1-30", "d1_30_cents", "money"),
    Column("31-60", "d31_60_cents", "money"),
    Column("61-90", "d61_90_cents", "money"),
    Column("91+", "d91_cents", "money"),
    Column("Total", "total_cents", "money"),
)
WIP = (
    Column("Matter", "matter"),
    Column("Title", "title"),
    Column("Client", "client"),
    Column("Oldest", "oldest", "date"),
    Column("Hours", "hours_e4", "hours"),
    Column("Time", "time_cents", "money"),
    Column("Charges", "charges_cents", "money"),
    Column("Costs", "costs_cents", "money"),
    Column("Total", "total_cents", "money"),
    Column("On hold", "held_cents", "money"),
)

RESERVE = (
    Column("Matter", "matter"),
    Column("Title", "title"),
    Column("Client", "client"),
    Column("Outcome", "outcome"),
    Column("Accrued", "accrued_cents", "money"),
    Column("Released", "released_cents", "money"),
    Column("Written off", "written_off_cents", "money"),
    Column("Balance", "balance_cents", "money"),
)


@app.command("ageing", example="billcli report ageing --as-of 2026-10-31")
def ageing(as_of: o.AsOf = None, json: o.Json = False, csv: o.Csv = False) -> None:
    """What clients owe, by days past due, as of any day."""
    from billcli.services.reporting import reports
    from billcli.values.dates import read_day

    with opened() as ledger:
        day = read_day(as_of, ledger.today, what="--as-of", past=True) if as_of else None
        with progress("Counting"):
            rows = reports.ageing(ledger, as_of=day)
        show_list(
            rows,
            AGEING,
            json=json,
            csv=csv,
            empty="Nothing is owed.",
            totals=_totals(rows, AGEING),
            decimals=ledger.decimals,
        )


@app.command("wip", example="billcli report wip --as-of 2026-10-31 --csv")
def wip(as_of: o.AsOf = None, json: o.Json = False, csv: o.Csv = False) -> None:
    """Unbilled work and costs by matter, as of any day."""
    from billcli.services.reporting import reports
    from billcli.values.dates import read_day

    with opened() as ledger:
        day = read_day(as_of, ledger.today, what="--as-of", past=True) if as_of else None
        with progress("Counting"):
            rows = reports.wip(ledger, as_of=day)
        show_list(
            rows,
            WIP,
            json=json,
            csv=csv,
            empty="Nothing is unbilled.",
            totals=_totals(rows, WIP),
            decimals=ledger.decimals,
        )


@app.command("reserve", example="billcli report reserve --json")
def reserve(json: o.Json = False, csv: o.Csv = False) -> None:
    """What is held in contingent reserve, matter by matter; payable on success alone."""
    from billcli.services.reporting import reports

    with opened() as ledger:
        with progress("Counting"):
            rows = reports.reserve(ledger)
        show_list(
            rows,
            RESERVE,
            json=json,
            csv=csv,
            empty="Nothing is held in reserve.",
            totals=_totals(rows, RESERVE),
            decimals=ledger.decimals,
        )


app.command(
    "allocation", example="billcli report allocation --from 2026-11-01 --to 2026-11-30 --json"
)(report_fees.allocation)
app.command("realization", example="billcli report realization --from 2026-01-01")(
    report_fees.realization
)
app.command("discounts", example="billcli report discounts --csv")(report_fees.discounts)
app.command("tax", example="billcli report tax --from 2026-10-01 --to 2026-12-31")(report_fees.tax)
app.command("trust", example="billcli report trust --as-of 2026-10-31")(report_trust.trust)
app.command("funded", example="billcli report funded --json")(report_trust.funded)


def _totals(rows: list[dict[str, object]], columns: tuple[Column, ...]) -> dict[str, object]:
    """The sums under a table's money and hours."""
    summed = [column.key for column in columns if column.kind in ("money", "hours")]
    first = columns[0].key
    sums: dict[str, object] = {key: sum(int(str(row[key])) for row in rows) for key in summed}
    return {first: "Total", **sums}


app.command("unbilled", example="billcli report unbilled --client rivera")(report_boards.unbilled)
app.command("milestones", example="billcli report milestones --html milestones.html")(
    report_boards.milestones
)
app.command("forecast", example="billcli report forecast --by week --periods 13")(
    report_boards.forecast
)
app.command(
    "dashboard", example="billcli report dashboard\nbillcli report dashboard --html practice.html"
)(report_dashboard.dashboard)
app.command("productivity", example=report_productivity.EXAMPLE.strip())(
    report_productivity.productivity
)
app.command("never-billed", example=report_never_billed.EXAMPLE.strip())(
    report_never_billed.never_billed
)
