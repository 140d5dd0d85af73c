"""Rows of schedules, each with the draft or the live bill that holds it, and dated progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import delete, func, select, text, update

from billcli.errors import NotFound
from billcli.store import split_bills
from billcli.store.models import ProgressMarkRow, ScheduleRowRow
from billcli.store.rows import named

if TYPE_CHECKING:
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger

State = Literal["unbilled", "in_draft", "billed", "paid", "written_off"]
_ROW = ScheduleRowRow.__table__  # type: ignore[attr-defined]
_ROWS = """
    SELECT r.*, m.number AS matter, s.draft_id, k.bill_id
    FROM schedule_row AS r JOIN matter AS m ON m.id = r.matter_id
    LEFT JOIN draft_source AS s ON s.kind = 'schedule' AND s.entry_id = r.id
    LEFT JOIN claim AS k ON k.kind = 'schedule' AND k.entry_id = r.id AND k.released_on IS NULL
    WHERE (:matter IS NULL OR r.matter_id = :matter) AND (:id IS NULL OR r.id = :id)
    ORDER BY m.number, r.number"""
_TASK_STEPS = """
    SELECT step, done_on IS NOT NULL AS done FROM task
    WHERE matter_id = :matter AND archived_on IS NULL ORDER BY number"""
_MARKS = "SELECT day, percent_e4 FROM progress_mark WHERE matter_id = :matter ORDER BY day, id"


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A row of a schedule as the ledger has it."""

    id: int
    matter_id: int
    matter: str
    number: int
    amount_cents: int
    description: str
    due_on: date | None
    bill_on_step: str | None
    pay_on_step: str | None
    draft_id: int | None
    bill: BillFacts | None

    @property
    def ref(self) -> str:
        """The name a user knows it by."""
        return f"S-{self.id}"

    @property
    def state(self) -> State:
        """Derived from the draft or the live bill that holds it; never kept."""
        if self.bill is None:
            return "unbilled" if self.draft_id is None else "in_draft"
        if self.bill.state in ("void", "written_off"):
            return "written_off"
        return "paid" if self.bill.state == "paid" else "billed"


def of_matter(ledger: Ledger, matter_id: int) -> list[ScheduleRow]:
    """The rows of a matter by their number."""
    return _read(ledger, matter=matter_id)


def all_(ledger: Ledger) -> list[ScheduleRow]:
    """The rows of every matter."""
    return _read(ledger)


def one(ledger: Ledger, row_id: int) -> ScheduleRow:
    """A row by the number behind its S-."""
    found = _read(ledger, id=row_id)
    if not found:
        raise NotFound(
            "schedule.missing",
            f"There is no row S-{row_id} of a schedule.",
            hint="See `billcli schedule list MATTER`.",
        )
    return found[0]


def next_number(ledger: Ledger, matter_id: int) -> int:
    """The number after the highest of the matter's rows."""
    highest = select(func.max(_ROW.c.number)).where(_ROW.c.matter_id == matter_id)
    return int(ledger.session.connection().execute(highest).scalar() or 0) + 1


def put(ledger: Ledger, matter_id: int, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Add rows in their order; returns the numbers behind their S-."""
    return [ledger.add(ScheduleRowRow, matter_id=matter_id, **row) for row in rows]


def change(ledger: Ledger, row_id: int, values: dict[str, Any]) -> None:
    """Change a row that is on no live bill; the database refuses others."""
    ledger.session.connection().execute(update(_ROW).where(_ROW.c.id == row_id).values(**values))


def remove(ledger: Ledger, ids: Sequence[int]) -> None:
    """Take rows off their schedule; the database keeps those of live bills."""
    ledger.session.connection().execute(delete(_ROW).where(_ROW.c.id.in_(ids)))


def tasks_with_steps(ledger: Ledger, matter_id: int) -> list[tuple[str | None, bool]]:
    """Each task's step, and whether the task is done, in the order of the tasks."""
    ledger.session.flush()
    found = ledger.session.connection().execute(text(_TASK_STEPS), {"matter": matter_id})
    return [(row.step, bool(row.done)) for row in found]


def mark(ledger: Ledger, matter_id: int, day: date, percent_e4: int) -> None:
    """Note how far a matter is, from that day on."""
    values = {"matter_id": matter_id, "day": day.isoformat(), "percent_e4": percent_e4}
    ledger.add(ProgressMarkRow, **values)


def marks(ledger: Ledger, matter_id: int) -> list[tuple[date, int]]:
    """The dated history of a matter's progress, oldest first."""
    found = ledger.session.connection().execute(text(_MARKS), {"matter": matter_id})
    return [(date.fromisoformat(row.day), row.percent_e4) for row in found]


def _read(ledger: Ledger, *, matter: int | None = None, id: int | None = None) -> list[ScheduleRow]:
    ledger.session.flush()
    found = list(named(ledger, _ROWS, {"matter": matter, "id": id}))
    bills = {
        key: split_bills.holding(ledger, key) for key in {r.bill_id for r in found if r.bill_id}
    }
    return [
        ScheduleRow(
            row.id,
            row.matter_id,
            row.matter,
            row.number,
            row.amount_cents,
            row.description,
            date.fromisoformat(row.due_on) if row.due_on else None,
            row.bill_on_step,
            row.pay_on_step,
            row.draft_id,
            bills.get(row.bill_id),
        )
        for row in found
    ]
