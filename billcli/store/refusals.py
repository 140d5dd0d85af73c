"""What SQLite says when it refuses, said in a sentence."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from billcli.errors import BillError, LedgerProblem, Refused

_IN_USE = "The ledger {path} is in use by another command, and the wait is over."
_SENTENCES = (
    ("locked", "ledger.busy", _IN_USE, "Try again, or wait longer: BILLCLI_BUSY_TIMEOUT=60."),
    ("busy", "ledger.busy", _IN_USE, "Try again, or wait longer: BILLCLI_BUSY_TIMEOUT=60."),
    ("database or disk is full", "ledger.full", "There is no room left on the disk of {path}.",
     "Nothing was changed; make room and run it again."),
    ("readonly", "ledger.read-only", "The ledger {path} can't be written.",
     "Check the permissions of the file and of its folder."),
    ("unable to open", "ledger.unreadable", "The ledger {path} can't be opened.",
     "Check the permissions of the file and of its folder."),
    ("not a database", "ledger.not-a-ledger", "{path} is not a billcli ledger.",
     "Name another with --ledger PATH."),
    ("disk image is malformed", "ledger.damaged", "The ledger {path} is damaged.",
     "Restore a backup: billcli restore FILE."),
    ("no such table", "ledger.damaged", "The ledger {path} lacks a table.",
     "Restore a backup: billcli restore FILE."),
    ("disk i/o", "ledger.io", "Reading or writing {path} failed.",
     "Check the disk; `billcli check` proves the ledger."),
)  # fmt: skip


def refusal(error: BaseException, path: Path) -> BillError | None:
    """The sentence for an error of the database; None for one that is our own fault."""
    text = str(getattr(error, "orig", None) or error)
    low = text.lower()
    if text.startswith("guard: "):
        sentence = text.removeprefix("guard: ")
        return Refused("ledger.guarded", f"The ledger refuses: {sentence}.")
    if "disk i/o" in low and _no_room(path):
        low = "database or disk is full"
    for fragment, code, sentence, hint in _SENTENCES:
        if fragment in low:
            return LedgerProblem(code, sentence.format(path=path), hint=hint)
    return None


def _no_room(path: Path) -> bool:
    """Whether not even the memory that readers share (-shm) finds room beside the ledger."""
    import shutil

    try:
        return shutil.disk_usage(path.parent).free < 64 * 1024
    except OSError:
        return False


def _of_the_database(error: BaseException) -> bool:
    """Whether SQLite said it; SQLAlchemy can only have passed it on where it was imported."""
    if isinstance(error, sqlite3.Error):
        return True
    wrapping = sys.modules.get("sqlalchemy.exc")
    return wrapping is not None and isinstance(error, wrapping.SQLAlchemyError)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the database's refusals into ours; anything else passes as it is."""
    try:
        yield
    except Exception as error:
        said = refusal(error, path) if _of_the_database(error) else None
        if said is None:
            raise
        raise said from error


@contextmanager
def ignored() -> Iterator[None]:
    """A roll-back after a failure must not hide the failure."""
    try:
        yield
    except Exception as error:
        if not _of_the_database(error):
            raise
