"""Matters in lists, their billing options, and what unbilled work they hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, text

from billcli.core.matter import Version
from billcli.store import rows
from billcli.store.models import ArrangementRow, MatterOptionRow
from billcli.store.recording import versions_of as versions_of

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_OPTION = MatterOptionRow.__table__  # type: ignore[attr-defined]
_FREE = "NOT EXISTS (SELECT 1 FROM claim WHERE kind = '{}' AND entry_id = e.id\
 AND released_on IS NULL)"
# Work on hold is unbilled work too.
_UNBILLED = f"""
    SELECT e.matter_id, 'time' AS what, sum(e.standard_cents) AS cents FROM time_entry AS e
    WHERE e.behavior = 'bill' AND {_FREE.format("time")} AND {{where}} GROUP BY e.matter_id
    UNION ALL
    SELECT e.matter_id, 'charges', sum(e.amount_cents) FROM charge AS e
    WHERE e.withdrawn_on IS NULL AND {_FREE.format("charge")} AND {{where}} GROUP BY e.matter_id
    UNION ALL
    SELECT e.matter_id, 'costs', sum(e.amount_cents) FROM expense AS e
    WHERE e.behavior = 'bill' AND {_FREE.format("expense")} AND {{where}} GROUP BY e.matter_id"""
_TOTALS = """
    SELECT 'time' AS kind, count(*) AS n, coalesce(sum(hours_e4), 0) AS hours,
        coalesce(sum(standard_cents), 0) AS cents FROM time_entry WHERE matter_id = :matter
    UNION ALL
    SELECT 'expense', count(*), 0, coalesce(sum(amount_cents), 0)
    FROM expense WHERE matter_id = :matter
    UNION ALL
    SELECT 'charge', count(*), 0, coalesce(sum(amount_cents), 0)
    FROM charge WHERE matter_id = :matter AND withdrawn_on IS NULL"""
_LIST = """
    SELECT m.*, c.name AS client_name
    FROM matter AS m LEFT JOIN client AS c ON c.id = m.client_id
    WHERE (:client IS NULL OR m.client_id = :client)
        AND (:closed IS NULL OR (m.closed_on IS NOT NULL) = :closed)
        AND (:ids IS NULL OR m.id IN (SELECT value FROM json_each(:ids)))
    ORDER BY m.number"""

_VERSIONS = """
    SELECT * FROM arrangement
    WHERE :kind IS NULL OR matter_id IN (SELECT matter_id FROM arrangement WHERE kind = :kind)
    ORDER BY id"""


@dataclass(frozen=True, slots=True)
class Unbilled:
    """The billable work of a matter that is on no live bill, work on hold included."""

    time_cents: int = 0
    charges_cents: int = 0
    costs_cents: int = 0

    @property
    def cents(self) -> int:
        """Fees and costs together."""
        return self.time_cents + self.charges_cents + self.costs_cents


@dataclass(frozen=True, slots=True)
class EntryTotal:
    """How many entries of a kind a matter has, and what they come to."""

    count: int
    amount_cents: int
    hours_e4: int | None = None


def listed(
    ledger: Ledger,
    *,
    client: str | None = None,
    closed: bool | None = None,
    ids: Iterable[int] | None = None,
) -> list[Any]:
    """Rows of matters with their client's name, by their numbers; all, or some of them."""
    asked = {
        "client": client,
        "closed": None if closed is None else int(closed),
        "ids": None if ids is None else json.dumps(list(ids)),
    }
    return list(rows.named(ledger, _LIST, asked))


def versions(ledger: Ledger, *, ever: str | None = None) -> dict[int, tuple[Version, ...]]:
    """The versions of every matter's arrangement, oldest first.

    With `ever`, only of matters that have, had or will have an arrangement of that kind.
    """
    found: dict[int, tuple[Version, ...]] = {}
    for row in ledger.session.connection().execute(text(_VERSIONS), {"kind": ever}):
        found[row.matter_id] = (*found.get(row.matter_id, ()), _version(row))
    return found


