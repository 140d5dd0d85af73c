"""A matter in full, and its Time & Expense list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billcli.cli import _options as o
from billcli.cli import _tasks as words
from billcli.cli._ledger import opened
from billcli.cli._marks import mark
from billcli.cli._show import print_text, show_facts, show_list, show_table, warn
from billcli.cli.schedule import COLUMNS as SCHEDULE
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.services.matter.matter_views import MatterView

FACTS = (
    Column("Matter", "number"),
    Column("Title", "title"),
    Column("Client", "client"),
    Column("Client's name", "client_name"),
    Column("Client's number", "client_matter_id"),
    Column("Case type", "case_type"),
    Column("Practice area", "practice_area"),
    Column("Responsible", "responsible"),
    Column("State", "state"),
    Column("Opened", "opened_on", "date"),
    Column("Closed", "closed_on", "date"),
    Column("On hold since", "held_on", "date"),
    Column("Arrangement", "arrangement.kind"),
    Column("Value", "arrangement.value_cents", "money"),
    Column("Billed when", "arrangement.bill_when"),
    Column("Invoiced", "arrangement.invoiced_cents", "money"),
    Column("Headroom", "arrangement.headroom_cents", "money"),
    Column("Done", "arrangement.complete_percent_e4", "percent"),
    Column("Step", "step"),
    Column("Unbilled fees", "unbilled_fees_cents", "money"),
    Column("Unbilled costs", "unbilled_costs_cents", "money"),
    Column("In trust", "trust.balance_cents", "money"),
    Column("of it available", "trust.available_cents", "money"),
    Column("of it protected", "trust.protected_cents", "money"),
    Column("Gen. retainer", "general_retainer_cents", "money"),
)
FUNDED = (
    Column("Owed", "funded.receivable_cents", "money"),
    Column("Funded work", "funded.funded_cents", "money"),
)
TOTALS = (
    Column("Time & Expense", "kind"),
    Column("Entries", "count", "number"),
    Column("Hours", "hours_e4", "hours"),
    Column("Amount", "amount_cents", "money"),
)
BILLS = (
    Column("Bill", "name"),
    Column("Date", "date", "date"),
    Column("State", "state"),
    Column("Total", "total_cents", "money"),
    Column("Balance", "balance_cents", "money"),
)
ITEMS = (
    Column("Id", "id"),
    Column("Date", "date", "date"),
    Column("Kind", "kind"),
    Column("TK", "timekeeper"),
    Column("Description", "description"),
    Column("Hours", "hours_e4", "hours"),
    Column("Rate", "rate_e4", "rate"),
    Column("Amount", "amount_cents", "money"),
    Column("Behavior", "behavior"),
    Column("State", "state"),
    Column("Bill", "bill"),
    Column("Milestone", "mark"),
)


def show_whole(view: MatterView, decimals: int) -> None:
    """Print a matter as a person reads it: facts, then tasks, work and bills as tables."""
    holds = view.trust is not None or view.general_retainer_cents is not None
    facts = (*FACTS, *FUNDED) if holds else FACTS
    show_facts(view, facts, json=False, decimals=decimals)
    if view.tasks:
        print_text("")
        show_table(words.marked(view.tasks), words.COLUMNS, decimals=decimals)
    if view.schedule:
        print_text("")
        show_table(view.schedule, SCHEDULE, decimals=decimals)
    totals = [
        {
            "kind": kind,
            "count": total.count,
            "hours_e4": total.hours_e4,
            "amount_cents": total.amount_cents,
        }
        for kind, total in view.time_and_expense.items()
        if total.count
    ]
    if totals:
        print_text("")
        show_table(totals, TOTALS, decimals=decimals)
    if view.bills:
        print_text("")
        bills = [
            {
                "name": bill.number or bill.id,
                "date": bill.date,
                "state": bill.state.replace("_", " "),
                "total_cents": bill.total_cents,
                "balance_cents": bill.balance_cents,
                "overdue_cents": bill.overdue_cents,
            }
            for bill in view.bills
        ]
        late = any(bill["overdue_cents"] for bill in bills)
        columns = (*BILLS, Column("Overdue", "overdue_cents", "money")) if late else BILLS
        show_table(bills, columns, decimals=decimals)
    for warning in view.arrangement.warnings:
        warn(warning)


def items(matter: o.Matter, json: o.Json = False, csv: o.Csv = False) -> None:
    """List all that was recorded on a matter: time, expenses and charges."""
    from billcli.services.milestones import tasks
    from billcli.services.work import items as recorded

    with opened() as ledger:
        found = recorded.items(ledger, matter)
        if json:
            return show_list(found, ITEMS, json=True, csv=csv, empty="", decimals=ledger.decimals)
        marks = {
            task.trigger.charge: mark(task.trigger)
            for task in tasks.list_(ledger, matter)
            if task.trigger and task.trigger.charge
        }
        rows: list[dict[str, Any]] = [
            {column.key: getattr(item, column.key, None) for column in ITEMS}
            | {"mark": marks.get(item.id, "")}
            for item in found
        ]
        columns = [c for c in ITEMS if c.key != "mark" or (marks and not csv)]
        return show_list(
            rows,
            columns,
            json=False,
            csv=csv,
            empty=f"Nothing is recorded on matter {matter}.",
            decimals=ledger.decimals,
        )
