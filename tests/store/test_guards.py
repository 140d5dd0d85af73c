"""What is approved, issued, posted or logged refuses change on a plain sqlite3 connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_schema import GO_WITH_AN_UNDO, guarded

# Rows of these go with an undo alone: anything else is refused as for the guarded ones.
KEPT = [*guarded(), *sorted(GO_WITH_AN_UNDO - {"run_bill"})]
Shell = Callable[[Path], sqlite3.Connection]


@pytest.fixture
def sqlite(office: Path, shell: Shell) -> sqlite3.Connection:
    dbapi = shell(office)
    dbapi.row_factory = sqlite3.Row
    assert dbapi.execute("PRAGMA foreign_keys").fetchone()[0] == 0
    assert dbapi.execute("PRAGMA recursive_triggers").fetchone()[0] == 0
    return dbapi


def rows_of(dbapi: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in dbapi.execute(f"SELECT * FROM {table}")]


def keys_of(dbapi: sqlite3.Connection, table: str) -> list[tuple[str, ...]]:
    """Every set of columns that no two rows share."""
    info = dbapi.execute(f"PRAGMA table_info({table})").fetchall()
    keys = {tuple(row["name"] for row in sorted(info, key=lambda r: r["pk"]) if row["pk"])}
    for index in dbapi.execute(f"PRAGMA index_list({table})").fetchall():
        if index["unique"]:
            columns = dbapi.execute(f"PRAGMA index_info({index['name']})")
            keys.add(tuple(row["name"] for row in columns))
    return sorted(keys)


def refused(dbapi: sqlite3.Connection, sql: str, values: tuple[Any, ...] = ()) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"^guard: "):
        dbapi.execute(sql, values)


@pytest.mark.parametrize("table", KEPT)
def test_B06_B30_guarded_rows_are_not_changed(sqlite: sqlite3.Connection, table: str) -> None:
    before = rows_of(sqlite, table)
    assert before, f"the furnished ledger has no {table}"
    for name in sqlite.execute(f"SELECT * FROM {table}").fetchone().keys():  # noqa: SIM118  a Row iterates its values
        for verb in ("UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE", "UPDATE OR FAIL"):
            refused(sqlite, f"{verb} {table} SET {name} = {name}")
    assert rows_of(sqlite, table) == before


@pytest.mark.parametrize("table", KEPT)
def test_B06_B30_guarded_rows_are_not_deleted(sqlite: sqlite3.Connection, table: str) -> None:
    before = rows_of(sqlite, table)
    refused(sqlite, f"DELETE FROM {table}")
    refused(sqlite, f"DELETE FROM {table} WHERE 1 = 1")
    assert rows_of(sqlite, table) == before


@pytest.mark.parametrize("table", KEPT)
def test_B06_B30_guarded_rows_are_not_replaced(sqlite: sqlite3.Connection, table: str) -> None:
    before = rows_of(sqlite, table)
    keys = keys_of(sqlite, table)
    for key in keys:
        there = " AND ".join(f"{column} IS NOT NULL" for column in key)  # NULL meets nothing
        values = dict(sqlite.execute(f"SELECT * FROM {table} WHERE {there}").fetchone())
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        for other in keys:  # every other key is new, so that this one alone meets the row
            free = [column for column in other if column not in key]
            if other != key and free:
                held = values[free[-1]]
                if held is not None:
                    values[free[-1]] = held + 5000 if isinstance(held, int) else f"new {held}"
        for verb in ("INSERT OR REPLACE INTO", "REPLACE INTO"):
            refused(sqlite, f"{verb} {table} ({names}) VALUES ({marks})", tuple(values.values()))
        refused(
            sqlite,
            f"INSERT INTO {table} ({names}) VALUES ({marks})"
            f" ON CONFLICT DO UPDATE SET {key[0]} = {key[0]}",
            tuple(values.values()),
        )
    assert rows_of(sqlite, table) == before


@pytest.mark.parametrize("table", guarded())
def test_no_row_is_pushed_out_by_its_rowid(sqlite: sqlite3.Connection, table: str) -> None:
    """A table with a hidden rowid would have one more key than its columns show."""
    key = keys_of(sqlite, table)
    info = sqlite.execute("SELECT wr FROM pragma_table_list WHERE name = ?", (table,)).fetchone()
    assert info["wr"] or ("id",) in key


@pytest.mark.parametrize(
    "table", ["bill_line", "bill_tax", "bill_part", "bill_allocation", "bill_reserve", "claim"]
)
def test_nothing_is_added_to_an_issued_bill(sqlite: sqlite3.Connection, table: str) -> None:
    row = dict(sqlite.execute(f"SELECT * FROM {table} LIMIT 1").fetchone())
    keys = {"bill_line": "line", "bill_tax": "code", "bill_part": "part", "claim": "entry_id"}
    column = keys.get(table, "n")
    if column in row:
        row[column] = 77 if isinstance(row[column], int) else "more"
    insert = f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})"
    for what in ("issued", "voided"):
        found = sqlite.execute("SELECT bill_id FROM bill_event WHERE what = ?", (what,))
        row["bill_id"] = found.fetchone()[0]
        with pytest.raises(sqlite3.IntegrityError, match=r"^guard: .* added to an issued bill"):
            sqlite.execute(insert, tuple(row.values()))
    # Only the issue closes a bill: at its approval the rows are written.
    row["bill_id"] = 9999
    sqlite.execute(insert, tuple(row.values()))


def test_nothing_is_posted_to_an_earlier_entry(sqlite: sqlite3.Connection) -> None:
    refused(
        sqlite,
        "INSERT INTO move SELECT entry_id, 50, debit, credit, 1, matter_id, bill_id, payment_id,"
        " trust_id, retainer_id, credit_id FROM move WHERE entry_id = 1 AND n = 1",
    )


# Claims ----------------------------------------------------------------------------------------


def test_a_claim_is_released_by_a_void_alone(sqlite: sqlite3.Connection) -> None:
    void = "bill_id IN (SELECT bill_id FROM bill_event WHERE what = 'voided')"
    live = f"released_on IS NULL AND NOT {void}"
    assert sqlite.execute(f"SELECT count(*) FROM claim WHERE {live}").fetchone()[0]
    refused(sqlite, f"UPDATE claim SET released_on = '2026-12-01' WHERE {live}")
    # a void that writes the entries off doesn't give them back
    lost = "bill_id IN (SELECT bill_id FROM bill_event WHERE entries = 'write-off')"
    assert sqlite.execute(f"SELECT count(*) FROM claim WHERE {lost}").fetchone()[0]
    refused(sqlite, f"UPDATE claim SET released_on = '2026-12-01' WHERE {lost}")


@pytest.mark.parametrize(
    "change",
    [
        "released_on = NULL",
        "released_on = '2026-12-24'",
        "entry_id = entry_id + 1",
        "kind = 'expense'",
        "bill_id = 1",
    ],
)
def test_a_released_claim_stays_as_it_is(sqlite: sqlite3.Connection, change: str) -> None:
    free = "released_on IS NOT NULL"
    assert sqlite.execute(f"SELECT count(*) FROM claim WHERE {free}").fetchone()[0]
    refused(sqlite, f"UPDATE claim SET {change} WHERE {free}")
    refused(sqlite, f"UPDATE OR REPLACE claim SET {change} WHERE {free}")
    refused(sqlite, f"DELETE FROM claim WHERE {free}")


def test_a_claim_is_not_deleted_or_written_anew(sqlite: sqlite3.Connection) -> None:
    refused(sqlite, "DELETE FROM claim")
    row = tuple(sqlite.execute("SELECT * FROM claim WHERE released_on IS NULL").fetchone())
    refused(sqlite, "INSERT OR REPLACE INTO claim VALUES (?, ?, ?, ?)", row)
    refused(sqlite, "INSERT OR REPLACE INTO claim VALUES (?, ?, ?, ?)", (9999, *row[1:]))


@pytest.fixture
def without_guards(sqlite: sqlite3.Connection) -> sqlite3.Connection:
    for (name,) in sqlite.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        sqlite.execute(f"DROP TRIGGER {name}")
    return sqlite


def test_B01_the_index_alone_keeps_an_entry_off_a_second_bill(
    without_guards: sqlite3.Connection,
) -> None:
    row = without_guards.execute("SELECT * FROM claim WHERE released_on IS NULL").fetchone()
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        without_guards.execute(
            "INSERT INTO claim VALUES (?, ?, ?, NULL)", (9999, row["kind"], row["entry_id"])
        )
    without_guards.execute(  # released, it may be billed again
        "UPDATE claim SET released_on = '2026-12-01' WHERE bill_id = ? AND kind = ?"
        " AND entry_id = ?", tuple(row)[:3],
    )  # fmt: skip
    without_guards.execute(
        "INSERT INTO claim VALUES (?, ?, ?, NULL)", (9999, row["kind"], row["entry_id"])
    )


def test_B01_the_index_alone_keeps_a_matter_from_a_second_bill_under_a_key(
    without_guards: sqlite3.Connection,
) -> None:
    row = tuple(without_guards.execute("SELECT * FROM run_bill WHERE key = 'november'").fetchone())
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        without_guards.execute("INSERT INTO run_bill VALUES (?, ?, ?, ?)", (9999, *row[1:]))
    without_guards.execute(
        "INSERT INTO run_bill VALUES (?, ?, ?, ?)", (9999, row[1], "december", row[3])
    )


def test_B01_the_key_of_an_approved_bill_stays(sqlite: sqlite3.Connection) -> None:
    row = tuple(sqlite.execute("SELECT * FROM run_bill WHERE key = 'november'").fetchone())
    refused(sqlite, "DELETE FROM run_bill")
    refused(sqlite, "UPDATE run_bill SET key = 'december'")
    refused(sqlite, "INSERT OR REPLACE INTO run_bill VALUES (?, ?, ?, ?)", row)
    refused(sqlite, "INSERT OR REPLACE INTO run_bill VALUES (?, ?, ?, ?)", (9999, *row[1:]))


# Billed entries --------------------------------------------------------------------------------

TABLES = {"time": "time_entry", "expense": "expense", "charge": "charge"}


@pytest.mark.parametrize("kind", TABLES)
def test_B06_a_billed_entry_is_read_only(sqlite: sqlite3.Connection, kind: str) -> None:
    table = TABLES[kind]
    found = sqlite.execute(
        f"SELECT t.* FROM {table} AS t JOIN claim AS c ON c.kind = ? AND c.entry_id = t.id"
        " WHERE c.released_on IS NULL", (kind,),
    )  # fmt: skip
    row = dict(found.fetchone())
    marks = ", ".join("?" * len(row))
    for name in row:
        refused(sqlite, f"UPDATE {table} SET {name} = {name} WHERE id = ?", (row["id"],))
    refused(sqlite, f"DELETE FROM {table} WHERE id = ?", (row["id"],))
    refused(sqlite, f"INSERT OR REPLACE INTO {table} VALUES ({marks})", tuple(row.values()))


@pytest.mark.parametrize("kind", TABLES)
def test_no_other_entry_takes_the_place_of_a_billed_one(
    sqlite: sqlite3.Connection, kind: str
) -> None:
    table = TABLES[kind]
    billed = sqlite.execute(
        "SELECT entry_id FROM claim WHERE kind = ? AND released_on IS NULL", (kind,)
    ).fetchone()[0]
    row = dict(sqlite.execute(f"SELECT * FROM {table} WHERE id = ?", (billed,)).fetchone())
    row["id"] = 9000
    if kind == "charge":
        row["task_id"] = None
    sqlite.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
    refused(sqlite, f"UPDATE OR REPLACE {table} SET id = ? WHERE id = 9000", (billed,))
    sqlite.execute(f"UPDATE {table} SET description = 'my own' WHERE id = 9000")
    sqlite.execute(f"DELETE FROM {table} WHERE id = 9000")


def test_B07_no_second_charge_takes_the_place_of_a_billed_one(sqlite: sqlite3.Connection) -> None:
    billed = sqlite.execute(
        "SELECT t.* FROM charge AS t JOIN claim AS c ON c.kind = 'charge' AND c.entry_id = t.id"
        " WHERE t.task_id IS NOT NULL AND c.released_on IS NULL"
    ).fetchone()
    row = dict(billed) | {"id": 9000}
    insert = f"({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
    refused(sqlite, f"INSERT OR REPLACE INTO charge {insert}", tuple(row.values()))
    refused(sqlite, f"INSERT INTO charge {insert}", tuple(row.values()))
    loose = row | {"task_id": None}
    sqlite.execute(f"INSERT INTO charge {insert}", tuple(loose.values()))
    refused(sqlite, "UPDATE OR REPLACE charge SET task_id = ? WHERE id = 9000", (row["task_id"],))
    withdrawn = row | {"id": 9001, "withdrawn_on": "2026-11-30"}
    sqlite.execute(f"INSERT INTO charge {insert}", tuple(withdrawn.values()))


def test_B07_one_live_charge_per_task(sqlite: sqlite3.Connection) -> None:
    insert = (
        "INSERT INTO charge (matter_id, task_id, day, amount_cents, description, withdrawn_on)"
        " VALUES (1, 1234, '2026-11-30', 100, 'M', ?)"
    )
    sqlite.execute(insert, ("2026-11-30",))
    sqlite.execute(insert, (None,))
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        sqlite.execute(insert, (None,))


# Schedules and periods -------------------------------------------------------------------------


def test_a_billed_row_of_a_schedule_stays(sqlite: sqlite3.Connection) -> None:
    """The furnished matter 4 has two rows: the first is billed."""
    columns = "(id, matter_id, number, amount_cents, description)"
    refused(sqlite, "UPDATE schedule_row SET amount_cents = 5 WHERE id = 1")
    refused(sqlite, "DELETE FROM schedule_row WHERE id = 1")
    refused(sqlite, f"INSERT OR REPLACE INTO schedule_row {columns} VALUES (1, 4, 9, 1, 'x')")
    refused(sqlite, f"INSERT OR REPLACE INTO schedule_row {columns} VALUES (9, 4, 1, 1, 'x')")
    refused(sqlite, "UPDATE OR REPLACE schedule_row SET id = 1 WHERE id = 2")
    refused(sqlite, "UPDATE OR REPLACE schedule_row SET number = 1 WHERE id = 2")
    sqlite.execute("UPDATE schedule_row SET amount_cents = 5 WHERE id = 2")
    sqlite.execute("DELETE FROM schedule_row WHERE id = 2")


def test_no_period_is_added_to_an_issued_bill(sqlite: sqlite3.Connection) -> None:
    issued = sqlite.execute("SELECT bill_id FROM bill_event WHERE what = 'issued'").fetchone()[0]
    refused(sqlite, "INSERT INTO period_claim VALUES (?, 3, '2026-11-01', NULL)", (issued,))


def test_an_outcome_that_a_bill_holds_stays(sqlite: sqlite3.Connection) -> None:
    approved = sqlite.execute("SELECT id FROM bill WHERE number = '2026-0005'").fetchone()[0]
    row = dict(sqlite.execute("SELECT * FROM outcome").fetchone())
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    insert = f"INTO outcome ({columns}) VALUES ({marks})"
    other = row | {"id": 9000, "matter_id": 1}
    sqlite.execute(f"INSERT {insert}", tuple(other.values()))
    # on no bill it can be taken back, and is recorded again
    sqlite.execute("UPDATE outcome SET reversed_on = '2026-12-01' WHERE id = 9000")
    sqlite.execute("UPDATE outcome SET reversed_on = NULL WHERE id = 9000")
    sqlite.execute("INSERT INTO claim VALUES (?, 'outcome', ?, NULL)", (approved, row["id"]))
    refused(sqlite, "UPDATE outcome SET release_e4 = 1 WHERE id = ?", (row["id"],))
    refused(sqlite, "UPDATE outcome SET reversed_on = '2026-12-01' WHERE id = ?", (row["id"],))
    refused(sqlite, "DELETE FROM outcome WHERE id = ?", (row["id"],))
    refused(sqlite, f"INSERT OR REPLACE {insert}", tuple(row.values()))
    refused(sqlite, f"INSERT OR REPLACE {insert}", tuple((row | {"id": 9001}).values()))
    refused(sqlite, "UPDATE OR REPLACE outcome SET id = ? WHERE id = 9000", (row["id"],))
    refused(sqlite, "UPDATE OR REPLACE outcome SET matter_id = ? WHERE id = 9000",
            (row["matter_id"],))  # fmt: skip
    sqlite.execute("DELETE FROM outcome WHERE id = 9000")


def test_B27_a_period_is_charged_once(sqlite: sqlite3.Connection) -> None:
    approved = sqlite.execute("SELECT id FROM bill WHERE number = '2026-0005'").fetchone()[0]
    insert = "INTO period_claim VALUES (?, 3, '2026-11-01', NULL)"
    sqlite.execute(f"INSERT {insert}", (approved,))
    refused(sqlite, f"INSERT OR REPLACE {insert}", (approved,))
    refused(sqlite, f"INSERT {insert}", (9999,))
    refused(sqlite, "UPDATE period_claim SET released_on = '2026-12-01'")
    refused(sqlite, "UPDATE OR REPLACE period_claim SET period_start = '2026-12-01'")
    refused(sqlite, "DELETE FROM period_claim")
