"""`billcli` itself: the options before the command, and the one door to every command."""

from __future__ import annotations

import os
from functools import cache
from typing import Annotated

import typer
from typer._click import Command as AnyCommand
from typer.main import get_command

from billcli.cli import _root
from billcli.cli._lazy import LazyGroup


def _version(value: bool) -> None:
    if value:
        from billcli import __version__

        typer.echo(f"billcli {__version__}")
        raise typer.Exit


Ledger = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar="PATH",
        envvar="BILLCLI_LEDGER",
        show_envvar=True,
        help="The ledger file; without it, the one in your data folder.",
    ),
]
Today = Annotated[
    str | None,
    typer.Option(
        "--today",
        metavar="DATE",
        envvar="BILLCLI_TODAY",
        show_envvar=True,
        help="The day to take for today, also with a time, for scripts that repeat.",
    ),
]
NoInput = Annotated[
    bool,
    typer.Option(
        "--no-input",
        help="Never ask; an answer that is needed becomes an error naming its option. "
        "[env var: BILLCLI_NO_INPUT=1]",
    ),
]
Yes = Annotated[
    bool,
    typer.Option("--yes", "-y", help="Confirm what would be asked, trigger charges excepted."),
]
Actor = Annotated[
    str | None,
    typer.Option(
        "--actor",
        metavar="NAME",
        envvar="BILLCLI_ACTOR",
        show_envvar=True,
        help="Who acts, for the log; without it, your user name.",
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an internal error.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colours (also NO_COLOR).")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing but results and warnings.")]
Version = Annotated[
    bool,
    typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
]

_app = typer.Typer(name="billcli", cls=LazyGroup, rich_markup_mode=None, add_completion=True)


@_app.callback(invoke_without_command=True)
def _begin(
    ledger: Ledger = None,
    today: Today = None,
    no_input: NoInput = False,
    yes: Yes = False,
    actor: Actor = None,
    debug: Debug = False,
    no_color: NoColor = False,
    quiet: Quiet = False,
    version: Version = False,
) -> None:
    """Law-practice billing over one file: matters, time, milestones, bills, payments.

    --yes, --no-input and --quiet are also taken after a command.
    """
    _root.begin(
        ledger=ledger,
        today=today,
        no_input=no_input,
        yes=yes,
        actor=actor,
        debug=debug,
        no_color=no_color,
        quiet=quiet,
    )


@cache
def _built() -> AnyCommand:
    return get_command(_app)


def answer(argv: list[str]) -> int:
    """Run one command line; failures are raised, 0 means done."""
    root = _built()
    if os.environ.get("_BILLCLI_COMPLETE"):
        from billcli.cli import _complete

        _complete.keep_plain()
        root.main(args=argv, prog_name="billcli")
    with _root.one_run(), root.make_context("billcli", list(argv)) as ctx:
        root.invoke(ctx)
    return 0
