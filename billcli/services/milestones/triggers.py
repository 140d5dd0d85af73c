"""Completing tasks, and the charges that their triggers make, once (§7, D-59).

State is derived: a completed task with neither a live charge nor a decision waits for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.errors import Refused
from billcli.services.arrangement import standing
from billcli.services.milestones import firing, steps, task_views
from billcli.services.milestones.firing import Question
from billcli.services.milestones.task_views import TaskView, description_of, state_of
from billcli.services.work import _entries
from billcli.store import entries, find, tasks
from billcli.values.text import read_text

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow, TaskRow
    from billcli.store.tasks import TaskFacts


@dataclass(frozen=True, slots=True)
class Outcome:
    """A task after a step, and the sentence that says what became of it."""

    task: TaskView
    sentence: str
    changed: bool = True


def question(ledger: Ledger, number: str, task: int, *, day: date | None = None) -> Question | None:
    """What to ask before `done`; None where there is nothing to decide. Writes nothing."""
    matter = find.matter(ledger, number)
    row = find.task(ledger, matter, task)
    _entries.past_day(ledger, day, hint="Complete the task on the day it is done.")
    facts = tasks.one(ledger, matter.id or 0, task)
    waits = (row.needs_acceptance and row.accepted_on is None) or matter.closed_on
    if row.done_on or not row.trigger_kind or waits or state_of(facts) != "planned":
        return None
    file = standing.file_of(ledger, matter.id or 0)
    return Question(description_of(facts), firing.amount_of(ledger, file, facts))


def done(
    ledger: Ledger,
    number: str,
    task: int,
    *,
    day: date | None = None,
    charge: bool | None = None,
    asked: Question | None = None,
) -> Outcome:
    """Complete a task. `charge` answers its trigger; without an answer the trigger waits.

    `asked` is the question that was answered: what changed since is refused. Completing it again
    changes nothing and makes no second charge (V31). UsageProblem `date.future`; refused
    `step.held` where the matter would leave a step whose rows are not settled (D-09).
    """
    with ledger.write():
        matter = find.matter(ledger, number)
        row = find.task(ledger, matter, task)
        when = _entries.past_day(ledger, day, hint="Complete the task on the day it is done.")
        facts = tasks.one(ledger, matter.id or 0, task)
        if row.done_on is not None:
            return _already(ledger, matter, facts, charge=charge)
        with steps.kept(ledger, matter, done=row.step):
            row.done_on = when.isoformat()
        ledger.record(
            f"task {number}/{task}",
            before={"done_on": None},
            after={"done_on": row.done_on},
            matter_id=matter.id,
        )
        said = [f"Task {task} of {number} is done: {row.name}."]
        warnings: tuple[str, ...] = ()
        if facts.fired:
            said.append(f"It was already charged: {_fired_as(facts)}.")
        elif row.trigger_kind and charge is None and row.needs_acceptance:
            said.append(f"Its charge waits for the client: billcli task approve {number} {task}.")
        elif row.trigger_kind and charge is None:
            said.append(
                f"Its trigger waits: billcli task fire {number} {task}, or "
                f"billcli task waive {number} {task} --reason TEXT."
            )
        elif row.trigger_kind and charge:
            firing.refuse_unaccepted(matter, row, completing=True)
            fired, warnings = firing.fire(ledger, matter, row, facts, asked=asked)
            said.append(fired)
        elif row.trigger_kind:
            _decide(ledger, matter, row, "declined", None)
            said.append("No charge was made.")
        view = task_views.one(ledger, matter, task, warnings=warnings)
        return Outcome(view, " ".join(said))


def fire(ledger: Ledger, number: str, task: int) -> Outcome:
    """Make the charge of a trigger that waits or was declined, dated the day of completion.

    Refused `task.open`, `trigger.missing`, `trigger.charged`, `trigger.waived`.
    """
    with ledger.write():
        matter, row, facts = _settled(ledger, number, task)
        if facts.decision == "waived":
            raise Refused(
                "trigger.waived",
                f"The trigger of task {task} was waived: {facts.decision_reason}.",
                hint=f"Arm it again: billcli task reopen {number} {task}",
            )
        firing.refuse_unaccepted(matter, row)
        said, warnings = firing.fire(ledger, matter, row, facts)
        return Outcome(task_views.one(ledger, matter, task, warnings=warnings), said)


def waive(ledger: Ledger, number: str, task: int, *, reason: str) -> Outcome:
    """Give up the charge of a trigger that waits or was declined, for a stated reason."""
    with ledger.write():
        matter, row, _ = _settled(ledger, number, task)
        _decide(ledger, matter, row, "waived", read_text(reason, "reason", longest=500))
        said = f"The trigger of task {task} of {number} is waived."
        return Outcome(task_views.one(ledger, matter, task), said)


def reopen(ledger: Ledger, number: str, task: int, *, keep: bool = False) -> Outcome:
    """Take a task back to open; its unbilled charge is withdrawn unless it is kept (§7.2).

    A billed charge stays whatever is asked. Refused `task.open`.
    """
    with ledger.write():
        matter = find.matter(ledger, number)
        row = find.task(ledger, matter, task)
        if row.done_on is None:
            raise _not_done(number, task, "it can't be reopened")
        facts = tasks.one(ledger, matter.id or 0, task)
        before = {"done_on": row.done_on, "decision": row.decision}
        row.done_on = row.decision = row.decision_reason = None
        row.accepted_on = row.accepted_by = row.acceptance_note = None
        ledger.session.flush()
        after = {"done_on": None, "decision": None}
        ledger.record(f"task {number}/{task}", before=before, after=after, matter_id=matter.id)
        said = f"Task {task} of {number} is open again."
        if facts.fired:
            said += " " + _reopened_charge(ledger, facts, keep=keep)
        return Outcome(task_views.one(ledger, matter, task), said)


def _reopened_charge(ledger: Ledger, facts: TaskFacts, *, keep: bool) -> str:
    fired = facts.fired
    assert fired is not None
    if fired.given_up:
        return f"Its charge {fired.ref} stays {fired.given_up}."
    if fired.bill is not None:
        return f"Its charge {fired.ref} stays on bill {fired.bill.number}."
    if keep:
        return f"Its charge {fired.ref} stays."
    entries.leave_draft(ledger, "charge", fired.charge_id)
    ref = _entries.changeable(ledger, fired.ref, "charge")
    _entries.alter(ledger, ref, {"withdrawn_on": ledger.today.isoformat()})
    if fired.draft_id is None:
        return f"Its charge {fired.ref} is withdrawn."
    stale = f"draft D-{fired.draft_id} is stale: billcli bill refresh D-{fired.draft_id}"
    return f"Its charge {fired.ref} is withdrawn; {stale}"


def _already(
    ledger: Ledger, matter: MatterRow, facts: TaskFacts, *, charge: bool | None
) -> Outcome:
    said = f"Task {facts.number} of {matter.number} is already done, since {facts.done_on}."
    state = state_of(facts) if facts.trigger_kind else None
    if facts.fired:
        said += f" It was already charged: {_fired_as(facts)}."
    elif state is not None and (charge or (charge is False and state == "ready")):
        way = f"billcli task {{}} {matter.number} {facts.number}"
        settle = f"Settle its trigger: {way.format('fire')}, or {way.format('waive')} --reason TEXT"
        again = f"It was waived; arm it again: {way.format('reopen')}"
        raise Refused("task.done", said, hint=again if state == "waived" else settle)
    elif state == "ready":
        said += f" Its trigger waits: billcli task fire {matter.number} {facts.number}."
    return Outcome(task_views.one(ledger, matter, facts.number), said, changed=False)


def _settled(ledger: Ledger, number: str, task: int) -> tuple[MatterRow, TaskRow, TaskFacts]:
    """A task whose trigger can still be settled."""
    matter = find.matter(ledger, number)
    row = find.task(ledger, matter, task)
    facts = tasks.one(ledger, matter.id or 0, task)
    if row.trigger_kind is None:
        raise Refused(
            "trigger.missing",
            f"Task {task} of {number} has no trigger.",
            hint=f"Set one: billcli task edit {number} {task} --trigger AMOUNT",
        )
    if facts.fired:
        raise Refused(
            "trigger.charged",
            f"Task {task} of {number} was already charged: {_fired_as(facts)}.",
            hint=_given_up_hint(number)
            if facts.fired.given_up
            else f"An unbilled charge is taken back with billcli charge withdraw {facts.fired.ref}",
        )
    if row.done_on is None:
        raise _not_done(number, task, "its trigger can't be settled")
    return matter, row, facts


def _not_done(number: str, task: int, so: str) -> Refused:
    return Refused(
        "task.open",
        f"Task {task} of {number} is not done, so {so}.",
        hint=f"Complete it: billcli task done {number} {task}",
    )


def _decide(
    ledger: Ledger, matter: MatterRow, row: TaskRow, decision: str, reason: str | None
) -> None:
    before = {"decision": row.decision}
    row.decision, row.decision_reason = decision, reason
    ledger.session.flush()
    ledger.record(
        f"task {matter.number}/{row.number}",
        before=before,
        after={"decision": decision, "reason": reason},
        matter_id=matter.id,
    )


def _fired_as(facts: TaskFacts) -> str:
    fired = facts.fired
    assert fired is not None
    if fired.given_up:
        return f"{fired.ref}, {fired.given_up}"
    return f"{fired.ref} on bill {fired.bill.number}" if fired.bill else fired.ref


def _given_up_hint(number: str) -> str:
    return f"What is charged after all has a milestone of its own: billcli task add {number} NAME"
