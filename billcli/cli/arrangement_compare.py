"""All arrangements side by side on the command line: a table, and a bar for each."""

from __future__ import annotations

from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

from typer import Option

from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._show import at_a_terminal, print_text, show_list, speaks_unicode
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.services.bill.comparing import Compared

COLUMNS = (
    Column("Arrangement", "arrangement"),
    Column("Now", "current"),
    Column("Value", "value_cents", "money"),
    Column("Rate", "rate_cap_e4", "rate"),
    Column("Work", "standard_cents", "money"),
    Column("Fees", "fees_cents", "money"),
    Column("Discount", "discount_cents", "money"),
    Column("Costs", "costs_cents", "money"),
    Column("Tax", "tax_cents", "money"),
    Column("Total", "total_cents", "money"),
    Column("To reserve", "reserve_cents", "money"),
    Column("Realization", "realization_percent_e4", "percent"),
    Column("Why", "reason"),
)
SHOWN = ("arrangement", "value_cents", "fees_cents", "total_cents", "reserve_cents")
WIDE = 40


def compare(
    matter: o.Matter,
    value: Annotated[
        list[str] | None,
        Option("--value", metavar="AMOUNT", help="For those that need one; may be given again."),
    ] = None,
    rate_cap: Annotated[
        str | None, Option("--rate-cap", metavar="RATE", help="The rate where rates are capped.")
    ] = None,
    through: o.Through = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """Show what today's unbilled work would bill under each arrangement; nothing is written."""
    from billcli.services.bill import comparing
    from billcli.values.dates import read_through
    from billcli.values.money import read_positive_cents, read_rate

    with opened() as ledger:
        decimals = ledger.decimals
        rows = comparing.compare(
            ledger,
            matter,
            values=[read_positive_cents(v, decimals, what="--value") for v in value or ()],
            rate_cap_e4=None if rate_cap is None else read_rate(rate_cap, what="--rate-cap"),
            through=read_through(through, ledger.today) if through else None,
        )
        if json or csv:
            show_list(rows, COLUMNS, json=json, csv=csv, empty="", decimals=decimals)
            return
        short = [c for c in COLUMNS if c.key in SHOWN or c.key == "realization_percent_e4"]
        marked = [
            {c.key: getattr(row, c.key) for c in short} | {"arrangement": _named(row)}
            for row in rows
        ]
        show_list(marked, short, json=False, empty="", decimals=decimals)
        print_text("\n" + _chart(rows, decimals))
        left_out = [row for row in rows if row.reason]
        if left_out:
            print_text("\n" + "\n".join(f"{_named(row)}: {row.reason}" for row in left_out))


def _named(row: Compared) -> str:
    return row.arrangement.replace("_", "-") + (" (now)" if row.current else "")


def _chart(rows: list[Compared], decimals: int) -> str:
    """A bar for each total; the longest bar is the largest total.

    Where a terminal hasn't room for name and bar beside each other, the bar stands below.
    """
    from billcli.values.money import grouped

    largest = max((row.total_cents or 0 for row in rows), default=0) or 1
    full = "█" if speaks_unicode() else "#"
    names = []
    for row in rows:
        value = "" if row.value_cents is None else f" {grouped(row.value_cents, decimals)}"
        names.append(row.arrangement.replace("_", "-") + value)
    wide = max((len(name) for name in names), default=0)
    between, longest = "  ", WIDE
    if at_a_terminal():
        room = get_terminal_size().columns - len(grouped(largest, decimals)) - 2
        if room < wide + len(between) + WIDE:
            between, wide, longest = "\n", 0, max(min(WIDE, room), 1)
    bars = []
    for name, row in zip(names, rows, strict=True):
        if row.total_cents is not None:
            bar = full * max(row.total_cents * longest // largest, 1 if row.total_cents else 0)
            drawn = f"{bar} {grouped(row.total_cents, decimals)}"
            bars.append(f"{name:<{wide}}{between}{drawn if wide else drawn.lstrip()}")
    return "\n".join(bars)
