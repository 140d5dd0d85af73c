"""`bill send`: a bill by e-mail, and the same at its issue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option

from billcli.cli import _options as o
from billcli.cli._bills import tell
from billcli.cli._ledger import opened
from billcli.cli._outbox import tell_sent, tell_to_deliver
from billcli.cli._show import show_one
from billcli.errors import UsageProblem

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger


def send(
    bill: o.Bill,
    again: Annotated[
        bool, Option("--again", help="Send it once more to those who have it already.")
    ] = False,
    dry_run: Annotated[
        bool, Option("--dry-run", help="Write .eml files, one a recipient, and send nothing.")
    ] = False,
    out: Annotated[
        str | None,
        Option("--out", metavar="DIR", help="With --dry-run: the folder for the files."),
    ] = None,
    json: o.Json = False,
) -> None:
    """Send an issued bill by e-mail, to each of its recipients once.

    They are those of `matter billing --email`, and the client with --email-client.
    """
    from billcli.cli.outbox import tell_written
    from billcli.services.delivery import mailing, sending

    if out is not None and not dry_run:
        raise UsageProblem(
            "mail.out", "--out is for --dry-run.", hint="Without --dry-run the bill is sent."
        )
    with opened() as ledger:
        if dry_run:
            tell_written(sending.write(ledger, Path(out or "."), bill=bill, again=again), json=json)
            return
        sent = sending.send(ledger, bill, again=again)
        if json:
            show_one(sent.view(), json=True, sentence="")
        else:
            tell_sent(sent)
        mailing.raise_failures(sent)


def issued_and_sent(ledger: Ledger, bill: str, *, json: bool) -> None:
    """Issue a bill, send it, and say both; what wasn't sent ends in exit code 6."""
    from billcli.services.delivery import mailing, sending

    view, queued, sent = sending.issue(ledger, bill)
    tell(view | {"to_deliver": queued.to_deliver}, ledger, json=json)
    if not json:
        tell_sent(sent)
        tell_to_deliver(queued)
    mailing.raise_failures(sent)
