"""The end of a mandate: what was earned, what was paid, and what goes back (§3.7, D-44)."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from billcli.core.matter import agreed_value, in_force
from billcli.core.options import effective
from billcli.core.trust import standing as held_on
from billcli.core.work import Entry
from billcli.errors import Refused
from billcli.services.arrangement import standing
from billcli.services.bill import billing, splitting
from billcli.services.bill.request import Request
from billcli.services.milestones import task_views
from billcli.store import bill_reads, find, gather, payments, retainers, trust_reads
from billcli.values import money

if TYPE_CHECKING:
    from billcli.core.bill import Bill
    from billcli.core.matter import MatterFile
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class PendingMilestone:
    """A milestone that is done, and whose charge nobody decided on yet."""

    task: int
    name: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where a matter would end today; nothing of it is done by asking.

    `earned` is what bills came to, credits and write-offs taken off, and what a bill of today
    would come to with the agreed quantum: `unbilled`. Of bills for several payors all of it is the
    client's own share (D-51). What is `due` is paid from client credit, then general retainer,
    then trust (trust first where the retainer is off); `refund` is what is left of each.
    """

    matter: str
    client: str
    date: date
    arrangement: str
    value_cents: int | None
    billed_cents: int
    milestones_cents: int
    quantum_cents: int
    unbilled_fees_cents: int
    unbilled_costs_cents: int
    unbilled_tax_cents: int
    unbilled_cents: int
    earned_cents: int
    paid_cents: int
    due_cents: int
    trust_cents: int
    protected_cents: int
    retainer_cents: int
    credit_cents: int
    trust_refund_cents: int
    retainer_refund_cents: int
    credit_refund_cents: int
    refund_cents: int
    balance_due_cents: int
    pending: tuple[PendingMilestone, ...]
    commands: tuple[str, ...]


def settle(ledger: Ledger, number: str, *, quantum_cents: int = 0) -> Settlement:
    """Earned to date against paid, and what goes back; the commands that do it are named.

    It moves no money: a bill is issued and a refund leaves trust by commands of their own, each
    with its own refusals. `quantum_cents` is what was agreed for work between milestones, before
    tax. Refused `bill.no-client`.
    """
    row = find.matter(ledger, number)
    file = standing.file_of(ledger, row.id or 0)
    if file.client is None:
        raise Refused("bill.no-client", f"Matter {number} has no client.")
    made_out = [b for b in bill_reads.all_(ledger, matter_id=file.id) if b.state != "void"]
    # The client's money never pays what other payors owe (T6), so what is theirs isn't told here.
    bills = [b for b in made_out if b.client == file.client.id]
    whole, how = _last_bill(ledger, file, quantum_cents)
    made = splitting.share_of(ledger, file, whole) if whole else None
    billed = sum(b.total_cents - b.credited_cents - b.written_off_cents for b in bills)
    paid = sum(b.paid_cents for b in bills)
    unbilled = made.total_cents if made else 0
    due = billed + unbilled - paid
    money_ = held_on(trust_reads.moves_of(ledger, file.id), ledger.today)
    protected = max(0, money_.protected_cents)
    credits_ = dict(payments.credits_held(ledger, client=file.client.id, matter_id=file.id))
    credit, retainer = sum(credits_.values()), retainers.balance(ledger, file.id)
    free = max(0, money_.balance_cents - protected)
    sources = {"credit": credit, "retainer": retainer, "trust": free}
    if not effective("retainer", file.options, gather.firm(ledger).settings):
        # A general retainer that pays no bill by itself comes after trust, which does.
        sources["retainer"] = sources.pop("retainer")
    left, refunds = due, {}
    for source, cents in sources.items():
        used = min(left, cents)
        left -= used
        refunds[source] = cents - used
    pending = _pending(ledger, row.number, file)
    view = Settlement(
        matter=row.number,
        client=file.client.id,
        date=ledger.today,
        arrangement=in_force(file.versions, ledger.today).kind.replace("-", "_"),
        value_cents=agreed_value(file, ledger.today),
        billed_cents=billed,
        milestones_cents=sum(e.standard_cents for e in file.fees if e.kind == "charge"),
        quantum_cents=quantum_cents,
        unbilled_fees_cents=made.fees_cents - made.discount_cents if made else 0,
        unbilled_costs_cents=made.costs_cents if made else 0,
        unbilled_tax_cents=made.tax_cents if made else 0,
        unbilled_cents=unbilled,
        earned_cents=billed + unbilled,
        paid_cents=paid,
        due_cents=due,
        trust_cents=money_.balance_cents,
        protected_cents=protected,
        retainer_cents=retainer,
        credit_cents=credit,
        credit_refund_cents=refunds["credit"],
        retainer_refund_cents=refunds["retainer"],
        trust_refund_cents=refunds["trust"],
        refund_cents=sum(refunds.values()),
        balance_due_cents=left,
        pending=pending,
        commands=(),
    )
    found = _commands(view, file, made_out, how if whole else None, credits_, ledger.decimals)
    return replace(view, commands=found)


