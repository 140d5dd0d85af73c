"""A reconciliation of trust as a person reads it on a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billcli.cli._show import print_text, show_table
from billcli.errors import CheckFailed
from billcli.render.table import Column
from billcli.values.text import visible

if TYPE_CHECKING:
    from billcli.services.funds.reconciliation_views import ReconciliationView

ITEMS = (
    Column("Entries", "entries"),
    Column("Date", "date", "date"),
    Column("What", "kind"),
    Column("Matter", "matter"),
    Column("Description", "description"),
    Column("Days", "days", "number"),
    Column("Amount", "amount_cents", "money"),
)
LEDGERS = (
    Column("Client", "client_name"),
    Column("Matter", "matter"),
    Column("Title", "title"),
    Column("Balance", "balance_cents", "money"),
)
SUMS = (
    ("   Statement of the bank", "statement_cents"),
    ("   In transit", "in_transit_cents"),
    ("   Outstanding", "outstanding_cents"),
    ("A  Adjusted bank balance", "adjusted_bank_cents"),
    ("B  Journal", "journal_cents"),
    ("   Clients' ledgers", "client_ledgers_cents"),
    ("   Firm's own ledger", "firm_ledger_cents"),
    ("C  Ledgers", "ledgers_total_cents"),
)


def show_whole(view: ReconciliationView, decimals: int) -> None:
    """Print the three sums, the items behind them, the ledgers, and what could explain a gap."""
    from dataclasses import replace

    from billcli.services.funds.reconciliation_views import KINDS
    from billcli.values.money import grouped

    print_text(f"Trust reconciliation on {view.date}, prepared by {visible(view.preparer)}")
    amounts = {
        key: grouped(-cents if key == "outstanding_cents" and cents else cents, decimals)
        for _, key in SUMS
        if (cents := getattr(view, key)) is not None
    }
    wide = max(len(amount) for amount in amounts.values())
    longest = max(len(words) for words, _ in SUMS)
    for words, key in SUMS:
        print_text(f"{words:<{longest}}  {amounts[key]:>{wide}}")
    old = f"Open for more than 90 days as of {view.date}:"
    for title, items in (
        ("In transit, not on the statement:", view.in_transit_items),
        ("Outstanding, not on the statement:", view.outstanding_items),
        (old, view.old_items),
    ):
        if items:
            print_text(f"\n{title}")
            named = [replace(item, kind=KINDS.get(item.kind, item.kind)) for item in items]
            show_table(named, ITEMS, decimals=decimals)
    rows: list[object] = list(view.ledgers)
    if view.firm_ledger_cents:
        own = dict.fromkeys((column.key for column in LEDGERS), "")
        rows.append(own | {"client_name": "Firm's own", "balance_cents": view.firm_ledger_cents})
    if rows:
        print_text("")
        totals = {"client_name": "Total", "balance_cents": view.ledgers_total_cents}
        show_table(rows, LEDGERS, totals=totals, decimals=decimals)
    if view.hints:
        print_text("")
    for hint in view.hints:
        print_text(visible(hint))
    print_text("")


def difference(view: ReconciliationView, decimals: int) -> CheckFailed:
    """The failure of a reconciliation, with its numbers."""
    from billcli.values.money import grouped

    parts = []
    if view.difference_cents:
        more = "more" if view.difference_cents > 0 else "less"
        amount = grouped(abs(view.difference_cents), decimals)
        parts.append(f"the bank has {amount} {more} than the journal")
    if view.ledger_difference_cents:
        more = "more" if view.ledger_difference_cents > 0 else "less"
        amount = grouped(abs(view.ledger_difference_cents), decimals)
        parts.append(f"the journal has {amount} {more} than the ledgers")
    if view.below_zero:
        parts.append(f"{', '.join(view.below_zero)} is below zero")
    return CheckFailed(
        "reconcile.difference",
        f"Trust on {view.date}: {'; '.join(parts)}.",
        hint="Nothing was kept and nothing is locked. Name what isn't on the statement with "
        "--outstanding TR-n.",
    )
