"""Where a transaction begins and ends in the log and among the images that `undo` goes by.

Python's own sqlite3 alone, as the quick paths write without a session.
"""

from __future__ import annotations

import sqlite3

Place = tuple[int, int]

_PLACE = (
    "SELECT coalesce((SELECT max(id) FROM audit), 0),"
    " coalesce((SELECT max(id) FROM change_image), 0)"
)
_KEEP = (
    "INSERT INTO change_set (unit, first_audit, last_audit, first_image, last_image)"
    " VALUES (coalesce(?, (SELECT coalesce(max(id), 0) + 1 FROM change_set)), ?, ?, ?, ?)"
    " RETURNING unit"
)


def mark(driver: sqlite3.Connection) -> Place:
    """The last row of the log and the last image, before a transaction writes."""
    audit, image = driver.execute(_PLACE).fetchone()
    return audit, image


def keep(
    driver: sqlite3.Connection, before: Place, *, unit: int | None = None, joined: bool = False
) -> int | None:
    """Note what the transaction wrote since the mark; returns the unit that it belongs to.

    Without an image there is nothing to take back and nothing to note, unless the transaction
    is `joined` to others: then its rows of the log belong to their change.
    """
    audit, image = mark(driver)
    if audit == before[0] or (image == before[1] and not joined):
        return unit
    values = (unit, before[0] + 1, audit, before[1] + 1, image)
    return int(driver.execute(_KEEP, values).fetchone()[0])
