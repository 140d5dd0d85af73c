"""Drafts: computed bills that reserve their entries until they are approved or deleted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, text

from billcli.core.bill import Bill
from billcli.core.edits import Edit
from billcli.errors import NotFound
from billcli.store import frozen, rows
from billcli.store.models import DraftRow, DraftSourceRow, RunBillRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_DRAFT = DraftRow.__table__  # type: ignore[attr-defined]
_SOURCE = DraftSourceRow.__table__  # type: ignore[attr-defined]
_RUN_BILL = RunBillRow.__table__  # type: ignore[attr-defined]
_SPEND = "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'draft' RETURNING seq"
_SPENT = "SELECT seq FROM sqlite_sequence WHERE name = 'draft'"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it is kept: the request that made it, and what was computed."""

    id: int
    matter_id: int
    request: dict[str, Any]
    bill: Bill
    edits: tuple[Edit, ...] = ()

    @property
    def ref(self) -> str:
        """Its name for life."""
        return f"D-{self.id}"


def new(ledger: Ledger, matter_id: int, request: dict[str, Any], bill: Bill) -> int:
    """Keep a computed bill and reserve its entries; returns the number behind D-."""
    connection = ledger.session.connection()
    result = connection.execute(
        insert(_DRAFT),
        {
            "matter_id": matter_id,
            "day": bill.day.isoformat(),
            "request": json.dumps(request),
            "computed": json.dumps(frozen.dumped(bill), ensure_ascii=False),
        },
    )
    key = result.inserted_primary_key
    assert key is not None
    draft_id = int(key[0])
    reserve(ledger, draft_id, bill)
    return draft_id


def reserve(ledger: Ledger, draft_id: int, bill: Bill) -> None:
    """Keep the bill's entries out of any second draft (D-46)."""
    sources = [
        {"kind": kind, "entry_id": entry_id, "draft_id": draft_id} for kind, entry_id in bill.claims
    ]
    rows.insert_all(ledger, DraftSourceRow, sources)


def spent(ledger: Ledger) -> int:
    """The last number that a draft of this ledger was given, or 0."""
    return int(rows.one(ledger, _SPENT) or 0)


def number_only(ledger: Ledger, matter_id: int, day: str) -> int:
    """A draft number for a bill that is approved in the same breath."""
    spent = rows.one(ledger, _SPEND)
    if spent is not None:
        return int(spent)
    # The first of this ledger: a draft that is made and dropped begins the count.
    empty = {"matter_id": matter_id, "day": day, "request": "{}", "computed": "{}"}
    draft_id = rows.insert(ledger, DraftRow, empty)
    rows.driver(ledger).execute("DELETE FROM draft WHERE id = ?", (draft_id,))
    return draft_id


def replace(
    ledger: Ledger,
    draft_id: int,
    request: dict[str, Any],
    bill: Bill,
    *,
    edits: tuple[Edit, ...] = (),
) -> None:
    """Put a fresh computation in place of the old one, with the edits that went into it."""
    connection = ledger.session.connection()
    connection.execute(delete(_SOURCE).where(_SOURCE.c.draft_id == draft_id))
    connection.execute(
        _DRAFT.update()
        .where(_DRAFT.c.id == draft_id)
        .values(
            day=bill.day.isoformat(),
            edits=json.dumps([edit.dumped() for edit in edits], ensure_ascii=False),
            request=json.dumps(request),
            computed=json.dumps(frozen.dumped(bill), ensure_ascii=False),
        )
    )
    reserve(ledger, draft_id, bill)


def remove(ledger: Ledger, draft_id: int, *, approved: bool = False) -> None:
    """Drop a draft; its entries are free again, and so is its matter under a run's key."""
    rows.driver(ledger).execute("DELETE FROM draft WHERE id = ?", (draft_id,))
    if not approved:
        connection = ledger.session.connection()
        connection.execute(delete(_RUN_BILL).where(_RUN_BILL.c.bill_id == draft_id))


def get(ledger: Ledger, draft_id: int) -> Draft:
    """A draft by the number behind D-."""
    row = (
        ledger.session.connection().execute(select(_DRAFT).where(_DRAFT.c.id == draft_id))
    ).one_or_none()
    if row is None:
        raise NotFound(
            "draft.missing", f"There is no draft D-{draft_id}.", hint="See `billcli bill list`."
        )
    return _draft(row)


def of_matter(ledger: Ledger, matter_id: int) -> int | None:
    """The open draft of a matter, of which there is at most one."""
    found = ledger.session.connection().execute(
        select(_DRAFT.c.id).where(_DRAFT.c.matter_id == matter_id)
    )
    return found.scalar()


def by_matter(ledger: Ledger) -> dict[int, int]:
    """All open drafts, by matter."""
    found = ledger.session.connection().execute(select(_DRAFT.c.matter_id, _DRAFT.c.id))
    return {row.matter_id: row.id for row in found}


def all_(ledger: Ledger) -> list[Draft]:
    """All open drafts, oldest first."""
    found = ledger.session.connection().execute(select(_DRAFT).order_by(_DRAFT.c.id))
    return [_draft(row) for row in found]


def holding(ledger: Ledger, kind: str, entry_id: int) -> int | None:
    """The draft that reserves an entry."""
    found = ledger.session.connection().execute(
        text("SELECT draft_id FROM draft_source WHERE kind = :kind AND entry_id = :id"),
        {"kind": kind, "id": entry_id},
    )
    return found.scalar()


def _draft(row: Any) -> Draft:
    bill = frozen.loaded(json.loads(row.computed))
    edits = tuple(Edit.loaded(data) for data in json.loads(row.edits))
    return Draft(row.id, row.matter_id, json.loads(row.request), bill, edits)
