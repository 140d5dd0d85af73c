"""Bringing a ledger up to this program's schema: forward only, after a backup copy."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from billcli.assets import schema_folder
from billcli.errors import LedgerProblem
from billcli.store import copies
from billcli.store.schema import APPLICATION_ID as APPLICATION_ID
from billcli.store.schema import newest as newest
from billcli.store.wait import busy_wait


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file of schema/: a transaction that ends by setting user_version."""

    version: int
    path: Path

    def statements(self) -> Iterator[str]:
        """Its statements, one by one."""
        text = ""
        for line in self.path.read_text(encoding="utf-8").splitlines(keepends=True):
            text += line
            if sqlite3.complete_statement(text):
                yield text
                text = ""


def migrations() -> list[Migration]:
    """The files of schema/, in their order."""
    found = [
        Migration(int(path.name[:4]), path)
        for path in schema_folder().glob("*.sql")
        if re.match(r"\d{4}_", path.name)
    ]
    return sorted(found, key=lambda m: m.version)


def create(path: Path, *, version: int | None = None) -> None:
    """Make a new, empty ledger file that only its owner can read; complete or absent.

    Of an earlier schema where one is named. FileExistsError where there is a file already.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        raise FileExistsError(17, "File exists", str(path))
    copies.drop_strays(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        dbapi = sqlite3.connect(part, isolation_level=None)
        try:
            for migration in migrations():
                if version is None or migration.version <= version:
                    for statement in migration.statements():
                        dbapi.execute(statement)
            dbapi.execute("PRAGMA journal_mode = WAL")
        finally:
            dbapi.close()
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        copies.take_place(part, path, anew=True)
    finally:
        part.unlink(missing_ok=True)


def version_of(path: Path) -> int:
    """The schema version of a ledger; a file that is none, or too new, is refused."""
    dbapi = copies.reading(path)
    try:
        mark = dbapi.execute("PRAGMA application_id").fetchone()[0]
        version = _version(dbapi)
    finally:
        dbapi.close()
    if mark != APPLICATION_ID:
        raise LedgerProblem(
            "ledger.not-a-ledger",
            f"{path} is not a billcli ledger.",
            hint="Name another with --ledger PATH.",
        )
    if version > newest():
        raise LedgerProblem(
            "ledger.newer",
            f"The ledger {path} has schema {version}; this program knows up to {newest()}.",
            hint="Update billcli; the ledger was not touched.",
        )
    return version


def bring_up(path: Path, *, keep: bool = True) -> Path | None:
    """Run the migrations a ledger lacks; returns the backup that was made first.

    Without `keep` there is none: a ledger in the making has nothing to lose.
    """
    if version_of(path) == newest():
        return None
    backup = None
    dbapi = sqlite3.connect(path, isolation_level=None, timeout=busy_wait())
    try:
        # Some builds of SQLite have foreign keys on at first. Off, a table can be rebuilt without
        # taking along the rows that refer to it (B19). They are checked before each commit.
        dbapi.execute("PRAGMA foreign_keys = OFF")
        for migration in migrations():
            for statement in migration.statements():
                if _is(statement, "COMMIT"):
                    _refuse_broken(dbapi, path)
                dbapi.execute(statement)
                if _is(statement, "BEGIN"):
                    # Only now no other program can be migrating the same ledger.
                    version = _version(dbapi)
                    if version >= migration.version:
                        dbapi.execute("ROLLBACK")
                        break
                    if keep:
                        backup = backup or _kept(path, version)
    except BaseException:
        if dbapi.in_transaction:
            dbapi.execute("ROLLBACK")
        raise
    finally:
        dbapi.close()
    return backup


def _kept(path: Path, version: int) -> Path:
    """A copy beside the ledger; an earlier one is never overwritten."""
    n = 1
    while True:
        ending = f".schema-{version}.bak" if n == 1 else f".schema-{version}.{n}.bak"
        target = path.with_name(path.name + ending)
        try:
            copies.copy(path, target)
            return target
        except FileExistsError:
            n += 1


def _refuse_broken(dbapi: sqlite3.Connection, path: Path) -> None:
    broken = dbapi.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise LedgerProblem(
            "ledger.migration",
            f"Migrating {path} would leave {len(broken)} rows of {broken[0][0]} pointing nowhere.",
            hint="The ledger was not changed; keep using the older program and report this.",
        )


def _version(dbapi: sqlite3.Connection) -> int:
    return int(dbapi.execute("PRAGMA user_version").fetchone()[0])


def _is(statement: str, word: str) -> bool:
    """Whether a statement begins with the word, comments before it aside."""
    bare = re.sub(r"--[^\n]*\n", "", statement).lstrip()
    return bare.upper().startswith(word)
