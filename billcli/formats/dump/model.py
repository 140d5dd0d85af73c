"""What a dump says of itself before its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FORMAT = "billcli dump"
VERSION = 1
"""A dump of a later version is refused; an older one is read as it was meant."""

Value = str | int | bytes | None
TYPES = {"TEXT": str, "INTEGER": int, "BLOB": bytes}

UNITS = {
    "cents": "whole number of the smallest unit of the currency: see decimals",
    "e4": "whole number, times 10,000: 15000 is 1.5 hours, 1.5 per hour or 1.5 percent",
    "basis points": "hundredths of a percent",
    "date": "ISO date, YYYY-MM-DD",
    "json": "JSON as text, to be kept letter by letter: hashes are of it",
    "days": "days",
    "minutes": "minutes",
    "bytes": "bytes",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, TEXT, INTEGER or BLOB, and a key of UNITS where it has a unit."""

    name: str
    type: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with what it holds in words."""

    name: str
    about: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The ledger's schema and currency, and the last id of each table that counts its own."""

    schema: int
    currency: str
    decimals: int
    counters: Mapping[str, int]
