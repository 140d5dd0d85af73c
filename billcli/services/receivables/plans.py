"""Payment plans of bills: agreed, replaced, and where their payments stand (§7.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.core import plan as rules
from billcli.core.plan import EVERY, Instalment
from billcli.errors import NotFound, Refused, UsageProblem
from billcli.store import find, plans, reports
from billcli.store.bill_reads import BillFacts
from billcli.values import money
from billcli.values.text import did_you_mean, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

MOST_PARTS = 600


@dataclass(frozen=True, slots=True)
class InstalmentView:
    """An instalment; `state` is paid, part_paid, missed or open. Number 0 is the down payment."""

    n: int
    name: str
    due_date: date
    amount_cents: int
    paid_cents: int
    open_cents: int
    state: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """A bill's plan on a day: standing = paid - scheduled, and since when it is behind."""

    bill: str
    matter: str
    client: str
    agreed_on: date
    as_of: date
    total_cents: int
    paid_cents: int
    scheduled_cents: int
    standing_cents: int
    behind_since: int | None
    behind_since_date: date | None
    behind_since_name: str | None
    overdue_cents: int
    balance_cents: int
    next_due_date: date | None
    next_due_cents: int
    instalments: tuple[InstalmentView, ...]


def agree(
    ledger: Ledger,
    reference: str,
    *,
    down_cents: int = 0,
    count: int | None = None,
    every: str = "month",
    start: date | None = None,
    rows: Sequence[tuple[date, int]] = (),
) -> PlanView:
    """Agree when a bill is paid: a down payment and equal parts, or rows by hand (D-61).

    It covers what is open and what was paid before, which counts towards it; a newer plan replaces
    the one before from today on. Refused `plan.not-issued`, `plan.nothing-open`, `plan.parts`,
    `plan.sum`, `plan.early`.
    """
    with ledger.write():
        facts = find.bill(ledger, reference)
        _refuse_closed(facts)
        covered = facts.balance_cents + facts.paid_cents
        if rows:
            plan = rules.by_hand(rows)
            _refuse_sum(facts, covered, plan, ledger.decimals)
        else:
            plan = _equal_parts(
                facts,
                covered,
                down_cents,
                count,
                every,
                start or max(ledger.today, facts.day),
                ledger.decimals,
            )
        early = next((part for part in plan if part.due_on < facts.day), None)
        if early:
            raise Refused(
                "plan.early",
                f"Bill {facts.number} is dated {facts.day}; {early.name} on {early.due_on} would "
                "be due before it.",
                hint=f"Start on {facts.day} or later.",
            )
        earlier = plans.of_bill(ledger, facts.id, ledger.today)
        mark = ledger.record(
            f"bill {facts.number}",
            before={"plan": _told(earlier[1])} if earlier else None,
            after={"plan": _told(plan)},
            matter_id=facts.matter_id,
        )
        plans.add(ledger, facts.id, plan, mark)
    return show(ledger, facts.number)


def show(ledger: Ledger, reference: str, *, as_of: date | None = None) -> PlanView:
    """A bill's plan and its standing on a day. NotFound `plan.missing`."""
    facts = find.bill(ledger, reference)
    day = as_of or ledger.today
    found = plans.of_bill(ledger, facts.id, day)
    if found is None:
        raise NotFound(
            "plan.missing",
            f"Bill {facts.number} has no payment plan on {day}.",
            hint=f"Agree on one: billcli plan set {facts.number} --count 6 --every month",
        )
    agreed_on, plan = found
    paid = plans.paid_on(ledger, facts.id, day)
    balance = reports.open_on(ledger, facts.id, day)
    stands = rules.standing(plan, paid, day)
    open_ = rules.open_parts(facts.due_on, balance, paid_cents=paid, plan=plan)
    by_number = {part.n: part.cents for part in open_}
    upcoming = next((part for part in open_ if part.due_on >= day), None)
    behind = stands.behind_since if balance > 0 else None
    return PlanView(
        bill=facts.number,
        matter=facts.matter,
        client=facts.client,
        agreed_on=agreed_on,
        as_of=day,
        total_cents=sum(part.cents for part in plan),
        paid_cents=paid,
        scheduled_cents=stands.scheduled_cents,
        standing_cents=stands.cents,
        behind_since=behind.n if behind else None,
        behind_since_date=behind.due_on if behind else None,
        behind_since_name=behind.name if behind else None,
        overdue_cents=sum(part.cents for part in rules.missed(open_, day)),
        balance_cents=balance,
        next_due_date=upcoming.due_on if upcoming else None,
        next_due_cents=upcoming.cents if upcoming else 0,
        instalments=_instalments(plan, by_number, paid, day),
    )


