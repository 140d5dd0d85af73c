"""A small law office with every kind of row in its ledger, made once and copied for each test."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from offices import furnished_ledger


@pytest.fixture(scope="session")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnished_ledger(tmp_path_factory.mktemp("office") / "ledger.db")


@pytest.fixture
def office(_office: Path, tmp_path: Path) -> Path:
    """A furnished ledger file of this test alone; `cli` works on it."""
    path = tmp_path / "ledger.db"
    shutil.copy(_office, path)
    return path


@pytest.fixture
def shell() -> Callable[[Path], sqlite3.Connection]:
    """A plain connection with SQLite's own defaults, as the sqlite3 shell makes it."""

    def connect(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None)

    return connect
