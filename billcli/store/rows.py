"""Rows by the thousand, on the driver itself: inserted by the models' columns, read by name.

A month end writes some thirty rows a bill. SQLAlchemy's execution costs more than the insert, so
the statements of the batch path are built once from the models and run on the same connection,
in the same transaction.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@cache
def _insertion(model: Any, names: tuple[str, ...]) -> tuple[str, itemgetter[tuple[Any, ...]]]:
    """The insert of these columns of a model, and how their values are taken from a row by place.

    A column that the model doesn't have is an error here. Finding each value by its name again
    for each row would take the driver longer. No row has less than two columns.
    """
    table = model.__table__
    columns = ", ".join(table.c[name].name for name in names)
    places = ", ".join("?" for _ in names)
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({places})"
    return statement, itemgetter(*names)


def insert(ledger: Ledger, model: Any, values: Mapping[str, Any]) -> int:
    """Insert one row and return its id."""
    statement, placed = _insertion(model, tuple(values))
    cursor = driver(ledger).execute(statement, placed(values))
    return cursor.lastrowid or 0


def insert_all(ledger: Ledger, model: Any, values: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns."""
    if values:
        statement, placed = _insertion(model, tuple(values[0]))
        driver(ledger).executemany(statement, map(placed, values))


def one(ledger: Ledger, sql: str, values: Mapping[str, Any] | None = None) -> Any:
    """The first column of the first row, or None."""
    row = driver(ledger).execute(sql, values or {}).fetchone()
    return row[0] if row else None


def named(ledger: Ledger, sql: str, values: Mapping[str, Any]) -> Iterator[Any]:
    """The rows of a query, each with its columns as attributes."""
    cursor = driver(ledger).execute(sql, values)
    kind = _kind(tuple(column[0] for column in cursor.description))
    return map(kind._make, cursor)


@cache
def _kind(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)


def driver(ledger: Ledger) -> sqlite3.Connection:
    """The driver's connection, inside the transaction of write(), or else of the session."""
    if not ledger.driver.in_transaction:
        ledger.session.connection()
    return ledger.driver
