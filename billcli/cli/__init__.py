"""The command line: `main` answers, and every failure ends here as a sentence and an exit code."""

from __future__ import annotations

import os

from billcli import __version__


def main(argv: list[str]) -> int:
    """Run one command line and return its exit code; nothing is raised."""
    if argv[:1] == ["--version"]:  # before Typer is imported: as quick as Python itself
        print(f"billcli {__version__}")
        return 0
    from billcli.cli import _errors

    return _errors.guarded(_answer, argv)


def _answer(argv: list[str]) -> int:
    if "_BILLCLI_COMPLETE" not in os.environ:
        from billcli.cli import _hot

        if _hot.answered(argv):
            return 0
    from billcli.cli import _app

    return _app.answer(argv)
