"""What the TAB key offers for references, from a furnished ledger."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from billcli.store import quick


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("payments", "SELECT 'P-' || id FROM payment ORDER BY id DESC"),
        ("trust_entries", "SELECT 'TR-' || id FROM trust_entry ORDER BY id DESC"),
        ("retainer_entries", "SELECT 'RT-' || id FROM retainer_entry ORDER BY id DESC"),
        ("changes", "SELECT CAST(id AS TEXT) FROM audit ORDER BY id DESC LIMIT 20"),
    ],
)
def test_references_are_offered_the_newest_first(office: Path, name: str, sql: str) -> None:
    with closing(sqlite3.connect(office)) as dbapi:
        expected = [value for (value,) in dbapi.execute(sql)]
    found = quick.offers(office, name)
    assert expected
    assert [value for value, _ in found] == expected
    assert all(told.strip() for _, told in found)
    assert quick.offers(office.with_name("none.db"), name) == []


@pytest.mark.parametrize("name", list(quick.QUERIES))
def test_what_is_offered_goes_on_from_what_is_typed(office: Path, name: str) -> None:
    whole = quick.offers(office, name)
    for value, _ in whole:
        for end in (1, len(value) // 2, len(value)):
            begun = [each for each in whole if each[0].startswith(value[:end])]
            assert quick.offers(office, name, value[:end]) == begun
    assert quick.offers(office, name, "\U0010fffd") == []


def test_no_matter_is_read_that_does_not_go_on(office: Path) -> None:
    with closing(sqlite3.connect(office)) as dbapi:
        for name in ("matters", "clients"):
            (sql,) = quick.QUERIES[name]
            plan = dbapi.execute(f"EXPLAIN QUERY PLAN {sql}", {"start": "2026"}).fetchall()
            assert "SEARCH" in plan[0][3], plan