def _version(row: Any) -> Version:
    start = date.fromisoformat(row.valid_from) if row.valid_from else None
    return Version(row.id, row.kind, json.loads(row.terms), start)


def unbilled(ledger: Ledger) -> dict[int, Unbilled]:
    """The unbilled work of every matter that has some."""
    return _unbilled(ledger, "1", {})


def unbilled_of(ledger: Ledger, matter_id: int) -> Unbilled:
    """The unbilled work of one matter."""
    found = _unbilled(ledger, "e.matter_id = :matter", {"matter": matter_id})
    return found.get(matter_id, Unbilled())


def _unbilled(ledger: Ledger, where: str, asked: Mapping[str, Any]) -> dict[int, Unbilled]:
    ledger.session.flush()
    sums: dict[int, dict[str, int]] = {}
    for row in ledger.session.connection().execute(text(_UNBILLED.format(where=where)), asked):
        sums.setdefault(row.matter_id, {})[f"{row.what}_cents"] = row.cents
    return {key: Unbilled(**of) for key, of in sums.items()}


def totals(ledger: Ledger, matter_id: int) -> dict[str, EntryTotal]:
    """All entries of a matter by kind, billed ones included, withdrawn charges not."""
    rows = ledger.session.connection().execute(text(_TOTALS), {"matter": matter_id})
    return {
        row.kind: EntryTotal(row.n, row.cents, row.hours if row.kind == "time" else None)
        for row in rows
    }


def put_option(ledger: Ledger, matter_id: int, name: str, value: Any) -> None:
    """Set a billing option of a matter; None takes it back to what holds without it."""
    connection = ledger.session.connection()
    here = (_OPTION.c.matter_id == matter_id) & (_OPTION.c.name == name)
    connection.execute(delete(_OPTION).where(here))
    if value is not None:
        written = json.dumps(value, ensure_ascii=False)
        connection.execute(insert(_OPTION).values(matter_id=matter_id, name=name, value=written))


def options_of(ledger: Ledger, matter_id: int) -> dict[str, Any]:
    """The billing options that a matter sets for itself."""
    found = ledger.session.connection().execute(
        select(_OPTION.c.name, _OPTION.c.value).where(_OPTION.c.matter_id == matter_id)
    )
    return {row.name: json.loads(row.value) for row in found}


def add_arrangement(
    ledger: Ledger, matter_id: int, kind: str, terms: Mapping[str, Any], valid_from: date | None
) -> int:
    """Add a version of a matter's arrangement; earlier versions stay as they are (D-17)."""
    return ledger.add(
        ArrangementRow,
        matter_id=matter_id,
        kind=kind,
        terms=json.dumps(dict(terms), ensure_ascii=False),
        valid_from=valid_from.isoformat() if valid_from else None,
    )


def unbilled_time(ledger: Ledger, matter_id: int) -> list[Any]:
    """The time entries of a matter that are on no live bill."""
    return list(
        ledger.session.connection().execute(
            text(f"""
            SELECT e.* FROM time_entry AS e WHERE e.matter_id = :matter AND {_FREE.format("time")}
            ORDER BY e.day, e.id"""),
            {"matter": matter_id},
        )
    )


def exists(ledger: Ledger, number: str) -> bool:
    """Whether a matter has that number."""
    found = ledger.session.connection().execute(
        text("SELECT 1 FROM matter WHERE number = :number"), {"number": number}
    )
    return found.scalar() is not None


def in_use(ledger: Ledger, matter_id: int) -> bool:
    """Whether a bill, a draft, a payment or client money names the matter."""
    found = ledger.session.connection().execute(
        text("""SELECT EXISTS (SELECT 1 FROM bill WHERE matter_id = :matter)
            OR EXISTS (SELECT 1 FROM draft WHERE matter_id = :matter)
            OR EXISTS (SELECT 1 FROM payment WHERE matter_id = :matter)
            OR EXISTS (SELECT 1 FROM trust_entry WHERE matter_id = :matter)
            OR EXISTS (SELECT 1 FROM retainer_entry WHERE matter_id = :matter)"""),
        {"matter": matter_id},
    )
    return bool(found.scalar())
