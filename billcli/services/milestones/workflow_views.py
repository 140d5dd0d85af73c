"""Workflows as lists and JSON show them, and triggers as rows hold them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from billcli.formats.firm import model


@dataclass(frozen=True, slots=True)
class TriggerView:
    """What finishing the task charges."""

    amount_cents: int | None
    percent_e4: int | None
    remainder: bool
    description: str | None


@dataclass(frozen=True, slots=True)
class StepView:
    """A task of a workflow."""

    name: str
    step: str | None
    due_days: int | None
    deliverable: str | None
    acceptance: str | None
    terms_days: int | None
    needs_acceptance: bool
    accept_within: int | None
    trigger: TriggerView | None


@dataclass(frozen=True, slots=True)
class WorkflowView:
    """A workflow with its tasks."""

    name: str
    case_type: str | None
    tasks: tuple[StepView, ...]
    changed: bool = False


def view(workflow: model.Workflow, *, changed: bool = False) -> WorkflowView:
    """The workflow as lists and JSON show it."""
    return WorkflowView(
        workflow.name,
        workflow.case_type,
        tuple(
            StepView(
                t.name,
                t.step,
                t.due_days,
                t.deliverable,
                t.acceptance,
                t.terms_days,
                t.needs_acceptance,
                t.accept_within,
                TriggerView(
                    t.trigger.amount_cents,
                    t.trigger.percent_e4,
                    t.trigger.remainder,
                    t.trigger.description,
                )
                if t.trigger
                else None,
            )
            for t in workflow.tasks
        ),
        changed,
    )


def trigger_fields(trigger: model.Trigger | None) -> dict[str, Any]:
    """The trigger as rows of tasks hold it."""
    kind = None
    if trigger is not None:
        kind = "remainder" if trigger.remainder else "amount"
        kind = "percent" if trigger.percent_e4 is not None else kind
    return {
        "trigger_kind": kind,
        "trigger_cents": trigger.amount_cents if trigger else None,
        "trigger_percent_e4": trigger.percent_e4 if trigger else None,
        "trigger_description": trigger.description if trigger else None,
    }


def trigger_of(row: Any) -> model.Trigger | None:
    """The trigger of a row, as the firm file has it."""
    if row.trigger_kind is None:
        return None
    return model.Trigger(
        amount_cents=row.trigger_cents,
        percent_e4=row.trigger_percent_e4,
        remainder=row.trigger_kind == "remainder",
        description=row.trigger_description,
    )
