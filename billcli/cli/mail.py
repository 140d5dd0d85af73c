"""The mail account on the command line."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import say, show_one

app = Noun("mail")


@app.command("test", example="billcli mail test\nbillcli mail test --to office@alvarez.example")
def try_out(
    to: Annotated[
        str | None,
        Option("--to", metavar="ADDRESS", help="Send a letter there, to see that it arrives."),
    ] = None,
    json: o.Json = False,
) -> None:
    """Try the mail account: the line, its certificate, the login.

    The password comes from BILLCLI_SMTP_PASSWORD, from email.password_command, or from the keyring.
    """
    from billcli.services.delivery import trial

    with opened() as ledger:
        view = trial.attempt(ledger, to=to)
        if json:
            show_one(view, json=True, sentence="")
            return
        for step in view.steps:
            say(step[0].upper() + step[1:] + ".")
        say(f"Mail works; it comes from {view.sender}.")