def sentence(ledger: Ledger, reference: str) -> str | None:
    """What a bill says of its plan, if it is paid by one."""
    facts = find.approved(ledger, reference)
    if facts is None or plans.of_bill(ledger, facts.id, ledger.today) is None:
        return None
    return f"Payment plan: {told(show(ledger, facts.number), ledger.decimals)}"


def told(view: PlanView, decimals: int) -> str:
    """Where a plan stands, in a sentence."""
    paid, due, off = (
        money.grouped(cents, decimals)
        for cents in (view.paid_cents, view.scheduled_cents, view.standing_cents)
    )
    so_far = f"on {view.as_of}, {paid} is paid and {due} was due"
    if view.balance_cents <= 0:
        return f"{so_far}; nothing is open."
    if view.behind_since_name:
        since = f"{view.behind_since_name} of {view.behind_since_date}"
        return f"{so_far}: standing {off}, behind since {since}."
    return f"{so_far}: standing {off}, as agreed."


def _instalments(
    plan: Sequence[Instalment], open_: dict[int | None, int], paid: int, day: date
) -> tuple[InstalmentView, ...]:
    found = []
    for part in plan:
        left = open_.get(part.n, 0)
        filled = min(max(paid, 0), part.cents)
        paid -= filled
        state = "paid" if not left else "missed" if part.due_on < day else "open"
        if state == "open" and filled:
            state = "part_paid"
        found.append(
            InstalmentView(part.n, part.name, part.due_on, part.cents, filled, left, state)
        )
    return tuple(found)


def _refuse_closed(facts: BillFacts) -> None:
    if facts.state in ("approved", "void"):
        raise Refused(
            "plan.not-issued",
            f"Bill {facts.number} is {facts.state}; only an issued bill is paid by a plan.",
            hint=f"Issue it first: billcli bill issue {facts.number}"
            if facts.state == "approved"
            else "See `billcli bill list --state issued`.",
        )
    if facts.balance_cents <= 0:
        raise Refused(
            "plan.nothing-open",
            f"Nothing is open on bill {facts.number}; it is {facts.state.replace('_', ' ')}.",
        )


def _equal_parts(
    facts: BillFacts,
    covered: int,
    down: int,
    count: int | None,
    every: str,
    start: date,
    decimals: int,
) -> tuple[Instalment, ...]:
    if every not in EVERY:
        raise UsageProblem(
            "plan.every",
            f"{shown(every)} is not an interval of a plan.",
            hint=did_you_mean(every, EVERY) or f"--every takes {', '.join(EVERY)}.",
        )
    if count is None or not 1 <= count <= MOST_PARTS:
        raise UsageProblem(
            "plan.count",
            f"A plan needs a count of instalments from 1 to {MOST_PARTS}.",
            hint="Give --count N, or each payment with --row DATE=AMOUNT.",
        )
    if down < 0:
        raise UsageProblem(
            "plan.down",
            f"A down payment of {money.grouped(down, decimals)} is below zero.",
            hint="Leave --down out where there is none.",
        )
    if covered - down < count:
        total, first = (money.grouped(cents, decimals) for cents in (covered, down))
        raise Refused(
            "plan.parts",
            f"Bill {facts.number} comes to {total}; {first} down leaves too little for {count} "
            f"instalment{'s' * (count != 1)}.",
            hint="Take less down, or fewer instalments.",
        )
    return rules.instalments(covered, down_cents=down, count=count, every=every, start=start)


def _refuse_sum(facts: BillFacts, covered: int, plan: Sequence[Instalment], decimals: int) -> None:
    made = sum(part.cents for part in plan)
    if made != covered:
        says, makes = (money.grouped(cents, decimals) for cents in (covered, made))
        paid = money.grouped(facts.paid_cents, decimals)
        raise Refused(
            "plan.sum",
            f"The rows make {makes}; bill {facts.number} comes to {says}, of which {paid} is paid.",
            hint="Give rows that add up to it; what is paid fills the first ones.",
        )


def _told(plan: Sequence[Instalment]) -> list[str]:
    return [f"{part.due_on} {part.cents}" for part in plan]
