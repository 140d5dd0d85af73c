"""Tasks of a matter with what became of their triggers: charge, draft and bill."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from billcli.errors import Refused
from billcli.store import split_bills
from billcli.store.models import ChargeRow, TaskRow
from billcli.store.rows import named

if TYPE_CHECKING:
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger

_TASK = TaskRow.__table__  # type: ignore[attr-defined]
_TASKS = """
    SELECT t.*, c.id AS charge_id, c.amount_cents AS charge_cents,
        c.description AS charge_description, s.draft_id, k.bill_id,
        v.reason AS void_reason
    FROM task AS t
    LEFT JOIN charge AS c ON c.task_id = t.id AND c.withdrawn_on IS NULL
    LEFT JOIN draft_source AS s ON s.kind = 'charge' AND s.entry_id = c.id
    LEFT JOIN claim AS k ON k.kind = 'charge' AND k.entry_id = c.id AND k.released_on IS NULL
    LEFT JOIN bill_event AS v ON v.bill_id = k.bill_id AND v.what = 'voided'
    WHERE t.matter_id IN (SELECT value FROM json_each(:matters))
        AND (t.archived_on IS NULL OR t.number = :number)
        AND (:number IS NULL OR t.number = :number)
    ORDER BY t.matter_id, t.number"""


@dataclass(frozen=True, slots=True)
class Fired:
    """The live charge of a trigger, and the draft or bill that it is on.

    `void_reason` is that of a bill that was voided with its entries written off.
    """

    charge_id: int
    cents: int
    description: str
    draft_id: int | None
    bill: BillFacts | None
    void_reason: str | None = None

    @property
    def given_up(self) -> str | None:
        """How it was given up with its bill; None where it wasn't."""
        if self.bill is None or self.bill.state != "void":
            return None
        return f"written off with bill {self.bill.number}: {self.void_reason}"

    @property
    def ref(self) -> str:
        """The charge by its reference."""
        return f"C-{self.charge_id}"


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task as the ledger has it, with its live charge."""

    id: int
    number: int
    name: str
    step: str | None
    due: date | None
    done_on: date | None
    deliverable: str | None
    acceptance: str | None
    terms_days: int | None
    needs_acceptance: bool
    accept_within: int | None
    trigger_kind: str | None
    trigger_cents: int | None
    trigger_percent_e4: int | None
    trigger_description: str | None
    decision: str | None
    decision_reason: str | None
    fired: Fired | None
    accepted_on: date | None = None
    accepted_by: str | None = None
    acceptance_note: str | None = None


def of_matter(ledger: Ledger, matter_id: int) -> list[TaskFacts]:
    """The tasks of a matter in the order of their numbers; removed ones are left out."""
    return of_matters(ledger, [matter_id]).get(matter_id, [])


def of_matters(ledger: Ledger, ids: Iterable[int]) -> dict[int, list[TaskFacts]]:
    """The tasks of many matters, each in the order of its numbers; removed ones are left out."""
    return _read(ledger, ids, None)


def one(ledger: Ledger, matter_id: int, number: int) -> TaskFacts:
    """One task, also a removed one; it must be there."""
    return _read(ledger, [matter_id], number)[matter_id][0]


def next_number(ledger: Ledger, matter_id: int) -> int:
    """The number after the highest that was ever given in the matter."""
    ledger.session.flush()
    highest = select(func.max(_TASK.c.number)).where(_TASK.c.matter_id == matter_id)
    return int(ledger.session.connection().execute(highest).scalar() or 0) + 1


def add_charge(
    ledger: Ledger, matter_id: int, task_id: int, *, day: date, cents: int, description: str
) -> int:
    """Insert the charge of a trigger; the database lets only one of them live (B7)."""
    try:
        return ledger.add(
            ChargeRow,
            matter_id=matter_id,
            task_id=task_id,
            day=day.isoformat(),
            amount_cents=cents,
            description=description,
        )
    except IntegrityError as twice:
        raise Refused(
            "trigger.charged",
            "The charge of this trigger exists already.",
            hint="See `billcli task show MATTER TASK`.",
        ) from twice


def _read(ledger: Ledger, ids: Iterable[int], number: int | None) -> dict[int, list[TaskFacts]]:
    ledger.session.flush()
    asked = {"matters": json.dumps(list(ids)), "number": number}
    rows = list(named(ledger, _TASKS, asked))
    bills = split_bills.held_by(ledger, {row.bill_id for row in rows if row.bill_id is not None})
    found: dict[int, list[TaskFacts]] = defaultdict(list)
    for row in rows:
        found[row.matter_id].append(_facts(row, bills))
    return found


def _facts(row: Any, bills: Mapping[int, BillFacts]) -> TaskFacts:
    fired = None
    if row.charge_id is not None:
        fired = Fired(
            row.charge_id,
            row.charge_cents,
            row.charge_description,
            row.draft_id,
            bills.get(row.bill_id),
            row.void_reason,
        )
    return TaskFacts(
        id=row.id,
        number=row.number,
        name=row.name,
        step=row.step,
        due=date.fromisoformat(row.due_on) if row.due_on else None,
        done_on=date.fromisoformat(row.done_on) if row.done_on else None,
        deliverable=row.deliverable,
        acceptance=row.acceptance,
        terms_days=row.terms_days,
        needs_acceptance=bool(row.needs_acceptance),
        accept_within=row.accept_within,
        trigger_kind=row.trigger_kind,
        trigger_cents=row.trigger_cents,
        trigger_percent_e4=row.trigger_percent_e4,
        trigger_description=row.trigger_description,
        decision=row.decision,
        decision_reason=row.decision_reason,
        fired=fired,
        accepted_on=date.fromisoformat(row.accepted_on) if row.accepted_on else None,
        accepted_by=row.accepted_by,
        acceptance_note=row.acceptance_note,
    )
