"""Workflows: the tasks that every matter of a kind of case begins with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billcli import assets
from billcli.errors import Refused, UsageProblem
from billcli.formats.firm import model
from billcli.services.milestones.workflow_views import (
    WorkflowView,
    trigger_fields,
    trigger_of,
    view,
)
from billcli.store import find
from billcli.store import workflows as kept
from billcli.values.text import shown, visible

if TYPE_CHECKING:
    from billcli.services.milestones.task_views import TaskView
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow, WorkflowTaskRow


@dataclass(frozen=True, slots=True)
class AppliedView:
    """What a workflow gave a matter."""

    workflow: str
    matter: str
    tasks: tuple[TaskView, ...]


def list_(ledger: Ledger) -> list[WorkflowView]:
    """The workflows by their name."""
    return [view(workflow) for workflow in models(ledger)]


def show(ledger: Ledger, name: str) -> WorkflowView:
    """One workflow. NotFound `workflow.missing`."""
    return view(_model(ledger, name))


def models(ledger: Ledger) -> tuple[model.Workflow, ...]:
    """The workflows as the firm file has them."""
    tasks = kept.tasks(ledger)
    return tuple(
        model.Workflow(w.name, w.case_type, tuple(_task(t) for t in tasks.get(w.name, ())))
        for w in kept.all_(ledger)
    )


def for_case_type(ledger: Ledger, case_type: str) -> str | None:
    """The name of the workflow that matters of this case type get, if there is one."""
    return kept.of_case_type(ledger, case_type)


def without(ledger: Ledger, case_type: str) -> str:
    """The warning that no workflow serves a case type, with the one that was probably meant."""
    near = kept.near_case_type(ledger, case_type)
    meant = f"; did you mean {shown(near)}?" if near else ""
    return f"no workflow serves the case type {shown(case_type)}{meant}"


def save(ledger: Ledger, workflow: model.Workflow) -> WorkflowView:
    """Keep a workflow; one of that name is replaced as a whole. Matters keep their tasks.

    Refused `workflow.case-type` where another workflow already serves the case type.
    """
    with ledger.write():
        if workflow.case_type is not None:
            other = kept.of_case_type(ledger, workflow.case_type)
            if other not in (None, workflow.name):
                raise Refused(
                    "workflow.case-type",
                    f"Matters of the case type {shown(workflow.case_type)} get the workflow "
                    f"{shown(other or '')}; {shown(workflow.name)} can't be theirs too.",
                    hint="Give it another case type, or none.",
                )
        was = next((w for w in models(ledger) if w.name == workflow.name), None)
        if was == workflow:
            return view(workflow)
        rows = [_row(task) for task in workflow.tasks]
        kept.put(ledger, workflow.name, workflow.case_type, rows)
        ledger.record(
            f"workflow {workflow.name}", before=_told(was) if was else None, after=_told(workflow)
        )
        return view(workflow, changed=True)


def apply(ledger: Ledger, name: str, *, matter: str) -> AppliedView:
    """Give a matter the tasks of a workflow that it doesn't have yet, by their names.

    Days until due count from the day the matter was opened. Refused `workflow.applied` where all
    of them are there, `milestone.no-value` where a percentage has no agreed value to be of.
    """
    from billcli.store.tasks import of_matter

    with ledger.write():
        workflow = _model(ledger, name)
        row = find.matter(ledger, matter)
        if row.closed_on is not None:
            raise Refused(
                "matter.closed",
                f"Matter {matter} was closed on {row.closed_on}; it takes no new tasks.",
                hint=f"Open it again: billcli matter reopen {matter}",
            )
        there = Counter(task.name for task in of_matter(ledger, row.id or 0))
        missing = _without(workflow.tasks, there)
        if not missing:
            raise Refused(
                "workflow.applied",
                f"Matter {matter} already has all tasks of the workflow {shown(name)}."
                if workflow.tasks
                else f"The workflow {shown(name)} has no tasks.",
                hint=f"See them: billcli task list {matter}",
            )
        return AppliedView(name, matter, _give(ledger, name, row, missing))


def apply_others(ledger: Ledger, name: str, *, matter: str, instead: Counter[str]) -> None:
    """Give a new matter the workflow's tasks, save those whose names are used otherwise."""
    with ledger.write():
        tasks = _without(_model(ledger, name).tasks, instead)
        _give(ledger, name, find.matter(ledger, matter), tasks)


