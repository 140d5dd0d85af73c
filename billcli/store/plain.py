"""The ledger over Python's own sqlite3: all that recording work needs, in a few milliseconds.

`store.ledger.Ledger` is this and SQLModel's session besides, so what is written for the plain one
serves both: a rule of recording work has one implementation.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from billcli.store import audit, change_sets, refusals, settings
from billcli.store.schema import APPLICATION_ID, newest
from billcli.store.wait import busy_wait
from billcli.values.dates import Clock, clock_of, local_day
from billcli.values.money import decimals_of


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
class PlainLedger:
    """An open ledger, with the clock, the actor and the command of this run."""

    path: Path
    clock: Clock
    actor: str
    command: str
    driver: sqlite3.Connection
    _writing: bool = field(default=False, init=False)
    _broken: bool = field(default=False, init=False)
    _unit: int | None = field(default=None, init=False)
    _joined: bool = field(default=False, init=False)

    @property
    def today(self) -> date:
        """The day of the run."""
        return self.clock.today

    @cached_property
    def currency(self) -> str:
        """The one currency of this ledger (D-52)."""
        return str(settings.get(self, "firm.currency"))

    @cached_property
    def decimals(self) -> int:
        """The decimals of its currency."""
        return decimals_of(self.currency)

    @cached_property
    def real_day(self) -> date:
        """The day it really is where the firm is: nothing in trust is dated after it (T13)."""
        return local_day(self.clock.now, str(settings.get(self, "firm.timezone")))

    @contextmanager
    def write(self) -> Iterator[Any]:
        """One transaction: all of it happens, or nothing; it waits for other writers.

        A block within a block is part of the outer one, and when it fails, all of it fails.
        """
        if self._writing:
            try:
                yield None
            except BaseException:
                self._broken = True
                raise
            return
        self.take_back()
        self._writing, self._broken = True, False
        try:
            with refusals.translated(self.path):
                self.driver.execute("BEGIN IMMEDIATE")
                before = change_sets.mark(self.driver)
                yield None
                # SQLite itself may have ended the transaction, as when the disk is full.
                if self._broken or not self.driver.in_transaction:
                    raise RuntimeError("A part of this change failed; none of it can be kept.")
                self.settle()
                kept = change_sets.keep(self.driver, before, unit=self._unit, joined=self._joined)
                self.commit()
            if self._joined:
                self._unit = self._unit or kept
        except BaseException:
            with refusals.ignored():
                self.take_back()
            raise
        finally:
            self._writing = False

    @contextmanager
    def one_change(self) -> Iterator[None]:
        """What is written in this block is one change for `undo`, however often it commits."""
        self._unit, self._joined = None, True
        try:
            yield
        finally:
            self._unit, self._joined = None, False

    def begin_reading(self) -> None:
        """Hold one moment of the ledger for what is read next, where that is how it is read."""

    def settle(self) -> None:
        """Send to the file what was only noted, so that SQL on the driver sees it."""

    def commit(self) -> None:
        """Keep what the transaction wrote."""
        self.driver.commit()

    def take_back(self) -> None:
        """End a transaction, if there is one, without keeping anything."""
        self.driver.rollback()

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

    def close(self) -> None:
        """Let go of the file."""
        self.driver.close()


def open_plain(path: Path, *, today: str | None, actor: str, command: str) -> PlainLedger | None:
    """Open a ledger that is of this version; None for any other file, and nothing is told of it."""
    driver = None
    try:
        driver = connect(path)
        mark = driver.execute("PRAGMA application_id").fetchone()[0]
        version = driver.execute("PRAGMA user_version").fetchone()[0]
        if (mark, version) == (APPLICATION_ID, newest()):
            clock = clock_of(today, timezone(driver))
            opened, driver = PlainLedger(path, clock, actor, command, driver), None
            return opened
    except sqlite3.Error:
        pass
    finally:
        if driver is not None:
            driver.close()
    return None


def timezone(driver: sqlite3.Connection) -> str:
    """The firm's time zone, before there is a clock."""
    key = "firm.timezone"
    found = driver.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return str(json.loads(found[0]) if found else settings.DEFAULTS[key])
