"""Disputes: what a client contests on a bill, trust doesn't pay until it is resolved (T5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billcli.errors import Refused
from billcli.services.bill import bill_reading
from billcli.store import disputes, find
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger


def open_(
    ledger: Ledger, reference: str, amount_cents: int, *, note: str | None = None
) -> dict[str, Any]:
    """Put a sum of an issued bill in dispute, in place of what was before.

    Refused `dispute.not-issued`, `dispute.above`.
    """
    with ledger.write():
        bill = find.bill(ledger, reference)
        _refuse_state(bill)
        if amount_cents > bill.balance_cents:
            asked, open_cents = (
                money.grouped(cents, ledger.decimals)
                for cents in (amount_cents, bill.balance_cents)
            )
            raise Refused(
                "dispute.above",
                f"On bill {bill.number} {open_cents} is open; {asked} of it can't be in dispute.",
                hint="What is paid is put right with a credit note: billcli credit add.",
            )
        _put(ledger, bill, amount_cents, note)
    return bill_reading.show(ledger, bill.number)


def resolve(ledger: Ledger, reference: str, *, note: str | None = None) -> dict[str, Any]:
    """End the dispute of a bill. Refused `dispute.none`."""
    with ledger.write():
        bill = find.bill(ledger, reference)
        if not bill.disputed_cents:
            raise Refused("dispute.none", f"Nothing on bill {bill.number} is in dispute.")
        _put(ledger, bill, 0, note)
    return bill_reading.show(ledger, bill.number)


def _put(ledger: Ledger, bill: BillFacts, cents: int, note: str | None) -> None:
    mark = ledger.record(
        f"bill {bill.number}",
        before={"disputed_cents": bill.disputed_cents},
        after={"disputed_cents": cents, "note": note},
        matter_id=bill.matter_id,
    )
    disputes.add(ledger, bill.id, cents, day=ledger.today, note=note, mark=mark)


def _refuse_state(bill: BillFacts) -> None:
    if bill.state in ("approved", "void"):
        raise Refused(
            "dispute.not-issued",
            f"Bill {bill.number} is {bill.state}; only an issued bill can be disputed.",
            hint=f"Issue it first: billcli bill issue {bill.number}"
            if bill.state == "approved"
            else None,
        )
