"""The ledger: one SQLite file, one writer at a time, and every change in its audit log."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from billcli.errors import LedgerProblem
from billcli.store import audit, migrate, refusals
from billcli.store.wait import busy_wait
from billcli.values.dates import Clock, clock_of, local_day
from billcli.values.money import decimals_of

DBErrors = (SQLAlchemyError, sqlite3.Error)


def connect(path: Path, *, wait: int | None = None, read_only: bool = False) -> sqlite3.Connection:
    """A plain connection with the ledger's pragmas; transactions are begun by hand."""
    mode = "ro" if read_only else "rw"
    uri = path.absolute().as_uri() + f"?mode={mode}"
    dbapi = sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=busy_wait() if wait is None else wait
    )
    try:
        dbapi.execute("PRAGMA foreign_keys = ON")
        dbapi.execute("PRAGMA recursive_triggers = ON")
        dbapi.execute("PRAGMA synchronous = FULL")
        dbapi.execute("PRAGMA wal_autocheckpoint = 8000")
    except sqlite3.Error:
        dbapi.close()
        raise
    return dbapi


@dataclass
class Ledger:
    """An open ledger, with the clock, the actor and the command of this run."""

    path: Path
    clock: Clock
    actor: str
    command: str
    engine: Engine
    connection: Connection
    session: Session
    driver: sqlite3.Connection
    """The driver's own connection, for the batch path of store/rows.py."""
    _writing: bool = False
    _broken: bool = False

    @property
    def today(self) -> date:
        """The day of the run."""
        return self.clock.today

    @cached_property
    def currency(self) -> str:
        """The one currency of this ledger (D-52)."""
        from billcli.store import settings

        return str(settings.get(self, "firm.currency"))

    @cached_property
    def decimals(self) -> int:
        """The decimals of its currency."""
        return decimals_of(self.currency)

    @cached_property
    def real_day(self) -> date:
        """The day it really is where the firm is: nothing in trust is dated after it (T13)."""
        from billcli.store import settings

        return local_day(self.clock.now, str(settings.get(self, "firm.timezone")))

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: all of it happens, or nothing; it waits for other writers.

        A block within a block is part of the outer one, and when it fails, all of it fails.
        """
        if self._writing:
            try:
                yield self.session
            except BaseException:
                self._broken = True
                raise
            return
        self.session.rollback()
        self._writing, self._broken = True, False
        try:
            with refusals.translated(self.path):
                self.driver.execute("BEGIN IMMEDIATE")
                yield self.session
                # SQLite itself may have ended the transaction, as when the disk is full.
                if self._broken or not self.driver.in_transaction:
                    raise RuntimeError("A part of this change failed; none of it can be kept.")
                self.session.flush()
                self.session.commit()
                # Where all was written on the driver, the session had nothing to end.
                self.driver.commit()
        except BaseException:
            with refusals.ignored():
                self.session.rollback()
                self.driver.rollback()
            raise
        finally:
            self._writing = False

    def record(
        self,
        what: str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        matter_id: int | None = None,
    ) -> audit.Mark:
        """Log a change; the mark goes onto the rows that it stands behind."""
        return audit.record(self, what, before=before, after=after, matter_id=matter_id)

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
        self.engine.dispose()


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
    engine = create_engine("sqlite://", creator=lambda: driver, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Within write() the session joins the transaction that is there.
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN")

    connection = engine.connect()
    session = Session(bind=connection, expire_on_commit=False, autoflush=False)
    zone = session.connection().exec_driver_sql(
        "SELECT value FROM setting WHERE key = 'firm.timezone'"
    )
    clock = clock_of(today, json.loads(zone.scalar() or '"UTC"'))
    return Ledger(path, clock, actor, command, engine, connection, session, driver)
