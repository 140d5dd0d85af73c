"""What needs attention, on the command line."""

from __future__ import annotations

from typing import Annotated, Any

from typer import Option

from billcli.cli import _options as o
from billcli.cli import _status_funds as status_funds
from billcli.cli import _timers
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._progress import progress
from billcli.cli._show import say, show_one, show_table
from billcli.render.table import Column

app = Noun("")

SECTIONS: tuple[tuple[str, str, tuple[Column, ...]], ...] = (
    (
        "timers",
        "Timers running",
        (
            Column("Who", "timekeeper"),
            Column("Matter", "matter"),
            Column("Since", "date", "date"),
            Column("Hours", "hours_e4", "hours"),
            Column("Would bill", "amount_cents", "money"),
            Column("What", "description"),
        ),
    ),
    (
        "earned_unbilled",
        "Earned but not billed",
        (
            Column("Matter", "matter"),
            Column("Task", "task", "number"),
            Column("Charge", "charge"),
            Column("What", "description"),
            Column("Since", "since", "date"),
            Column("State", "state"),
            Column("Amount", "amount_cents", "money"),
        ),
    ),
    (
        "drafts",
        "Drafts waiting",
        (
            Column("Draft", "id"),
            Column("Matter", "matter"),
            Column("Date", "date", "date"),
            Column("Total", "total_cents", "money"),
        ),
    ),
    (
        "to_issue",
        "Approved, not issued",
        (
            Column("Bill", "number"),
            Column("Matter", "matter"),
            Column("Client", "client"),
            Column("Total", "total_cents", "money"),
        ),
    ),
    (
        "undelivered",
        "Not delivered",
        (
            Column("Mail", "id"),
            Column("Bill", "number"),
            Column("Matter", "matter"),
            Column("To", "to"),
            Column("State", "state"),
            Column("Reason", "reason"),
        ),
    ),
    (
        "overdue",
        "Overdue",
        (
            Column("Bill", "number"),
            Column("Matter", "matter"),
            Column("Client", "client"),
            Column("Due", "due_date", "date"),
            Column("Days late", "days_late", "number"),
            Column("Overdue", "overdue_cents", "money"),
            Column("Balance", "balance_cents", "money"),
        ),
    ),
    (
        "credits",
        "Credits not applied",
        (
            Column("Payment", "payment"),
            Column("Client", "client"),
            Column("Credit", "credit_cents", "money"),
        ),
    ),
    *status_funds.SECTIONS,
    (
        "milestones_not_covering",
        "Milestones that don't add up to the fee",
        (
            Column("Matter", "matter"),
            Column("Fee", "value_cents", "money"),
            Column("Milestones", "milestones_cents", "money"),
            Column("Difference", "difference_cents", "money"),
        ),
    ),
    (
        "caps",
        "Caps nearly used",
        (
            Column("Matter", "matter"),
            Column("Cap", "value_cents", "money"),
            Column("Invoiced", "invoiced_cents", "money"),
            Column("Unbilled", "wip_cents", "money"),
            Column("Past %", "passed_percent", "number"),
        ),
    ),
)


@app.command("status", example="billcli status --json")
def status(
    line: Annotated[
        bool,
        Option("--line", help="One quick line for a prompt: timers, hours of the day, drafts."),
    ] = False,
    json: o.Json = False,
) -> None:
    """Show what needs attention today."""
    if line:
        _timers.status_line(json=json)
        return
    from billcli.services.reporting.status import status as look

    with opened() as ledger:
        with progress("Looking"):
            view = look(ledger)
        if json:
            show_one(view, json=True, sentence="", decimals=ledger.decimals)
            return
        shown = [_section(view, *section, decimals=ledger.decimals) for section in SECTIONS]
        if not any(shown):
            say(f"Nothing needs attention on {view['date']}.")


def _section(
    view: dict[str, Any], key: str, title: str, columns: tuple[Column, ...], *, decimals: int
) -> bool:
    rows = view[key]
    if not rows:
        return False
    say(f"{title}:")
    show_table(rows, columns, decimals=decimals)
    say("")
    return True
