"""Paper: files handed to the system's printers by its own `lp`, called without a shell."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from billcli.errors import Refused
from billcli.values.text import did_you_mean, shown

PATIENCE_S = 60
"""A print server that hasn't taken a file by then is not there."""
_REQUEST = re.compile(r"request id is (\S+)")
_OWN_NAME = re.compile(r"^\S*lp: (Error - )?")


def ready() -> None:
    """Make sure that there is something to print with. Refused `print.no-lp`."""
    _program()


def put(file: Path, *, title: str, copies: int, printer: str | None = None) -> str | None:
    """Queue a file so many times on a printer, the system's own choice without a name.

    What is returned is the request's name in the queue, where `lp` tells it. Refused
    `print.no-lp`, `print.refused`.
    """
    to = ["-d", printer] if printer else []
    # What follows -- is a file, whatever it is called.
    words = [_program(), *to, "-t", title, "-n", str(copies), "--", str(file)]
    done = _run(words)
    if done is None:
        raise Refused(
            "print.refused",
            f"{title} wasn't printed: lp didn't answer within {PATIENCE_S} seconds.",
            hint="See whether the print server runs: lpstat -r",
        )
    if done.returncode:
        raise Refused(
            "print.refused",
            f"{title} wasn't printed: {_reason(done)}.",
            hint=_printers(printer),
        )
    found = _REQUEST.search(done.stdout)
    return found[1] if found else None


def _program() -> str:
    found = shutil.which("lp")
    if found is None:
        raise Refused(
            "print.no-lp",
            "There is no program lp here to print with.",
            hint="On Debian and Ubuntu: apt-get install cups-client. Or print the file of "
            "`billcli bill render --format pdf` by hand.",
        )
    return found


def _run(words: list[str]) -> subprocess.CompletedProcess[str] | None:
    """What a program ended with, or None where it didn't end."""
    try:
        return subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    except OSError as fault:
        return subprocess.CompletedProcess(words, 1, "", str(fault.strerror or fault))


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """The first line that `lp` complains in, without its own name."""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    said = _OWN_NAME.sub("", lines[0]) if lines else ""
    return f"lp says {shown(said, longest=200)}" if said else f"lp ended with {done.returncode}"


def _printers(asked: str | None) -> str:
    """Which printers there are, so that the right one can be named."""
    program = shutil.which("lpstat")
    done = _run([program, "-e"]) if program else None
    names = [line.strip() for line in done.stdout.splitlines() if line.strip()] if done else []
    if not names:
        return "See which printers there are: lpstat -e"
    guess = did_you_mean(asked, names) if asked else None
    return guess or f"The printers here are {', '.join(shown(name) for name in names[:8])}."
