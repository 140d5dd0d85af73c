"""The ledger: one SQLite file, one writer at a time, and every change in its audit log."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from billcli.errors import LedgerProblem
from billcli.store import migrate, refusals
from billcli.store.plain import PlainLedger, connect, timezone
from billcli.values.dates import clock_of

DBErrors = (SQLAlchemyError, sqlite3.Error)
# Ctrl-C while a connection closes would have the pool print a traceback beside our own words.
logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())


@dataclass
class Ledger(PlainLedger):
    """An open ledger with SQLModel's session on the same connection, in the same transaction.

    `driver`, the connection beneath, is for the batch path of store/rows.py.
    """

    connection: Connection
    session: Session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: all of it happens, or nothing; it waits for other writers.

        A block within a block is part of the outer one, and when it fails, all of it fails.
        """
        with super().write():
            yield self.session

    def begin_reading(self) -> None:
        """Let the session begin its transaction, as anything that it reads itself would."""
        self.session.connection()

    def settle(self) -> None:
        """Send to the file what the session holds back."""
        self.session.flush()

    def commit(self) -> None:
        """Keep it; where all was written on the driver, the session has nothing to end."""
        if self.session.in_transaction():
            self.session.commit()
        self.driver.commit()

    def take_back(self) -> None:
        """End the session's transaction and the driver's."""
        if self.session.in_transaction():
            self.session.rollback()
        self.driver.rollback()

    def add(self, table: type[Any], /, **values: Any) -> int:
        """Insert one row through Core and return its id."""
        result = self.session.connection().execute(insert(table.__table__).values(**values))
        key = result.inserted_primary_key
        return int(key[0]) if key and isinstance(key[0], int) else 0

    def add_all(self, table: type[Any], rows: list[dict[str, Any]]) -> None:
        """Insert many rows of the same columns."""
        if rows:
            self.session.connection().execute(insert(table.__table__), rows)

    def close(self) -> None:
        """Let go of the file."""
        self.session.close()
        self.connection.close()


def open_ledger(path: Path, *, today: str | None, actor: str, command: str) -> Ledger:
    """Open a ledger of this version, migrating an older one after a backup."""
    if not path.exists():
        raise LedgerProblem(
            "ledger.missing",
            f"There is no ledger at {path}.",
            hint="Make one with `billcli init`, or name another with --ledger PATH.",
        )
    with refusals.translated(path):
        migrate.bring_up(path)
        return attach(path, today=today, actor=actor, command=command)


def attach(path: Path, *, today: str | None, actor: str, command: str) -> Ledger:
    """Connect to a ledger that is known to be of this version."""
    driver = connect(path)
    handed = _handed.set(driver)
    try:
        connection = _engine().connect()
    finally:
        _handed.reset(handed)
    session = Session(bind=connection, expire_on_commit=False, autoflush=False)
    clock = clock_of(today, timezone(driver))
    return Ledger(path, clock, actor, command, driver, connection, session)


_handed: ContextVar[sqlite3.Connection] = ContextVar("handed")


@cache
def _engine() -> Engine:
    """One engine for all ledgers of a process: what it has compiled for one serves the next."""
    engine = create_engine("sqlite://", creator=_handed.get, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Within write() the session joins the transaction that is there.
        driver = connection.connection.dbapi_connection
        if driver is None or not driver.in_transaction:
            connection.exec_driver_sql("BEGIN")

    return engine
