"""The tables behind the charts of a page: the same columns as in the lists on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from billcli.render.figures import Figures
from billcli.render.sandbox import Fields
from billcli.render.table import RIGHT, Column, Kind, value_of

MILESTONES = (
    Column("Matter", "matter"),
    Column("Client", "client"),
    Column("Task", "task", "number"),
    Column("Milestone", "name"),
    Column("Amount", "amount_cents", "money"),
    Column("Due", "due", "date"),
    Column("Done", "done_on", "date"),
    Column("State", "state"),
    Column("Charge", "charge"),
    Column("Bill", "bill"),
    Column("Stuck, days", "stuck_days", "number"),
)
PERIODS = (
    Column("From", "start", "date"),
    Column("To", "end", "date"),
    Column("Expected", "expected_cents", "money"),
    Column("Certain", "certain_cents", "money"),
)
ITEMS = (
    Column("Matter", "matter"),
    Column("Day", "date", "date"),
    Column("What", "what"),
    Column("Amount", "amount_cents", "money"),
    Column("Counts", "weight_percent_e4", "percent"),
    Column("Expected", "expected_cents", "money"),
    Column("From trust", "from_trust"),
)
UNBILLED = (
    Column("Matter", "matter"),
    Column("Client", "client"),
    Column("What", "what"),
    Column("Since", "since", "date"),
    Column("Days", "age_days", "number"),
    Column("0–14", "current_cents", "money"),
    Column("15–30", "d15_30_cents", "money"),
    Column("31–60", "d31_60_cents", "money"),
    Column("61+", "d61_cents", "money"),
    Column("Total", "amount_cents", "money"),
)
AGEING = (
    Column("Matter", "matter"),
    Column("Client", "client_name"),
    Column("Bills", "bills", "number"),
    Column("Current", "current_cents", "money"),
    Column("1–30", "d1_30_cents", "money"),
    Column("31–60", "d31_60_cents", "money"),
    Column("61–90", "d61_90_cents", "money"),
    Column("91+", "d91_cents", "money"),
    Column("Total", "total_cents", "money"),
)
CAPS = (
    Column("Matter", "matter"),
    Column("Title", "title"),
    Column("Arrangement", "arrangement"),
    Column("Agreed", "value_cents", "money"),
    Column("Invoiced", "invoiced_cents", "money"),
    Column("Unbilled", "wip_cents", "money"),
    Column("Used", "used_cents", "money"),
    Column("Of it", "used_percent_e4", "percent"),
    Column("Past, %", "passed_percent", "number"),
    Column("Period from", "period_start", "date"),
)
MINIMUMS = (
    Column("Matter", "matter"),
    Column("Title", "title"),
    Column("Account", "account"),
    Column("Available", "available_cents", "money"),
    Column("Trigger", "trigger_cents", "money"),
    Column("Minimum", "minimum_cents", "money"),
    Column("Below", "below"),
)
TRUST = (
    Column("Matter", "matter"),
    Column("Client", "client_name"),
    Column("Balance", "balance_cents", "money"),
    Column("Cleared", "cleared_cents", "money"),
    Column("Protected", "protected_cents", "money"),
    Column("Available", "available_cents", "money"),
    Column("Asked for", "requested_cents", "money"),
    Column("Late transfers", "late_transfers_cents", "money"),
)
FUNDED = (
    Column("Matter", "matter"),
    Column("Client", "client_name"),
    Column("Trust", "trust_available_cents", "money"),
    Column("General retainer", "retainer_cents", "money"),
    Column("Owed", "receivable_cents", "money"),
    Column("Unbilled", "wip_cents", "money"),
    Column("Funded", "funded_cents", "money"),
)
# Names need room: a table that has not enough of it is moved sideways instead.
NAMES = ("title", "name", "client_name", "what")


def table(
    key: str,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Any],
    say: Figures,
    *,
    totals: bool = True,
) -> Fields:
    """A table with its sums; `key` is its id on the page."""
    summed = [column.key for column in columns if column.kind == "money"] if totals else []
    sums = {name: sum(value_of(row, name) or 0 for row in rows) for name in summed}
    return Fields(
        key=key,
        caption=caption,
        count=len(rows),
        columns=[Fields(title=c.title, cls=_class(c.kind), name=c.key in NAMES) for c in columns],
        rows=[[_written(row, c, say) for c in columns] for row in rows],
        sums=_sums(columns, sums, say) if sums and len(rows) > 1 else [],
    )


def _sums(columns: Sequence[Column], sums: Mapping[str, int], say: Figures) -> list[Any]:
    cells: list[Any] = [say.amount(sums[c.key]) if c.key in sums else "" for c in columns]
    return ["Total", *cells[1:]]


def _class(kind: Kind) -> str:
    return "n" if kind in RIGHT else "d" if kind == "date" else ""


def _written(row: Any, column: Column, say: Figures) -> object:
    value = value_of(row, column.key)
    if value is None:
        return ""
    if column.kind == "money":
        return say.amount(value)
    if column.kind == "percent":
        return say.percent(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if column.key in ("state", "arrangement"):
        return str(value).replace("_", " ")
    return value
