"""Client money drawn onto issued bills by hand, or when what a bill announced has come due (T4)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from billcli.core.funding import Account, Source, Target, Use
from billcli.core.options import effective
from billcli.core.trust import payable
from billcli.errors import Refused
from billcli.services.funds import applying, trust_rules
from billcli.store import bill_reads, find, firm, purses, settings
from billcli.store.bill_reads import BillFacts
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sum that was applied: the row behind it, and what is still open on the bill."""

    id: str
    bill: str
    matter: str
    amount_cents: int
    open_cents: int


@dataclass(frozen=True, slots=True)
class Left:
    """A bill that nothing was applied to, and why."""

    bill: str
    matter: str
    reason: str


def pay(
    ledger: Ledger, account: Account, reference: str, amount_cents: int | None = None
) -> dict[str, Any]:
    """Pay an issued bill from its matter's trust or general retainer, in part or as far as it goes.

    Refused `apply.not-issued`, `apply.nothing-open`, `apply.other-client`, `apply.beyond-bill`,
    `apply.disputed`, `apply.notice`, `trust.overdraw`, `retainer.overdraw`, and those of the day.
    """
    with ledger.write():
        bill = find.bill(ledger, reference)
        day = _day(ledger, account)
        _refuse(ledger, account, bill, day)
        free = bill.balance_cents - (bill.disputed_cents if account == "trust" else 0)
        if amount_cents is not None:
            _refuse_above(ledger, bill, amount_cents, free)
        elif free <= 0:
            _refuse_above(ledger, bill, bill.balance_cents, free)
        there = _available(ledger, account, bill, day)
        cents = amount_cents or min(free, there) or free
        if cents > there:
            _refuse_overdraw(ledger, account, bill, cents, there, day)
        return _view([_draw(ledger, account, bill, cents, day)])


def pay_waiting(ledger: Ledger, account: Account) -> dict[str, Any]:
    """Apply what waits for a hand: on every matter whose option says manual, bills by due date."""
    with ledger.write():
        day = _day(ledger, account)
        drawn: list[Drawn] = []
        left: list[Left] = []
        for matter_id in _by_hand(ledger, account):
            for bill in _open(ledger, matter_id):
                _or_why(ledger, account, bill, None, day, drawn, left)
        return _view(drawn, left)


def pay_due(ledger: Ledger) -> dict[str, Any]:
    """Apply what bills announced to take from trust and has come due, as far as undisputed (T4).

    Run again, it takes no more than was announced.
    """
    with ledger.write():
        day = _day(ledger, "trust")
        drawn: list[Drawn] = []
        left: list[Left] = []
        for notice in purses.notices(ledger):
            if not notice.cents or notice.due_on > day:
                continue
            bill = bill_reads.one(ledger, notice.bill_id)
            if bill and bill.balance_cents > 0:
                _or_why(ledger, "trust", bill, notice.cents, day, drawn, left)
        return _view(drawn, left)


def _or_why(
    ledger: Ledger,
    account: Account,
    bill: BillFacts,
    most: int | None,
    day: date,
    drawn: list[Drawn],
    left: list[Left],
) -> None:
    """Draw what can be drawn onto a bill, or note why nothing was."""
    try:
        _refuse(ledger, account, bill, day)
        free = bill.balance_cents - (bill.disputed_cents if account == "trust" else 0)
        if free <= 0:
            _refuse_above(ledger, bill, bill.balance_cents, free)
        free = free if most is None else min(free, most)
        there = _available(ledger, account, bill, day)
        if there <= 0:
            _refuse_overdraw(ledger, account, bill, free, there, day)
    except Refused as refusal:
        left.append(Left(bill.number, bill.matter, refusal.sentence))
        return
    made = _draw(ledger, account, bill, min(free, there), day, automatic=most is not None)
    drawn.append(made)


def _day(ledger: Ledger, account: Account) -> date:
    return trust_rules.entry_day(ledger, None) if account == "trust" else ledger.today


