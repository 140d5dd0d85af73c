"""The run under way: where the ledger is, who acts, whether a question may be asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple


class Run(NamedTuple):
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
        _current.set(found._replace(**changes))


def begin(
    *,
    ledger: str | None = None,
    today: str | None = None,
    no_input: bool = False,
    yes: bool = False,
    actor: str | None = None,
    debug: bool = False,
    no_color: bool = False,
    quiet: bool = False,
) -> None:
    """Begin a run with what was typed before its command."""
    from billcli.values.text import read_text  # a TAB begins no run

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


@contextmanager
def one_run() -> Iterator[None]:
    """The room of one run: what it is told ends with it."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


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


def _is_terminal(stream: Any) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False
