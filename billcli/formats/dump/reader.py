"""A dump read line by line: what was changed since it was written is found and named."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from billcli.errors import Refused, UsageProblem
from billcli.formats.dump.model import FORMAT, VERSION, Column, Head, Table, Value
from billcli.values.money import decimals_of
from billcli.values.text import shown

_LARGEST = 2**63
_OPEN = re.compile(r'(?:, )?("(?:\w+)"): (\{.*"rows": \[)')
_CLOSE = re.compile(r'\], "count": (\d+), "sha256": "([0-9a-f]{64})"\}')
_END = re.compile(r'\}, "count": (\d+),')
_LAST = re.compile(r'"sha256": "([0-9a-f]{64})"\}')
_WHOLE = "It was cut, edited or written anew since; make another with `billcli export json`."


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its line in the file."""

    line: int
    values: tuple[Value, ...]


class Dump:
    """A dump on its way in: its head at once, then each table and its rows, once and in order.

    UsageProblem `dump.format` where it is none, `dump.damaged`; Refused `dump.newer`. Only when
    `tables` came to its end, the whole file is known to be what was written.
    """

    def __init__(self, lines: Iterable[bytes], name: str) -> None:
        self.name = name
        self.line = 0
        self.count = 0
        self._lines = iter(lines)
        self._whole = hashlib.sha256()
        self.head = self._head()

    def tables(self) -> Iterator[tuple[Table, Iterator[Row]]]:
        """Each table with its rows, which must be taken before the next one comes."""
        if self._next() != '"tables": {':
            raise self.damaged("the tables should begin here")
        seen: set[str] = set()
        text = self._next()
        while not _END.fullmatch(text):
            table = self._table(text)
            if table.name in seen:
                raise self.damaged(f"a second table {table.name}")
            seen.add(table.name)
            rows = self._rows(table)
            yield table, rows
            for _ in rows:
                pass
            text = self._next()
        self._close(text)

    def damaged(self, what: str, line: int | None = None) -> UsageProblem:
        """What is wrong with the file, and where."""
        return UsageProblem(
            "dump.damaged",
            f"{self.name}, line {line or self.line}: {what}.",
            hint=_WHOLE,
        )

    def _head(self) -> Head:
        first = self._next()
        try:
            said = json.loads(f"{first.removesuffix(',')}}}")["head"]
            known = said["format"] == FORMAT
        except (ValueError, LookupError, TypeError, RecursionError):
            known = False
        if not known:
            raise UsageProblem(
                "dump.format",
                f"{self.name} is no dump of a billcli ledger.",
                hint="billcli export json --out FILE makes one.",
            )
        try:
            if type(said["version"]) is int and said["version"] > VERSION:
                raise newer(self.name, "a form", said["version"], VERSION)
            counters = {str(table): _whole(n) for table, n in said["counters"].items()}
            head = Head(_whole(said["schema"]), str(said["currency"]), said["decimals"], counters)
            if said["version"] != VERSION or decimals_of(head.currency) != head.decimals:
                raise ValueError
        except (ValueError, LookupError, TypeError, AttributeError, UsageProblem):
            raise self.damaged("its head doesn't say what a dump's does") from None
        return head

    def _table(self, text: str) -> Table:
        found = _OPEN.fullmatch(text)
        try:
            if found is None:
                raise ValueError
            said = json.loads(f"{found[2]}]}}")
            columns = tuple(
                Column(str(c["name"]), str(c["type"]).upper(), str(c.get("unit", "")))
                for c in said["columns"]
            )
            return Table(json.loads(found[1]), str(said["about"]), columns)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise self.damaged("a table should begin here") from None

    def _rows(self, table: Table) -> Iterator[Row]:
        own, n, more = hashlib.sha256(), 0, True
        while True:
            text = self._next()
            end = _CLOSE.fullmatch(text)
            if end is not None:
                break
            if not more:
                raise self.damaged(f"the rows of {table.name} should end here")
            more = text.endswith(",")
            own.update(f"{text}\n".encode())
            n += 1
            yield Row(self.line, self._values(text.removesuffix(","), table))
        if (n, own.hexdigest()) != (int(end[1]), end[2]):
            raise self.damaged(f"the rows of {table.name} above aren't those that were written")
        self.count += n

    def _values(self, text: str, table: Table) -> tuple[Value, ...]:
        try:
            said = json.loads(text)
            if type(said) is not list or len(said) != len(table.columns):
                raise ValueError
            return tuple(map(_value, said, table.columns))
        except (ValueError, LookupError, TypeError, RecursionError, binascii.Error):
            raise self.damaged(f"this is no row of {table.name}: {shown(text[:60])}") from None

    def _close(self, text: str) -> None:
        end = _END.fullmatch(text)
        if end is None or int(end[1]) != self.count:
            raise self.damaged(f"{self.count:,} rows are above")
        whole = self._whole.hexdigest()
        last = _LAST.fullmatch(self._next())
        if last is None or last[1] != whole:
            raise self.damaged("the lines above aren't those that were written")
        for extra in self._lines:
            if extra.strip():
                self.line += 1
                raise self.damaged("something follows the end")

    def _next(self) -> str:
        """The next line, without the end that a mail or an editor may have changed."""
        made = next(self._lines, None)
        self.line += 1
        if made is None and self.line == 1:
            return ""
        if made is None:
            raise self.damaged("the file ends here, before its end")
        bare = made.rstrip(b"\r\n")
        if self.line == 1:
            bare = bare.removeprefix(b"\xef\xbb\xbf")
        self._whole.update(bare + b"\n")
        try:
            return bare.decode("utf-8")
        except UnicodeDecodeError:
            if self.line == 1:
                return ""
            raise self.damaged("this is no UTF-8 text") from None


def newer(name: str, what: str, theirs: int, ours: int) -> Refused:
    """The refusal of what a later program wrote."""
    return Refused(
        "dump.newer",
        f"{name} is of {what} {theirs}; this program knows up to {ours}.",
        hint="Update billcli; nothing was changed.",
    )


def _value(said: Any, column: Column) -> Value:
    """A value as the column's type has it; ValueError where it isn't of that type."""
    if said is None:
        return None
    if column.type == "BLOB":
        ((kind, text),) = said.items()
        if kind == "text":
            return str(text).encode("utf-8")
        if kind == "base64":
            return base64.b64decode(text, validate=True)
        raise ValueError
    if column.type == "INTEGER" and type(said) is int and -_LARGEST <= said < _LARGEST:
        return said
    if column.type == "TEXT" and type(said) is str:
        said.encode("utf-8")
        return said
    raise ValueError


def _whole(said: Any) -> int:
    if type(said) is not int or not 0 <= said < _LARGEST:
        raise ValueError
    return said
