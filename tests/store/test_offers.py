"""What the TAB key offers for references, from a furnished ledger."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from billcli.store import quick


@pytest.mark.parametrize(
    ("offer", "sql"),
    [
        (quick.payments, "SELECT 'P-' || id FROM payment ORDER BY id DESC"),
        (quick.trust_entries, "SELECT 'TR-' || id FROM trust_entry ORDER BY id DESC"),
        (quick.retainer_entries, "SELECT 'RT-' || id FROM retainer_entry ORDER BY id DESC"),
        (quick.changes, "SELECT CAST(id AS TEXT) FROM audit ORDER BY id DESC LIMIT 20"),
    ],
)
def test_references_are_offered_the_newest_first(office: Path, offer, sql: str) -> None:  # type: ignore[no-untyped-def]
    with closing(sqlite3.connect(office)) as dbapi:
        expected = [value for (value,) in dbapi.execute(sql)]
    found = offer(office)
    assert expected
    assert [value for value, _ in found] == expected
    assert all(told.strip() for _, told in found)
    assert offer(office.with_name("none.db")) == []
