"""The acceptance of what was done, for which the charge of some milestones waits (§7.2)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from billcli.errors import Refused, UsageProblem
from billcli.services.arrangement import standing
from billcli.services.milestones import firing, task_views
from billcli.services.milestones.firing import Question
from billcli.services.milestones.task_views import description_of, state_of
from billcli.services.milestones.triggers import Outcome
from billcli.store import find, tasks
from billcli.values.text import read_text

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def question(ledger: Ledger, number: str, task: int) -> Question | None:
    """What to ask before `approve`; None where there is nothing to decide. Writes nothing."""
    matter = find.matter(ledger, number)
    row = find.task(ledger, matter, task)
    facts = tasks.one(ledger, matter.id or 0, task)
    waits = row.done_on and row.accepted_on is None and not matter.closed_on
    if not waits or not row.trigger_kind or state_of(facts) != "ready":
        return None
    file = standing.file_of(ledger, matter.id or 0)
    return Question(description_of(facts), firing.amount_of(ledger, file, facts))


def approve(
    ledger: Ledger,
    number: str,
    task: int,
    *,
    by: str | None = None,
    note: str | None = None,
    day: date | None = None,
    charge: bool | None = None,
    asked: Question | None = None,
) -> Outcome:
    """Keep that the client accepted a completed task; `charge` answers its waiting trigger.

    Without an answer the trigger goes on waiting, now free to be fired (D-11). Refused
    `task.open`, `task.accepted`.
    """
    with ledger.write():
        matter = find.matter(ledger, number)
        row = find.task(ledger, matter, task)
        if row.done_on is None:
            raise Refused(
                "task.open",
                f"Task {task} of {number} is not done, so it can't be accepted.",
                hint=f"Complete it: billcli task done {number} {task}",
            )
        if row.accepted_on is not None:
            raise Refused(
                "task.accepted",
                f"Task {task} of {number} was accepted on {row.accepted_on}"
                f"{f' by {row.accepted_by}' if row.accepted_by else ''}.",
                hint=f"See it: billcli task show {number} {task}",
            )
        on = day or ledger.today
        if on > ledger.today or on < date.fromisoformat(row.done_on):
            raise UsageProblem(
                "acceptance.day",
                f"Task {task} was done on {row.done_on}; it can't be accepted on {on}.",
                hint=f"Give a day from {row.done_on} to {ledger.today}.",
            )
        row.accepted_on = on.isoformat()
        row.accepted_by = read_text(by, "name", longest=200) if by else None
        row.acceptance_note = read_text(note, "note", longest=500) if note else None
        ledger.session.flush()
        after = {"accepted_on": row.accepted_on, "by": row.accepted_by, "note": row.acceptance_note}
        ledger.record(f"task {number}/{task}", after=after, matter_id=matter.id)
        said = [f"Task {task} of {number} is accepted{f' by {row.accepted_by}' if by else ''}."]
        warnings: tuple[str, ...] = ()
        facts = tasks.one(ledger, matter.id or 0, task)
        if row.trigger_kind and state_of(facts) == "ready":
            if charge:
                fired, warnings = firing.fire(ledger, matter, row, facts, asked=asked)
                said.append(fired)
            else:
                said.append(f"Its trigger waits: billcli task fire {number} {task}.")
        view = task_views.one(ledger, matter, task, warnings=warnings)
        return Outcome(view, " ".join(said))
