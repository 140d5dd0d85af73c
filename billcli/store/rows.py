"""Rows on the driver itself: by the thousand at a month end, or one where a key press waits.

A month end writes some thirty rows a bill, and a short `t` can't afford the import of SQLModel.
SQLAlchemy's execution costs more than the insert, so these statements are built once from the
columns and run on the same connection, in the same transaction.
"""

from __future__ import annotations

import gc
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, wraps
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from billcli.store.plain import PlainLedger

Asked = ParamSpec("Asked")
Found = TypeVar("Found")

# Tables that a key press writes to, without their models; a test holds both together.
COLUMNS: dict[str, frozenset[str]] = {
    table: frozenset(names.split())
    for table, names in {
        "time_entry": "matter_id timekeeper_id day logged_e4 hours_e4 increment_minutes rounding"
        " rate_e4 standard_rate_e4 rate_typed standard_cents behavior description task_code"
        " activity_code held_on",
        "expense": "matter_id timekeeper_id day amount_cents behavior description category"
        " expense_code taxable held_on receipt",
        "charge": "matter_id timekeeper_id task_id day amount_cents description held_on"
        " withdrawn_on",
        "timer": "timekeeper_id matter_id started_at day description task_code activity_code",
        "time_span": "entry_id started_at stopped_at",
        "audit": "at today actor command object matter_id before after previous hash",
    }.items()
}


@cache
def _insertion(model: Any, names: tuple[str, ...]) -> tuple[str, itemgetter[tuple[Any, ...]]]:
    """The insert of these columns of a table, and how their values are taken from a row by place.

    A column that the table doesn't have is an error here. Finding each value by its name again
    for each row would take the driver longer. No row has less than two columns.
    """
    if isinstance(model, str):
        if unknown := set(names) - COLUMNS[model]:
            raise KeyError(f"{model} has no {', '.join(sorted(unknown))}")
        table, known = model, names
    else:
        table, known = model.__table__.name, tuple(model.__table__.c[name].name for name in names)
    places = ", ".join("?" for _ in names)
    statement = f"INSERT INTO {table} ({', '.join(known)}) VALUES ({places})"
    return statement, itemgetter(*names)


def insert(ledger: PlainLedger, model: Any, values: Mapping[str, Any]) -> int:
    """Insert one row into a model's table, or one of COLUMNS by its name, and return its id."""
    statement, placed = _insertion(model, tuple(values))
    cursor = driver(ledger).execute(statement, placed(values))
    return cursor.lastrowid or 0


def insert_all(ledger: PlainLedger, model: Any, values: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns."""
    if values:
        statement, placed = _insertion(model, tuple(values[0]))
        driver(ledger).executemany(statement, map(placed, values))


def insert_placed(
    ledger: PlainLedger, model: Any, names: tuple[str, ...], values: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows that are the values of these columns, by place."""
    if values:
        statement, _ = _insertion(model, names)
        driver(ledger).executemany(statement, values)


def one(ledger: PlainLedger, sql: str, values: Mapping[str, Any] | None = None) -> Any:
    """The first column of the first row, or None."""
    row = driver(ledger).execute(sql, values or {}).fetchone()
    return row[0] if row else None


def next_id(ledger: PlainLedger, table: str) -> int:
    """The id that a table's next row gets; the caller holds the write lock."""
    spent = one(ledger, "SELECT seq FROM sqlite_sequence WHERE name = :table", {"table": table})
    return int(spent or 0) + 1


def named(ledger: PlainLedger, sql: str, values: Mapping[str, Any]) -> Iterator[Any]:
    """The rows of a query, each with its columns as attributes."""
    cursor = driver(ledger).execute(sql, values)
    kind = _kind(tuple(column[0] for column in cursor.description))
    return map(kind._make, cursor)


def undisturbed(read: Callable[Asked, Found]) -> Callable[Asked, Found]:
    """The same function without the collector of garbage, which there is none of.

    What makes objects of a hundred thousand rows would have it look through all of them again and
    again, and take up to twice as long.
    """

    @wraps(read)
    def alone(*args: Asked.args, **named: Asked.kwargs) -> Found:
        collecting = gc.isenabled()
        gc.disable()
        try:
            return read(*args, **named)
        finally:
            if collecting:
                gc.enable()

    return alone


@cache
def _kind(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)


def driver(ledger: PlainLedger) -> sqlite3.Connection:
    """The driver's connection, inside the transaction of write(), or else of the session."""
    if not ledger.driver.in_transaction:
        ledger.begin_reading()
    return ledger.driver
