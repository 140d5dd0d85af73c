"""What stands on a bill before it is voided: refused, or given back to where it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billcli.errors import Refused
from billcli.services.arrangement import reserve
from billcli.services.funds import giving_back
from billcli.store import receipts
from billcli.values import money

if TYPE_CHECKING:
    from billcli.services.funds.giving_back import GivenBack
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger


def clear(ledger: Ledger, bill: BillFacts, reason: str) -> tuple[GivenBack, ...]:
    """Give money of trust and general retainer back, so that the bill can be voided (D-48).

    Refused `bill.void`, `bill.paid` where a payment stands on it, `bill.credited`,
    `bill.written-off`, `reserve.used`.
    """
    if bill.state == "void":
        raise Refused("bill.void", f"Bill {bill.number} is void already.")
    paying = receipts.of_bill(ledger, bill.id)
    _refuse_paid(ledger, bill, [each for each in paying if each.kind == "payment"])
    _refuse_reduced(ledger, bill)
    reserve.refuse_used(ledger, bill)
    cents = sum(each.cents for each in paying if each.kind in ("trust", "retainer"))
    return giving_back.give_back(ledger, bill, cents, reason=reason) if cents else ()


def _refuse_paid(ledger: Ledger, bill: BillFacts, payments: list[receipts.Paying]) -> None:
    if payments:
        paid = money.grouped(sum(each.cents for each in payments), ledger.decimals)
        refs = " and ".join(f"P-{each.id}" for each in payments)
        raise Refused(
            "bill.paid",
            f"Bill {bill.number} has {paid} paid on it by {refs}; a void would leave that hanging.",
            hint=f"Take the payment off first: billcli payment unapply P-{payments[0].id}",
        )


def _refuse_reduced(ledger: Ledger, bill: BillFacts) -> None:
    """A bill that was credited or written off is not taken back a second time."""
    if bill.credited_cents:
        credited, rest = (
            money.grouped(cents, ledger.decimals)
            for cents in (bill.credited_cents, bill.total_cents - bill.credited_cents)
        )
        raise Refused(
            "bill.credited",
            f"Of bill {bill.number} {credited} is credited; a void would take that back twice.",
            hint=f"Credit the rest: billcli credit add {bill.number} {rest} --reason correction"
            + ("" if receipts.shared(ledger, bill.id) else " --release-entries")
            if bill.credited_cents < bill.total_cents
            else f"It is credited whole; see `billcli bill show {bill.number}`.",
        )
    if bill.written_off_cents:
        lost = money.grouped(bill.written_off_cents, ledger.decimals)
        raise Refused(
            "bill.written-off",
            f"Of bill {bill.number} {lost} is written off; a void would take that back twice.",
            hint=f"Take it back first: billcli writeoff reverse {bill.number} --reason …",
        )
