"""A computed bill as JSON, for drafts, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from billcli.core.bill import Bill, Part
from billcli.core.lines import Line
from billcli.core.tax import TaxSum
from billcli.core.work import Step

_DAYS = frozenset({"day", "due_on", "through", "period_start", "period_end"})
_ROWS = {"lines": Line, "parts": Part, "taxes": TaxSum, "because": Step}


def dumped(value: Any) -> Any:
    """A frozen value of the rules as JSON-able data; what holds by default is left out."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [dumped(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {
            f.name: dumped(found)
            for f in fields(value)
            if (found := getattr(value, f.name)) != f.default
        }
    return value


def loaded(data: Mapping[str, Any]) -> Bill:
    """The bill that was dumped."""
    values = _with_days(data)
    for name, kind in _ROWS.items():
        values[name] = tuple(kind(**_with_days(row)) for row in data.get(name, ()))
    values["warnings"] = tuple(data.get("warnings", ()))
    values["periods"] = tuple(date.fromisoformat(day) for day in data.get("periods", ()))
    values["rows"] = tuple(data.get("rows", ()))
    return Bill(**values)


def _with_days(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: date.fromisoformat(value) if key in _DAYS and value else value
        for key, value in data.items()
    }
