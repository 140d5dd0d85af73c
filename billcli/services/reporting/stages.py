"""Milestones as reports tell them: each with its state and what it charges."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from billcli.core import milestone
from billcli.core.matter import charges
from billcli.core.milestone import Trigger
from billcli.store import split_bills, stages

if TYPE_CHECKING:
    from billcli.core.versions import Version
    from billcli.store.ledger import Ledger


class Stage(NamedTuple):
    """A milestone: its task as the ledger has it, its state, its amount, and the bill it is on.

    `cents` is that of its charge once there is one, else what it would charge; None where the
    value is missing.
    """

    task: Any
    state: milestone.State
    cents: int | None
    bill: str | None

    @property
    def due(self) -> date | None:
        """The day for which it is planned."""
        return day(self.task.due_on)

    @property
    def done_on(self) -> date | None:
        """The day on which it was reached."""
        return day(self.task.done_on)


def of_matters(ledger: Ledger, versions: dict[int, tuple[Version, ...]]) -> dict[int, list[Stage]]:
    """The milestones of the matters with these arrangements, in the order of their numbers."""
    rows = stages.of_matters(ledger, versions)
    bills = split_bills.states_of(ledger, {row.bill_id for row in rows if row.bill_id is not None})
    found = {}
    for matter_id, group in groupby(rows, lambda row: row.matter_id):
        tasks = list(group)
        worth = charges(_triggers(tasks), versions[matter_id], ledger.today)
        found[matter_id] = [
            Stage(row, _state(row, state), worth.get(row.number), number)
            for row in tasks
            if row.archived_on is None
            for number, state in (bills.get(row.bill_id, (None, None)),)
        ]
    return found


@lru_cache(maxsize=4096)
def day(text: str | None) -> date | None:
    """The day of a text of the ledger; many rows share few of them."""
    return date.fromisoformat(text) if text else None


def _triggers(tasks: Iterable[Any]) -> tuple[Trigger, ...]:
    return tuple(
        Trigger(t.number, t.trigger_kind, t.trigger_cents, t.trigger_percent_e4, t.charge_cents)
        for t in tasks
    )


def _state(task: Any, bill_state: str | None) -> milestone.State:
    return milestone.state(
        done=task.done_on is not None,
        decision=task.decision,
        charged=task.charge_id is not None,
        drafted=task.draft_id is not None,
        bill_state=bill_state,
    )
