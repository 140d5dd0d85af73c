"""What recording work asks of the ledger, and its insert: sqlite3 alone, for a key press.

Only columns that the models have are named here; a test holds both together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from billcli.core.versions import Version
from billcli.store import missing, rows

if TYPE_CHECKING:
    from billcli.store.plain import PlainLedger

TABLES = {"time": "time_entry", "expense": "expense", "charge": "charge"}
_MATTER = """
    SELECT id, number, client_id, responsible_id, closed_on FROM matter WHERE number = :number"""
_MATTERS = "SELECT number FROM matter"
_TIMEKEEPER = "SELECT archived_on FROM timekeeper WHERE id = :id"
_TIMEKEEPERS = "SELECT id FROM timekeeper"
_ACTIVE = "SELECT id FROM timekeeper WHERE archived_on IS NULL ORDER BY id"
_OPTIONS = "SELECT name, value FROM matter_option WHERE matter_id = :matter"
_VERSIONS = """
    SELECT id, kind, terms, valid_from FROM arrangement WHERE matter_id = :matter ORDER BY id"""
_AGREED = "SELECT 1 FROM arrangement WHERE matter_id = :matter AND kind <> 'hourly' LIMIT 1"
_CATEGORIES = "SELECT name, code FROM expense_category"
_RULES = "SELECT json_extract(details, '$.ebilling') FROM client WHERE id = :id"
_WORKED = """
    SELECT coalesce(sum(logged_e4), 0) FROM time_entry WHERE timekeeper_id = :who AND day = :day"""


_SAME = """
    SELECT min(other.id) FROM time_entry AS e JOIN time_entry AS other
    ON other.timekeeper_id = e.timekeeper_id AND other.day = e.day
        AND other.logged_e4 = e.logged_e4 AND other.matter_id = e.matter_id
        AND other.description = e.description AND other.id < e.id
    WHERE e.id = :id"""


class Matter(NamedTuple):
    """A matter, as far as recording work asks."""

    id: int
    number: str
    client_id: str | None
    responsible_id: str | None
    closed_on: str | None


class Timekeeper(NamedTuple):
    """A timekeeper; whoever was archived records no more work."""

    id: str
    archived_on: str | None


def matter(ledger: PlainLedger, number: str) -> Matter:
    """A matter by its number. NotFound `matter.missing`."""
    found = rows.driver(ledger).execute(_MATTER, {"number": number}).fetchone()
    if found is None:
        raise missing.matter(number, _first_column(ledger, _MATTERS))
    return Matter(*found)


def timekeeper(ledger: PlainLedger, id: str) -> Timekeeper:
    """A timekeeper by the id. NotFound `timekeeper.missing`."""
    found = rows.driver(ledger).execute(_TIMEKEEPER, {"id": id}).fetchone()
    if found is None:
        raise missing.timekeeper(id, _first_column(ledger, _TIMEKEEPERS))
    return Timekeeper(id, found[0])


def active_timekeepers(ledger: PlainLedger) -> list[str]:
    """The ids of everybody who may still record time."""
    return _first_column(ledger, _ACTIVE)


def options_of(ledger: PlainLedger, matter_id: int) -> dict[str, Any]:
    """The billing options that a matter sets for itself."""
    found = rows.driver(ledger).execute(_OPTIONS, {"matter": matter_id})
    return {name: json.loads(value) for name, value in found}


def versions_of(ledger: PlainLedger, matter_id: int) -> tuple[Version, ...]:
    """The versions of one matter's arrangement, oldest first."""
    ledger.settle()
    found = rows.driver(ledger).execute(_VERSIONS, {"matter": matter_id})
    return tuple(
        Version(id, kind, json.loads(terms), date.fromisoformat(start) if start else None)
        for id, kind, terms, start in found
    )


def only_hourly(ledger: PlainLedger, matter_id: int) -> bool:
    """Whether the matter never had terms with an agreed value."""
    return rows.one(ledger, _AGREED, {"matter": matter_id}) is None


def client_rules(ledger: PlainLedger, client_id: str) -> dict[str, Any]:
    """What a client asks of electronic bills, as it is kept."""
    found = rows.one(ledger, _RULES, {"id": client_id})
    return json.loads(found) if found else {}


def categories(ledger: PlainLedger) -> dict[str, str | None]:
    """The expense categories, each with the code that its expenses carry."""
    return dict(rows.driver(ledger).execute(_CATEGORIES))


def worked_e4(ledger: PlainLedger, timekeeper: str, day: str) -> int:
    """The hours that a timekeeper logged for a day, on all matters, as hours_e4."""
    return int(rows.one(ledger, _WORKED, {"who": timekeeper, "day": day}))


def same_time(ledger: PlainLedger, entry_id: int) -> int | None:
    """The first entry with the hours, day, timekeeper, matter and words of a later one."""
    found = rows.one(ledger, _SAME, {"id": entry_id})
    return None if found is None else int(found)


def insert(ledger: PlainLedger, kind: str, values: Mapping[str, Any]) -> int:
    """Keep a new entry; its number is never given again."""
    ledger.settle()  # a matter or timekeeper added a moment ago must be there
    return rows.insert(ledger, TABLES[kind], values)


def _first_column(ledger: PlainLedger, sql: str) -> list[str]:
    return [value for (value,) in rows.driver(ledger).execute(sql)]
