"""A ledger of every schema that was ever released still becomes one of today, whole (B19)."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from forging import failing
from offices import Answer

from billcli.store import copies, migrate

LEDGERS = Path(__file__).parent.parent / "ledgers"
# A release adds the schema that it brings, and keeps a ledger of it.
RELEASED = (1, 7)


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
    assert held.changes > 30
    assert cli("migrate").code == 0
    assert migrate.version_of(path) == migrate.newest()
    now = copies.contents_of(path)
    assert {name: n for name, n in now.rows if name in dict(held.rows)} == dict(held.rows)
    assert now.moved_cents == held.moved_cents
    # A released SQL file that was edited shows here: the kept ledger has other tables.
    assert failing(path) == {}
    assert cli("bill", "list", "--json").json
