"""What makes a milestone a contract: change orders, papers, splits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.store import rows
from billcli.store.models import ChangeOrderRow, TaskDocumentRow, TaskSplitRow

if TYPE_CHECKING:
    from billcli.store.audit import Mark
    from billcli.store.ledger import Ledger

_ORDERS = """
    SELECT c.*, m.number AS matter, t.number AS task FROM change_order AS c
    JOIN matter AS m ON m.id = c.matter_id LEFT JOIN task AS t ON t.id = c.task_id
    WHERE :matter IS NULL OR c.matter_id = :matter ORDER BY c.id"""
_PAPERS = """
    SELECT d.*, t.number AS task FROM task_document AS d JOIN task AS t ON t.id = d.task_id
    WHERE t.matter_id = :matter ORDER BY t.number, d.id"""


@dataclass(frozen=True, slots=True)
class ChangeOrder:
    """More (above 0) or less than was agreed, with the task that it adds or changes."""

    id: int
    matter: str
    day: date
    amount_cents: int
    name: str
    reason: str | None
    approved_by: str | None
    task: int | None

    @property
    def ref(self) -> str:
        """Its name: CO-2."""
        return f"CO-{self.id}"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that goes with a task, and the hash of what it held when it was attached."""

    task: int
    name: str
    path: str
    sha256: str
    size_bytes: int
    day: date


def next_order(ledger: Ledger) -> int:
    """The number that the next change order gets; the caller holds the write lock."""
    return rows.next_id(ledger, "change_order")


def add_order(ledger: Ledger, mark: Mark, /, **values: Any) -> int:
    """Keep a change order."""
    return rows.insert(ledger, ChangeOrderRow, values | _seal(mark))


def orders(ledger: Ledger, matter_id: int | None = None) -> list[ChangeOrder]:
    """The change orders of a matter, or of all, in their order."""
    return [
        ChangeOrder(
            row.id,
            row.matter,
            date.fromisoformat(row.day),
            row.amount_cents,
            row.name,
            row.reason,
            row.approved_by,
            row.task,
        )
        for row in rows.named(ledger, _ORDERS, {"matter": matter_id})
    ]


def add_paper(ledger: Ledger, mark: Mark, /, **values: Any) -> int:
    """Keep the place and the hash of a document."""
    return rows.insert(ledger, TaskDocumentRow, values | _seal(mark))


def papers(ledger: Ledger, matter_id: int) -> list[Paper]:
    """The documents of a matter's tasks, in the order in which they were attached."""
    return [
        Paper(
            row.task,
            row.name,
            row.path,
            row.sha256,
            row.size_bytes,
            date.fromisoformat(row.day),
        )
        for row in rows.named(ledger, _PAPERS, {"matter": matter_id})
    ]


def add_split(ledger: Ledger, mark: Mark, /, **values: Any) -> None:
    """Keep how a task was approved in part."""
    rows.insert(ledger, TaskSplitRow, values | _seal(mark))


def _seal(mark: Mark) -> dict[str, Any]:
    return {"audit_id": mark.audit_id, "audit_hash": mark.audit_hash}
