"""Where a matter stands, and the rows of its schedule that hold it there (D-09)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from billcli.core.steps import BEHIND_ALL, Steps, steps_of
from billcli.errors import NotFound, Refused
from billcli.services.arrangement import standing
from billcli.services.arrangement.schedule_views import by_schedule
from billcli.store import find, schedules
from billcli.values.text import did_you_mean, read_text, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow
    from billcli.store.schedules import ScheduleRow


@dataclass(frozen=True, slots=True)
class StepView:
    """The step at which a matter stands; none where it is behind all of them or has none.

    `set_by_hand` where it was set; else it is that of the first open task. `held_by` says what
    keeps the matter from leaving it.
    """

    matter: str
    step: str | None
    set_by_hand: bool
    steps: tuple[str, ...]
    held_by: tuple[str, ...]
    overridden: tuple[str, ...] = ()


def show(ledger: Ledger, number: str) -> StepView:
    """Where a matter stands."""
    return _view(ledger, find.matter(ledger, number))


def move(ledger: Ledger, number: str, step: str, *, override: str | None = None) -> StepView:
    """Set the step; `end` is behind the last. `override` is the reason to leave it unsettled.

    The step of the first open task is no longer set, but followed. Refused `step.held`.
    """
    with ledger.write():
        matter = find.matter(ledger, number)
        reason = None if override is None else read_text(override, "reason", longest=500)
        before, known = of(ledger, matter), _known(ledger, matter)
        if step not in known and step != BEHIND_ALL:
            raise NotFound(
                "step.missing",
                f"Matter {number} has no step {shown(step)}.",
                hint=did_you_mean(step, known)
                or (f"Its steps: {', '.join(shown(k) for k in known)}." if known else
                    f"Name one with a task: billcli task edit {number} TASK --step STEP"),
            )  # fmt: skip
        was, followed = matter.step, _followed(ledger, matter)
        matter.step = None if (followed.at or BEHIND_ALL) == step and followed.order else step
        ledger.session.flush()
        held = _held(ledger, matter, before.left_by(of(ledger, matter).at))
        if held and reason is None:
            raise _refusal(number, held, step)
        after: dict[str, object] = {"step": matter.step or step}
        if held:
            after |= {"override": reason, "left": list(held)}
        told = {"step": was or followed.at}
        ledger.record(f"matter {number}", before=told, after=after, matter_id=matter.id)
        return _view(ledger, matter, held)


@contextmanager
def kept(ledger: Ledger, matter: MatterRow, *, done: str | None = None) -> Iterator[None]:
    """Refuse a change of tasks that would leave a step with rows unsettled. Refused `step.held`.

    `done` is the step of a task that the change completes: with its last one the matter goes on,
    also where that step was set by hand.
    """
    before = of(ledger, matter)
    yield
    ledger.session.flush()
    if done is not None and matter.step == done:
        _go_on(ledger, matter, done)
    after = of(ledger, matter)
    held = _held(ledger, matter, before.left_by(after.at))
    if held:
        raise _refusal(matter.number, held, after.at or BEHIND_ALL)


def _go_on(ledger: Ledger, matter: MatterRow, step: str) -> None:
    """With the last task of a step that was set, stand at the next one that has open tasks."""
    found = schedules.tasks_with_steps(ledger, matter.id or 0)
    if any(name == step and not is_done for name, is_done in found):
        return
    steps = steps_of(found)
    later = steps.order[steps.order.index(step) + 1 :]
    still_open = {name for name, is_done in found if not is_done}
    to = next((name for name in later if name in still_open), None)
    matter.step = None if to == steps.at else to or BEHIND_ALL
    ledger.session.flush()
    after = {"step": matter.step or to}
    ledger.record(
        f"matter {matter.number}", before={"step": step}, after=after, matter_id=matter.id
    )


def of(ledger: Ledger, matter: MatterRow) -> Steps:
    """The matter's steps as they stand."""
    tasks = schedules.tasks_with_steps(ledger, matter.id or 0)
    rows = schedules.of_matter(ledger, matter.id or 0)
    return steps_of(tasks, matter.step, named=_named(rows))


def _followed(ledger: Ledger, matter: MatterRow) -> Steps:
    return steps_of(schedules.tasks_with_steps(ledger, matter.id or 0))


def _named(rows: list[ScheduleRow]) -> list[str]:
    return [step for row in rows for step in (row.bill_on_step, row.pay_on_step) if step]


def _known(ledger: Ledger, matter: MatterRow) -> tuple[str, ...]:
    tasks = schedules.tasks_with_steps(ledger, matter.id or 0)
    rows = schedules.of_matter(ledger, matter.id or 0)
    return tuple(dict.fromkeys([*(step for step, _ in tasks if step), *_named(rows)]))


def _held(ledger: Ledger, matter: MatterRow, left: tuple[str, ...]) -> tuple[str, ...]:
    """What has to be billed or paid before these steps are left."""
    rows = schedules.of_matter(ledger, matter.id or 0) if left else []
    if not rows or not by_schedule(standing.file_of(ledger, matter.id or 0), ledger.today):
        return ()
    found = []
    for row in rows:
        settled = row.bill is not None and row.bill.state != "approved"
        paid = settled and row.bill is not None and not row.bill.balance_cents
        if row.bill_on_step in left and row.bill is None:
            found.append(f"{row.ref} is to be billed on {shown(row.bill_on_step)}")
        elif row.pay_on_step in left and not paid:
            named = f" (bill {row.bill.number})" if row.bill else ""
            found.append(f"{row.ref}{named} is to be paid on {shown(row.pay_on_step)}")
    return tuple(found)


def _refusal(number: str, held: tuple[str, ...], to: str) -> Refused:
    return Refused(
        "step.held",
        f"Matter {number} can't leave its step: {'; '.join(held)}.",
        hint=f"Bill it with `billcli bill create {number} --issue`, take the payment, or go on: "
        f"billcli matter step {number} {shown(to)} --override --reason TEXT",
    )


def _view(ledger: Ledger, matter: MatterRow, overridden: tuple[str, ...] = ()) -> StepView:
    steps = of(ledger, matter)
    return StepView(
        matter=matter.number,
        step=steps.at,
        set_by_hand=matter.step is not None,
        steps=_known(ledger, matter),
        held_by=_held(ledger, matter, (steps.at,)) if steps.at else (),
        overridden=overridden,
    )
