"""Recording with SQLModel's session and without it: the same rows, the same refusals."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel

import billcli.store.models as models
from billcli.errors import BillError
from billcli.services.work import agreed, codes, recording
from billcli.store import entries, rows
from billcli.store.ledger import attach
from billcli.store.plain import PlainLedger, open_plain
from billcli.values.dates import Clock

H = 10_000
DAY = date(2026, 11, 30)
MOMENT = datetime(2026, 11, 30, 17, 4, 5, 678901, UTC)
KEPT = ("time_entry", "expense", "audit", "change_set", "change_image", "sqlite_sequence")


@pytest.mark.parametrize("table", sorted(rows.COLUMNS))
def test_the_columns_of_the_quick_tables_are_those_of_the_models(table: str) -> None:
    columns = {column.name for column in SQLModel.metadata.tables[table].columns}
    assert models is not None
    assert rows.COLUMNS[table] == columns - {"id"}


def test_a_column_that_is_not_there_is_refused(ledger: Any) -> None:
    with ledger.write(), pytest.raises(KeyError, match="no_such"):
        rows.insert(ledger, "audit", {"at": "", "no_such": 1})


@pytest.fixture(scope="module")
def law_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Matters of every kind that recording asks about, by the services."""
    from offices import new_ledger

    from billcli.services.arrangement import arrangements
    from billcli.services.matter import closing, matters, options
    from billcli.services.office import clients, timekeepers
    from billcli.store.models import ExpenseCategoryRow

    path = new_ledger(tmp_path_factory.mktemp("plain") / "ledger.db")
    ledger = attach(path, today="2026-11-30", actor="tester", command="test")
    timekeepers.add(ledger, "ro", "R. Ohm", rate_e4=300 * H)
    timekeepers.add(ledger, "mk", "M. Klein", rate_e4=250 * H)
    timekeepers.add(ledger, "old", "O. Gone", rate_e4=100 * H)
    timekeepers.edit(ledger, "old", {"archived": True})
    clients.add(ledger, "a", "A")
    for number in ("hourly", "closed", "internal", "free", "capped"):
        matters.add(ledger, number, number, client="a", opened_on=date(2026, 1, 1))
    matters.add(ledger, "led", "Led", client="a", responsible="mk")
    arrangements.set_(ledger, "internal", "internal", {})
    arrangements.set_(ledger, "free", "non-billable", {}, valid_from=date(2026, 11, 15))
    arrangements.set_(ledger, "capped", "capped", {"value_cents": 1_000_00})
    options.set_options(ledger, "led", {"increment_minutes": 15, "rounding": "half-up"})
    options.set_options(ledger, "hourly", {"default_behavior": "no-charge"})
    timekeepers.rate(ledger, "mk", 275 * H, activity="A103")
    clients.rate(ledger, "a", "mk", 200 * H)
    options.set_options(ledger, "led", {"utbms": "Litigation"})
    with ledger.write():
        ledger.add(ExpenseCategoryRow, name="Filing fees", kind="disbursement", code="E112")
    closing.close(ledger, "closed")
    ledger.close()
    return path


