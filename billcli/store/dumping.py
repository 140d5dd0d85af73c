"""Everything a ledger holds, read in one transaction: tables with their rows, one by one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from billcli.store import copies, dump_shape
from billcli.store.dump_shape import Table

_SETTING = "SELECT value FROM setting WHERE key = ?"
Rows = Iterator[tuple[str | int | bytes | None, ...]]


@dataclass(frozen=True, slots=True)
class Moment:
    """A ledger at one moment: nothing that others write changes what it gives."""

    schema: int
    firm: str
    currency: str
    counters: dict[str, int]
    tables: tuple[Table, ...]
    dbapi: sqlite3.Connection

    def rows(self, table: Table) -> Rows:
        """The rows of a table in the order of its key."""
        columns, key = (", ".join(f'"{name}"' for name in of) for of in (table.names, table.key))
        return self.dbapi.execute(f'SELECT {columns} FROM "{table.name}" ORDER BY {key}')


@contextmanager
def moment(path: Path) -> Iterator[Moment]:
    """Read a ledger as it is now; whoever writes doesn't wait, and isn't seen."""
    dbapi = copies.reading(path)
    try:
        dbapi.execute("BEGIN")
        schema = int(dbapi.execute("PRAGMA user_version").fetchone()[0])
        firm, currency = _said(dbapi, "firm.name", ""), _said(dbapi, "firm.currency", "USD")
        tables = dump_shape.tables(dbapi)
        yield Moment(schema, firm, currency, dump_shape.counters(dbapi), tables, dbapi)
    finally:
        dbapi.close()


def _said(dbapi: sqlite3.Connection, key: str, default: str) -> str:
    """A setting of the firm, or what holds without it."""
    found = dbapi.execute(_SETTING, (key,)).fetchone()
    return str(json.loads(found[0])) if found else default
