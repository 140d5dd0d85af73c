"""The journal as an accountant's books: accounts by client and matter, signed postings by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Basis = Literal["accrual", "cash"]
Per = Literal["firm", "client", "matter"]

PLAN: dict[str, tuple[tuple[str, ...], Per]] = {
    "operating_bank": (("Assets", "Bank", "Operating"), "firm"),
    "trust_bank_clients": (("Assets", "Bank", "Trust", "Clients"), "firm"),
    "trust_bank_firm": (("Assets", "Bank", "Trust", "Firm"), "firm"),
    "receivable": (("Assets", "AR"), "matter"),
    "trust_liability": (("Liabilities", "Trust"), "matter"),
    "retainer_liability": (("Liabilities", "Retainer"), "matter"),
    "client_credit": (("Liabilities", "ClientCredit"), "client"),
    "tax_payable": (("Liabilities", "SalesTax"), "firm"),
    "fee_income": (("Income", "Fees"), "firm"),
    "cost_recoveries": (("Income", "CostsRecovered"), "firm"),
    "discounts_given": (("Income", "Discounts"), "firm"),
    "interest": (("Income", "Interest"), "firm"),
    "bad_debt": (("Expenses", "WriteOff"), "firm"),
    "bank_charges": (("Expenses", "BankCharges"), "firm"),
    "opening": (("Equity", "Opening"), "firm"),
}
"""Each account of the journal: its place in the books, and whether each client has one.

`opening` is none of the journal: books of some days begin with it.
"""


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """An account of the plan, of one client or one of the client's matters where it has those."""

    kind: str
    client: str = ""
    matter: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """Its names from the root on."""
        return PLAN[self.kind][0] + tuple(name for name in (self.client, self.matter) if name)


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a move: above 0 a debit; `bill` is the bill whose money moves."""

    account: Account
    cents: int
    bill: str | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """An entry of the journal: `moves` are its debits, each with its credit."""

    id: int
    day: date
    what: str
    source: str
    payee: str
    references: tuple[str, ...]
    reason: str | None
    moves: tuple[tuple[Leg, Leg], ...]

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Every debit and credit."""
        return tuple(leg for move in self.moves for leg in move)


@dataclass(frozen=True, slots=True)
class Posting:
    """What an entry adds to an account (above 0, a debit) or takes from it."""

    account: Account
    cents: int


@dataclass(frozen=True, slots=True)
class Page:
    """An entry as the books have it: its sums by account, which come to nothing together."""

    id: int
    day: date
    note: str
    source: str
    payee: str
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class Books:
    """Everything an export says; `closing` and `proofs` are balances the books must come to.

    `closing` is after everything, `proofs` at the end of their day.
    """

    firm: str
    currency: str
    decimals: int
    basis: Basis
    pages: tuple[Page, ...]
    closing: Mapping[Account, int]
    proofs: tuple[tuple[date, Mapping[Account, int]], ...] = ()

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Every account that is named, in the order of the plan."""
        named = {posting.account for page in self.pages for posting in page.postings}
        named |= set(self.closing)
        for _, proof in self.proofs:
            named |= set(proof)
        places = list(PLAN)
        return tuple(sorted(named, key=lambda a: (places.index(a.kind), a.client, a.matter)))


def pages(transactions: Iterable[Transaction]) -> tuple[Page, ...]:
    """The books on the accrual basis: every entry of the journal, as it was posted."""
    return tuple(page(each, each.legs) for each in transactions)


def page(transaction: Transaction, legs: Iterable[Leg]) -> Page:
    """An entry with these legs, summed by account; what comes to nothing is left out."""
    sums: dict[Account, int] = {}
    for leg in legs:
        sums[leg.account] = sums.get(leg.account, 0) + leg.cents
    told = f"{transaction.what}: {', '.join(transaction.references)}"
    return Page(
        transaction.id,
        transaction.day,
        f"{told} ({transaction.reason})" if transaction.reason else told,
        transaction.source,
        transaction.payee,
        tuple(Posting(account, cents) for account, cents in sums.items() if cents),
    )
