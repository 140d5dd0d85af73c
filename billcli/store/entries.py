"""Time entries, expenses and charges that are there already: changed one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from billcli.store.items import Item as Item
from billcli.store.items import items as items
from billcli.store.items import one as one
from billcli.store.models import ChargeRow, DraftSourceRow, ExpenseRow, MatterRow, TimeEntryRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

TABLES: dict[str, Any] = {"time": TimeEntryRow, "expense": ExpenseRow, "charge": ChargeRow}


def stored(ledger: Ledger, kind: str, entry_id: int) -> dict[str, Any]:
    """The row of an entry as it is in the ledger, for a change and for the audit log."""
    table = TABLES[kind].__table__
    row = ledger.session.connection().execute(select(table).where(table.c.id == entry_id)).one()
    return dict(row._mapping)


def change(ledger: Ledger, kind: str, entry_id: int, values: Mapping[str, Any]) -> None:
    """Change these fields of an entry; the database refuses it for a billed one."""
    row = ledger.session.get_one(TABLES[kind], entry_id)
    for name, value in values.items():
        setattr(row, name, value)
    ledger.session.flush()


def remove(ledger: Ledger, kind: str, entry_id: int) -> None:
    """Delete an entry, and take it out of its draft; the database refuses it for a billed one."""
    leave_draft(ledger, kind, entry_id)
    ledger.session.delete(ledger.session.get_one(TABLES[kind], entry_id))
    ledger.session.flush()


def leave_draft(ledger: Ledger, kind: str, entry_id: int) -> None:
    """Free an entry from the draft that reserves it; the draft is stale from then on."""
    table = DraftSourceRow.__table__  # type: ignore[attr-defined]
    ledger.session.connection().execute(
        delete(table).where(table.c.kind == kind, table.c.entry_id == entry_id)
    )


def matter_of(ledger: Ledger, matter_id: int) -> MatterRow:
    """The matter of an entry."""
    row = ledger.session.get(MatterRow, matter_id)
    assert row is not None  # a foreign key holds it
    return row