def _last_bill(ledger: Ledger, file: MatterFile, quantum: int) -> tuple[Bill | None, str]:
    """The bill that today would make of what is earned, and how it is asked for.

    The rest of a fixed fee isn't earned by ending the mandate, so of one that is billed whole only
    costs and the agreed quantum are.
    """
    facts = gather.firm(ledger)
    request, how = Request(ledger.today, ledger.today), ""
    terms = in_force(file.versions, ledger.today)
    when = str(terms.terms.get("bill_when") or "completion")
    if terms.kind != "fixed" or when == "milestones":
        if quantum:
            extra = Entry("charge", 0, ledger.today, "Agreed quantum", quantum)
            file = replace(file, fees=(*file.fees, extra))
    elif quantum:
        request = replace(request, amount_cents=quantum)
        how = f" --amount {money.plain(quantum, ledger.decimals)}"
    elif when in ("completion", "start"):
        request, how = replace(request, only="costs"), " --only costs"
    bill = billing.bill_of(file, facts, request, ledger.decimals)
    return (None, "") if bill.empty else (bill, how)


def _pending(ledger: Ledger, number: str, file: MatterFile) -> tuple[PendingMilestone, ...]:
    return tuple(
        PendingMilestone(task.task, task.name, task.trigger.amount_cents or 0)
        for task in task_views.all_(ledger, find.matter(ledger, number), file)
        if task.trigger and task.trigger.state == "ready"
    )


def _commands(
    view: Settlement,
    file: MatterFile,
    bills: list[BillFacts],
    how: str | None,
    credits_: dict[str, int],
    decimals: int,
) -> tuple[str, ...]:
    """What is left to do, in its order, as commands."""

    def say(cents: int) -> str:
        return money.plain(cents, decimals)

    number = view.matter
    found = [f"task fire {number} {each.task}" for each in view.pending]
    if view.quantum_cents and "--amount" not in (how or ""):
        found.append(f"charge add {number} {say(view.quantum_cents)} 'Agreed part of the fee'")
    if how is not None:
        found.append(f"bill create {number}{how} --issue")
    found += [f"bill issue {bill.number}" for bill in bills if bill.state == "approved"]
    if view.trust_cents > view.protected_cents:
        own = [bill for bill in bills if bill.client == view.client]
        found += [f"trust apply {bill.number}" for bill in own if bill.balance_cents > 0]
    left = view.credit_refund_cents
    for ref, cents in credits_.items():
        if (part := min(left, cents)) > 0:
            found.append(f"payment refund {ref} {say(part)}")
            left -= part
    if view.retainer_refund_cents:
        found.append(f"retainer refund {number} {say(view.retainer_refund_cents)}")
    if view.trust_refund_cents and file.client:
        found.append(
            f"trust withdraw {number} {say(view.trust_refund_cents)} "
            f"--payee {shlex.quote(file.client.name)} --purpose 'refund of unearned fees'"
        )
    if view.balance_due_cents:
        found.append(f"payment add {number} {say(view.balance_due_cents)}")
    found.append(f"matter close {number}")
    return tuple(f"billcli {each}" for each in found)
