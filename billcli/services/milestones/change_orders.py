"""Change orders: extra work has a milestone of its own, and what is billed stays (§7.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.matter import agreed_value, in_force
from billcli.errors import Refused, UsageProblem
from billcli.services.arrangement import standing
from billcli.services.milestones import task_views, tasks
from billcli.services.work import _entries
from billcli.store import contracts, find
from billcli.values import money
from billcli.values.text import read_text

if TYPE_CHECKING:
    from billcli.core.matter import MatterFile
    from billcli.services.milestones.task_views import TaskView
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow

# Arrangements with one agreed sum, and those whose milestones stand beside the hours.
TAKES = ("fixed", "capped", "hourly")


@dataclass(frozen=True, slots=True)
class ChangeOrderView:
    """A change order; `value_cents` is what is agreed on its matter now."""

    id: str
    matter: str
    date: date
    amount_cents: int
    name: str
    reason: str | None
    approved_by: str | None
    task: int | None
    value_cents: int | None = None
    warnings: tuple[str, ...] = ()


def add(
    ledger: Ledger,
    number: str,
    cents: int,
    *,
    name: str,
    reason: str | None = None,
    approved_by: str | None = None,
    task: int | None = None,
    day: date | None = None,
) -> ChangeOrderView:
    """Agree on more (`cents` above 0) or less, without touching what is charged or billed.

    More makes a milestone of its own, or adds to the unfired one that `task` names; less comes
    off the remainder, or off `task`. Refused `change-order.kind`, `change-order.unfired`,
    `change-order.task`, `change-order.value`.
    """
    with ledger.write():
        matter = _entries.open_matter(ledger, number)
        on = _entries.past_day(ledger, day)
        if cents == 0:
            raise UsageProblem("change-order.zero", "A change order adds something or takes it.")
        title = read_text(name, "name", longest=200)
        file = standing.file_of(ledger, matter.id or 0)
        version = in_force(file.versions, ledger.today)
        if version.kind not in TAKES:
            raise Refused(
                "change-order.kind",
                f"Matter {number} is {version.kind}; it has no one sum that could be changed.",
                hint=f"Change its terms instead: billcli arrangement set {number} …",
            )
        order_id = contracts.next_order(ledger)
        touched = _milestone(ledger, matter, file, cents, title, task)
        row = find.task(ledger, matter, touched.task) if touched else None
        values = {
            "amount_cents": cents,
            "name": title,
            "reason": read_text(reason, "reason", longest=500) if reason else None,
            "approved_by": read_text(approved_by, "approval", longest=200) if approved_by else None,
        }
        told: dict[str, Any] = {**values, "day": on.isoformat()}
        if touched:
            told["task"] = touched.task
        mark = ledger.record(f"change order CO-{order_id}", after=told, matter_id=matter.id)
        contracts.add_order(
            ledger,
            mark,
            matter_id=matter.id,
            arrangement_id=version.id,
            day=on.isoformat(),
            task_id=row.id if row else None,
            **values,
        )
    return _view(ledger, number, order_id)


def list_(ledger: Ledger, number: str | None = None) -> list[ChangeOrderView]:
    """The change orders of a matter, or of all of them."""
    matter_id = find.matter(ledger, number).id if number else None
    return [_told(order) for order in contracts.orders(ledger, matter_id)]


def _milestone(
    ledger: Ledger,
    matter: MatterRow,
    file: MatterFile,
    cents: int,
    title: str,
    task: int | None,
) -> TaskView | None:
    """The milestone that carries the change; None where the agreed sum alone carries it."""
    if task is not None:
        return _altered(ledger, matter, cents, task)
    terms = in_force(file.versions, ledger.today)
    alone = terms.kind == "fixed" and terms.terms.get("bill_when") != "milestones"
    if alone and not file.triggers:
        _refuse_below_billed(ledger, file, cents)
        return None
    if cents > 0:
        return tasks.add(ledger, matter.number, title, trigger_kind="amount", trigger_cents=cents)
    rest = next((t for t in file.triggers if t.kind == "remainder"), None)
    if rest is None or rest.fired_cents is not None:
        raise Refused(
            "change-order.task",
            f"Matter {matter.number} has no milestone for the remainder that could take "
            f"{money.grouped(-cents, ledger.decimals)} less.",
            hint="Name the milestone that it comes off: --task N.",
        )
    left = task_views.one(ledger, matter, rest.number)
    _refuse_beyond(ledger, left, cents)
    return left


def _altered(ledger: Ledger, matter: MatterRow, cents: int, task: int) -> TaskView:
    """The unfired milestone with its new amount; a percentage becomes the amount it stood for."""
    find.task(ledger, matter, task)
    now = task_views.one(ledger, matter, task)
    trigger = now.trigger
    if trigger is None or trigger.amount_cents is None or trigger.state not in ("planned", "ready"):
        state = trigger.state.replace("_", " ") if trigger else "without a trigger"
        raise Refused(
            "change-order.unfired",
            f"Task {task} of {matter.number} is {state}; a change order leaves it as it is.",
            hint="Leave --task out for a milestone of its own, or name one that is not charged.",
        )
    if trigger.remainder:
        if cents < 0:
            _refuse_beyond(ledger, now, cents)
        return now
    _refuse_beyond(ledger, now, cents)
    changes = {"trigger_kind": "amount", "trigger_cents": trigger.amount_cents + cents}
    return tasks.edit(ledger, matter.number, task, changes)


def _refuse_beyond(ledger: Ledger, now: TaskView, cents: int) -> None:
    """Less is taken off what is not charged yet, and something of the milestone stays."""
    held = (now.trigger.amount_cents if now.trigger else None) or 0
    if held + cents <= 0:
        amount, less = (money.grouped(c, ledger.decimals) for c in (held, -cents))
        raise Refused(
            "change-order.unfired",
            f"Task {now.task} of {now.matter} is worth {amount}; {less} can't come off it.",
            hint="Take less, or remove the task if nothing of it is left to do.",
        )


def _refuse_below_billed(ledger: Ledger, file: MatterFile, cents: int) -> None:
    value = agreed_value(file, ledger.today) or 0
    if value + cents <= 0 or value + cents < file.billed_fees_cents:
        agreed, billed, less = (
            money.grouped(c, ledger.decimals) for c in (value, file.billed_fees_cents, -cents)
        )
        raise Refused(
            "change-order.value",
            f"{agreed} is agreed on {file.number} and {billed} of it is billed; "
            f"{less} can't come off.",
            hint="Take less; what is billed goes back by a credit note: billcli credit add",
        )


def _view(ledger: Ledger, number: str, order_id: int) -> ChangeOrderView:
    matter = find.matter(ledger, number)
    (order,) = (o for o in contracts.orders(ledger, matter.id) if o.id == order_id)
    file = standing.file_of(ledger, matter.id or 0)
    gap = standing.uncovered(file, ledger.today, ledger.decimals)
    value = agreed_value(file, ledger.today)
    return _told(order, value_cents=value, warnings=(gap,) if gap else ())


def _told(
    order: contracts.ChangeOrder,
    *,
    value_cents: int | None = None,
    warnings: tuple[str, ...] = (),
) -> ChangeOrderView:
    return ChangeOrderView(
        order.ref,
        order.matter,
        order.day,
        order.amount_cents,
        order.name,
        order.reason,
        order.approved_by,
        order.task,
        value_cents,
        warnings,
    )
