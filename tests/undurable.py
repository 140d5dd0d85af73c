"""What makes tests quick that don't test it: waiting for the disk, compiling templates."""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from billcli.render import bill

# Statements are a child of the class that is replaced below, so they are read before that.
from billcli.render import statement as statement
from billcli.store import ledger, plain

_BillTemplates = bill.BillTemplates


@cache
def _bundled() -> bill.BillTemplates:
    return _BillTemplates(None)


def compiled_once(patch: pytest.MonkeyPatch) -> None:
    """The templates that come with the program are compiled once in this process."""

    def templates(folder: Path | None = None, file: Path | None = None) -> bill.BillTemplates:
        return _BillTemplates(folder, file) if folder or file else _bundled()

    patch.setattr(bill, "BillTemplates", templates)


def hurried(patch: pytest.MonkeyPatch) -> None:
    """Ledgers of this process don't wait for the disk, nor for their templates."""
    patient = plain.connect
    compiled_once(patch)

    def connect(path: Path, **more: Any) -> sqlite3.Connection:
        dbapi = patient(path, **more)
        dbapi.execute("PRAGMA synchronous = OFF")
        return dbapi

    for module in (plain, ledger):
        patch.setattr(module, "connect", connect)
