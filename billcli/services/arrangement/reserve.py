"""The contingent reserve of a matter, where a bill that put into it or took from it goes (§1.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billcli.errors import Refused
from billcli.store import outcomes
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger


def held(ledger: Ledger, matter_id: int) -> int:
    """What is in the reserve, in minor units."""
    return sum(row.balance_cents for row in outcomes.sums(ledger, matter_id))


def refuse_used(ledger: Ledger, bill: BillFacts) -> None:
    """A bill whose reserve was invoiced or written off since is not voided before that is undone.

    Refused `reserve.used`.
    """
    accrued, released, written_off = outcomes.of_bill(ledger, bill.id)
    if held(ledger, bill.matter_id) - accrued + released + written_off >= 0:
        return
    later = outcomes.releasing(ledger, bill.matter_id)
    raise Refused(
        "reserve.used",
        f"Bill {bill.number} put {money.grouped(accrued, ledger.decimals)} into the reserve, which "
        "has been invoiced or written off since.",
        hint=f"Void the later bill first: billcli bill void {later} --reason …"
        if later
        else f"Take the outcome back first: billcli matter outcome {bill.matter} --reverse",
    )


def give_up(ledger: Ledger, bill: BillFacts) -> None:
    """What a bill released is written off with it, where a void writes its entries off."""
    accrued, released, written_off = outcomes.of_bill(ledger, bill.id)
    back = released + written_off - accrued
    if released + written_off and back > 0:
        after = {"written_off_cents": back, "voided": bill.number}
        mark = ledger.record(f"reserve {bill.matter}", after=after, matter_id=bill.matter_id)
        outcomes.move(ledger, bill.matter_id, "written_off", back, mark, reason="outcome")
