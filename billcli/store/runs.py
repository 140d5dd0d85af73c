"""Mass billing runs: which matters there are, what was billed under a key, and the report kept."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text

from billcli.store import rows
from billcli.store.models import RunBillRow, RunRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_UNDER_KEY = "SELECT bill_id FROM run_bill WHERE key = :key AND matter_id = :matter"
_AREAS = """
    SELECT DISTINCT practice_area FROM matter WHERE practice_area IS NOT NULL
    ORDER BY practice_area"""
_ISSUED = """
    SELECT b.id, m.number AS matter, b.number
    FROM run_bill AS r LEFT JOIN bill_share AS s ON s.group_id = r.bill_id
    JOIN bill AS b ON b.id = coalesce(s.bill_id, r.bill_id)
    JOIN matter AS m ON m.id = b.matter_id
    WHERE EXISTS (SELECT 1 FROM bill_document WHERE bill_id = b.id)"""
_DRAFT = "SELECT id FROM draft WHERE matter_id = :matter"
_WORTH = """
    m.closed_on IS NULL AND (
        EXISTS (SELECT 1 FROM time_entry WHERE matter_id = m.id AND day <= :through)
        OR EXISTS (SELECT 1 FROM expense WHERE matter_id = m.id AND day <= :through)
        OR EXISTS (SELECT 1 FROM charge WHERE matter_id = m.id AND day <= :through)
        OR EXISTS (SELECT 1 FROM arrangement WHERE matter_id = m.id AND kind <> 'hourly'))
    OR EXISTS (SELECT 1 FROM draft WHERE matter_id = m.id)
    OR EXISTS (SELECT 1 FROM matter_option WHERE matter_id = m.id AND name = 'status')"""


def candidates(
    ledger: Ledger,
    through: date,
    *,
    numbers: Sequence[str] = (),
    client: str | None = None,
    responsible: str | None = None,
    practice_area: str | None = None,
) -> array[int]:
    """The matters a run looks at, by number: those picked, or all that may have something.

    Of 100,000 of them nothing is held but their ids, at eight bytes each.
    """
    query = "SELECT m.id FROM matter AS m WHERE "
    values: dict[str, Any] = {"through": through.isoformat()}
    if numbers:
        query += "m.number IN :numbers"
        values["numbers"] = list(numbers)
    else:
        query += f"({_WORTH})"
    for column, wanted in (("client_id", client), ("responsible_id", responsible)):
        if wanted is not None:
            query += f" AND m.{column} = :{column}"
            values[column] = wanted
    if practice_area is not None:
        query += " AND m.practice_area IN (SELECT value FROM json_each(:areas))"
        same = [a for a in practice_areas(ledger) if a.casefold() == practice_area.casefold()]
        values["areas"] = json.dumps(same)
    statement = text(query + " ORDER BY m.number")
    if numbers:
        statement = statement.bindparams(bindparam("numbers", expanding=True))
    return array("q", ledger.session.connection().execute(statement, values).scalars())


def practice_areas(ledger: Ledger) -> list[str]:
    """The practice areas that matters have."""
    found = ledger.session.connection().execute(text(_AREAS))
    return list(found.scalars())


def changed_by_others(ledger: Ledger) -> int:
    """A number that changes when another connection commits to the ledger."""
    return int(rows.one(ledger, "PRAGMA data_version") or 0)


def billed_under(ledger: Ledger, key: str, matter_id: int) -> int | None:
    """The bill that was made for a matter under a key."""
    return _whole(rows.one(ledger, _UNDER_KEY, {"key": key, "matter": matter_id}))


def open_draft(ledger: Ledger, matter_id: int) -> int | None:
    """The open draft of a matter."""
    return _whole(rows.one(ledger, _DRAFT, {"matter": matter_id}))


def start(ledger: Ledger, *, key: str | None, day: date, through: date, request: Any) -> int:
    """Keep a run; it is made with its first bill, so that a run without bills changes nothing."""
    return rows.insert(
        ledger,
        RunRow,
        {
            "key": key,
            "day": day.isoformat(),
            "through": through.isoformat(),
            "request": json.dumps(request),
            "report": None,
        },
    )


def add_bill(ledger: Ledger, run_id: int, bill_id: int, matter_id: int, key: str | None) -> None:
    """Note that a run made a bill; the key lets a matter in once."""
    values = {"run_id": run_id, "bill_id": bill_id, "matter_id": matter_id, "key": key}
    rows.insert(ledger, RunBillRow, values)


def take_over(ledger: Ledger, run_id: int, draft_id: int, matter_id: int, key: str | None) -> None:
    """Note that a run computed an open draft again: it is this run's now, under its key if any."""
    before = rows.one(ledger, "SELECT key FROM run_bill WHERE bill_id = :id", {"id": draft_id})
    rows.driver(ledger).execute("DELETE FROM run_bill WHERE bill_id = ?", (draft_id,))
    add_bill(ledger, run_id, draft_id, matter_id, key or before)


def finish(ledger: Ledger, run_id: int, report: str) -> None:
    """Keep the run's report."""
    ledger.session.connection().execute(
        text("UPDATE run SET report = :report WHERE id = :id"), {"report": report, "id": run_id}
    )


def bills_under(ledger: Ledger, key: str) -> Iterator[tuple[int, str, str]]:
    """The issued bills made under a key: (id, matter, number); nothing is written meanwhile."""
    return _issued(ledger, "r.key = :of", key)


def issued_of(ledger: Ledger, run_id: int) -> Iterator[tuple[int, str, str]]:
    """The issued bills of a run: (id, matter, number); nothing is written meanwhile."""
    return _issued(ledger, "r.run_id = :of", run_id)


def _issued(ledger: Ledger, where: str, of: str | int) -> Iterator[tuple[int, str, str]]:
    found = rows.named(ledger, f"{_ISSUED} AND {where} ORDER BY b.id", {"of": of})
    return ((row.id, row.matter, row.number) for row in found)


def all_(ledger: Ledger) -> list[Any]:
    """Every run, newest first, with how many bills it has made."""
    return list(
        ledger.session.connection().execute(
            text("""
            SELECT r.id, r.key, r.day, r.through, r.report,
                (SELECT count(*) FROM run_bill AS b LEFT JOIN bill_share AS s
                    ON s.group_id = b.bill_id WHERE b.run_id = r.id) AS bills
            FROM run AS r ORDER BY r.id DESC""")
        )
    )


def bills_of(ledger: Ledger, run_id: int) -> list[int]:
    """The bills and drafts of a run, in the order in which they were made."""
    found = ledger.session.connection().execute(
        text("""
        SELECT coalesce(s.bill_id, r.bill_id) AS id FROM run_bill AS r
        LEFT JOIN bill_share AS s ON s.group_id = r.bill_id WHERE r.run_id = :run ORDER BY id"""),
        {"run": run_id},
    )
    return list(found.scalars())


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
