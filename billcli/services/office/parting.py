"""What a client is not put away over: money held, money owed, a part in somebody else's bills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billcli.errors import Refused
from billcli.store import bill_reads, payments, people, purses
from billcli.values.money import grouped

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import ClientRow


def refuse_unsettled(ledger: Ledger, row: ClientRow) -> None:
    """Refused `client.payor`, `client.money-held`, `client.owes`."""
    _refuse_payor(ledger, row)
    _refuse_held(ledger, row)
    _refuse_owing(ledger, row)


def _refuse_held(ledger: Ledger, row: ClientRow) -> None:
    """Whoever has money with the firm isn't put away, whatever was overridden at a close."""
    for account, where in (("trust", "in trust"), ("retainer", "of a general retainer")):
        for matter, cents in purses.held(ledger, row.id, account):
            raise Refused(
                "client.money-held",
                f"{row.name} has {grouped(cents, ledger.decimals)} {where} on {matter}.",
                hint=f"Pay it back first; see `billcli {account} ledger {matter}`.",
            )
    for payment, cents in payments.credits_held(ledger, client=row.id):
        raise Refused(
            "client.money-held",
            f"{row.name} has {grouped(cents, ledger.decimals)} of credit from payment {payment}.",
            hint=f"Apply it or give it back: billcli payment refund {payment}",
        )


def _refuse_payor(ledger: Ledger, row: ClientRow) -> None:
    """Whoever pays a part of another's open matter is still billed."""
    for matter in people.paying_for(ledger, row.id):
        raise Refused(
            "client.payor",
            f"{row.name} pays a part of the bills of {matter}, which is open.",
            hint=f"Share them otherwise: billcli matter billing {matter} --split off",
        )


def _refuse_owing(ledger: Ledger, row: ClientRow) -> None:
    """What is owed, or is approved and will be, is asked for or given up first."""
    for bill in bill_reads.of_client(ledger, row.id):
        if bill.state == "approved":
            raise Refused(
                "client.owes",
                f"Bill {bill.number} to {row.name} is approved and not issued.",
                hint=f"Issue it or void it: billcli bill show {bill.number}",
            )
        if bill.balance_cents > 0:
            left = grouped(bill.balance_cents, ledger.decimals)
            raise Refused(
                "client.owes",
                f"{row.name} owes {left} on bill {bill.number}.",
                hint=f"Have it paid, or give it up: billcli writeoff add {bill.number} --reason …",
            )
