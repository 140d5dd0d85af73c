"""Making a ledger file: under another name until it is whole, and never over one that is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from billcli.errors import Refused
from billcli.store import copies, migrate
from billcli.store.copies import BESIDE


@contextmanager
def in_the_making(path: Path, *, schema: int | None = None) -> Iterator[Path]:
    """An empty ledger of the newest schema; it becomes `path` when the block ends well.

    With `schema` it begins as an earlier one. Refused `ledger.exists`, also where another program
    made one in the meantime, and `ledger.leftover` where SQLite would take an earlier ledger's log
    for the new one's.
    """
    refuse_existing(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.new")
    _remove(part)
    try:
        migrate.create(part, version=schema)
        yield part
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        try:
            copies.take_place(part, path, anew=True)
        except FileExistsError:
            raise _exists(path) from None
    finally:
        _remove(part)


def refuse_existing(path: Path) -> None:
    """Refused where anything of that name is in the way."""
    if os.path.lexists(path):
        raise _exists(path)
    for ending in BESIDE:
        left = path.with_name(path.name + ending)
        if os.path.lexists(left):
            raise Refused(
                "ledger.leftover",
                f"{left} was left by an earlier ledger and would be read into the new one.",
                hint="Put that ledger back beside it, or remove the file.",
            )


def _remove(part: Path) -> None:
    for ending in ("", *BESIDE):
        with suppress(OSError):
            part.with_name(part.name + ending).unlink()


def _exists(path: Path) -> Refused:
    return Refused(
        "ledger.exists",
        f"There is a file at {path} already; it was not touched.",
        hint="Use it, or name another with --ledger PATH.",
    )
