"""The quickest reads, over Python's own sqlite3: what the TAB key offers."""

from __future__ import annotations

import sqlite3
from pathlib import Path

Found = list[tuple[str, str]]


def _read(path: Path, sql: str) -> Found:
    """The rows of a query on a ledger that is opened for reading alone."""
    if not path.is_file():
        return []
    ledger = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=0.5)
    try:
        return [(str(value), str(told or "")) for value, told in ledger.execute(sql)]
    finally:
        ledger.close()


def matters(path: Path) -> Found:
    """Numbers of matters with their titles."""
    return _read(path, "SELECT number, title FROM matter ORDER BY number")


def clients(path: Path) -> Found:
    """Ids of clients with their names."""
    return _read(path, "SELECT id, name FROM client ORDER BY id")


def bills(path: Path) -> Found:
    """Numbers of bills, the newest first, then drafts."""
    numbers = _read(path, "SELECT number, '' FROM bill ORDER BY number DESC LIMIT 500")
    return numbers + _read(path, "SELECT 'D-' || id, 'draft' FROM draft ORDER BY id DESC LIMIT 500")


def timekeepers(path: Path) -> Found:
    """Ids of timekeepers with their names."""
    return _read(path, "SELECT id, name FROM timekeeper ORDER BY id")


def runs(path: Path) -> Found:
    """Numbers of mass billing runs, the newest first, with their keys."""
    return _read(path, "SELECT id, key FROM run ORDER BY id DESC LIMIT 500")


def mails(path: Path) -> Found:
    """Messages of the outbox that aren't with their recipients, the newest first."""
    return _read(
        path,
        "SELECT 'M-' || id, recipient FROM outbox AS o WHERE NOT EXISTS (SELECT 1 FROM outbox_event"
        " WHERE outbox_id = o.id AND what IN ('sent', 'dropped')) ORDER BY id DESC LIMIT 500",
    )


def practice_areas(path: Path) -> Found:
    """The practice areas that matters have."""
    return _read(path, "SELECT DISTINCT practice_area, '' FROM matter WHERE practice_area > ''")


def payments(path: Path) -> Found:
    """Payments with their clients, the newest first."""
    sql = "SELECT 'P-' || id, client_id || ' ' || day FROM payment ORDER BY id DESC LIMIT 500"
    return _read(path, sql)


def trust_entries(path: Path) -> Found:
    """Entries in trust with what they are, the newest first."""
    sql = "SELECT 'TR-' || id, kind || ' ' || day FROM trust_entry ORDER BY id DESC LIMIT 500"
    return _read(path, sql)


def retainer_entries(path: Path) -> Found:
    """Entries of general retainers with what they are, the newest first."""
    sql = "SELECT 'RT-' || id, kind || ' ' || day FROM retainer_entry ORDER BY id DESC LIMIT 500"
    return _read(path, sql)


def changes(path: Path) -> Found:
    """The last changes by their numbers in the log."""
    sql = "SELECT id, command || ' ' || object FROM audit ORDER BY id DESC LIMIT 20"
    return _read(path, sql)


def workflows(path: Path) -> Found:
    """Names of workflows."""
    return _read(path, "SELECT name, '' FROM workflow ORDER BY name")


def utbms_codes(path: Path) -> Found:
    """Codes of clients' own lists with their titles."""
    return _read(path, "SELECT code, title FROM utbms_code ORDER BY code")


def utbms_sets(path: Path) -> Found:
    """Names of clients' own lists of codes."""
    return _read(path, "SELECT DISTINCT set_name, '' FROM utbms_code ORDER BY set_name")