def _refuse(ledger: Ledger, account: Account, bill: BillFacts, day: date) -> None:
    """What stands against any payment of a bill from client money (T3, T4, T6)."""
    if bill.state in ("approved", "void") or (bill.issued_on and bill.issued_on > day):
        when = f"issued on {bill.issued_on}" if bill.issued_on and bill.state != "void" else ""
        raise Refused(
            "apply.not-issued",
            f"Bill {bill.number} is {when or bill.state}; client money pays only issued bills.",
            hint=f"Issue it first: billcli bill issue {bill.number}",
        )
    if bill.balance_cents <= 0:
        raise Refused("apply.nothing-open", f"Nothing is open on bill {bill.number}.")
    row = find.matter_by_id(ledger, bill.matter_id)
    if row.client_id != bill.client:
        raise Refused(
            "apply.other-client",
            f"Bill {bill.number} is {bill.client}'s; the money of {row.number} is "
            f"{row.client_id}'s, and one client's money never pays another's bill.",
            hint=f"A payment of {bill.client}: billcli payment add {bill.number} AMOUNT",
        )
    due_on = _locked_until(ledger, bill) if account == "trust" else None
    if due_on and due_on > day:
        raise Refused(
            "apply.notice",
            f"The client may object to a withdrawal for bill {bill.number} until {due_on}; "
            "nothing leaves trust for it before.",
            hint=f"On that day: billcli trust apply {bill.number}",
        )


def _locked_until(ledger: Ledger, bill: BillFacts) -> date | None:
    """The first day on which trust may pay the bill, where a notice was given or is due (T4)."""
    notice = purses.notice_of(ledger, bill.id)
    if notice:
        return notice[0]
    days = int(settings.get(ledger, "trust.notice_days") or 0)
    return bill.issued_on + timedelta(days=days) if days and bill.issued_on else None


def _refuse_above(ledger: Ledger, bill: BillFacts, asked: int, free: int) -> None:
    """No more is applied than is open, and from trust than is undisputed (T3, T5)."""
    if asked <= free:
        return
    wanted, open_cents, contested = (
        money.grouped(cents, ledger.decimals)
        for cents in (asked, bill.balance_cents, bill.disputed_cents)
    )
    if asked > bill.balance_cents:
        raise Refused(
            "apply.beyond-bill",
            f"On bill {bill.number} {open_cents} is open; {wanted} was to be applied.",
            hint="Apply less; what is over stays where it is.",
        )
    raise Refused(
        "apply.disputed",
        f"Of {open_cents} that is open on bill {bill.number}, {contested} is in dispute; "
        f"trust can't pay {wanted} of it.",
        hint=f"Once it is resolved: billcli bill dispute {bill.number} --resolve",
    )


def _available(ledger: Ledger, account: Account, bill: BillFacts, day: date) -> int:
    read = purses.trust_moves if account == "trust" else purses.retainer_moves
    return payable(read(ledger, bill.matter_id, bill.client), day).available_cents


def _refuse_overdraw(
    ledger: Ledger, account: Account, bill: BillFacts, cents: int, there: int, day: date
) -> None:
    if account == "trust":
        moves = purses.trust_moves(ledger, bill.matter_id, bill.client)
        trust_rules.refuse_beyond(ledger, bill.matter, moves, cents, day=day)
    held, asked = (money.grouped(each, ledger.decimals) for each in (there, cents))
    raise Refused(
        "retainer.overdraw",
        f"{bill.matter} has {held} in its general retainer on {day}; {asked} was asked for.",
        hint="Ask for less, or deposit first.",
    )


def _draw(
    ledger: Ledger,
    account: Account,
    bill: BillFacts,
    cents: int,
    day: date,
    *,
    automatic: bool = False,
) -> Drawn:
    target = Target(bill.id, bill.matter_id, bill.balance_cents, bill.disputed_cents)
    use = Use(Source(account, cents), target, cents)
    row = applying.apply(ledger, use, bill.client, day=day, automatic=automatic)
    return Drawn(row, bill.number, bill.matter, cents, bill.balance_cents - cents)


def _by_hand(ledger: Ledger, account: Account) -> list[int]:
    """The matters whose money waits for a hand, by number."""
    known = settings.all_(ledger)
    own: dict[int, dict[str, Any]] = {}
    for row in firm.matter_options(ledger):
        own.setdefault(row.matter_id, {})[row.name] = json.loads(row.value)
    names = (f"{account}_applies", "retainer")
    found = []
    for matter_id in purses.matters_with(ledger, account):
        applies, retainer = (effective(n, own.get(matter_id, {}), known) for n in names)
        if applies == "manual" and (account == "trust" or retainer):
            found.append(matter_id)
    return found


def _open(ledger: Ledger, matter_id: int) -> list[BillFacts]:
    found = [b for b in bill_reads.all_(ledger, matter_id=matter_id) if b.balance_cents > 0]
    return sorted(found, key=lambda bill: bill.due_on)


def _view(drawn: list[Drawn], left: list[Left] | None = None) -> dict[str, Any]:
    return {
        "applied": drawn,
        "left": left or [],
        "total_cents": sum(each.amount_cents for each in drawn),
    }
