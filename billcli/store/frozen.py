"""A computed bill as JSON, for drafts, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

from billcli.core.bill import Bill, Part
from billcli.core.lines import Line
from billcli.core.tax import TaxSum
from billcli.core.work import Step

_DAYS = frozenset({"day", "due_on", "through", "period_start", "period_end"})
_ROWS = {"lines": Line, "parts": Part, "taxes": TaxSum, "because": Step}


def dumped(value: Any) -> Any:
    """A frozen value of the rules as JSON-able data; what holds by default is left out."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Line):
        defaults = Line._field_defaults
        return {
            name: dumped(found)
            for name, found in zip(Line._fields, value, strict=True)
            if name not in defaults or found != defaults[name]
        }
    if isinstance(value, tuple | list):
        return [dumped(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        kind: Any = type(value)
        return {
            name: dumped(found)
            for name, default in _defaults(kind)
            if (found := getattr(value, name)) != default
        }
    return value


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((f.name, f.default) for f in fields(kind))


def loaded(data: Mapping[str, Any]) -> Bill:
    """The bill that was dumped."""
    values = _with_days(data)
    for name, kind in _ROWS.items():
        values[name] = tuple(kind(**_with_days(row)) for row in data.get(name, ()))
    values["warnings"] = tuple(data.get("warnings", ()))
    values["periods"] = tuple(date.fromisoformat(day) for day in data.get("periods", ()))
    values["rows"] = tuple(data.get("rows", ()))
    values["allocated"] = tuple((who, cents) for who, cents in data.get("allocated", ()))
    return Bill(**values)


def _with_days(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: date.fromisoformat(value) if key in _DAYS and value else value
        for key, value in data.items()
    }
