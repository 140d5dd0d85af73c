"""Client money that was planned or asked for, applied to bills: each use a row and a posting."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from billcli.core import journal as recipes
from billcli.core import journal_funds
from billcli.core.funding import Use
from billcli.services.funds import trust_rules
from billcli.store import journal, retainers, trust
from billcli.store.retainers import RetainerEntry
from billcli.store.trust import TrustEntry

if TYPE_CHECKING:
    from billcli.services.funds.funding import Funding
    from billcli.store.ledger import Ledger


def carry_out(ledger: Ledger, made: Funding) -> None:
    """Write what was planned: costs, credits, retainer and trust, and the notice (T4)."""
    document, number = made.document, made.document.number
    if made.costs:
        costs = {f"TR-{row}": cents for row, cents in made.costs}
        mark = ledger.record(
            f"bill {number}", after={"costs_paid_from_trust": costs}, matter_id=made.matter_id
        )
        posting = journal_funds.cost_paid_from_trust(
            day=document.bill.day,
            bill_id=made.bill_id,
            matter_id=made.matter_id,
            costs=made.costs,
        )
        journal.post(ledger, posting, mark)
    for use in made.plan.uses:
        apply(ledger, use, made.client, automatic=True)
    if made.plan.notice_cents:
        due_on = document.funds.notice_on if document.funds else None
        cents = made.plan.notice_cents
        mark = ledger.record(
            f"bill {number}",
            after={"notice_cents": cents, "due_on": str(due_on)},
            matter_id=made.matter_id,
        )
        trust.notify(
            ledger,
            made.bill_id,
            day=ledger.today,
            due_on=due_on or ledger.today,
            cents=cents,
            mark=mark,
        )


def apply(
    ledger: Ledger, use: Use, client: str, *, day: date | None = None, automatic: bool = False
) -> str:
    """Write one use of money and post it; returns the name of its row: TR-5, RT-2 or P-1."""
    on, target = day or ledger.today, use.target
    if use.source.kind == "trust":
        entry = TrustEntry(
            "fee",
            on,
            -use.cents,
            on,
            client=client,
            matter_id=target.matter_id,
            bill_id=target.bill_id,
            automatic=automatic,
        )
        return f"TR-{trust_rules.keep(ledger, entry)}"
    if use.source.kind == "retainer":
        drawn = RetainerEntry(
            "applied",
            on,
            -use.cents,
            client,
            target.matter_id,
            bill_id=target.bill_id,
            automatic=automatic,
        )
        return keep_retainer(ledger, drawn)
    payment = use.source.id or 0
    part = (target.bill_id, target.matter_id, use.cents)
    mark = ledger.record(
        f"payment P-{payment}",
        after={"applied": [part], "day": on.isoformat()},
        matter_id=target.matter_id,
    )
    source = journal.next_step(ledger, f"payment:{payment}")
    posting = recipes.credit_moved(
        day=on, source=source, payment_id=payment, bills=(part,), back=False
    )
    journal.post(ledger, posting, mark)
    return f"P-{payment}"


def keep_retainer(ledger: Ledger, entry: RetainerEntry) -> str:
    """Log a row of a general retainer, keep it and post it; the caller holds the write lock."""
    ref = f"RT-{retainers.next_id(ledger)}"
    said = {"kind": entry.kind, "day": entry.day.isoformat(), "cents": entry.cents}
    more = {
        name: value
        for name in ("basis", "note", "method", "reference", "bill_id", "reason")
        if (value := getattr(entry, name)) is not None
    }
    mark = ledger.record(f"retainer {ref}", after=said | more, matter_id=entry.matter_id)
    retainers.add(ledger, entry, mark)
    return ref
