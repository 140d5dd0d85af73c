"""What the commands for time, expenses and charges read and show alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.cli import _options as o
from billcli.cli._days import maybe_day
from billcli.cli._recording import behaving as behaving
from billcli.cli._recording import read_narrative as read_narrative
from billcli.cli._recording import warn_of_codes as warn_of_codes
from billcli.cli._show import show_list
from billcli.render.table import Column
from billcli.values import dates

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.work.items import Item

NewMatter = o.NewMatter
TableEnd = (
    Column("Behavior", "behavior"),
    Column("State", "state"),
    Column("Bill", "bill"),
    Column("Description", "description"),
)
TIME_COLUMNS = (
    Column("Id", "id"),
    Column("Matter", "matter"),
    Column("Date", "date", "date"),
    Column("Who", "timekeeper"),
    Column("Hours", "hours_e4", "hours"),
    Column("Worked", "logged_hours_e4", "hours"),
    Column("Rate", "rate_e4", "rate"),
    Column("Amount", "amount_cents", "money"),
    Column("Task code", "task_code"),
    Column("Activity", "activity_code"),
    *TableEnd,
)


def maybe_narrative(text: str | None, what: str = "narrative") -> str | None:
    """A new narrative of an edit, if one is given."""
    return None if text is None else read_narrative(text, what)


def span(ledger: Ledger, first: str | None, last: str | None) -> dict[str, date | None]:
    """The days of a list; a month as the last one stands for its end."""
    return {
        "first": maybe_day(ledger, first, past=True),
        "last": None
        if last is None
        else dates.read_through(last, ledger.today, what="date", past=True),
    }


def show_items(
    items: Sequence[Item],
    columns: Sequence[Column],
    *,
    json: bool,
    csv: bool,
    empty: str,
    decimals: int,
) -> None:
    """Print a list of entries; a table has the words that are typed, JSON and CSV their own."""
    rows = items if json or csv else [_in_words(item) for item in items]
    totals = _totals(items)
    show_list(rows, columns, json=json, csv=csv, empty=empty, totals=totals, decimals=decimals)


def _in_words(item: Item) -> Item:
    behavior, state = item.behavior.replace("_", "-"), item.state.replace("_", " ")
    return replace(item, behavior=behavior, state=state)


def _totals(items: Sequence[Item]) -> dict[str, Any]:
    """The last line of a list: hours and money that are, or were, to be billed."""
    billable = [i for i in items if i.behavior == "bill" and i.state != "withdrawn"]
    return {
        "id": "Billable",
        "hours_e4": sum(i.hours_e4 or 0 for i in billable),
        "logged_hours_e4": sum(i.logged_hours_e4 or 0 for i in billable),
        "amount_cents": sum(i.amount_cents for i in billable),
    }
