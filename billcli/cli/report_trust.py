"""Reports on clients' money, on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._progress import progress
from billcli.cli._show import print_text, say, show_list, speaks_unicode, warn
from billcli.render.table import Column, value_of
from billcli.render.widths import columns_wide

if TYPE_CHECKING:
    from datetime import date

    from billcli.cli._ledger import Ledger
    from billcli.services.funds.client_funds import TrustLine

TRUST = (
    Column("Matter", "matter"),
    Column("Client", "client"),
    Column("Balance", "balance_cents", "money"),
    Column("Cleared", "cleared_cents", "money"),
    Column("Protected", "protected_cents", "money"),
    Column("Available", "available_cents", "money"),
    Column("Minimum", "minimum_cents", "money"),
    Column("Trigger", "trigger_cents", "money"),
    Column("Request", "request"),
    Column("Asked for", "requested_cents", "money"),
    Column("Late transfers", "late_transfers_cents", "money"),
)
TRUST_CSV = (
    *TRUST,
    Column("Late since", "late_since", "date"),
    Column("Reconciled through", "reconciled_through", "date"),
    Column("Days since", "days_since_reconciled", "number"),
)
FUNDED = (
    Column("Matter", "matter"),
    Column("Client", "client"),
    Column("Trust", "trust_available_cents", "money"),
    Column("General retainer", "retainer_cents", "money"),
    Column("Owed", "receivable_cents", "money"),
    Column("Unbilled", "wip_cents", "money"),
    Column("Funded", "funded_cents", "money"),
)
SUMMED = ("balance_cents", "cleared_cents", "protected_cents", "available_cents",
          "requested_cents", "late_transfers_cents")  # fmt: skip


def trust(as_of: o.AsOf = None, json: o.Json = False, csv: o.Csv = False) -> None:
    """What clients have in trust, matter by matter, and what waits there; as of any day.

    Minimum and trigger are those agreed today. A transfer is late when the bank hasn't confirmed
    it for more than 14 days.
    """
    from billcli.services.funds import client_funds
    from billcli.values.dates import read_day

    with opened() as ledger:
        day = read_day(as_of, ledger.today, what="--as-of", past=True) if as_of else ledger.today
        with progress("Counting"):
            rows = client_funds.trust_report(ledger, as_of=day)
        show_list(
            rows,
            TRUST_CSV if csv else TRUST,
            json=json,
            csv=csv,
            empty="Nothing is in trust.",
            totals=_totals(rows, SUMMED),
            decimals=ledger.decimals,
        )
        if rows and not (json or csv):
            _remarks(rows, day, ledger)


def _remarks(rows: Sequence[TrustLine], day: date, ledger: Ledger) -> None:
    """When trust was reconciled, and what has waited too long."""
    from billcli.values.money import grouped

    say("")
    first = rows[0]
    if first.reconciled_through is None:
        say("Trust was never reconciled.")
    else:
        days = first.days_since_reconciled
        said = "day" if days == 1 else "days"
        say(f"Reconciled through {first.reconciled_through}, {days} {said} before {day}.")
    for row in rows:
        if row.late_transfers_cents:
            amount = grouped(row.late_transfers_cents, ledger.decimals)
            warn(
                f"{row.matter}: transfers of {amount} wait since {row.late_since}; earned money "
                "leaves trust promptly (billcli trust transfer-sheet)"
            )


def funded(as_of: o.AsOf = None, json: o.Json = False, csv: o.Csv = False) -> None:
    """What client money covers: trust available and general retainer, less owed and unbilled.

    Below zero, work is unsecured. As of any day.
    """
    from billcli.services.funds import funded_work
    from billcli.values.dates import read_day

    with opened() as ledger:
        day = read_day(as_of, ledger.today, what="--as-of", past=True) if as_of else ledger.today
        with progress("Counting"):
            rows = funded_work.report(ledger, as_of=day)
        show_funded(
            rows, FUNDED, json=json, csv=csv, empty="No matter has money or work.", ledger=ledger
        )


def show_funded(
    rows: Sequence[Any],
    columns: tuple[Column, ...],
    *,
    json: bool,
    csv: bool,
    empty: str,
    ledger: Ledger,
) -> None:
    """Print matters with their gauge; on a terminal, with a bar for each below the table."""
    import sys

    # One client's money never covers another's work, so there is no total of what is funded.
    keys = tuple(c.key for c in columns if c.kind == "money" and c.key != "funded_cents")
    totals = _totals(rows, keys)
    show_list(
        rows, columns, json=json, csv=csv, empty=empty, totals=totals, decimals=ledger.decimals
    )
    if not rows or json or csv:
        return
    if sys.stdout is not None and sys.stdout.isatty():
        print_text("\n" + _bars(rows, columns[0].key, ledger.decimals))
    lacking = [-_cents(row, "funded_cents") for row in rows if _cents(row, "funded_cents") < 0]
    if lacking:
        from billcli.values.money import grouped

        where = "1 matter" if len(lacking) == 1 else f"{len(lacking)} matters"
        say(f"\nUnsecured: {grouped(sum(lacking), ledger.decimals)} in {where}.")


def _bars(rows: Sequence[Any], name: str, decimals: int) -> str:
    """A bar for each matter: to the right what is funded, to the left what is unsecured."""
    from billcli.render.gauge import gauge
    from billcli.values.money import grouped
    from billcli.values.text import visible

    cents = [_cents(row, "funded_cents") for row in rows]
    largest = max(abs(each) for each in cents)
    names = [visible(str(value_of(row, name))) for row in rows]
    wide = max(columns_wide(each) for each in names)
    amounts = [grouped(each, decimals) for each in cents]
    right = max(len(amount) for amount in amounts)
    lines = []
    for each, matter, amount in zip(cents, names, amounts, strict=True):
        bar = gauge(each, largest, unicode=speaks_unicode())
        word = " unsecured" if each < 0 else ""
        space = " " * (wide - columns_wide(matter))
        lines.append(f"{matter}{space}  {bar} {amount:>{right}}{word}")
    return "\n".join(lines)


def _totals(rows: Sequence[Any], keys: Sequence[str]) -> dict[str, object]:
    sums: dict[str, object] = {key: sum(_cents(row, key) for row in rows) for key in keys}
    return {"matter": "Total", "number": "Total", **sums}


def _cents(row: Any, key: str) -> int:
    return int(value_of(row, key) or 0)
