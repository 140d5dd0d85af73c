"""The demo on the command line: a month end, typed as a user would."""

from __future__ import annotations

from contextlib import chdir
from shlex import quote
from typing import TYPE_CHECKING, Annotated

from typer import Option

from billcli.cli._noun import Noun
from billcli.cli._root import run
from billcli.cli._show import say
from billcli.errors import BatchFailed

if TYPE_CHECKING:
    from pathlib import Path

    from billcli.services.upkeep.demo import Step

app = Noun("")


@app.command("demo", example="billcli demo\nbillcli demo --dir ~/billcli-demo")
def demo(
    dir: Annotated[
        str | None,
        Option("--dir", metavar="DIR", help="Make it in this folder, which must be empty or new."),
    ] = None,
) -> None:
    """Show a whole month end on an invented law office, in a folder of its own.

    Your own ledger is not touched.
    """
    from pathlib import Path

    from billcli.services.upkeep import demo as script

    place = script.prepared(Path(dir) if dir is not None else None)
    say(f"$ cd {quote(str(place))}")
    say(f"$ export BILLCLI_LEDGER=ledger.db BILLCLI_TODAY={script.TODAY}")
    with chdir(place):
        for step in script.STEPS:
            _typed(step, place, today=script.TODAY)
    say("\nMade:")
    for path in script.made(place):
        say(f"  {path}")
    say(f"\nOpen this in a browser: {place / script.PAGE}")


def _typed(step: Step, place: Path, *, today: str) -> None:
    """Show a command, then what it prints; one that fails ends the demo."""
    from billcli.cli import main

    say(f"\n# {step.remark}")
    say(f"$ {step.typed}")
    head = ["--ledger", "ledger.db", "--today", today, "--actor", run().actor, "--no-input"]
    head += ["--no-color"] if not run().colour else []
    head += ["--quiet"] if run().quiet else []
    code = main([*head, *step.words])
    if code == 130:
        raise KeyboardInterrupt
    if code:
        raise BatchFailed(
            "demo.failed",
            f"`{step.typed}` ended with exit code {code}.",
            hint=f"What the demo made so far is in {place}.",
        )
