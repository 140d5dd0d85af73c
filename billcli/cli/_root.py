"""The options before the command, and the run that they describe."""

from __future__ import annotations

import os
import sys
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

from billcli.cli._lazy import LazyGroup
from billcli.values.text import read_text


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the program was told before its command."""

    given: str | None
    today: str | None
    may_prompt: bool
    yes: bool
    actor: str
    debug: bool
    quiet: bool
    colour: bool
    command: str = ""

    @property
    def ledger(self) -> Path:
        """The ledger file; the platform is asked for its folder only when none was named."""
        return Path(self.given).expanduser() if self.given else default_ledger()


GLOBAL_OPTIONS = ("--ledger", "--today", "--actor", "--no-color", "--version")

_current: ContextVar[Run | None] = ContextVar("run", default=None)


def run() -> Run:
    """The run under way: where the ledger is, who acts, whether a question may be asked."""
    found = _current.get()
    if found is None:
        raise LookupError("No command is running.")
    return found


def amend(**changes: Any) -> None:
    """Replace facts of the run, as a flag typed after the command does."""
    found = _current.get()
    if found is not None:
        _current.set(replace(found, **changes))


def default_ledger() -> Path:
    """The ledger in the platform's folder for a user's data."""
    from platformdirs import user_data_path

    return user_data_path("billcli", appauthor=False) / "ledger.db"


def os_user() -> str:
    """The name that the operating system has for whoever runs the program."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user may have no name
        return f"uid-{os.getuid()}" if hasattr(os, "getuid") else "unknown"


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
        help="The day to take for today, for scripts that repeat.",
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
    asking = not (no_input or os.environ.get("BILLCLI_NO_INPUT", "") not in ("", "0"))
    _current.set(
        Run(
            given=ledger or None,
            today=today or None,
            may_prompt=asking and _is_terminal(sys.stdin),
            yes=yes,
            actor=read_text(actor or os_user(), "actor"),
            debug=debug,
            quiet=quiet,
            colour=not (no_color or os.environ.get("NO_COLOR")) and _is_terminal(sys.stdout),
        )
    )


def _is_terminal(stream: Any) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def answer(argv: list[str]) -> int:
    """Run one command line; failures are raised, 0 means done."""
    root = get_command(_app)
    if os.environ.get("_BILLCLI_COMPLETE"):
        from billcli.cli import _complete

        _complete.keep_plain()
        root.main(args=argv, prog_name="billcli")
    token = _current.set(None)
    try:
        with root.make_context("billcli", list(argv)) as ctx:
            root.invoke(ctx)
    finally:
        _current.reset(token)
    return 0
