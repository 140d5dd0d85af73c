"""Reports on fees, discounts and taxes on the command line; `report` registers them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._progress import progress
from billcli.cli._show import show_list
from billcli.errors import UsageProblem
from billcli.render.table import Column

ALLOCATION = (
    Column("Timekeeper", "timekeeper"),
    Column("Name", "name"),
    Column("Billed", "billed_cents", "money"),
    Column("Of it origination", "origination_cents", "money"),
    Column("Collected", "collected_cents", "money"),
)
REALIZATION = (
    Column("Matter", "matter"),
    Column("Title", "title"),
    Column("Client", "client"),
    Column("Hours", "hours_e4", "hours"),
    Column("Standard", "standard_fees_cents", "money"),
    Column("No charge", "no_charge_cents", "money"),
    Column("Adjustment", "fee_adjustment_cents", "money"),
    Column("Fees", "fees_cents", "money"),
    Column("Discount", "discount_cents", "money"),
    Column("Net fees", "net_fees_cents", "money"),
    Column("Credited", "credited_cents", "money"),
    Column("Realized %", "realization_percent_e4", "percent"),
    Column("Collected", "collected_cents", "money"),
    Column("Collected %", "collection_percent_e4", "percent"),
)
DISCOUNTS = (
    Column("Bill", "bill"),
    Column("Date", "date", "date"),
    Column("Matter", "matter"),
    Column("Client", "client"),
    Column("Description", "description"),
    Column("Fees", "fees_cents", "money"),
    Column("Discount", "discount_cents", "money"),
    Column("Taken back", "taken_back_cents", "money"),
    Column("%", "percent_e4", "percent"),
)
TAX = (
    Column("Tax", "code"),
    Column("Label", "label"),
    Column("Rate", "percent_e4", "percent"),
    Column("Bills", "bills", "number"),
    Column("Base", "base_cents", "money"),
    Column("Tax amount", "tax_cents", "money"),
)
Rows = list[dict[str, Any]]


def allocation(
    from_: o.From = None, to: o.To = None, json: o.Json = False, csv: o.Csv = False
) -> None:
    """Fees by timekeeper: billed by the bills' dates, collected by the days of payment."""
    from billcli.services.reporting import fee_reports

    _show(fee_reports.allocation, ALLOCATION, from_, to, json=json, csv=csv)


def realization(
    from_: o.From = None, to: o.To = None, json: o.Json = False, csv: o.Csv = False
) -> None:
    """What the work of each matter was worth, what was billed for it, and what was paid."""
    from billcli.services.reporting import fee_reports

    _show(fee_reports.realization, REALIZATION, from_, to, json=json, csv=csv)


def discounts(
    from_: o.From = None, to: o.To = None, json: o.Json = False, csv: o.Csv = False
) -> None:
    """The discounts given, bill by bill."""
    from billcli.services.reporting import fee_reports

    _show(fee_reports.discounts, DISCOUNTS, from_, to, json=json, csv=csv)


def tax(from_: o.From = None, to: o.To = None, json: o.Json = False, csv: o.Csv = False) -> None:
    """The taxes billed, by code and rate, with what they were taken on."""
    from billcli.services.reporting import fee_reports

    _show(fee_reports.tax, TAX, from_, to, json=json, csv=csv)


def _show(
    report: Callable[..., Rows],
    columns: tuple[Column, ...],
    from_: str | None,
    to: str | None,
    *,
    json: bool,
    csv: bool,
) -> None:
    with opened() as ledger:
        start, end = _days(from_, to, ledger.today)
        with progress("Counting"):
            rows = report(ledger, start=start, end=end)
        show_list(
            rows,
            columns,
            json=json,
            csv=csv,
            empty="No bills of these days have any.",
            totals=_totals(rows, columns),
            decimals=ledger.decimals,
        )


def _days(from_: str | None, to: str | None, today: date) -> tuple[date | None, date]:
    """The days of a report: from the first bill on, and up to today, unless said otherwise."""
    from billcli.values.dates import read_day

    start = read_day(from_, today, what="--from", past=True) if from_ else None
    end = read_day(to, today, what="--to", past=True) if to else today
    if start is not None and start > end:
        raise UsageProblem(
            "date.order", f"--from {start} is after --to {end}.", hint="Give the earlier day first."
        )
    return start, end


def _totals(rows: Rows, columns: tuple[Column, ...]) -> dict[str, object]:
    sums: dict[str, object] = {
        column.key: sum(row[column.key] for row in rows)
        for column in columns
        if column.kind in ("money", "hours")
    }
    return {columns[0].key: "Total", **sums}
