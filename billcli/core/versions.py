"""The versions of a matter's arrangement, and which of them prices work of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a matter's arrangement; without `valid_from` it governs all work (D-17).

    Its `value_cents` hold the change orders made under it (§7.4); `change_cents` says how much.
    """

    id: int
    kind: str
    terms: Mapping[str, Any]
    valid_from: date | None = None
    change_cents: int = 0


def in_force(versions: tuple[Version, ...], day: date) -> Version:
    """The version that prices work of that day (D-17).

    A version without a date resets everything before it; the oldest governs earlier work too.
    """
    if versions[-1].valid_from is None:
        return versions[-1]
    base = max((i for i, v in enumerate(versions) if v.valid_from is None), default=0)
    chosen = versions[base]
    for version in sorted(versions[base + 1 :], key=lambda v: (v.valid_from or day, v.id)):
        if version.valid_from is not None and version.valid_from <= day:
            chosen = version
    return chosen
