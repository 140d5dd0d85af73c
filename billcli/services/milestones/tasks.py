"""The tasks of a matter, and the triggers set on them; what fires them is in triggers.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core import milestone
from billcli.core.matter import agreed_value
from billcli.errors import Refused, UsageProblem
from billcli.services.arrangement import standing
from billcli.services.milestones import steps, task_views
from billcli.services.milestones.task_views import TaskView
from billcli.store import find, tasks
from billcli.store.models import TaskRow
from billcli.values.text import read_text, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow

TEXTS = {
    "name": 200,
    "step": 100,
    "deliverable": 2000,
    "acceptance": 2000,
    "trigger_description": 500,
}
TRIGGER = ("trigger_kind", "trigger_cents", "trigger_percent_e4", "trigger_description")


def add(
    ledger: Ledger,
    number: str,
    name: str,
    *,
    step: str | None = None,
    due_on: date | None = None,
    deliverable: str | None = None,
    acceptance: str | None = None,
    terms_days: int | None = None,
    trigger_kind: str | None = None,
    trigger_cents: int | None = None,
    trigger_percent_e4: int | None = None,
    trigger_description: str | None = None,
    needs_acceptance: bool = False,
    accept_within: int | None = None,
) -> TaskView:
    """Add a task to a matter under a number that was never used there before.

    Refused `milestone.above-whole`, `milestone.no-value`, `milestone.two-remainders` (D-60).
    """
    with ledger.write():
        matter = find.matter(ledger, number)
        values = _texts(
            {
                "name": name,
                "step": step,
                "deliverable": deliverable,
                "acceptance": acceptance,
                "trigger_description": trigger_description,
            }
        )
        values |= _trigger(trigger_kind, trigger_cents, trigger_percent_e4)
        values |= {
            "due_on": due_on.isoformat() if due_on else None,
            "terms_days": _terms(terms_days),
            "needs_acceptance": int(needs_acceptance),
            "accept_within": accept_within,
        }
        if values["trigger_description"] and trigger_kind is None:
            raise _no_trigger()
        task = tasks.next_number(ledger, matter.id or 0)
        ledger.add(TaskRow, matter_id=matter.id, number=task, **values)
        warnings = _checked(ledger, matter) if trigger_kind else ()
        told = {key: value for key, value in values.items() if value not in (None, 0)}
        ledger.record(f"task {number}/{task}", after=told, matter_id=matter.id)
        return task_views.one(ledger, matter, task, warnings=warnings)


def edit(ledger: Ledger, number: str, task: int, changes: Mapping[str, Any]) -> TaskView:
    """Change a task; the keys are those of add(), None clears, `trigger_kind` None disarms.

    Refused `trigger.charged` where the trigger has fired: from then on it is the charge that
    is edited, and once billed a change order or a credit note (§7.2).
    """
    with ledger.write():
        matter = find.matter(ledger, number)
        row = find.task(ledger, matter, task)
        values = _texts({key: value for key, value in changes.items() if key in TEXTS})
        if "due_on" in changes:
            due = changes["due_on"]
            values["due_on"] = due.isoformat() if due else None
        if "terms_days" in changes:
            values["terms_days"] = _terms(changes["terms_days"])
        for name in ("needs_acceptance", "accept_within"):
            if name in changes:
                values[name] = changes[name] if name == "accept_within" else int(changes[name])
        if "trigger_kind" in changes:
            values |= _trigger(
                changes["trigger_kind"],
                changes.get("trigger_cents"),
                changes.get("trigger_percent_e4"),
            )
            if changes["trigger_kind"] is None:
                values |= {"trigger_description": None, "decision": None, "decision_reason": None}
        elif values.get("trigger_description") and row.trigger_kind is None:
            raise _no_trigger()
        before = {key: getattr(row, key) for key in values}
        after = {key: value for key, value in values.items() if value != before[key]}
        if any(key in TRIGGER for key in after):
            _refuse_fired(ledger, matter, row)
        with steps.kept(ledger, matter):
            for key, value in after.items():
                setattr(row, key, value)
        touched = any(key in TRIGGER for key in after)
        warnings = _checked(ledger, matter) if touched and row.trigger_kind else ()
        if after:
            old = {key: before[key] for key in after}
            ledger.record(f"task {number}/{task}", before=old, after=after, matter_id=matter.id)
        return task_views.one(ledger, matter, task, warnings=warnings)


def list_(ledger: Ledger, number: str) -> list[TaskView]:
    """The tasks of a matter."""
    return task_views.all_(ledger, find.matter(ledger, number))


def show(ledger: Ledger, number: str, task: int) -> TaskView:
    """One task."""
    matter = find.matter(ledger, number)
    find.task(ledger, matter, task)
    return task_views.one(ledger, matter, task)


def remove(ledger: Ledger, number: str, task: int, *, archive: bool = False) -> TaskView:
    """Take a task off its matter; its number is not given again.

    Refused `task.charged` where a charge exists, unless it is archived: the charge stays (§7.2).
    """
    with ledger.write():
        matter = find.matter(ledger, number)
        row = find.task(ledger, matter, task)
        before = task_views.one(ledger, matter, task)
        if before.trigger and before.trigger.charge and not archive:
            raise Refused(
                "task.charged",
                f"Task {task} of {number} has made the charge {before.trigger.charge}.",
                hint=f"Keep the charge and put the task away: "
                f"billcli task remove {number} {task} --archive",
            )
        with steps.kept(ledger, matter):
            row.archived_on = ledger.today.isoformat()
        ledger.record(
            f"task {number}/{task}",
            before={"name": row.name, "archived_on": None},
            after={"archived_on": row.archived_on},
            matter_id=matter.id,
        )
        return before


def _texts(values: Mapping[str, str | None]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for key, value in values.items():
        what = "charge description" if key == "trigger_description" else key
        if value is None:
            if key == "name":
                raise UsageProblem("text.empty", "The name is empty.")
            read[key] = None
        else:
            read[key] = read_text(value, what, longest=TEXTS[key], required=key == "name") or None
    return read


def _trigger(kind: str | None, cents: int | None, percent_e4: int | None) -> dict[str, Any]:
    if kind not in (None, "amount", "percent", "remainder"):
        raise UsageProblem(
            "trigger.kind",
            f"{shown(str(kind))} isn't a kind of trigger.",
            hint="It is an amount, a percentage such as 30%, or remainder.",
        )
    if kind == "amount" and (cents is None or cents <= 0):
        raise UsageProblem("trigger.amount", "A trigger's amount is above zero.")
    if kind == "percent" and (percent_e4 is None or not 0 < percent_e4 <= milestone.WHOLE_E4):
        raise UsageProblem("trigger.percent", "A trigger's percentage is above 0 and at most 100.")
    return {
        "trigger_kind": kind,
        "trigger_cents": cents if kind == "amount" else None,
        "trigger_percent_e4": percent_e4 if kind == "percent" else None,
    }


def _terms(days: int | None) -> int | None:
    if days is not None and not 0 <= days <= 3650:
        raise UsageProblem("terms.range", f"Terms of {days} days are not between 0 and 3650.")
    return days


def _no_trigger() -> UsageProblem:
    return UsageProblem(
        "trigger.missing",
        "A charge description belongs to a trigger, and this task has none.",
        hint="Give --trigger AMOUNT, PCT% or remainder.",
    )


def _checked(ledger: Ledger, matter: MatterRow) -> tuple[str, ...]:
    """The rules over all triggers of the matter, inside the write lock; returns warnings."""
    file = standing.file_of(ledger, matter.id or 0)
    milestone.check_percentages(file.triggers, agreed_value(file, ledger.today))
    found = (
        standing.uncovered(file, ledger.today, ledger.decimals),
        standing.front_loaded(file, ledger.today, ledger.decimals),
    )
    return tuple(warning for warning in found if warning)


def _refuse_fired(ledger: Ledger, matter: MatterRow, row: TaskRow) -> None:
    fired = tasks.one(ledger, matter.id or 0, row.number).fired
    if fired is None:
        return
    if fired.bill is not None:
        own = "Add a milestone of its own for a change"
        raise Refused(
            "trigger.billed",
            f"Task {row.number} was charged as {fired.ref}, "
            f"{fired.given_up or f'on bill {fired.bill.number}'}.",
            hint=f"{own}." if fired.given_up else f"{own}, or void the bill first.",
        )
    raise Refused(
        "trigger.charged",
        f"Task {row.number} has fired: its charge is {fired.ref}.",
        hint=f"Edit the charge: billcli charge edit {fired.ref} --amount AMOUNT",
    )
