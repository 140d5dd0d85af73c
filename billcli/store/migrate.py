"""Bringing a ledger up to this program's schema: forward only, after a backup copy."""

from __future__ import annotations

import os
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from billcli.assets import schema_folder
from billcli.errors import LedgerProblem

APPLICATION_ID = 1112099916


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file of schema/."""

    version: int
    path: Path


def migrations() -> list[Migration]:
    """The files of schema/, in their order."""
    found = [
        Migration(int(path.name[:4]), path)
        for path in schema_folder().glob("*.sql")
        if re.match(r"\d{4}_", path.name)
    ]
    return sorted(found, key=lambda m: m.version)


def newest() -> int:
    """The schema version of this program."""
    return migrations()[-1].version


def create(path: Path) -> None:
    """Make a new, empty ledger file that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    os.close(handle)
    dbapi = sqlite3.connect(path, isolation_level=None)
    try:
        dbapi.execute("PRAGMA journal_mode = WAL")
        for migration in migrations():
            dbapi.executescript(migration.path.read_text(encoding="utf-8"))
    finally:
        dbapi.close()


def version_of(path: Path) -> int:
    """The schema version of a ledger; a file that is none, or too new, is refused."""
    dbapi = sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True)
    try:
        mark = dbapi.execute("PRAGMA application_id").fetchone()[0]
        version = int(dbapi.execute("PRAGMA user_version").fetchone()[0])
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


def bring_up(path: Path) -> Path | None:
    """Run the migrations a ledger lacks; returns the backup that was made first."""
    version = version_of(path)
    missing = [m for m in migrations() if m.version > version]
    if not missing:
        return None
    backup = path.with_name(f"{path.name}.schema-{version}.bak")
    copy(path, backup)
    dbapi = sqlite3.connect(path, isolation_level=None, timeout=60)
    try:
        for migration in missing:
            dbapi.executescript(migration.path.read_text(encoding="utf-8"))
    except sqlite3.Error:
        if dbapi.in_transaction:
            dbapi.execute("ROLLBACK")
        raise
    finally:
        dbapi.close()
    return backup


def copy(source: Path, target: Path) -> None:
    """A consistent copy of a ledger in use, complete or absent, for its owner's eyes alone."""
    part = target.with_name(f".{target.name}.tmp")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    origin = sqlite3.connect(source.absolute().as_uri() + "?mode=ro", uri=True)
    copied = sqlite3.connect(part)
    try:
        origin.backup(copied)
        copied.execute("PRAGMA journal_mode = DELETE")
    finally:
        copied.close()
        origin.close()
    with part.open("rb") as handle:
        os.fsync(handle.fileno())
    part.replace(target)
