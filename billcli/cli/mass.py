"""Mass billing on the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._root import run as current
from billcli.cli._show import say, show_list, show_one, show_table, warn
from billcli.errors import BatchFailed, UsageProblem
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.month_end.mass import Batch

app = Noun("mass")

PREVIEW = (
    Column("Matter", "matter"),
    Column("Client", "client"),
    Column("Arrangement", "arrangement"),
    Column("Fees", "fees_cents", "money"),
    Column("Discount", "discount_cents", "money"),
    Column("Costs", "costs_cents", "money"),
    Column("Tax", "tax_cents", "money"),
    Column("Total", "total_cents", "money"),
)
QUOTE = Column("Quote", "quote_rule")
NOT_BILLED = (Column("Skipped because", "skipped"), Column("Error", "error"))
BILLS = (
    Column("Matter", "matter"),
    Column("Draft", "id"),
    Column("Bill", "number"),
    Column("Total", "total_cents", "money"),
)
SKIPPED = (Column("Skipped", "matter"), Column("Because", "reason"))
RUNS = (
    Column("Run", "run", "number"),
    Column("Key", "key"),
    Column("Date", "date", "date"),
    Column("Through", "through", "date"),
    Column("Bills", "bills", "number"),
    Column("Finished", "finished"),
)
Matters = Annotated[
    list[str] | None,
    Option(
        "--matter",
        metavar="MATTER",
        help="This matter, even an excluded one; may be given again.",
        autocompletion=_complete.matters,
    ),
]


@app.command("preview", example="billcli mass preview --through 2026-11")
def preview(
    through: o.Through = None,
    date: o.Date = None,
    matter: Matters = None,
    client: o.ClientOption = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """Show what a run would bill, matter by matter; nothing is written."""
    from billcli.services.month_end import mass

    with opened() as ledger:
        batch = _batch(ledger, through=through, day=date, matters=matter, client=client)
        rows = mass.preview(ledger, batch)
        if json or csv or not rows:
            show_list(
                rows,
                (*PREVIEW, QUOTE, *NOT_BILLED),
                json=json,
                csv=csv,
                empty="Nothing is due to be billed.",
                decimals=ledger.decimals,
            )
        else:
            _previewed(rows, ledger)


@app.command(
    "run",
    example="billcli mass run --through 2026-11 --approve --issue --out bills/ --key 2026-11",
)
def run(
    through: o.Through = None,
    date: o.Date = None,
    matter: Matters = None,
    client: o.ClientOption = None,
    approve: Annotated[bool, Option("--approve", help="Number the bills at once.")] = False,
    issue: Annotated[bool, Option("--issue", help="Approve, post and render them.")] = False,
    out: Annotated[
        str | None, Option("--out", metavar="DIR", help="Write issued bills into this folder.")
    ] = None,
    form: Annotated[
        str, Option("--format", metavar="md,html", help="The formats written to --out.")
    ] = "md,html",
    dry_run: Annotated[bool, Option("--dry-run", help="Show what would be made.")] = False,
    key: Annotated[
        str | None,
        Option("--key", metavar="K", help="Bill each matter once under this key, for cron."),
    ] = None,
    json: o.Json = False,
) -> None:
    """Bill every matter that has something due; drafts, unless told to approve and issue."""
    from dataclasses import replace
    from pathlib import Path

    from billcli.services.month_end import mass
    from billcli.values.text import read_text

    if through is None:
        raise UsageProblem(
            "mass.through", "A run needs to know up to when.", hint="Give --through 2026-11."
        )
    if out and not (issue or dry_run):
        raise UsageProblem(
            "mass.out", "--out writes issued bills, and this run makes drafts.", hint="Add --issue."
        )
    with opened() as ledger:
        batch = _batch(ledger, through=through, day=date, matters=matter, client=client)
        batch = replace(
            batch,
            approved=approve or issue,
            issued=issue,
            out=Path(out) if out else None,
            forms=_forms(form),
            dry=dry_run,
            key=read_text(key, "--key", longest=60) if key is not None else None,
        )
        with _progress() as tick:
            view = mass.run(ledger, batch, tick=tick)
        _report(view, ledger, json=json)


@app.command("status", example="billcli mass status 1 --json")
def status(
    run: Annotated[
        str | None, Argument(metavar="RUN", help="A run's number; without it, all runs.")
    ] = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """Show the runs there have been, or what one of them did."""
    from billcli.services.month_end import mass_reports

    with opened() as ledger:
        if run is None:
            show_list(mass_reports.runs_(ledger), RUNS, json=json, csv=csv, empty="No runs yet.")
            return
        view = mass_reports.one(ledger, run)
        if json:
            show_one(view, json=True, sentence="", decimals=ledger.decimals)
            return
        say(f"Run {view['run']}: {_counted(view['created'])}, {view['state']}.")
        show_table(view["bills"], (*BILLS, Column("State", "state")), decimals=ledger.decimals)


def _batch(
    ledger: Ledger,
    *,
    through: str | None,
    day: str | None,
    matters: list[str] | None,
    client: str | None,
) -> Batch:
    from billcli.services.month_end.mass import Batch
    from billcli.values.dates import read_day, read_through

    on = read_day(day, ledger.today) if day else ledger.today
    until = read_through(through, ledger.today) if through else on
    return Batch(on, until, tuple(dict.fromkeys(matters or ())), client)


def _forms(text: str) -> tuple[str, ...]:
    forms = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [form for form in forms if form not in ("md", "html")]
    if unknown or not forms:
        raise UsageProblem(
            "bill.format",
            f"--format takes md and html; {text[:40]!r} was given.",
            hint="Write --format md,html.",
        )
    return forms


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal; nothing at all elsewhere."""
    if not sys.stderr.isatty() or current().quiet:
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Billing", total=None)

        def tick(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        yield tick


def _previewed(rows: list[dict[str, Any]], ledger: Ledger) -> None:
    """The bills that would be made; below them, who gets none and why."""
    billed = [row for row in rows if row["total_cents"] is not None]
    if billed:
        total = sum(row["total_cents"] for row in billed)
        totals = {"matter": "Total", "total_cents": total}
        # A quote's rule is applied unasked, so its rows are marked for the eye (§2.1).
        quoted = any(row["quote_rule"] for row in billed)
        columns = (*PREVIEW, QUOTE) if quoted else PREVIEW
        show_table(billed, columns, totals=totals, decimals=ledger.decimals)
    skipped = [{"matter": r["matter"], "reason": r["skipped"]} for r in rows if r.get("skipped")]
    if skipped:
        say("")
        show_table(skipped, SKIPPED, decimals=ledger.decimals)
    for row in rows:
        if row.get("error"):
            warn(f"{row['matter']}: {row['error']}")


def _report(view: dict[str, Any], ledger: Ledger, *, json: bool) -> None:
    """Show the report, and end with 6 where a matter failed."""
    from billcli.values.money import grouped

    if json:
        show_one(view, json=True, sentence="", decimals=ledger.decimals)
    else:
        total = grouped(view["total_cents"], ledger.decimals)
        verb = "would be made" if view["dry_run"] else "made"
        if view["bills"]:
            quoted = any(bill["quote_rule"] for bill in view["bills"])
            columns = (*BILLS, QUOTE) if quoted else BILLS
            show_table(view["bills"], columns, decimals=ledger.decimals)
            say("")
            if quoted:
                say("A quote's rule was applied where one is named; check those bills.")
        if view["skipped"]:
            show_table(view["skipped"], SKIPPED, decimals=ledger.decimals)
            say("")
        say(f"{_counted(view['created'])} {verb}, {total} {ledger.currency} in all.")
        for failure in view["failed"]:
            warn(f"{failure['matter']}: {failure['error']}")
    if view["failed"]:
        raise BatchFailed(
            "mass.failed",
            f"{len(view['failed'])} of the matters failed: "
            f"{', '.join(f['matter'] for f in view['failed'][:10])}.",
            hint="Mend what is named and run the same command again; the others are done.",
        )


def _counted(count: int) -> str:
    return f"{count} bill" if count == 1 else f"{count} bills"
