"""Tasks as lists and JSON show them, each trigger with its derived state (§7.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.core import milestone
from billcli.core.matter import MatterFile, worth
from billcli.services.arrangement import standing
from billcli.store import contracts, tasks

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow
    from billcli.store.tasks import TaskFacts


@dataclass(frozen=True, slots=True)
class TriggerView:
    """What a task charges and what became of it; `charge_amount` is that of its live charge.

    One that was written off with a void bill is waived, for the reason of the void; `bill` is null.
    """

    amount_cents: int | None
    percent_e4: int | None
    remainder: bool
    description: str
    state: milestone.State
    charge: str | None
    charge_amount_cents: int | None
    draft: str | None
    bill: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document of a task: where it is, and the hash of what it held."""

    name: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task of a matter."""

    matter: str
    task: int
    name: str
    state: str
    step: str | None
    due: date | None
    done_on: date | None
    deliverable: str | None
    acceptance: str | None
    terms_days: int | None
    needs_acceptance: bool
    accept_within: int | None
    trigger: TriggerView | None
    accepted_on: date | None = None
    accepted_by: str | None = None
    acceptance_note: str | None = None
    documents: tuple[DocumentView, ...] = ()
    warnings: tuple[str, ...] = ()


def state_of(task: TaskFacts) -> milestone.State:
    """The state of a task's trigger, from its charge and that charge's live bill."""
    fired = task.fired
    return milestone.state(
        done=task.done_on is not None,
        decision=task.decision,
        charged=fired is not None,
        drafted=fired is not None and fired.draft_id is not None,
        bill_state=fired.bill.state if fired and fired.bill else None,
    )


def description_of(task: TaskFacts) -> str:
    """What the charge is called: the trigger's own words, else the task's name."""
    return task.trigger_description or task.name


def view(
    file: MatterFile,
    task: TaskFacts,
    day: date,
    *,
    documents: tuple[DocumentView, ...] = (),
    warnings: tuple[str, ...] = (),
) -> TaskView:
    """One task; `file` is its matter, which knows what the triggers are worth."""
    return TaskView(
        matter=file.number,
        task=task.number,
        name=task.name,
        state="open" if task.done_on is None else "done",
        step=task.step,
        due=task.due,
        done_on=task.done_on,
        deliverable=task.deliverable,
        acceptance=task.acceptance,
        terms_days=task.terms_days,
        needs_acceptance=task.needs_acceptance,
        accept_within=task.accept_within,
        trigger=_trigger(task, worth(file, day)) if task.trigger_kind else None,
        accepted_on=task.accepted_on,
        accepted_by=task.accepted_by,
        acceptance_note=task.acceptance_note,
        documents=documents,
        warnings=warnings,
    )


def _trigger(task: TaskFacts, charges: dict[int, int | None]) -> TriggerView:
    fired = task.fired
    # A typed amount stays as it was typed, whatever the charge was edited to since (§7.2).
    amount = task.trigger_cents if task.trigger_kind == "amount" else charges.get(task.number)
    return TriggerView(
        amount_cents=amount,
        percent_e4=task.trigger_percent_e4,
        remainder=task.trigger_kind == "remainder",
        description=description_of(task),
        state=state_of(task),
        charge=fired.ref if fired else None,
        charge_amount_cents=fired.cents if fired else None,
        draft=f"D-{fired.draft_id}" if fired and fired.draft_id is not None else None,
        bill=fired.bill.number if fired and fired.bill and not fired.given_up else None,
        reason=fired.given_up if fired and fired.given_up else task.decision_reason,
    )


def one(
    ledger: Ledger, matter: MatterRow, number: int, *, warnings: tuple[str, ...] = ()
) -> TaskView:
    """A task as it stands now."""
    file = standing.file_of(ledger, matter.id or 0)
    found = tasks.one(ledger, matter.id or 0, number)
    papers = documents(ledger, matter.id or 0).get(number, ())
    return view(file, found, ledger.today, documents=papers, warnings=warnings)


def all_(ledger: Ledger, matter: MatterRow, file: MatterFile | None = None) -> list[TaskView]:
    """The tasks of a matter in the order of their numbers."""
    known = file or standing.file_of(ledger, matter.id or 0)
    papers = documents(ledger, matter.id or 0)
    return [
        view(known, task, ledger.today, documents=papers.get(task.number, ()))
        for task in tasks.of_matter(ledger, matter.id or 0)
    ]


def documents(ledger: Ledger, matter_id: int) -> dict[int, tuple[DocumentView, ...]]:
    """The documents of a matter's tasks, by the number of the task."""
    found: dict[int, tuple[DocumentView, ...]] = {}
    for paper in contracts.papers(ledger, matter_id):
        told = DocumentView(paper.name, paper.path, paper.sha256)
        found[paper.task] = (*found.get(paper.task, ()), told)
    return found
