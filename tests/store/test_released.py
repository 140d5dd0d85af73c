"""A ledger of every schema that was ever released still becomes one of today, whole (B19)."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from forging import failing
from offices import Answer

from billcli.store import copies, migrate

LEDGERS = Path(__file__).parent.parent / "ledgers"
# A release adds the schema that it brings, and keeps a ledger of it.
RELEASED = (1, 7, 11, 12)


def columns_of(path: Path) -> dict[str, list[str]]:
    """The columns of every table."""
    with closing(sqlite3.connect(path)) as shell:
        names = shell.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {
            name: [row[1] for row in shell.execute(f"PRAGMA table_info({name})")]
            for (name,) in names
            if not name.startswith("sqlite_")
        }


def rows_of(path: Path, tables: dict[str, list[str]]) -> dict[str, tuple[list[str], list[Any]]]:
    """What stands in those columns, row by row."""
    with closing(sqlite3.connect(path)) as shell:
        return {
            name: (
                columns,
                sorted(shell.execute(f"SELECT {', '.join(columns)} FROM {name}"), key=repr),
            )
            for name, columns in tables.items()
        }


@pytest.mark.parametrize("version", RELEASED)
def test_B19_a_ledger_of_each_released_schema_is_kept_and_migrates(
    tmp_path: Path, cli: Callable[..., Answer], version: int
) -> None:
    path = tmp_path / "ledger.db"
    kept = LEDGERS / f"schema-{version}.db.gz"
    assert kept.exists(), f"make it: python tests/offices.py tests/ledgers/{kept.name}"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    path.chmod(0o600)
    assert migrate.version_of(path) == version
    held = copies.contents_of(path)
    before = rows_of(path, columns_of(path))
    assert held.changes > 30
    assert cli("migrate").code == 0
    assert migrate.version_of(path) == migrate.newest()
    now = copies.contents_of(path)
    assert {name: n for name, n in now.rows if name in dict(held.rows)} == dict(held.rows)
    assert now.moved_cents == held.moved_cents
    # What was there is there as it was, column by column; what came since is beside it.
    after = rows_of(path, {name: columns for name, (columns, _) in before.items()})
    assert after == before
    # A released SQL file that was edited shows here: the kept ledger has other tables.
    assert failing(path) == {}
    assert cli("bill", "list", "--json").json


def test_B19_a_sqlite_that_holds_references_from_the_start_migrates_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(gzip.decompress((LEDGERS / "schema-11.db.gz").read_bytes()))
    path.chmod(0o600)
    connect = sqlite3.connect

    def holding(*words: Any, **more: Any) -> sqlite3.Connection:
        made = connect(*words, **more)
        made.execute("PRAGMA foreign_keys = ON")
        return made

    monkeypatch.setattr(sqlite3, "connect", holding)
    migrate.bring_up(path)
    assert migrate.version_of(path) == migrate.newest()
    assert failing(path) == {}
