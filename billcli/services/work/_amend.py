"""Changing a row: only what differs is changed, and only that goes into the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Amended(NamedTuple):
    """The fields that changed, as they were and as they are."""

    before: dict[str, Any]
    after: dict[str, Any]

    def __bool__(self) -> bool:
        return bool(self.after)


def amend(row: Any, wanted: Mapping[str, Any]) -> Amended:
    """Set each field of the row to what is wanted; says what that changed."""
    was = {name: getattr(row, name) for name in wanted}
    before = {name: value for name, value in was.items() if value != wanted[name]}
    for name in before:
        setattr(row, name, wanted[name])
    return Amended(before, {name: wanted[name] for name in before})
