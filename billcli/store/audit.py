"""The audit log: each change carries the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from billcli.store import rows as rows_
from billcli.store.models import AuditRow, MatterRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

FIRST = "0" * 64
_TABLE = AuditRow.__table__  # type: ignore[attr-defined]
_MATTER = MatterRow.__table__  # type: ignore[attr-defined]
_PLAIN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SORTED = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
_TOLERANT = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
_LAST = "SELECT hash FROM audit ORDER BY id DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Mark:
    """The audit row behind a bill, a payment or a journal entry."""

    audit_id: int
    audit_hash: str


def canonical(value: Mapping[str, Any] | None) -> str | None:
    """JSON with one spelling, so that its hash means something."""
    return None if value is None else _TOLERANT.encode(value)


def digest(previous: str, fields: tuple[str | None, ...]) -> str:
    """The hash of a row: of the row before it, and of all it says."""
    return hashlib.sha256(_PLAIN.encode([previous, *fields]).encode()).hexdigest()


def seal(rows: Iterable[Mapping[str, Any]]) -> str:
    """The hash of rows as they are kept; columns without a value don't count.

    So a column that a later schema adds leaves the seal of an older bill as it is.
    """
    kept = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return hashlib.sha256(_SORTED.encode(kept).encode()).hexdigest()


def record(
    ledger: Ledger,
    what: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    matter_id: int | None = None,
) -> Mark:
    """Append one change to the log, in the transaction that makes it."""
    previous = rows_.one(ledger, _LAST) or FIRST
    values = _row(ledger, previous, what, before, after, matter_id)
    return Mark(rows_.insert(ledger, AuditRow, values), values["hash"])


def record_all(
    ledger: Ledger, changes: Iterable[tuple[str, Mapping[str, Any], int | None]]
) -> None:
    """Append what was newly made: what it is, its values, its matter; a row for each."""
    previous = rows_.one(ledger, _LAST) or FIRST
    made = []
    for what, after, matter_id in changes:
        made.append(_row(ledger, previous, what, None, after, matter_id))
        previous = made[-1]["hash"]
    rows_.insert_all(ledger, AuditRow, made)


def _row(
    ledger: Ledger,
    previous: str,
    what: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    matter_id: int | None,
) -> dict[str, Any]:
    row: dict[str, str | None] = {
        "at": ledger.clock.now.isoformat(timespec="microseconds"),
        "today": ledger.today.isoformat(),
        "actor": ledger.actor,
        "command": ledger.command,
        "object": what,
        "before": canonical(before),
        "after": canonical(after),
    }
    row["matter_id"] = None if matter_id is None else str(matter_id)
    hash_ = digest(previous, tuple(row.values()))
    return {**row, "matter_id": matter_id, "previous": previous, "hash": hash_}


def rows(
    ledger: Ledger, *, matter_id: int | None = None, since: date | None = None
) -> Iterator[Any]:
    """The log with the numbers of its matters, oldest first; `since` is a day of a run."""
    statement = select(_TABLE, _MATTER.c.number.label("matter")).join_from(
        _TABLE, _MATTER, _MATTER.c.id == _TABLE.c.matter_id, isouter=True
    )
    if matter_id is not None:
        statement = statement.where(_TABLE.c.matter_id == matter_id)
    if since is not None:
        statement = statement.where(_TABLE.c.today >= since.isoformat())
    return iter(ledger.session.connection().execute(statement.order_by(_TABLE.c.id)))
