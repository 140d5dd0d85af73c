"""Client money at the issue of a bill: planned first, and printed on it.

Sources in their turn: the client's credit, the general retainer, the matter's trust (D-43).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from billcli.core.document import BillDocument, Receipt
from billcli.core.funding import FundingPlan, Funds, Purse, Rules, Target, Use, plan
from billcli.core.options import effective
from billcli.core.states import bill_state
from billcli.core.trust import payable, standing
from billcli.store import bill_reads, purses, retainers, trust

if TYPE_CHECKING:
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Funding:
    """What the issue of a bill does with client money; `costs` trust paid straight (T3)."""

    bill_id: int
    matter_id: int
    client: str
    rules: Rules
    plan: FundingPlan
    document: BillDocument
    costs: tuple[tuple[int, int], ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def warned(self) -> BillDocument:
        """The bill with what is to be said of it beside the paper."""
        bill = self.document.bill
        bill = replace(bill, warnings=(*bill.warnings, *self.warnings))
        return replace(self.document, bill=bill)


def rules_of(options: Mapping[str, Any], settings: Mapping[str, Any]) -> Rules:
    """What was agreed about a matter's money, by its options and the firm's."""

    def found(name: str) -> Any:
        return effective(name, options, settings)

    wanted = found("replenish") or {}
    return Rules(
        trust_auto=found("trust_applies") == "auto",
        trust_older=found("trust_pays") == "new-and-ar",
        retainer=bool(found("retainer")) and settings.get("billing.general_retainers") is not False,
        retainer_auto=found("retainer_applies") == "auto",
        retainer_older=found("retainer_pays") == "new-and-ar",
        notice=bool(settings.get("trust.notice_days")),
        minimum_cents=wanted.get("minimum_cents"),
        trigger_cents=wanted.get("trigger_cents", 0),
    )


def shown(
    ledger: Ledger,
    matter_id: int,
    options: Mapping[str, Any],
    settings: Mapping[str, Any],
    document: BillDocument,
) -> BillDocument:
    """The bill with what its issue would do with client money; moves nothing (§3.5)."""
    made = _plan(ledger, 0, matter_id, options, settings, document)
    return made.document if made else document


def issued(ledger: Ledger, facts: BillFacts, document: BillDocument) -> BillDocument:
    """An issued bill with what it asked for and announced, as far as that still stands."""
    asked = purses.request_of(ledger, facts.id)
    notice = purses.notice_of(ledger, facts.id)
    if facts.state == "void" or not (asked or notice):
        return document
    requests = retainers.requests(ledger, facts.matter_id) if asked else []
    due = next((r.outstanding_cents for r in requests if r.number == asked), 0)
    funds = Funds(request=asked)
    if notice:
        funds = replace(funds, notice_on=notice[0], notice_cents=notice[1])
    return replace(document, replenishment_due_cents=due or None, funds=funds)


def at_issue(
    ledger: Ledger,
    bill_id: int,
    matter_id: int,
    options: Mapping[str, Any],
    settings: Mapping[str, Any],
    document: BillDocument,
) -> Funding | None:
    """The plan of a bill that is being issued, with its receipts and its top-up on paper.

    None where there is no money and no top-up to ask for. The caller holds the transaction, and
    carries the plan out once the bill is posted.
    """
    made = _plan(ledger, bill_id, matter_id, options, settings, document)
    if made is None or not made.plan.top_up_cents:
        return made
    asked = retainers.ask(
        ledger,
        matter_id=matter_id,
        client=made.client,
        day=ledger.today,
        account=made.rules.account,
        kind="top-up",
        cents=made.plan.top_up_cents,
        bill_id=bill_id,
        number_format=str(settings["billing.request_format"]),
    )
    funds = replace(made.document.funds or Funds(), request=asked.number)
    return replace(made, document=replace(made.document, funds=funds))


def _plan(
    ledger: Ledger,
    bill_id: int,
    matter_id: int,
    options: Mapping[str, Any],
    settings: Mapping[str, Any],
    document: BillDocument,
) -> Funding | None:
    there = purses.there(ledger, matter_id)
    money = there.trust or there.retainer or there.credit
    payor = document.client.id
    if payor != there.client:  # another payor of a split bill: the matter's money isn't theirs (T6)
        rules = Rules(trust_auto=False)
    elif not money and not effective("replenish", options, settings):
        return None
    else:
        rules = rules_of(options, settings)
    today, total = ledger.today, document.bill.total_cents
    refusal = _standstill(ledger) if there.trust else None
    rules = replace(rules, trust_moves=refusal is None)
    credits_ = purses.credits_of(ledger, payor, matter_id, today) if there.credit else []
    moves = purses.trust_moves(ledger, matter_id, payor) if there.trust else []
    drawn = purses.retainer_moves(ledger, matter_id, payor) if there.retainer else []
    promised = sum(n.cents for n in purses.notices(ledger, matter_id)) if moves else 0
    purse = Purse(
        tuple((payment, cents) for payment, cents, _ in credits_),
        payable(drawn, today).available_cents,
        max(0, payable(moves, today).available_cents - promised),
    )
    costs = _costs(ledger, document, total) if moves else ()
    new = Target(bill_id, matter_id, total - sum(cents for _, cents in costs))
    asked = rules.trust_older or (rules.retainer and rules.retainer_older)
    older = open_bills(ledger, matter_id, payor, but=bill_id) if asked and (moves or drawn) else []
    made = plan(rules, purse, older, new)
    references = {payment: reference for payment, _, reference in credits_}
    planned = bill_id == 0
    receipts = [Receipt(document.bill.day, "trust", cents, f"TR-{row}") for row, cents in costs]
    receipts += _receipts(ledger, made.uses, new, references, planned=planned)
    paid = sum(receipt.cents for receipt in receipts)
    days = int(settings.get("trust.notice_days") or 0)
    funds = Funds(
        trust_cents=standing(moves, today).balance_cents - made.of("trust") if moves else None,
        retainer_cents=purse.retainer_cents - made.of("retainer") if drawn else None,
        notice_cents=made.notice_cents,
        notice_on=today + timedelta(days=days) if made.notice_cents else None,
        offered_cents=made.offered_cents,
        account=rules.account,
    )
    state = bill_state(issued=True, voided=False, total_cents=total, paid_cents=paid)
    printed = replace(
        document,
        state=document.state if planned else state,
        receipts=tuple(receipts),
        replenishment_due_cents=made.top_up_cents or None,
        funds=funds if moves or drawn or made.top_up_cents else None,
    )
    warned = (
        (refusal,) if refusal and rules.trust_auto and purse.trust_cents and not planned else ()
    )
    return Funding(bill_id, matter_id, payor, rules, made, printed, costs, warned)


def _standstill(ledger: Ledger) -> str | None:
    """Why nothing can leave trust today, if so (T13)."""
    if ledger.today > ledger.real_day:
        why = f"{ledger.today} is after the real day, {ledger.real_day}"
    elif (locked := trust.locked_through(ledger)) and ledger.today <= locked:
        why = f"trust is reconciled and locked through {locked}"
    else:
        return None
    return f"Nothing was taken from trust: {why}. Apply it later with `billcli trust apply`."


def open_bills(ledger: Ledger, matter_id: int, client: str, *, but: int = 0) -> list[Target]:
    """The open bills of a matter that a client owes, by due date, then number (D-43)."""
    found = [
        bill
        for bill in bill_reads.all_(ledger, matter_id=matter_id)
        if bill.balance_cents > 0 and bill.client == client and bill.id != but
    ]
    found.sort(key=lambda bill: bill.due_on)
    return [Target(b.id, matter_id, b.balance_cents, b.disputed_cents) for b in found]


def _costs(ledger: Ledger, document: BillDocument, total: int) -> tuple[tuple[int, int], ...]:
    """What trust paid straight of a bill's costs, as far as the bill comes to that much."""
    lines = document.bill.lines
    expenses = [line.entry_id for line in lines if line.kind == "expense" and line.entry_id]
    found, left = [], total
    for trust_id, cents in purses.costs_paid(ledger, expenses):
        part = min(cents, left)
        if part > 0:
            found.append((trust_id, part))
            left -= part
    return tuple(found)


def _receipts(
    ledger: Ledger,
    uses: Iterable[Use],
    new: Target,
    references: Mapping[int, str | None],
    *,
    planned: bool,
) -> list[Receipt]:
    """The receipts of the new bill, each with the name that its row will get."""
    following: dict[str, int] = {}
    if not planned:
        following = {"TR": trust.next_id(ledger), "RT": retainers.next_id(ledger)}
    receipts = []
    for use in uses:
        kind = use.source.kind
        reference = references.get(use.source.id or 0)
        letters = {"trust": "TR", "retainer": "RT"}.get(kind, "")
        if letters in following:
            reference = f"{letters}-{following[letters]}"
            following[letters] += 1
        if use.target is new:
            receipts.append(Receipt(ledger.today, kind, use.cents, reference, planned))
    return receipts
