"""LEDES-compatible files on the command line."""

from __future__ import annotations

from typing import Annotated

from typer import Argument

from billcli.cli import _options as o
from billcli.cli._noun import Noun
from billcli.cli._show import print_text, say, show_one
from billcli.errors import CheckFailed

app = Noun("ledes")


@app.command("check", example="billcli ledes check outbox/20260007.txt")
def check(
    file: Annotated[str, Argument(metavar="FILE", help="A LEDES 1998B or 1998BI file.")],
    json: o.Json = False,
) -> None:
    """Look in a file for what receivers refuse, before they do.

    One line for each finding, with its line and column. An error ends with exit code 7; a warning
    alone doesn't, for no receiver refuses a file for it.
    """
    from pathlib import Path

    from billcli.services.exchange import ledes
    from billcli.values.text import visible

    view = ledes.check(Path(file).expanduser())
    errors = sum(found.severity == "error" for found in view.findings)
    if json:
        show_one(view, json=True, sentence="")
    else:
        for found in view.findings:
            print_text(visible(str(found)))
        if view.ok:
            said = "no findings" if not view.findings else "nothing a receiver must refuse"
            say(f"{view.file}: {said}.")
    if errors:
        raise CheckFailed(
            "ledes.findings",
            f"{view.file} has {errors} {'error' if errors == 1 else 'errors'}.",
            hint="Correct the bill or its settings, and write the file again.",
        )
