"""The outbox on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._outbox import tell_sent
from billcli.cli._show import say, show_list, show_one, talk
from billcli.core.states import MailState
from billcli.errors import UsageProblem
from billcli.render.table import Column
from billcli.values.text import meant

if TYPE_CHECKING:
    from billcli.services.delivery.mailing import Sent
    from billcli.services.delivery.sending import Written

app = Noun("outbox")

STATES = get_args(MailState)
COLUMNS = (
    Column("Mail", "id"),
    Column("Bill", "bill"),
    Column("Matter", "matter"),
    Column("To", "to"),
    Column("Purpose", "purpose"),
    Column("State", "state"),
    Column("Tries", "tries", "number"),
    Column("At", "at"),
    Column("Reason", "reason"),
)
Mails = Annotated[
    list[str],
    Argument(
        metavar="MAIL …",
        help="Messages of the outbox, such as M-3.",
        autocompletion=_complete.mails,
    ),
]
Mail = Annotated[
    str,
    Argument(
        metavar="MAIL",
        help="A message of the outbox, such as M-3.",
        autocompletion=_complete.mails,
    ),
]


@app.command("list", example="billcli outbox list\nbillcli outbox list --state failed --json")
def list_(
    state: Annotated[
        str | None,
        Option(
            "--state",
            metavar="STATE",
            help="Only those queued, sending, sent, failed, unknown or dropped.",
            autocompletion=_complete.of(*STATES),
        ),
    ] = None,
    bill: Annotated[
        str | None,
        Option(
            "--bill",
            metavar="BILL",
            help="Only those of this bill.",
            autocompletion=_complete.bills,
        ),
    ] = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """List the messages: what waits, what was sent, what failed and why.

    One that is unknown may have gone out: the program or the line ended before the server's answer.
    """
    from billcli.services.delivery import outbox

    if state is not None and state not in STATES:
        raise UsageProblem(
            "mail.state", "There is no such state of a message.", hint=meant(state, STATES)
        )
    with opened() as ledger:
        rows = outbox.list_(ledger, state=state, bill=bill)
        if not (json or csv):
            rows = tuple(replace(row, at=outbox.told(ledger, row.at)) for row in rows)
        show_list(rows, COLUMNS, json=json, csv=csv, empty="No messages.")


@app.command("send", example="billcli outbox send\nbillcli outbox send --dry-run letters/")
def send(
    dry_run: Annotated[
        str | None,
        Option("--dry-run", metavar="DIR", help="Write .eml files there, and send nothing."),
    ] = None,
    json: o.Json = False,
) -> None:
    """Send what waits, and what failed for a reason that may have passed.

    What may have gone out already, and what a server refused for good, goes with `outbox retry`.
    """
    from billcli.services.delivery import mailing, sending

    with opened() as ledger:
        if dry_run is not None:
            written = sending.write(ledger, Path(dry_run))
            tell_written(written, json=json)
            return
        sent = mailing.send_waiting(ledger)
        _tell(sent, json=json)


@app.command("retry", example="billcli outbox retry M-3")
def retry(mails: Mails, json: o.Json = False) -> None:
    """Send messages once more that failed, or that may have gone out already."""
    from billcli.services.delivery import mailing, outbox

    with opened() as ledger:
        mailing.refuse_unset(ledger)
        sent = mailing.send(ledger, outbox.retry(ledger, mails), asked_for=True)
        _tell(sent, json=json)


@app.command("drop", example="billcli outbox drop M-3 --reason 'she has it, by phone'")
def drop(
    mail: Mail,
    reason: o.Reason = None,
    json: o.Json = False,
) -> None:
    """Take a message out of the outbox: it isn't sent, and the bill doesn't wait for it."""
    from billcli.services.delivery import outbox
    from billcli.values.text import read_text

    if reason is None:
        raise UsageProblem(
            "input.needed",
            "To drop a message needs its reason.",
            hint="Give --reason 'delivered by hand'.",
        )
    with opened() as ledger:
        view = outbox.drop(ledger, mail, reason=read_text(reason, "--reason", longest=500))
        show_one(view, json=json, sentence=f"{view.id} to {view.to} is dropped; it won't be sent.")


def tell_written(written: Sequence[Written], *, json: bool) -> None:
    """The files of a dry run, each on its line."""
    if json:
        rows = [{"bill": each.bill, "to": each.to, "file": str(each.file)} for each in written]
        show_one(rows, json=True, sentence="")
        return
    for each in written:
        say(str(each.file))
    if not written:
        talk("Nothing waits in the outbox.")


def _tell(sent: Sent, *, json: bool) -> None:
    """What was sent, then exit code 6 where something wasn't."""
    from billcli.services.delivery import mailing

    if json:
        show_one(sent.view(), json=True, sentence="")
    else:
        tell_sent(sent)
        if not any(sent.view().values()):
            talk("Nothing waits in the outbox.")
    mailing.raise_failures(sent)
