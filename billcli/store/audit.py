"""The audit log: each change carries the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.store import rows as rows_

if TYPE_CHECKING:
    from billcli.store.plain import PlainLedger

FIRST = "0" * 64
_PLAIN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SORTED = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
_TOLERANT = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
_LAST = "SELECT hash FROM audit ORDER BY id DESC LIMIT 1"
_SAID = ("at", "today", "actor", "command", "object", "before", "after", "matter_id")
# The number of a matter that was taken back, as the log has it.
GONE = """CASE WHEN {0} NOT NULL THEN (
        SELECT substr(first.object, 8) FROM audit AS first
        WHERE first.matter_id = {0} AND first.object LIKE 'matter %'
        ORDER BY first.id LIMIT 1) END"""
_LOG = f"""
    SELECT audit.*, coalesce(matter.number, {GONE.format("audit.matter_id")}) AS matter
    FROM audit LEFT JOIN matter ON matter.id = audit.matter_id
    WHERE (:matter_id IS NULL OR audit.matter_id = :matter_id)
        AND (:since IS NULL OR audit.today >= :since)
    ORDER BY audit.id"""


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
    return sealed(
        [{name: value for name, value in row.items() if value is not None} for row in rows]
    )


def sealed(kept: list[dict[str, Any]]) -> str:
    """The same of rows that have no column without a value."""
    return hashlib.sha256(_SORTED.encode(kept).encode()).hexdigest()


def record(
    ledger: PlainLedger,
    what: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    matter_id: int | None = None,
) -> Mark:
    """Append one change to the log, in the transaction that makes it."""
    previous = rows_.one(ledger, _LAST) or FIRST
    values = _row(ledger, previous, what, before, after, matter_id)
    return Mark(rows_.insert(ledger, "audit", values), values["hash"])


def record_all(
    ledger: PlainLedger, changes: Iterable[tuple[str, Mapping[str, Any], int | None]]
) -> None:
    """Append what was newly made: what it is, its values, its matter; a row for each."""
    previous = rows_.one(ledger, _LAST) or FIRST
    made = []
    for what, after, matter_id in changes:
        made.append(_row(ledger, previous, what, None, after, matter_id))
        previous = made[-1]["hash"]
    rows_.insert_all(ledger, "audit", made)


def _row(
    ledger: PlainLedger,
    previous: str,
    what: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    matter_id: int | None,
) -> dict[str, Any]:
    said = (
        ledger.clock.now.isoformat(timespec="microseconds"),
        ledger.today.isoformat(),
        ledger.actor,
        ledger.command,
        what,
        canonical(before),
        canonical(after),
        None if matter_id is None else str(matter_id),
    )
    row: dict[str, Any] = dict(zip(_SAID, said, strict=True))
    row |= {"matter_id": matter_id, "previous": previous, "hash": digest(previous, said)}
    return row


def rows(
    ledger: PlainLedger, *, matter_id: int | None = None, since: date | None = None
) -> Iterator[Any]:
    """The log with the numbers of its matters, oldest first; `since` is a day of a run."""
    asked = {"matter_id": matter_id, "since": None if since is None else since.isoformat()}
    return rows_.named(ledger, _LOG, asked)