def task_names(ledger: Ledger, name: str) -> Counter[str]:
    """The names of a workflow's tasks, each as often as it has them."""
    return Counter(task.name for task in _model(ledger, name).tasks)


def _give(
    ledger: Ledger, name: str, row: MatterRow, missing: Sequence[model.WorkflowTask]
) -> tuple[TaskView, ...]:
    from billcli.services.milestones import tasks

    opened = date.fromisoformat(row.opened_on)
    try:
        return tuple(tasks.add(ledger, row.number, **arguments(t, opened)) for t in missing)
    except Refused as refused:
        if refused.code != "milestone.no-value":
            raise
        raise Refused(
            refused.code,
            f"The workflow {shown(name)} charges percentages of the agreed value, "
            f"and matter {row.number} has none.",
            hint="Give it one with the arrangement: fixed --value V --bill-when milestones.",
        ) from refused


def _without(tasks: Sequence[model.WorkflowTask], names: Counter[str]) -> list[model.WorkflowTask]:
    """The tasks that are left when each of the names took one away."""
    left, others = Counter(names), []
    for task in tasks:
        if left[task.name]:
            left[task.name] -= 1
        else:
            others.append(task)
    return others


def import_file(ledger: Ledger, path: Path) -> tuple[WorkflowView, ...]:
    """Keep the workflows of a TOML file that has nothing but [[workflow]] tables.

    A name without a file of that name is one of those that come with the program. UsageProblem
    as the firm file's, `workflow.none`, `workflow.other`.
    """
    from billcli.formats.firm import read_file

    path = path if path.exists() else assets.shipped_workflows().get(str(path), path)

    file = read_file(path, currency=ledger.currency)
    if replace(file, workflows=(), currency="USD") != model.FirmFile():
        raise UsageProblem(
            "workflow.other",
            f"{visible(path.name)} holds more than workflows.",
            hint=f"Import all of it: billcli firm import {visible(path.name)}",
        )
    if not file.workflows:
        raise UsageProblem(
            "workflow.none",
            f"{visible(path.name)} holds no workflow.",
            hint="Write [[workflow]] tables with their [[workflow.task]].",
        )
    with ledger.write():
        return tuple(save(ledger, workflow) for workflow in file.workflows)


def shipped() -> dict[str, str]:
    """The workflows that come with the program, each with what it is for."""
    return {
        name: path.read_text("utf-8").partition(".")[0].removeprefix("# ")
        for name, path in assets.shipped_workflows().items()
    }


def arguments(task: model.WorkflowTask, opened: date) -> dict[str, Any]:
    """The task as tasks.add() takes it, for a matter opened on that day."""
    due = None if task.due_days is None else opened + timedelta(days=task.due_days)
    return {**_plain(task), "due_on": due}


def _plain(task: model.WorkflowTask) -> dict[str, Any]:
    return {
        "name": task.name,
        "step": task.step,
        "deliverable": task.deliverable,
        "acceptance": task.acceptance,
        "terms_days": task.terms_days,
        "needs_acceptance": task.needs_acceptance,
        "accept_within": task.accept_within,
        **trigger_fields(task.trigger),
    }


def _row(task: model.WorkflowTask) -> dict[str, Any]:
    plain = _plain(task)
    return {**plain, "needs_acceptance": int(task.needs_acceptance), "due_days": task.due_days}


def _task(row: WorkflowTaskRow) -> model.WorkflowTask:
    return model.WorkflowTask(
        name=row.name,
        step=row.step,
        due_days=row.due_days,
        deliverable=row.deliverable,
        acceptance=row.acceptance,
        terms_days=row.terms_days,
        needs_acceptance=bool(row.needs_acceptance),
        accept_within=row.accept_within,
        trigger=trigger_of(row),
    )


def _model(ledger: Ledger, name: str) -> model.Workflow:
    row = kept.one(ledger, name)
    tasks: Sequence[WorkflowTaskRow] = kept.tasks(ledger, name).get(name, ())
    return model.Workflow(row.name, row.case_type, tuple(_task(t) for t in tasks))


def _told(workflow: model.Workflow) -> dict[str, Any]:
    return {
        "case_type": workflow.case_type,
        "tasks": [
            {key: value for key, value in _row(task).items() if value not in (None, 0)}
            for task in workflow.tasks
        ],
    }
