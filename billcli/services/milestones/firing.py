"""A trigger's charge: what is asked before it is made, and the making of it (§7.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.core.matter import worth
from billcli.errors import Refused
from billcli.services.arrangement import standing
from billcli.services.milestones.task_views import description_of
from billcli.services.work import _entries, unbillable
from billcli.store import tasks
from billcli.values import money

if TYPE_CHECKING:
    from billcli.core.matter import MatterFile
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow, TaskRow
    from billcli.store.tasks import TaskFacts


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before an armed trigger makes its charge."""

    description: str
    amount_cents: int

    def words(self, decimals: int) -> str:
        """The question as it is put."""
        amount = money.grouped(self.amount_cents, decimals)
        return f'Create the charge "{self.description}" for {amount}?'


def refuse_unaccepted(matter: MatterRow, row: TaskRow, *, completing: bool = False) -> None:
    """The charge of some tasks waits for the client's acceptance (§7.2)."""
    if row.needs_acceptance and row.accepted_on is None:
        raise Refused(
            "trigger.acceptance",
            f"Task {row.number} is charged once the client has accepted it.",
            hint=f"{'Complete it without --charge, then: ' if completing else ''}"
            f"billcli task approve {matter.number} {row.number} --by NAME",
        )


def fire(
    ledger: Ledger,
    matter: MatterRow,
    row: TaskRow,
    facts: TaskFacts,
    *,
    asked: Question | None = None,
) -> tuple[str, tuple[str, ...]]:
    """Make the charge in the transaction of the caller; the amount is frozen from here on."""
    _entries.open_matter(ledger, matter.number)
    unbillable.refuse_charge(ledger, matter)
    file = standing.file_of(ledger, matter.id or 0)
    now = Question(description_of(facts), amount_of(ledger, file, facts))
    if asked is not None and asked != now:
        raise Refused(
            "trigger.changed",
            f"Meanwhile the trigger of task {row.number} was changed: "
            f'"{now.description}" for {money.grouped(now.amount_cents, ledger.decimals)}.',
            hint="Look at it and complete the task again.",
        )
    row.decision = row.decision_reason = None
    ledger.session.flush()
    charge_id = tasks.add_charge(
        ledger,
        matter.id or 0,
        row.id or 0,
        day=date.fromisoformat(row.done_on or ""),
        cents=now.amount_cents,
        description=now.description,
    )
    ledger.record(
        f"charge C-{charge_id}",
        after={
            "task": row.number,
            "day": row.done_on,
            "amount_cents": now.amount_cents,
            "description": now.description,
        },
        matter_id=matter.id,
    )
    amount = money.grouped(now.amount_cents, ledger.decimals)
    said = f'Charge C-{charge_id} is made: "{now.description}", {amount}.'
    return said, _last_one(ledger, matter)


def _last_one(ledger: Ledger, matter: MatterRow) -> tuple[str, ...]:
    """The warning due when the last trigger fires and they don't cover the fixed fee."""
    file = standing.file_of(ledger, matter.id or 0)
    if any(trigger.fired_cents is None for trigger in file.triggers):
        return ()
    gap = standing.uncovered(file, ledger.today, ledger.decimals)
    return (gap,) if gap else ()


def amount_of(ledger: Ledger, file: MatterFile, facts: TaskFacts) -> int:
    """What the trigger charges now. Refused `milestone.no-value`, `trigger.nothing`."""
    cents = worth(file, ledger.today).get(facts.number)
    if cents is None:
        raise Refused(
            "milestone.no-value",
            f"The trigger of task {facts.number} takes part of an agreed value, and "
            f"{file.number} has none.",
            hint=f"Set one: billcli arrangement set {file.number} fixed --value V",
        )
    if cents <= 0:
        raise Refused(
            "trigger.nothing",
            f"The trigger of task {facts.number} comes to {money.plain(0, ledger.decimals)}: "
            f"nothing is left of the agreed value of {file.number}.",
            hint="Complete it with --no-charge, or give the trigger an amount.",
        )
    return cents