NUMBERS = st.sampled_from(["hourly", "closed", "internal", "free", "capped", "led", "lead", ""])
DAYS = st.sampled_from([None, DAY, date(2026, 11, 10), date(2026, 11, 15), date(2026, 12, 1)])
WHO = st.sampled_from([None, "ro", "mk", "old", "nobody"])
CODE = st.sampled_from([None, "a103", "L110", "no code"])
TEXT = st.sampled_from(["Review", "x \x1b[31m \u202e", "Größe \U0001f600 'q' \"d\""])
TIME = st.fixed_dictionaries(
    {
        "number": NUMBERS,
        "hours_e4": st.sampled_from([0, 1, 1000, 15000, 16667, 240000, 240001]),
        "description": TEXT,
        "day": DAYS,
        "timekeeper": WHO,
        "rate_e4": st.sampled_from([None, 0, 123_4567]),
        "behavior": st.sampled_from([None, "hide", "no_charge", "nope"]),
        "task_code": CODE,
        "activity_code": CODE,
    }
)
EXPENSE = st.fixed_dictionaries(
    {
        "number": NUMBERS,
        "amount_cents": st.sampled_from([1, 40_00, 10**15]),
        "description": TEXT,
        "day": DAYS,
        "code": CODE,
        "category": st.sampled_from([None, "filing FEES", "Filing fees", "Filing"]),
        "bill": st.booleans(),
        "taxable": st.sampled_from([None, True, False]),
        "timekeeper": WHO,
    }
)
ENTRIES = st.lists(
    st.one_of(
        st.tuples(st.just("add_time"), TIME), st.tuples(st.just("add_expense"), EXPENSE)
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


def outcome(ledger: PlainLedger, what: str, asked: dict[str, Any]) -> Any:
    """What recording gave: the entry, or the refusal with all it says; and what is worth a word."""
    try:
        item = getattr(recording, what)(ledger, **asked)
    except BillError as refused:
        return type(refused), refused.code, refused.sentence, refused.hint
    told = recording.long_day(ledger, item) + codes.warnings(ledger, item)
    return item, told, agreed.warnings(ledger, item)


def contents(path: Path) -> dict[str, list[Any]]:
    shell = sqlite3.connect(path)
    try:
        known = {name for (name,) in shell.execute("SELECT name FROM sqlite_master")}
        return {
            table: shell.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
            for table in KEPT
            if table in known
        }
    finally:
        shell.close()


def plainly(path: Path) -> PlainLedger:
    ledger = open_plain(path, today="2026-11-30", actor="tester", command="time add")
    assert type(ledger) is PlainLedger
    return ledger


def wholly(path: Path) -> PlainLedger:
    return attach(path, today="2026-11-30", actor="tester", command="time add")


def recorded(
    original: Path, path: Path, open_: Callable[[Path], PlainLedger], asked: list[Any]
) -> tuple[list[Any], dict[str, list[Any]]]:
    """Record all that on a copy of the office, at a moment that stands still."""
    shutil.copyfile(original, path)
    ledger = open_(path)
    try:
        ledger.clock = Clock(DAY, MOMENT)
        told = [outcome(ledger, *each) for each in asked]
    finally:
        ledger.close()
    return told, contents(path)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ENTRIES)
def test_both_ledgers_write_the_same_rows_and_refuse_alike(
    law_office: Path, tmp_path: Path, asked: list[Any]
) -> None:
    plain = recorded(law_office, tmp_path / "plain.db", plainly, asked)
    whole = recorded(law_office, tmp_path / "whole.db", wholly, asked)
    assert plain == whole
    for name in ("plain.db", "whole.db"):
        for left in tmp_path.glob(f"{name}*"):
            left.unlink()


def test_a_row_written_plainly_is_what_its_model_writes(law_office: Path, tmp_path: Path) -> None:
    shutil.copyfile(law_office, tmp_path / "a.db")
    plain = plainly(tmp_path / "a.db")
    recording.add_time(plain, "led", 16667, "Review", timekeeper="mk", activity_code="a103")
    recording.add_expense(plain, "led", 40_00, "Fee", category="filing fees", taxable=True)
    plain.close()
    whole = attach(tmp_path / "a.db", today="2026-11-30", actor="tester", command="test")
    for table, model in (("time_entry", models.TimeEntryRow), ("expense", models.ExpenseRow)):
        with whole.write() as session:
            (row,) = session.connection().exec_driver_sql(f"SELECT * FROM {table}").mappings()
            again = model(**{name: value for name, value in row.items() if name != "id"})
            session.add(again)
            session.flush()
            kind = {"time_entry": "time", "expense": "expense"}[table]
            assert again.id is not None
            assert {**entries.stored(whole, kind, again.id), "id": row["id"]} == dict(row)
            item = entries.one(whole, kind, row["id"])
            assert replace(entries.one(whole, kind, again.id), id=item.id) == item
    whole.close()


@pytest.fixture
def lock(law_office: Path, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "locked.db"
    shutil.copyfile(law_office, path)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    yield path
    writer.close()


def test_B21_a_held_lock_is_told_in_a_sentence_here_too(
    lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILLCLI_BUSY_TIMEOUT", "0")
    ledger = plainly(lock)
    with pytest.raises(BillError) as said:
        recording.add_time(ledger, "hourly", H, "x", timekeeper="ro")
    assert said.value.code == "ledger.busy"
    ledger.close()


def test_a_file_that_is_no_ledger_of_this_version_is_left_to_others(tmp_path: Path) -> None:
    from billcli.store import migrate

    asked = {"today": None, "actor": "x", "command": "y"}
    text = tmp_path / "text.db"
    text.write_text("no ledger at all, but longer than a header of SQLite would be" * 9)
    older = tmp_path / "older.db"
    migrate.create(older, version=migrate.newest() - 1)
    for path in (tmp_path / "none.db", text, older, tmp_path):
        assert open_plain(path, **asked) is None, path
