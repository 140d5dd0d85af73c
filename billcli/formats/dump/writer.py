"""A dump as lines: each row on a line of its own, a checksum for each table and one for all."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from billcli.formats.dump.model import FORMAT, UNITS, VERSION, Head, Table, Value

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": "))
_ROW = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
ABOUT = (
    "Everything that a billcli ledger holds. Each table has its columns and its rows in the order "
    "of its key. Each sha256 is of the lines above it, each ended by a line feed: a table's of its "
    "rows, the last one of all lines before it. A blob is its text, or base64 where it is none."
)


def lines(
    head: Head, tables: Iterable[tuple[Table, Iterable[tuple[Value, ...]]]]
) -> Iterator[bytes]:
    """The document, line by line; it holds no more than one row in memory."""
    whole = hashlib.sha256()
    count = 0

    def line(text: str) -> bytes:
        made = f"{text}\n".encode()
        whole.update(made)
        return made

    said = {
        "format": FORMAT,
        "version": VERSION,
        "about": ABOUT,
        "schema": head.schema,
        "currency": head.currency,
        "decimals": head.decimals,
        "units": UNITS,
        "counters": dict(head.counters),
    }
    yield line(f'{{"head": {_ENCODER.encode(said)},')
    yield line('"tables": {')
    between = ""
    for table, rows in tables:
        columns = [
            {"name": c.name, "type": c.type.lower()} | ({"unit": c.unit} if c.unit else {})
            for c in table.columns
        ]
        named = _ENCODER.encode(table.name)
        about, told = _ENCODER.encode(table.about), _ENCODER.encode(columns)
        yield line(f'{between}{named}: {{"about": {about}, "columns": {told}, "rows": [')
        own, n, waiting = hashlib.sha256(), 0, None
        for row in rows:
            if waiting is not None:
                made = line(waiting + ",")
                own.update(made)
                yield made
            waiting = encoded(row)
            n += 1
        if waiting is not None:
            made = line(waiting)
            own.update(made)
            yield made
        count += n
        yield line(f'], "count": {n}, "sha256": "{own.hexdigest()}"}}')
        between = ", "
    yield line(f'}}, "count": {count},')
    yield f'"sha256": "{whole.hexdigest()}"}}\n'.encode()


def encoded(row: tuple[Value, ...]) -> str:
    """A row as JSON."""
    try:
        return _ROW.encode(row)
    except TypeError:
        return _ROW.encode([_blob(value) if isinstance(value, bytes) else value for value in row])


def _blob(value: bytes) -> dict[str, Any]:
    """Bytes as text where they are text, so that people can read a bill in the dump."""
    try:
        return {"text": value.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode("ascii")}
