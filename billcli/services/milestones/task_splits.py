"""A milestone that the client approved in part: the rest becomes a task of its own (§7.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billcli.errors import Refused
from billcli.services.arrangement import standing
from billcli.services.milestones import firing, steps, task_views, tasks
from billcli.services.work import _entries
from billcli.store import contracts, find
from billcli.store import tasks as stored
from billcli.values import money
from billcli.values.text import read_text

if TYPE_CHECKING:
    from billcli.services.milestones.task_views import TaskView
    from billcli.store.ledger import Ledger
    from billcli.store.tasks import TaskFacts


@dataclass(frozen=True, slots=True)
class SplitView:
    """The approved part, which is charged, and the task that takes the rest."""

    approved: TaskView
    rest: TaskView
    sentence: str
    warnings: tuple[str, ...] = ()


def split(
    ledger: Ledger,
    number: str,
    task: int,
    *,
    percent_e4: int | None = None,
    cents: int | None = None,
    note: str | None = None,
) -> SplitView:
    """Charge the approved part of a milestone; the rest waits in a new task with the same terms.

    The part is a percentage or an amount; both parts make the whole exactly (V34). Only while
    it is on no bill and in no draft. Refused `trigger.missing`, `task.split`, `trigger.billed`.
    """
    with ledger.write():
        matter = _entries.open_matter(ledger, number)
        row = find.task(ledger, matter, task)
        facts = stored.one(ledger, matter.id or 0, task)
        whole = _whole(ledger, number, facts)
        approved = cents if percent_e4 is None else money.percent_of(whole, percent_e4)
        if approved is None or not 0 < approved < whole:
            part, all_ = (money.grouped(c, ledger.decimals) for c in (approved or 0, whole))
            raise Refused(
                "task.split",
                f"{part} of {all_} is no part of task {task}; something is approved and "
                "something is left.",
                hint="Approve all of it with `billcli task done`, or nothing.",
            )
        rest_cents = whole - approved
        why = read_text(note, "note", longest=500) if note else None
        charge = facts.fired
        if charge is not None:
            ref = _entries.changeable(ledger, charge.ref, "charge")
            _entries.alter(ledger, ref, {"amount_cents": approved})
        row.trigger_kind, row.trigger_cents, row.trigger_percent_e4 = "amount", approved, None
        with steps.kept(ledger, matter, done=row.step if row.done_on is None else None):
            rest = tasks.add(
                ledger,
                number,
                f"{facts.name} (revisions)"[:200],
                step=facts.step,
                deliverable=facts.deliverable,
                acceptance=facts.acceptance,
                terms_days=facts.terms_days,
                trigger_kind="amount",
                trigger_cents=rest_cents,
                trigger_description=f"{task_views.description_of(facts)} (revisions)"[:500],
                needs_acceptance=facts.needs_acceptance,
                accept_within=facts.accept_within,
            )
            if row.done_on is None:
                row.done_on = ledger.today.isoformat()
            row.accepted_on = row.accepted_on or ledger.today.isoformat()
        told = {"approved_cents": approved, "rest_cents": rest_cents, "rest": rest.task}
        mark = ledger.record(
            f"task {number}/{task}",
            before={"trigger_cents": whole, "done_on": facts.done_on},
            after={**told, "note": why},
            matter_id=matter.id,
        )
        contracts.add_split(
            ledger,
            mark,
            task_id=row.id,
            rest_id=find.task(ledger, matter, rest.task).id,
            approved_cents=approved,
            rest_cents=rest_cents,
            day=ledger.today.isoformat(),
            note=why,
        )
        warnings: tuple[str, ...] = ()
        if charge is None:
            now = stored.one(ledger, matter.id or 0, task)
            said, warnings = firing.fire(ledger, matter, row, now)
        else:
            said = f"Its charge {charge.ref} is now {money.grouped(approved, ledger.decimals)}."
        left = money.grouped(rest_cents, ledger.decimals)
        return SplitView(
            task_views.one(ledger, matter, task),
            task_views.one(ledger, matter, rest.task),
            f"{said} Task {rest.task} takes the {left} that is left.",
            warnings,
        )


def _whole(ledger: Ledger, number: str, facts: TaskFacts) -> int:
    """What the milestone is worth now; refused where it can't be parted any more."""
    if facts.trigger_kind is None:
        raise Refused(
            "trigger.missing",
            f"Task {facts.number} of {number} has no trigger.",
            hint=f"Set one: billcli task edit {number} {facts.number} --trigger AMOUNT",
        )
    if facts.decision == "waived":
        raise Refused("trigger.waived", f"The trigger of task {facts.number} was waived.")
    if facts.fired is None:
        matter = find.matter(ledger, number)
        return firing.amount_of(ledger, standing.file_of(ledger, matter.id or 0), facts)
    if facts.fired.bill is not None:
        raise Refused(
            "trigger.billed",
            f"Task {facts.number} was charged as {facts.fired.ref}, on bill "
            f"{facts.fired.bill.number}; it is parted before it is billed.",
            hint=f"Credit what isn't approved: billcli credit add {facts.fired.bill.number} AMOUNT",
        )
    if facts.fired.draft_id is not None:
        raise Refused(
            "trigger.drafted",
            f"The charge {facts.fired.ref} of task {facts.number} is in draft "
            f"D-{facts.fired.draft_id}.",
            hint=f"Delete the draft first: billcli bill delete D-{facts.fired.draft_id}",
        )
    return facts.fired.cents
