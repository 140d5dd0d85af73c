"""Where in a firm file a value stands, and what is wrong there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from billcli.values.text import visible

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_NAMED_BY = ("number", "id", "code", "name")


@dataclass(frozen=True, slots=True)
class Place:
    """A key of the file, or one table of a list; written out only when something is wrong."""

    parent: Place | None = None
    key: str = ""
    index: int | None = None
    table: object = None

    def __str__(self) -> str:
        """The full path: `matter[2] (2026-001).arrangement.value`."""
        if self.index is not None:
            return f"{self.parent}[{self.index + 1}]{_name_of(self.table)}"
        key = self.key if _BARE.fullmatch(self.key) else f'"{_short(self.key)}"'
        above = "" if self.parent is None else str(self.parent)
        return f"{above}.{key}" if above else key

    def under(self, key: str) -> Place:
        """The place of a key of this table."""
        return Place(self if self.key or self.index is not None else None, key)

    def item(self, index: int, table: object = None) -> Place:
        """The place of an element of this list; a table is called by its number, id or name."""
        return Place(self, index=index, table=table)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a firm file."""

    code: str
    sentence: str
    hint: str | None = None


def _name_of(table: object) -> str:
    if isinstance(table, dict):
        for key in _NAMED_BY:
            if isinstance(name := table.get(key), str) and name.strip():
                return f" ({_short(name.strip())})"
    return ""


def _short(text: str) -> str:
    cut = visible(text[:40])
    return cut if len(text) <= 40 else cut + "…"
