"""The audit log: each change carries the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from billcli.store.models import AuditRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

FIRST = "0" * 64
_TABLE = AuditRow.__table__  # type: ignore[attr-defined]
_INSERT = insert(_TABLE)
_LAST = select(_TABLE.c.hash).order_by(_TABLE.c.id.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Mark:
    """The audit row behind a bill, a payment or a journal entry."""

    audit_id: int
    audit_hash: str


def canonical(value: Mapping[str, Any] | None) -> str | None:
    """JSON with one spelling, so that its hash means something."""
    if value is None:
        return None
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def digest(previous: str, fields: tuple[str | None, ...]) -> str:
    """The hash of a row: of the row before it, and of all it says."""
    text = json.dumps([previous, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal(rows: Iterable[Mapping[str, Any]]) -> str:
    """The hash of rows as they are kept; columns without a value don't count.

    So a column that a later schema adds leaves the seal of an older bill as it is.
    """
    kept = [{name: value for name, value in row.items() if value is not None} for row in rows]
    text = json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def record(
    ledger: Ledger,
    what: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    matter_id: int | None = None,
) -> Mark:
    """Append one change to the log, in the transaction that makes it."""
    connection = ledger.session.connection()
    previous = connection.execute(_LAST).scalar() or FIRST
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
    values = {**row, "matter_id": matter_id, "previous": previous, "hash": hash_}
    result = connection.execute(_INSERT, values)
    key = result.inserted_primary_key
    assert key is not None
    return Mark(int(key[0]), hash_)


def rows(ledger: Ledger) -> Iterator[Any]:
    """All of the log, oldest first."""
    return iter(ledger.session.connection().execute(select(_TABLE).order_by(_TABLE.c.id)))
