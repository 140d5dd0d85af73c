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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@cache
def statement(model: Any, names: tuple[str, ...]) -> str:
    """The insert of these columns of a model; a column it doesn't have is an error here."""
    table = model.__table__
    columns = ", ".join(table.c[name].name for name in names)
    places = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {table.name} ({columns}) VALUES ({places})"


def insert(ledger: Ledger, model: Any, values: Mapping[str, Any]) -> int:
    """Insert one row and return its id."""
    cursor = driver(ledger).execute(statement(model, tuple(values)), values)
    return cursor.lastrowid or 0


def insert_all(ledger: Ledger, model: Any, values: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns."""
    if values:
        driver(ledger).executemany(statement(model, tuple(values[0])), values)


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
