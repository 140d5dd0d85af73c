"""Time entries, expenses and charges, read with their state.

The state of an entry is derived from the bill or draft it is on (§2.5); nothing stores it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.letters import LETTERS
from billcli.store import rows

if TYPE_CHECKING:
    from billcli.store.plain import PlainLedger

# One query a kind, whatever the number of entries. At most one of the joined rows exists: live
# claims and draft sources are unique by entry.
_STATE = """
    m.number AS matter, b.number AS bill, v.id IS NOT NULL AS voided, d.draft_id
    FROM {table} AS e JOIN matter AS m ON m.id = e.matter_id
    LEFT JOIN claim AS c ON c.kind = '{kind}' AND c.entry_id = e.id AND c.released_on IS NULL
    LEFT JOIN bill AS b ON b.id = c.bill_id
    LEFT JOIN bill_event AS v ON v.bill_id = b.id AND v.what = 'voided'
    LEFT JOIN draft_source AS d ON d.kind = '{kind}' AND d.entry_id = e.id
"""
_QUERIES = {
    "time": "SELECT e.*," + _STATE.format(table="time_entry", kind="time"),
    "expense": "SELECT e.*," + _STATE.format(table="expense", kind="expense"),
    "charge": "SELECT e.*, t.number AS task,"
    + _STATE.format(table="charge", kind="charge")
    + "LEFT JOIN task AS t ON t.id = e.task_id",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A time entry, expense or charge as lists show it.

    `amount_cents` is its standard value whatever its behavior. `bill` is the number of the bill
    it stands on, or the D-n of the draft that reserves it.
    """

    id: str
    matter: str
    kind: str
    date: date
    timekeeper: str | None
    description: str
    hours_e4: int | None
    logged_hours_e4: int | None
    rate_e4: int | None
    amount_cents: int
    behavior: str
    state: str
    bill: str | None
    task: int | None
    task_code: str | None
    activity_code: str | None
    expense_code: str | None
    category: str | None
    receipt: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it is money to bill: unbilled, not withdrawn, and neither a gift nor hidden."""
        return self.behavior == "bill" and self.state in ("wip", "held", "in_draft")


def items(
    ledger: PlainLedger,
    *,
    kinds: Iterable[str] = ("time", "expense", "charge"),
    matter_id: int | None = None,
    first: date | None = None,
    last: date | None = None,
    timekeeper: str | None = None,
    entry_id: int | None = None,
) -> list[Item]:
    """The entries of those kinds by day, oldest first; every filter may be left out."""
    filters = {
        "e.matter_id = :matter_id": matter_id,
        "e.day >= :first": first.isoformat() if first else None,
        "e.day <= :last": last.isoformat() if last else None,
        "e.timekeeper_id = :timekeeper": timekeeper,
        "e.id = :entry_id": entry_id,
    }
    asked = {condition: value for condition, value in filters.items() if value is not None}
    where = " WHERE " + " AND ".join(asked) if asked else ""
    values = {condition.partition(":")[2]: value for condition, value in asked.items()}
    found: list[tuple[str, int, int, Item]] = []
    for place, kind in enumerate(kinds):
        named = rows.named(ledger, _QUERIES[kind] + where, values)
        found.extend((row.day, place, row.id, _item(kind, row)) for row in named)
    found.sort(key=lambda each: each[:3])
    return [item for *_, item in found]


def one(ledger: PlainLedger, kind: str, entry_id: int) -> Item:
    """One entry that is known to be there."""
    return items(ledger, kinds=(kind,), entry_id=entry_id)[0]


def _item(kind: str, row: Any) -> Item:
    timed, cost = kind == "time", kind == "expense"
    return Item(
        id=f"{LETTERS[kind]}-{row.id}",
        matter=row.matter,
        kind=kind,
        date=date.fromisoformat(row.day),
        timekeeper=row.timekeeper_id,
        description=row.description,
        hours_e4=row.hours_e4 if timed else None,
        logged_hours_e4=row.logged_e4 if timed else None,
        rate_e4=row.rate_e4 if timed else None,
        amount_cents=row.standard_cents if timed else row.amount_cents,
        behavior="bill" if kind == "charge" else row.behavior.replace("-", "_"),
        state=_state(kind, row),
        bill=row.bill or (f"D-{row.draft_id}" if row.draft_id is not None else None),
        task=row.task if kind == "charge" else None,
        task_code=row.task_code if timed else None,
        activity_code=row.activity_code if timed else None,
        expense_code=row.expense_code if cost else None,
        receipt=row.receipt if cost else None,
        category=row.category if cost else None,
    )


def _state(kind: str, row: Any) -> str:
    if row.bill is not None:
        return "written_off" if row.voided else "billed"
    if kind == "charge" and row.withdrawn_on is not None:
        return "withdrawn"
    if row.draft_id is not None:
        return "in_draft"
    return "held" if row.held_on is not None else "wip"
