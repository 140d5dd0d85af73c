"""Copies of a ledger: whole or absent, of one moment, and put back through SQLite itself."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from billcli.errors import LedgerProblem
from billcli.store.wait import busy_wait

FAILURES = (sqlite3.Error,)
BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a ledger holds, to compare two of them: rows by table, and the money ever moved."""

    rows: tuple[tuple[str, int], ...]
    moved_cents: int

    @property
    def changes(self) -> int:
        """The length of its audit log."""
        return dict(self.rows).get("audit", 0)


def reading(path: Path) -> sqlite3.Connection:
    """A connection that can't change the file; transactions are begun by hand."""
    uri = path.absolute().as_uri() + "?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=busy_wait(), isolation_level=None)


def contents(dbapi: sqlite3.Connection) -> Contents:
    """Count what a ledger holds."""
    tables = [
        name
        for (name,) in dbapi.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " ORDER BY name"
        )
    ]
    counted = tuple(
        (name, dbapi.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in tables
    )
    moved = 0
    if "move" in tables:
        moved = dbapi.execute("SELECT coalesce(sum(amount_cents), 0) FROM move").fetchone()[0]
    return Contents(counted, moved)


def contents_of(path: Path) -> Contents:
    """Count what the ledger in a file holds."""
    dbapi = reading(path)
    try:
        return contents(dbapi)
    finally:
        dbapi.close()


def faults_of(path: Path) -> list[str]:
    """What SQLite itself finds wrong with a file."""
    dbapi = reading(path)
    try:
        return faults(dbapi)
    finally:
        dbapi.close()


def copy(source: Path, target: Path, *, anew: bool = True, proved: bool = True) -> Contents:
    """Copy a ledger in use, as of one moment; the copy is complete or absent, mode 0600.

    Without `anew` a file that is there already is replaced; without `proved` a damaged ledger is
    copied as it is. FileExistsError, `copy.differs`.
    """
    with _beside(target, anew=anew) as part:
        origin = reading(source)
        copied = sqlite3.connect(part, isolation_level=None)
        try:
            # The read transaction holds the moment, and waits here rather than in the copying.
            origin.execute("BEGIN")
            held = contents(origin) if proved else Contents((), 0)
            origin.execute("SELECT count(*) FROM sqlite_master").fetchone()
            origin.backup(copied)
            origin.execute("COMMIT")
            # One file without a log beside it: what a folder on a stick can keep.
            copied.execute("PRAGMA journal_mode = DELETE")
            if proved and (contents(copied) != held or faults(copied)):
                raise LedgerProblem(
                    "copy.differs",
                    f"The copy of {source} isn't what the ledger holds; it was dropped.",
                    hint="`billcli check` proves the ledger.",
                )
        finally:
            copied.close()
            origin.close()
    return held


def put_back(source: Path, path: Path) -> None:
    """Make `path` hold what `source` holds, in one transaction of SQLite.

    Whoever has the ledger open sees the old one or the new one, and no log lying beside the file
    can bring back what was replaced (B20). LedgerProblem `ledger.busy` while another writes.
    """

    def give_up(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise sqlite3.OperationalError("database is locked")

    origin = reading(source)
    target = sqlite3.connect(path, isolation_level=None, timeout=busy_wait())
    try:
        target.execute("PRAGMA synchronous = FULL")
        origin.backup(target, progress=give_up)
        _ahead(target)
    finally:
        target.close()
        origin.close()


def write_ahead(path: Path) -> None:
    """Let readers and a writer of this ledger not wait for each other (WAL)."""
    target = sqlite3.connect(path, isolation_level=None, timeout=busy_wait())
    try:
        _ahead(target)
    finally:
        target.close()


def _ahead(target: sqlite3.Connection) -> None:
    # A backup is no WAL file; where others hold it open at this moment, the next command does it.
    with suppress(sqlite3.OperationalError):
        target.execute("PRAGMA journal_mode = WAL")
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def set_aside(path: Path, kept: Path) -> None:
    """Move a file that SQLite can't read out of the way, with the logs that belong to it."""
    for ending in ("", *BESIDE):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + ending))


def drop_strays(path: Path) -> None:
    """Remove logs beside a ledger that isn't there: they belong to nothing."""
    if not path.exists():
        for ending in BESIDE:
            path.with_name(path.name + ending).unlink(missing_ok=True)


def faults(dbapi: sqlite3.Connection) -> list[str]:
    """What SQLite itself finds wrong with a file."""
    found = [row[0] for row in dbapi.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
    found += [
        f"{table} row {row} names a row of {parent} that isn't there"
        for table, row, parent, _ in dbapi.execute("PRAGMA foreign_key_check")
    ]
    return found


@contextmanager
def _beside(target: Path, *, anew: bool) -> Iterator[Path]:
    """A file in the target's folder that takes the target's place once it is complete."""
    part = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        yield part
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        take_place(part, target, anew=anew)
    finally:
        part.unlink(missing_ok=True)


def take_place(part: Path, target: Path, *, anew: bool) -> None:
    """Name a complete file; with `anew`, a file that is there already stays (FileExistsError)."""
    if anew:
        try:
            os.link(part, target)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if target.exists():
                raise FileExistsError(17, "File exists", str(target)) from None
            part.rename(target)
    else:
        part.replace(target)
    with suppress(OSError):  # Windows can't open a folder
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
