"""Closing a matter, which nothing unbilled or unpaid may outlive, and opening it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from billcli.core.matter import in_force
from billcli.errors import Refused
from billcli.services.arrangement import standing
from billcli.services.funds import trust
from billcli.services.matter import options, settling
from billcli.services.milestones import task_views
from billcli.services.work import _entries
from billcli.store import closings, find, matters, payments, retainers, timers
from billcli.store.find import EntryRef
from billcli.values import money

if TYPE_CHECKING:
    from billcli.core.arrangements.terms import Position
    from billcli.core.matter import MatterFile
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow


@dataclass(frozen=True, slots=True)
class ClosedView:
    """A matter after it was closed or opened again; `still_open` was overridden."""

    number: str
    state: str
    closed_on: date | None
    still_open: tuple[str, ...] = ()
    written_down_cents: int = 0


def close(ledger: Ledger, number: str, *, override: str | None = None) -> ClosedView:
    """Close a matter; `override` is the reason to do so over unbilled work or open balances.

    Nothing passes over a running timer. Time above an exhausted cap or a fully billed fixed fee
    is settled here without a bill: it becomes no-charge, and joins the contingent reserve where
    there is one (§1.2, §1.4).
    Refused `matter.closed`, `matter.still-open`.
    """
    with ledger.write():
        row = find.matter(ledger, number)
        if row.closed_on is not None:
            raise Refused(
                "matter.closed",
                f"Matter {number} was closed on {row.closed_on}.",
                hint=f"Open it again: billcli matter reopen {number}",
            )
        file = standing.file_of(ledger, row.id or 0)
        where = standing.position(file, ledger.today, ledger.decimals)
        spent = settling.above_the_cap(ledger, file)
        left = _still_open(ledger, row, file, where, spent.cents)
        # Of a timer nobody knows yet what would be lost, so no reason passes over it.
        timed = _timed(ledger, row.id or 0)
        if timed or (left and override is None):
            kept = timed if override is not None else [*left, *timed]
            raise Refused(
                "matter.still-open",
                f"Matter {number} can't be closed: there is {', '.join(kept)}.",
                hint=_way_out(kept, number),
            )
        settling.settle(ledger, file, spent)
        settled = spent.cents
        if where.headroom_cents == 0 and _fixed(ledger, file):
            settled += _settle(ledger, row)
        row.closed_on = ledger.today.isoformat()
        ledger.session.flush()
        after = {"closed_on": row.closed_on}
        if left:
            after |= {"reason": override or "", "still_open": "; ".join(left)}
        before = {"closed_on": None}
        ledger.record(f"matter {number}", before=before, after=after, matter_id=row.id)
        return ClosedView(number, "closed", ledger.today, tuple(left), settled)


def reopen(ledger: Ledger, number: str) -> ClosedView:
    """Open a closed matter again. Refused `matter.open`."""
    with ledger.write():
        row = find.matter(ledger, number)
        if row.closed_on is None:
            raise Refused("matter.open", f"Matter {number} is open.")
        before = {"closed_on": row.closed_on}
        row.closed_on = None
        ledger.session.flush()
        after = {"closed_on": None}
        mark = ledger.record(f"matter {number}", before=before, after=after, matter_id=row.id)
        closings.keep(ledger, row.id or 0, before, mark)
        return ClosedView(number, "open", None)


def _way_out(left: list[str], number: str) -> str:
    if any(each.endswith(" in trust") for each in left):
        return (
            f"Pay it back first: billcli trust withdraw {number} AMOUNT --payee CLIENT; "
            "or close with --override --reason TEXT."
        )
    credit = [each for each in left if " of credit from payment " in each]
    if credit and len(credit) == len(left):
        payment = credit[0].rpartition(" ")[2]
        return (
            f"Apply it or give it back: billcli payment refund {payment}; "
            "or close with --override --reason TEXT."
        )
    timer = [each for each in left if each.startswith("a running timer of ")]
    if timer and len(timer) == len(left):
        who = timer[0].removeprefix("a running timer of ")
        return f"billcli time stop --tk {who}, or with --discard to drop it."
    return "Bill or settle it first, or close with --override --reason TEXT."


def _fixed(ledger: Ledger, file: MatterFile) -> bool:
    return in_force(file.versions, ledger.today).kind == "fixed"


def _still_open(
    ledger: Ledger, row: MatterRow, file: MatterFile, where: Position, settled_cents: int
) -> list[str]:
    """Everything that keeps the matter from being closed, each with its amount."""
    work = matters.unbilled_of(ledger, row.id or 0)
    work = replace(work, time_cents=work.time_cents - settled_cents)
    fixed = _fixed(ledger, file)
    if fixed and where.headroom_cents == 0:
        work = replace(work, time_cents=0)
    found = options.what_is_open(ledger, row.id or 0, unbilled=work)
    if file.outcome and file.reserve_cents > 0:
        cents = money.grouped(file.reserve_cents, ledger.decimals)
        found.append(f"a reserve of {cents}, due since the success, not billed")
    if fixed and where.headroom_cents:
        cents = money.grouped(where.headroom_cents, ledger.decimals)
        found.append(f"{cents} of the fixed fee not billed")
    # What is the client's goes back before the file is put away (T16).
    for held, where_it_is in (
        (trust.holding(ledger, row.id or 0), "in trust"),
        (retainers.balance(ledger, row.id or 0), "of a general retainer"),
    ):
        if held:
            found.append(f"{money.grouped(held, ledger.decimals)} {where_it_is}")
    for payment, credit in payments.credits_held(ledger, matter_id=row.id):
        found.append(f"{money.grouped(credit, ledger.decimals)} of credit from payment {payment}")
    for task in task_views.all_(ledger, row, file):
        if task.trigger and task.trigger.state == "ready":
            found.append(f"the trigger of task {task.task} waiting for a decision")
    return found


def _timed(ledger: Ledger, matter_id: int) -> list[str]:
    """The timers that run on the matter, whose time could be recorded no more."""
    return [
        f"a running timer of {timer.timekeeper}"
        for timer in timers.running(ledger)
        if timer.matter_id == matter_id
    ]


def _settle(ledger: Ledger, row: MatterRow) -> int:
    """Make no-charge what the arrangement leaves nothing for; returns its standard value."""
    cents = 0
    for entry in matters.unbilled_time(ledger, row.id or 0):
        if entry.behavior == "bill":
            ref = EntryRef("time", entry.id, entry)
            _entries.alter(ledger, ref, {"behavior": "no-charge"})
            cents += entry.standard_cents
    return cents
