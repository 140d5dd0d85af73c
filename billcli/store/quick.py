"""The quickest reads, over Python's own sqlite3: what the TAB key offers."""

from __future__ import annotations

import sqlite3
from pathlib import Path

Found = list[tuple[str, str]]

_BEGUN = "{0} >= :start AND {0} < :start || char(0x10ffff)"
QUERIES: dict[str, tuple[str, ...]] = {
    "matters": (
        f"SELECT number, title FROM matter WHERE {_BEGUN.format('number')} ORDER BY number",
    ),
    "clients": (f"SELECT id, name FROM client WHERE {_BEGUN.format('id')} ORDER BY id",),
    "timekeepers": ("SELECT id, name FROM timekeeper ORDER BY id",),
    "bills": (
        "SELECT number, '' FROM bill ORDER BY number DESC LIMIT 500",
        "SELECT 'D-' || id, 'draft' FROM draft ORDER BY id DESC LIMIT 500",
    ),
    "runs": ("SELECT id, key FROM run ORDER BY id DESC LIMIT 500",),
    "mails": (
        """SELECT 'M-' || id, recipient FROM outbox AS o WHERE NOT EXISTS (SELECT 1
        FROM outbox_event WHERE outbox_id = o.id AND what IN ('sent', 'dropped'))
        ORDER BY id DESC LIMIT 500""",
    ),
    "practice_areas": ("SELECT DISTINCT practice_area, '' FROM matter WHERE practice_area > ''",),
    "payments": (
        "SELECT 'P-' || id, client_id || ' ' || day FROM payment ORDER BY id DESC LIMIT 500",
    ),
    "trust_entries": (
        "SELECT 'TR-' || id, kind || ' ' || day FROM trust_entry ORDER BY id DESC LIMIT 500",
    ),
    "retainer_entries": (
        "SELECT 'RT-' || id, kind || ' ' || day FROM retainer_entry ORDER BY id DESC LIMIT 500",
    ),
    "changes": ("SELECT id, command || ' ' || object FROM audit ORDER BY id DESC LIMIT 20",),
    "workflows": ("SELECT name, '' FROM workflow ORDER BY name",),
    "utbms_codes": ("SELECT code, title FROM utbms_code ORDER BY code",),
    "utbms_sets": ("SELECT DISTINCT set_name, '' FROM utbms_code ORDER BY set_name",),
}
"""What is offered, each with a word on it; of what grows without end only the newest.

Of matters and clients there may be very many too: no more are read than go on from what is typed.
"""


def offers(path: Path, name: str, start: str = "") -> Found:
    """What one of the queries offers in a ledger that is opened for reading alone."""
    if not path.is_file():
        return []
    ledger = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=0.5)
    try:
        return [
            (str(value), str(told or ""))
            for sql in QUERIES[name]
            for value, told in ledger.execute(sql, {"start": start})
            if str(value).startswith(start)
        ]
    finally:
        ledger.close()
