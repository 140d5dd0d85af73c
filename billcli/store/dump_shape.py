"""The tables of a ledger as a dump tells them: columns with their units, keys, and their words."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from functools import cached_property

from billcli.assets import schema_folder

_PARAGRAPH = re.compile(
    r"^((?:\*\*\w+\*\*(?:, | and )?)+): (.+?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL
)
_NAMES = re.compile(r"\*\*(\w+)\*\*")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type in words of SQL, what its values are in, and its place in the key."""

    name: str
    type: str
    unit: str
    key: int


@dataclass(frozen=True)
class Table:
    """A table: its columns, and the table that each column refers to where it does."""

    name: str
    columns: tuple[Column, ...]
    refers: dict[str, str]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns of its key, in their order."""
        keyed = sorted((column.key, column.name) for column in self.columns if column.key)
        return tuple(name for _, name in keyed)


def tables(dbapi: sqlite3.Connection) -> tuple[Table, ...]:
    """Every table of the ledger, in the order in which the schema made them."""
    found = dbapi.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%'"
        " ESCAPE '\\' ORDER BY rowid"
    ).fetchall()
    return tuple(_table(dbapi, name, sql) for name, sql in found)


def _table(dbapi: sqlite3.Connection, name: str, sql: str) -> Table:
    columns = tuple(
        Column(column, kind.upper(), _unit(column, sql), key)
        for _, column, kind, _, _, key in dbapi.execute(f'PRAGMA table_info("{name}")')
    )
    refers = {row[3]: row[2] for row in dbapi.execute(f'PRAGMA foreign_key_list("{name}")')}
    return Table(name, columns, refers)


def _unit(column: str, sql: str) -> str:
    """What the values of a column are in, by its name's end and by what the schema checks."""
    ends = {
        "_cents": "cents",
        "_e4": "e4",
        "_days": "days",
        "_minutes": "minutes",
        "_bytes": "bytes",
        "_points": "basis points",
    }
    for end, unit in ends.items():
        if column.endswith(end):
            return unit
    if f"{column} IS date({column}" in sql:
        return "date"
    if f"json_valid({column})" in sql:
        return "json"
    return ""


def counters(dbapi: sqlite3.Connection) -> dict[str, int]:
    """The last id that each table gave, though its row may be gone by now."""
    return dict(dbapi.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name").fetchall())


def abouts() -> dict[str, str]:
    """What each table holds, in the words of the schema's own page."""
    page = (schema_folder() / "README.md").read_text("utf-8").partition("\n## Guarded tables")[0]
    return {
        name: _plain(words)
        for heading, words in _PARAGRAPH.findall(page)
        for name in _NAMES.findall(heading)
    }


def _plain(words: str) -> str:
    said = re.sub(r"[*`]", "", " ".join(words.split()))
    return said[:1].upper() + said[1:]
