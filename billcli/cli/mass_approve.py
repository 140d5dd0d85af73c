"""`mass approve`: the drafts of a run get their numbers, and may be issued at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Option

from billcli.cli import _mass as m
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._progress import progress
from billcli.errors import UsageProblem


def approve(
    run: m.Run,
    issue: Annotated[
        bool, Option("--issue", help="Also post and render them, and what was approved before.")
    ] = False,
    send: m.Send = False,
    out: m.Out = None,
    form: m.Form = "md,html",
    max_total: m.MaxTotal = None,
    max_writeup: m.MaxWriteup = None,
    json: o.Json = False,
) -> None:
    """Approve the drafts of a run, each on its own: they get their numbers and are frozen.

    A draft on hold or over a limit stays a draft; one whose work has changed since is named, and
    the exit code is 6.
    """
    from billcli.services.month_end import approving, mass_reports
    from billcli.services.month_end.batch import Batch

    issue = issue or send
    if out and not issue:
        raise UsageProblem(
            "mass.out", "--out writes issued bills, and this approves drafts.", hint="Add --issue."
        )
    with opened() as ledger:
        kept = mass_reports.one(ledger, run)
        batch = Batch(
            kept["date"],
            kept["through"],
            approved=True,
            issued=issue,
            sent=send,
            out=Path(out) if out else None,
            forms=m.read_forms(form),
            key=kept["key"],
            breakers=m.read_breakers(ledger, max_total, max_writeup),
        )
        with progress("Approving") as tick:
            view = approving.approve(ledger, kept["run"], batch, tick=tick)
        m.tell_report(view, ledger, json=json, verb="issued" if issue else "approved")
