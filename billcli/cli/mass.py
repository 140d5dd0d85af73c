"""Mass billing on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typer import Option

from billcli.cli import _mass as m
from billcli.cli import _options as o
from billcli.cli import mass_approve, mass_review
from billcli.cli._ledger import opened
from billcli.cli._mass import BILLS, QUOTE
from billcli.cli._noun import Noun
from billcli.cli._progress import progress
from billcli.cli._show import say, show_list, show_one, show_table, warn
from billcli.errors import UsageProblem
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.month_end.rows import Rows

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
PREVIEW_SKIPPED = (Column("Skipped", "matter"), Column("Because", "skipped"))
NOT_BILLED = (Column("Skipped because", "skipped"), Column("Error", "error"))
RUNS = (
    Column("Run", "run", "number"),
    Column("Key", "key"),
    Column("Date", "date", "date"),
    Column("Through", "through", "date"),
    Column("Bills", "bills", "number"),
    Column("Finished", "finished"),
)


@app.command("preview", example="billcli mass preview --through 2026-11")
def preview(
    through: o.Through = None,
    date: o.Date = None,
    matter: m.Matters = None,
    client: o.ClientOption = None,
    responsible: m.Responsible = None,
    practice_area: m.PracticeArea = None,
    arrangement: m.Kind = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """Show what a run would bill, matter by matter; nothing is written."""
    from billcli.services.month_end import mass

    with opened() as ledger:
        batch = m.read_batch(
            ledger, through=through, day=date, matters=matter, client=client,
            responsible=responsible, practice_area=practice_area, arrangement=arrangement,
        )  # fmt: skip
        with progress("Counting"):
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
    matter: m.Matters = None,
    client: o.ClientOption = None,
    responsible: m.Responsible = None,
    practice_area: m.PracticeArea = None,
    arrangement: m.Kind = None,
    approve: Annotated[bool, Option("--approve", help="Number the bills at once.")] = False,
    issue: Annotated[bool, Option("--issue", help="Approve, post and render them.")] = False,
    send: m.Send = False,
    out: m.Out = None,
    form: m.Form = "md,html",
    max_total: m.MaxTotal = None,
    max_writeup: m.MaxWriteup = None,
    refresh: Annotated[
        bool, Option("--refresh", help="Compute open drafts again, with their changes by hand.")
    ] = False,
    discard_edits: Annotated[
        bool, Option("--discard-edits", help="With --refresh: forget the changes by hand.")
    ] = False,
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
    issue = issue or send
    if out and not (issue or dry_run):
        raise UsageProblem(
            "mass.out", "--out writes issued bills, and this run makes drafts.", hint="Add --issue."
        )
    if discard_edits and not refresh:
        raise UsageProblem(
            "mass.discard", "--discard-edits is about drafts made again.", hint="Add --refresh."
        )
    with opened() as ledger:
        batch = m.read_batch(
            ledger, through=through, day=date, matters=matter, client=client,
            responsible=responsible, practice_area=practice_area, arrangement=arrangement,
        )  # fmt: skip
        batch = replace(
            batch,
            approved=approve or issue,
            issued=issue,
            sent=send,
            out=Path(out) if out else None,
            forms=m.read_forms(form),
            dry=dry_run,
            key=read_text(key, "--key", longest=60) if key is not None else None,
            refresh=refresh,
            discard_edits=discard_edits,
            breakers=m.read_breakers(ledger, max_total, max_writeup),
        )
        with progress("Billing") as tick:
            view = mass.run(ledger, batch, tick=tick)
        verb = "would be made" if dry_run else "made"
        m.tell_report(view, ledger, json=json, verb=verb)


app.command(
    "approve",
    example="billcli mass approve 3\nbillcli mass approve 3 --issue --out bills/ --max-total 5000",
)(mass_approve.approve)


app.command(
    "review",
    example="billcli mass review 3\n"
    "billcli mass review 3 --out prebills/\nbillcli mass review --json",
)(mass_review.review)


@app.command("status", example="billcli mass status 1 --json")
def status(
    run: m.MaybeRun = None,
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
        states = ", ".join(
            f"{count} {state.replace('_', ' ')}" for state, count in view["states"].items()
        )
        told = f": {states}" if states else ""
        say(f"Run {view['run']}: {m.counted(view['created'])}, {view['state']}{told}.")
        columns: tuple[Column, ...] = (*BILLS, Column("State", "state"))
        if any(bill["note"] for bill in view["bills"]):
            columns = (*columns, Column("Note", "note"))
        show_table(view["bills"], columns, decimals=ledger.decimals)


def _previewed(rows: Rows, ledger: Ledger) -> None:
    """The bills that would be made; below them, who gets none and why."""
    billed = rows.chosen(lambda row: row["total_cents"] is not None)
    if billed:
        total = sum(row["total_cents"] for row in billed)
        totals = {"matter": "Total", "total_cents": total}
        # A quote's rule is applied unasked, so its rows are marked for the eye (§2.1).
        quoted = any(row["quote_rule"] for row in billed)
        columns = (*PREVIEW, QUOTE) if quoted else PREVIEW
        show_table(billed, columns, totals=totals, decimals=ledger.decimals)
    skipped = rows.chosen(lambda row: row["skipped"])
    if skipped:
        say("")
        show_table(skipped, PREVIEW_SKIPPED, decimals=ledger.decimals)
    for row in rows:
        if row.get("error"):
            warn(f"{row['matter']}: {row['error']}")
