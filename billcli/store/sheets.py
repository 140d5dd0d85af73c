"""The ledger as tables for a spreadsheet: names instead of ids, each with a sentence on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from billcli.core.states import bill_state
from billcli.store.dumping import Moment


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its key, whose end is its unit, and what it means."""

    key: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, what it holds, its columns, and the query that gives their values."""

    name: str
    about: str
    columns: tuple[Column, ...]
    sql: str


def sheet(name: str, about: str, columns: dict[str, str], sql: str) -> Sheet:
    """A sheet whose query gives its columns in their order."""
    return Sheet(name, about, tuple(Column(*each) for each in columns.items()), sql)


def rows(now: Moment, of: Sheet) -> Iterator[dict[str, Any]]:
    """The rows of a sheet by the keys of its columns."""
    now.dbapi.create_function("bill_state", 6, _state, deterministic=True)
    found = now.dbapi.execute(of.sql)
    keys = [column.key for column in of.columns]
    return (dict(zip(keys, row, strict=True)) for row in found)


def _state(issued: int, voided: int, total: int, paid: int, credited: int, lost: int) -> str:
    return bill_state(
        issued=bool(issued),
        voided=bool(voided),
        total_cents=total,
        paid_cents=paid,
        credited_cents=credited,
        written_off_cents=lost,
    )
