"""The books on the cash basis: income is what came in, and a bill alone is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from billcli.core.books import Account, Leg, Page, Transaction, page

TAX, COSTS, FEES = (
    Account("tax_payable"),
    Account("cost_recoveries"),
    Account("fee_income"),
)
_PART = {
    "tax_payable": TAX,
    "cost_recoveries": COSTS,
    "fee_income": FEES,
    "discounts_given": FEES,
}
_OF_BILLS = {"receivable", "bad_debt", "interest", *_PART}


@dataclass
class _Standing:
    """A bill so far: what it asks for by account, what it was paid, and what of that is told."""

    asked: dict[Account, int] = field(default_factory=lambda: {TAX: 0, COSTS: 0, FEES: 0})
    paid: int = 0
    told: dict[Account, int] = field(default_factory=lambda: {TAX: 0, COSTS: 0, FEES: 0})

    def untold(self) -> dict[Account, int]:
        """What more the payments are by now: tax first, then costs, the rest fees (D-43)."""
        tax = min(self.paid, self.asked[TAX])
        costs = min(self.paid - tax, self.asked[COSTS])
        now = {TAX: tax, COSTS: costs, FEES: self.paid - tax - costs}
        more = {account: now[account] - self.told[account] for account in now}
        self.told = now
        return more


def pages(transactions: Iterable[Transaction]) -> tuple[Page, ...]:
    """Each entry as cash sees it: what paid a bill is tax, costs and fees on the day it paid.

    Entries that move no money and change nothing of what came in are left out.
    """
    bills: dict[str, _Standing] = {}
    found = []
    for transaction in transactions:
        legs = _seen(transaction, bills)
        made = page(transaction, legs)
        if made.postings:
            found.append(made)
    return tuple(found)


def _seen(transaction: Transaction, bills: dict[str, _Standing]) -> list[Leg]:
    legs: list[Leg] = []
    touched: dict[str, None] = {}
    for debit, credit in transaction.moves:
        sides = {debit.account.kind, credit.account.kind}
        if "receivable" not in sides:
            legs += (debit, credit)
            continue
        owed, other = (debit, credit) if debit.account.kind == "receivable" else (credit, debit)
        standing = bills.setdefault(str(owed.bill), _Standing())
        touched[str(owed.bill)] = None
        if other.account.kind in _PART:
            standing.asked[_PART[other.account.kind]] += owed.cents
        elif other.account.kind not in _OF_BILLS:
            standing.paid -= owed.cents
            legs.append(other)
    for number in touched:
        legs += [Leg(account, -cents) for account, cents in bills[number].untold().items()]
    return legs
