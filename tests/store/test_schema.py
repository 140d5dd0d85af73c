"""The SQL files are the truth: the records of the store, and the README, are held to them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

import billcli.store.models
from billcli.assets import schema_folder
from billcli.store import migrate
from billcli.store.inverses import INVERSES

README = (schema_folder() / "README.md").read_text("utf-8")
IMAGES = "## Rows that leave an image"
# Tables whose rows undo never touches: claims and outcomes are settled with bills, a run is told.
LEFT_ALONE = {"claim", "period_claim", "outcome", "run"}
# Rows that are never edited, but go with a deleted draft or with the undo of their change.
GO_WITH_AN_UNDO = {
    *("arrangement", "change_order", "closed_span", "import_row", "run_bill", "task_document"),
    "task_split",
}
TYPES = {"INTEGER": "INTEGER", "VARCHAR": "TEXT", "BLOB": "BLOB"}


@pytest.fixture(scope="module")
def empty() -> Iterator[sqlite3.Connection]:
    dbapi = sqlite3.connect(":memory:", isolation_level=None)
    for migration in migrate.migrations():
        for statement in migration.statements():
            dbapi.execute(statement)
    yield dbapi
    dbapi.close()


def names(dbapi: sqlite3.Connection, kind: str) -> set[str]:
    rows = dbapi.execute(
        "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%'", (kind,)
    )
    return {name for (name,) in rows}


MODELS = {
    str(table.name): table
    for table in SQLModel.metadata.tables.values()
    if billcli.store.models is not None
}


def test_there_is_a_record_for_every_table(empty: sqlite3.Connection) -> None:
    assert set(MODELS) == names(empty, "table")


@pytest.mark.parametrize("name", sorted(MODELS))
def test_records_have_the_columns_of_their_tables(empty: sqlite3.Connection, name: str) -> None:
    # INTEGER PRIMARY KEY fills itself, so PRAGMA says nothing of NOT NULL there.
    truth = {
        column: (kind, bool(not_null or key), bool(key))
        for _, column, kind, not_null, _, key in empty.execute(f"PRAGMA table_info({name})")
    }
    said = {
        column.name: (TYPES[str(column.type).partition("(")[0]], not column.nullable,
                      column.primary_key)
        for column in MODELS[name].columns
    }  # fmt: skip
    assert said == truth


@pytest.mark.parametrize("name", sorted(MODELS))
def test_records_have_the_defaults_of_their_tables(empty: sqlite3.Connection, name: str) -> None:
    defaults = {
        column: default
        for _, column, _, _, default, _ in empty.execute(f"PRAGMA table_info({name})")
    }
    for column in MODELS[name].columns:
        said = column.default.arg if column.default is not None else None
        if said is None:
            assert defaults[column.name] is None, f"{name}.{column.name} has a default in SQL alone"
        else:
            assert empty.execute(f"SELECT {defaults[column.name]}").fetchone()[0] == said


def test_every_table_is_strict(empty: sqlite3.Connection) -> None:
    rows = empty.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
    assert {name for name, strict in rows if not strict} <= {"sqlite_schema", "sqlite_sequence"}


def test_money_columns_are_integers(empty: sqlite3.Connection) -> None:
    for table in names(empty, "table"):
        for _, column, kind, *_ in empty.execute(f"PRAGMA table_info({table})"):
            if column.endswith(("_cents", "_e4")):
                assert kind == "INTEGER", f"{table}.{column}"
            assert kind in ("INTEGER", "TEXT", "BLOB"), f"{table}.{column}"


def test_the_readme_tells_every_table_and_guard(empty: sqlite3.Connection) -> None:
    tables = set(re.findall(r"\*\*(\w+)\*\*", README))
    assert tables == names(empty, "table")
    conditions, _, imaged = README.partition("## Guards with a condition")[2].partition(IMAGES)
    told = set(re.findall(r"`(\w+)`", conditions))
    told |= {f"{table}_{what}" for table, words in images(imaged) for what in words}
    for table in guarded():
        told |= {f"{table}_unchanged", f"{table}_stays", f"{table}_not_replaced"}
    assert told == names(empty, "trigger")


def images(part: str) -> list[tuple[str, list[str]]]:
    """The tables whose rows `undo` puts back, and after what they leave an image."""
    found = re.findall(r"^- `(\w+)`: (.*)$", part, re.MULTILINE)
    return [(table, words.split(", ")) for table, words in found]


def test_an_image_holds_every_column_of_its_row(empty: sqlite3.Connection) -> None:
    triggers = dict(empty.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    for table, words in images(README.partition(IMAGES)[2]):
        info = list(empty.execute(f"PRAGMA table_info({table})"))
        columns = [column for _, column, *_ in info]
        keys = [column for _, column, *_, key in sorted(info, key=lambda row: row[5]) if key]
        for what in words:
            sql = " ".join(triggers[f"{table}_{what}"].split())
            side = "OLD" if what == "removed" else "NEW"
            assert (
                f"'{table}', '{what}', json_array({', '.join(f'{side}.{k}' for k in keys)})" in sql
            )
            if what != "added":
                kept = ", ".join(f"'{column}', OLD.{column}" for column in columns)
                assert f"json_object( {kept}))" in sql, f"{table}_{what}"


def test_every_table_is_guarded_put_back_or_named_here(empty: sqlite3.Connection) -> None:
    whole = {table for table, _ in images(README.partition(IMAGES)[2])}
    assert whole <= set(INVERSES)
    assert names(empty, "table") == whole | set(guarded()) | LEFT_ALONE


def guarded() -> list[str]:
    part = README.partition("## Guarded tables")[2].partition("## ")[0]
    return re.findall(r"^- `(\w+)`", part, re.MULTILINE)


def test_guarded_tables_are_those_with_unconditional_guards(empty: sqlite3.Connection) -> None:
    rows = empty.execute(
        "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall()
    never = {
        what: {
            table
            for table, sql in rows
            if f"BEFORE {what} ON" in sql and "WHEN" not in sql and "RAISE(ABORT" in sql
        }
        for what in ("UPDATE", "DELETE")
    }
    assert never["DELETE"] - {"claim", "period_claim"} == set(guarded())
    assert never["UPDATE"] - GO_WITH_AN_UNDO == set(guarded())


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("INSERT INTO client VALUES ('a', 'A', NULL, '[]', 30.5, 0, '{}', NULL)", "store REAL"),
        ("INSERT INTO client VALUES ('a', 'A', NULL, '[]', 'soon', 0, '{}', NULL)", "store TEXT"),
        ("INSERT INTO client VALUES ('a', 'A', NULL, 'no list', 30, 0, '{}', NULL)", "json_valid"),
        ("INSERT INTO client VALUES ('a', 'A', NULL, '[]', -1, 0, '{}', NULL)", "terms_days"),
        ("INSERT INTO setting VALUES ('x', 'not json')", "json_valid"),
        ("INSERT INTO timekeeper (id, name, archived_on) VALUES ('a', 'A', '2026-02-30')", "date"),
        ("INSERT INTO timekeeper (id, name, archived_on) VALUES ('a', 'A', 'May 1')", "date"),
        ("INSERT INTO matter (number, title, opened_on) VALUES ('', 'T', '2026-01-01')", "length"),
        ("INSERT INTO tax_code VALUES ('vat', 'VAT', 'fees'),('vat', 'VAT', 'fees')", "UNIQUE"),
    ],
)  # fmt: skip
def test_rows_that_mean_nothing_are_refused(empty: sqlite3.Connection, sql: str, why: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=why):
        empty.execute(sql)


MOVE = (
    "INSERT INTO move (entry_id, n, debit, credit, amount_cents, bill_id, payment_id)"
    " SELECT max(entry_id), 99, {}, max(bill_id), max(payment_id) FROM move"
)


@pytest.mark.parametrize(
    "what",
    [
        "'receivable', 'fee_income', 0",
        "'receivable', 'fee_income', -5",
        "'receivable', 'fee_income', 1.5",
        "'receivable', 'receivable', 5",
        "'petty_cash', 'fee_income', 5",
    ],
)
def test_postings_that_can_not_balance_are_refused(office: Path, shell, what: str) -> None:
    dbapi = shell(office)
    with pytest.raises(sqlite3.IntegrityError):
        dbapi.execute(MOVE.format(what))
    dbapi.execute(MOVE.format("'receivable', 'fee_income', 5"))  # the same row, but sound
