"""The practice at a glance, on the command line: milestones, what is earned, what is to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._progress import progress
from billcli.cli._show import print_text, say, show_list, show_one, speaks_unicode, warn
from billcli.cli.report_dashboard import Html
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.services.reporting.boards import MilestoneLine

MILESTONES = (
    Column("Matter", "matter"),
    Column("Task", "task", "number"),
    Column("Milestone", "name"),
    Column("Amount", "amount_cents", "money"),
    Column("Due", "due", "date"),
    Column("Done", "done_on", "date"),
    Column("State", "mark"),
    Column("Waits", "waits"),
)
MILESTONES_CSV = (
    Column("", "matter"),
    Column("", "title"),
    Column("", "client"),
    Column("", "task", "number"),
    Column("", "name"),
    Column("", "step"),
    Column("", "state"),
    Column("", "amount_cents", "money"),
    Column("", "percent_e4", "percent"),
    Column("", "due", "date"),
    Column("", "done_on", "date"),
    Column("", "accepted_on", "date"),
    Column("", "charge"),
    Column("", "bill"),
    Column("", "stuck_days", "number"),
    Column("", "feedback_late_days", "number"),
)
UNBILLED = (
    Column("Matter", "matter"),
    Column("Client", "client"),
    Column("What", "what"),
    Column("Since", "since", "date"),
    Column("Days", "age_days", "number"),
    Column("0-14", "current_cents", "money"),
    Column("15-30", "d15_30_cents", "money"),
    Column("31-60", "d31_60_cents", "money"),
    Column("61+", "d61_cents", "money"),
    Column("Total", "amount_cents", "money"),
)
FORECAST = (
    Column("From", "start", "date"),
    Column("To", "end", "date"),
    Column("Expected", "expected_cents", "money"),
    Column("Certain", "certain_cents", "money"),
    Column("", "bar"),
)
BAR = 30
_SYMBOLS = {
    "planned": ("◇ planned", "< > planned"),
    "ready": ("◈ ready", "<?> ready"),
    "declined": ("◇ declined", "< > declined"),
    "waived": ("◇ waived", "< > waived"),
    "charged": ("◆ charged", "<*> charged"),
    "in_draft": ("◆ in draft", "<*> in draft"),
    "billed": ("✔ billed", "[x] billed"),
    "paid": ("✔ paid", "[x] paid"),
}


def milestones(
    client: o.ClientOption = None, html: Html = None, json: o.Json = False, csv: o.Csv = False
) -> None:
    """Every milestone of the open matters: planned, reached, charged, billed, paid, and stuck.

    A matter billed by percent complete stands beside them with how far it is.
    """
    from billcli.services.reporting import boards, pages

    with opened() as ledger:
        with progress("Counting"):
            rows = boards.milestones(ledger, client=client)
        if html is not None:
            written = pages.milestones(ledger, rows, html, client=client)
            if not (json or csv):
                say(f"The milestones are in {written}.")
                return
        show_list(
            rows if json or csv else [_marked(row) for row in rows],
            MILESTONES_CSV if csv else MILESTONES,
            json=json,
            csv=csv,
            empty="No open matter has milestones.",
            decimals=ledger.decimals,
        )


def unbilled(client: o.ClientOption = None, json: o.Json = False, csv: o.Csv = False) -> None:
    """What is earned and on no bill, oldest first: delivery that runs ahead of billing."""
    from billcli.services.reporting import boards

    keys = [column.key for column in UNBILLED if column.kind == "money"]
    with opened() as ledger:
        with progress("Counting"):
            rows = boards.unbilled(ledger, client=client)
        show_list(
            rows,
            UNBILLED,
            json=json,
            csv=csv,
            empty="Everything that is earned is billed.",
            totals={key: sum(getattr(row, key) for row in rows) for key in keys},
            decimals=ledger.decimals,
        )


def forecast(
    by: Annotated[
        str, Option("--by", metavar="week|month", help="The periods of the forecast.")
    ] = "month",
    periods: Annotated[
        int | None, Option("--periods", metavar="N", help="How many: 6 months or 13 weeks.")
    ] = None,
    weight: Annotated[
        str | None,
        Option("--weight", metavar="PCT", help="How much a planned milestone counts; 70 %."),
    ] = None,
    html: Html = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """What money is to come, by week or month: bills, instalments, milestones, schedules, periods.

    Open bills come when their client usually pays; planned milestones count in part. What is in
    dispute and contingent reserves are left out.
    """
    from billcli.services.reporting import forecasting, pages
    from billcli.values.money import grouped, read_percent

    given = {} if weight is None else {"weight_e4": read_percent(weight, what="weight")}
    with opened() as ledger:
        count = periods if periods is not None else (13 if by == "week" else 6)
        with progress("Counting"):
            found = forecasting.report(ledger, every=by, count=count, **given)
        decimals = ledger.decimals
        written = pages.forecast(ledger, found, html) if html is not None else None
    if written and not (json or csv):
        say(f"The forecast is in {written}.")
        return
    spans: list[dict[str, Any]] = found["periods"]
    if json:
        show_one(found, json=True, sentence="", decimals=decimals)
        return
    if csv:
        items = [{**item, "start": span["start"]} for span in spans for item in span["items"]]
        show_list(items, ITEMS_CSV, json=False, csv=True, empty="", decimals=decimals)
        return
    largest = max((span["expected_cents"] for span in spans), default=0)
    show_list(
        [{**span, "bar": _bar(span["expected_cents"], largest)} for span in spans],
        FORECAST,
        json=False,
        empty="Nothing is to come.",
        totals={"expected_cents": found["expected_cents"]},
        decimals=decimals,
    )
    if found["undated_cents"]:
        without = f"{grouped(found['undated_cents'], decimals)} has no day yet"
        print_text("")
        say(f"{without}: give milestones and rows of schedules a date.")
    for warning in found["warnings"]:
        warn(warning)


ITEMS_CSV = (
    Column("", "start", "date"),
    Column("", "date", "date"),
    Column("", "matter"),
    Column("", "client"),
    Column("", "kind"),
    Column("", "what"),
    Column("", "amount_cents", "money"),
    Column("", "weight_percent_e4", "percent"),
    Column("", "expected_cents", "money"),
    Column("", "from_trust"),
)


def _marked(row: MilestoneLine) -> dict[str, Any]:
    """A row of the table: its state with mark and reference, and how long it waits."""
    from billcli.values.money import plain_percent

    if row.state == "progress":
        word = f"{plain_percent(row.percent_e4 or 0)} % complete"
    else:
        word = _SYMBOLS[row.state][0 if speaks_unicode() else 1]
    named = row.bill or row.charge
    waits = [f"{row.stuck_days} days"] if row.stuck_days else []
    if row.feedback_late_days:
        waits.append(f"feedback {row.feedback_late_days} days late")
    return row._asdict() | {"mark": f"{word} {named}" if named else word, "waits": ", ".join(waits)}


def _bar(cents: int, largest: int) -> str:
    """The length of a bar says how much; the longest is the largest period."""
    full = "█" if speaks_unicode() else "#"
    return full * (max(1, cents * BAR // largest) if largest and cents > 0 else 0)
