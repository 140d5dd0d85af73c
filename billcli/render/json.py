"""Views as JSON: the unit at the end of a name decides how the number is written.

`total_cents` becomes `total` with "1500.00", `hours_e4` becomes `hours` with "1.50".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from itertools import islice
from pathlib import PurePath
from typing import Any

from billcli.values.hours import plain_hours
from billcli.values.money import plain, plain_percent, plain_rate

ROWS = 100
"""So many rows of a list make a piece."""
_END = "\n"
"""Between lines; within a text JSON writes it as two characters."""
# What JSON leaves as it is but a terminal may obey: DEL, C1 and changes of direction.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def jsonable(value: Any, decimals: int) -> Any:
    """The value in JSON's own types; `decimals` are the currency's."""
    if value is None or isinstance(value, (bool, int, str)):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Enum):
        return jsonable(value.value, decimals)
    if isinstance(value, date):
        return value.isoformat()
    value = _by_name(value)
    if isinstance(value, Mapping):
        return {key_of(k): in_units(v, str(k), decimals) for k, v in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [jsonable(item, decimals) for item in value]
    if isinstance(value, PurePath):
        return str(value)
    raise TypeError(f"A view holds a {type(value).__name__}, which has no place in JSON.")


def key_of(name: Any) -> str:
    """The name as JSON shows it: without the unit."""
    return str(name).removesuffix("_cents").removesuffix("_e4")


def in_units(value: Any, name: str, decimals: int) -> Any:
    """A number written in the unit that its name ends with; other values as they are."""
    if not name.endswith(("_cents", "_e4")) or value is None:
        return jsonable(value, decimals)
    if isinstance(value, Mapping):
        return {str(k): in_units(v, name, decimals) for k, v in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [in_units(item, name, decimals) for item in value]
    if name.endswith("_cents"):
        return plain(value, decimals)
    if name.endswith(("hours_e4", "logged_e4")):
        return plain_hours(value)
    if name.endswith(("rate_e4", "rate_cap_e4")):
        return plain_rate(value, decimals)
    if name.endswith(("percent_e4", "pct_e4", "origination_e4", "release_e4")):
        return plain_percent(value)
    raise TypeError(f"{name}: no unit is known by that name.")


def document(value: Any, decimals: int, *, ascii_only: bool = False) -> str:
    """One JSON document, indented, with its line end."""
    return "".join(pieces(value, decimals, ascii_only=ascii_only))


def pieces(value: Any, decimals: int, *, ascii_only: bool = False) -> Iterator[str]:
    """The same document a piece at a time; of long lists in it some rows are held."""
    encoder = json.JSONEncoder(indent=2, ensure_ascii=ascii_only)

    def written(part: Any, name: str) -> str:
        text = encoder.encode(in_units(part, name, decimals))
        return _OBEYED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)

    def listed(rows: Sequence[Any], name: str, indent: str) -> Iterator[str]:
        coming, before = iter(rows), "["
        while some := list(islice(coming, ROWS)):
            lines = written(some, name)[1:-2]  # without the brackets and the last line's end
            yield before + lines.replace(_END, _END + indent)
            before = ","
        yield f"\n{indent}]"

    value = _by_name(value)
    if _is_list(value) and value:
        yield from listed(value, "", "")
    elif isinstance(value, Mapping) and value:
        before = "{\n"
        for key, (name, part) in {key_of(k): (str(k), v) for k, v in value.items()}.items():
            yield f"{before}  {written(key, '')}: "
            if _is_list(part) and part:
                yield from listed(part, name, "  ")
            else:
                yield written(part, name).replace(_END, _END + "  ")
            before = ",\n"
        yield "\n}"
    else:
        yield written(value, "")
    yield "\n"


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray))


def _by_name(value: Any) -> Any:
    """A view as a mapping, be it a dataclass or a named tuple; other values as they are."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return dict(zip(value._fields, value, strict=True))
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return value
