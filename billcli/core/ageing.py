"""Ageing: what is open, by how long it is past its due date (§4.6)."""

from __future__ import annotations

from datetime import date

BUCKETS = ("current", "d1_30", "d31_60", "d61_90", "d91")


def bucket(due_on: date, as_of: date) -> str:
    """The bucket of a bill on a day; on its due date it is current."""
    late = (as_of - due_on).days
    if late <= 0:
        return "current"
    for edge, name in ((30, "d1_30"), (60, "d31_60"), (90, "d61_90")):
        if late <= edge:
            return name
    return "d91"
