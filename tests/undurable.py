"""What makes tests quick that don't test it: waiting for the disk, making what was made before."""

from __future__ import annotations

import os
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from billcli.render import bill

# Statements are a child of the class that is replaced below, so they are read before that.
from billcli.render import statement as statement
from billcli.store import copies, ledger, migrate, plain

_BillTemplates = bill.BillTemplates


@cache
def _bundled() -> bill.BillTemplates:
    return _BillTemplates(None)


def compiled_once(patch: pytest.MonkeyPatch) -> None:
    """The templates that come with the program are compiled once in this process."""

    def templates(folder: Path | None = None, file: Path | None = None) -> bill.BillTemplates:
        return _BillTemplates(folder, file) if folder or file else _bundled()

    patch.setattr(bill, "BillTemplates", templates)


_MADE: dict[int | None, bytes] = {}
_make, _connect = migrate.create, plain.connect


def _copied(path: Path, *, version: int | None = None) -> None:
    if path.exists() or version not in _MADE:
        _make(path, version=version)
        _MADE[version] = path.read_bytes()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    copies.drop_strays(path)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(handle, "wb") as copy:
        copy.write(_MADE[version])


def _impatient(path: Path, **more: Any) -> sqlite3.Connection:
    dbapi = _connect(path, **more)
    dbapi.execute("PRAGMA synchronous = OFF")
    return dbapi


def hurried(patch: pytest.MonkeyPatch) -> None:
    """Ledgers don't wait for the disk; empty ones are copies of the first that was made."""
    patch.setattr(migrate, "create", _copied)
    for module in (plain, ledger):
        patch.setattr(module, "connect", _impatient)


def patient(patch: pytest.MonkeyPatch) -> None:
    """Ledgers as the program makes them and writes to them."""
    patch.setattr(migrate, "create", _make)
    for module in (plain, ledger):
        patch.setattr(module, "connect", _connect)
