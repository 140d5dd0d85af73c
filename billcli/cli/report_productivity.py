"""`billcli report productivity`; `report` registers it."""

from __future__ import annotations

import shutil
import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._progress import progress
from billcli.cli._root import run
from billcli.cli._show import print_text, show_list, speaks_unicode
from billcli.errors import UsageProblem
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.services.reporting.productivity import Productivity

EXAMPLE = """
billcli report productivity --tk NB --from 2026-09-01
billcli report productivity --by month --csv
"""
HOURS = (
    Column("Logged", "logged_hours_e4", "hours"),
    Column("Billed as", "hours_e4", "hours"),
    Column("Rounding", "rounding_hours_e4", "hours"),
    Column("Billable", "billable_hours_e4", "hours"),
    Column("No charge", "no_charge_hours_e4", "hours"),
    Column("Non-billable", "non_billable_hours_e4", "hours"),
    Column("Billable %", "billable_percent_e4", "percent"),
    Column("Value", "value_cents", "money"),
)
COLUMNS = (
    Column("TK", "timekeeper"),
    Column("From", "start", "date"),
    Column("To", "end", "date"),
    *HOURS,
)
FEW = 8
"""So many days are named one by one."""


def productivity(
    from_: o.From = None,
    to: o.To = None,
    tk: o.TimekeeperOption = None,
    by: Annotated[
        str,
        Option(
            "--by",
            metavar="day|week|month",
            help="What the hours are added up by.",
            autocompletion=_complete.of("day", "week", "month"),
        ),
    ] = "week",
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """Hours by timekeeper: logged and billed, their billable share, gaps, and long days.

    Without days it is about the last thirteen weeks. A gap is a working day, Monday to Friday,
    without time, from the first day that the timekeeper logged to yesterday; a long day has more
    than twelve hours. `Billed as` is after rounding to increments, which `Rounding` shows.
    """
    from billcli.services.reporting import productivity as reports
    from billcli.values.dates import read_day

    with opened() as ledger:
        start = read_day(from_, ledger.today, what="--from", past=True) if from_ else None
        end = read_day(to, ledger.today, what="--to", past=True) if to else None
        if start and start > (end or ledger.today):
            raise UsageProblem(
                "date.order",
                f"--from {start} is after --to {end or ledger.today}.",
                hint="Give the earlier day first.",
            )
        with progress("Counting"):
            found = reports.report(ledger, start=start, end=end, timekeeper=tk, every=by)
        if json:
            show_list(found, (), json=True, empty="", decimals=ledger.decimals)
            return
        rows = [{"timekeeper": who.timekeeper, **span} for who in found for span in who.periods]
        show_list(
            rows,
            COLUMNS,
            json=False,
            csv=csv,
            empty="No time was logged in these days.",
            totals=_totals(found),
            decimals=ledger.decimals,
        )
    if not csv:
        for who in found:
            _show_days(who)


def _totals(found: list[Productivity]) -> dict[str, Any]:
    from billcli.core.productivity import Worked

    sums = {
        column.key: sum(getattr(who, column.key) or 0 for who in found)
        for column in HOURS
        if column.kind in ("hours", "money")
    }
    share = Worked(hours_e4=sums["hours_e4"], billable_hours_e4=sums["billable_hours_e4"])
    return {"timekeeper": "Total", **sums, "billable_percent_e4": share.billable_percent_e4}


def _show_days(who: Productivity) -> None:
    """The calendar of one timekeeper, and the days that want a look."""
    from billcli.render.heat_map import heat_map
    from billcli.values.hours import plain_hours
    from billcli.values.text import visible

    if not (who.days or who.gaps):
        return
    terminal = sys.stdout is not None and sys.stdout.isatty()
    drawn = heat_map(
        {day["date"]: day["logged_hours_e4"] for day in who.days},
        who.start,
        who.end,
        unicode=terminal and speaks_unicode(),
        colour=terminal and run().colour,
        width=shutil.get_terminal_size().columns if terminal else 200,
    )
    print_text(f"\n{visible(who.timekeeper)}  {visible(who.name)}\n{drawn}")
    if who.gaps:
        said = f"Without time ({len(who.gaps)}): {_named(who.gaps)}"
        print_text(_in_lines(said) if terminal else said)
    if who.long_days:
        long = [f"{day['date']} {plain_hours(day['logged_hours_e4'])} h" for day in who.long_days]
        rest = f"; {len(long) - FEW} before that" if len(long) > FEW else ""
        print_text(f"More than 12 h ({len(long)}): {', '.join(long[-FEW:])}{rest}")


def _in_lines(text: str) -> str:
    """The text in lines of the terminal's width that break between words, not within days."""
    import textwrap

    return textwrap.fill(text, shutil.get_terminal_size().columns, break_on_hyphens=False)


def _named(days: tuple[date, ...]) -> str:
    """The last stretches of days, each by its first and last; a weekend between breaks none."""
    from billcli.values.dates import add_business_days

    runs: list[list[date]] = []
    for day in days:
        if runs and add_business_days(runs[-1][-1], 1) == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    told = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs[-FEW:]]
    before = sum(len(run) for run in runs[:-FEW])
    return ", ".join(told) + (f"; {before} before that" if before else "")
