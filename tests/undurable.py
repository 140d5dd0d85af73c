"""What makes tests quick that don't test it: waiting for the disk, compiling templates."""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from billcli.render import bill
from billcli.store import ledger

_BillTemplates = bill.BillTemplates


@cache
def _bundled() -> bill.BillTemplates:
    return _BillTemplates(None)


def hurried(patch: pytest.MonkeyPatch) -> None:
    """Ledgers of this process don't wait for the disk; the bundled templates compile once."""
    patient = ledger.connect

    def connect(path: Path, **more: Any) -> sqlite3.Connection:
        dbapi = patient(path, **more)
        dbapi.execute("PRAGMA synchronous = OFF")
        return dbapi

    def templates(folder: Path | None = None, file: Path | None = None) -> bill.BillTemplates:
        return _BillTemplates(folder, file) if folder or file else _bundled()

    patch.setattr(ledger, "connect", connect)
    patch.setattr(bill, "BillTemplates", templates)
