"""The books in other programs' formats, with the balances that they are to prove."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from billcli.core import books_cash, books_span
from billcli.core.books import Account, Basis, Books, pages
from billcli.deliver import files
from billcli.errors import UsageProblem
from billcli.services.receivables import payments
from billcli.store import bill_reads, books, settings
from billcli.values.text import did_you_mean, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


TOLD = {
    "receivable",
    "client_credit",
    "trust_liability",
    "trust_bank_clients",
    "trust_bank_firm",
    "retainer_liability",
}
"""The accounts whose balances billcli tells without the journal's help, or by each bill."""


@dataclass(frozen=True, slots=True)
class Exported:
    """An export: its text, or the file that it is in."""

    format: str
    basis: Basis
    entries: int
    file: Path | None
    text: str | None


def journal(
    ledger: Ledger,
    format: str,
    *,
    basis: Basis = "accrual",
    first: date | None = None,
    last: date | None = None,
    out: Path | None = None,
    force: bool = False,
) -> Exported:
    """The journal for `hledger` or `beancount`, whole or of some days, to a file or as text.

    UsageProblem `date.order`, `file.exists`.
    """
    refuse_order(first, last)
    kept = books_span.between(of(ledger, basis), first, last)
    text: str = import_module(f"billcli.formats.{format}").write(kept)
    if out is None:
        return Exported(format, basis, len(kept.pages), None, text)
    files.save(out, text.encode("utf-8"), force=force)
    return Exported(format, basis, len(kept.pages), out, None)


def refuse_order(first: date | None, last: date | None) -> None:
    """UsageProblem `date.order` where no day is from the one to the other."""
    if first and last and first > last:
        raise UsageProblem("date.order", f"{first} is after {last}; no day is in between.")


def read_basis(text: str) -> Basis:
    """The basis as typed. UsageProblem `export.basis`."""
    match text.strip().lower():
        case "accrual":
            return "accrual"
        case "cash":
            return "cash"
    raise UsageProblem(
        "export.basis",
        f"{shown(text)} is no basis of accounting.",
        hint=did_you_mean(text, ("accrual", "cash"))
        or "accrual: income when billed; cash: income when paid.",
    )


def of(ledger: Ledger, basis: Basis) -> Books:
    """The books, and the balances that billcli's own ledgers and bills tell: both must agree."""
    firm = str(settings.get(ledger, "firm.name"))
    found = books.transactions(ledger, firm)
    made = pages(found) if basis == "accrual" else books_cash.pages(found)
    posted = {posting.account for page in made for posting in page.postings}
    told = _told(ledger)
    if basis == "cash":
        told = {account: cents for account, cents in told.items() if account.kind != "receivable"}
    return Books(
        firm,
        ledger.currency,
        ledger.decimals,
        basis,
        made,
        # What was posted to and is told by nobody must have come to nothing.
        {account: 0 for account in posted if account.kind in TOLD}
        | {account: cents for account, cents in told.items() if cents or account in posted},
        books.reconciled(ledger),
    )


def _told(ledger: Ledger) -> dict[Account, int]:
    sums: dict[Account, int] = {}
    for bill in bill_reads.all_(ledger):
        account = Account("receivable", bill.client, bill.matter)
        sums[account] = sums.get(account, 0) + bill.balance_cents
    for payment in payments.list_(ledger):
        account = Account("client_credit", payment["client"])
        sums[account] = sums.get(account, 0) - payment["credit_cents"]
    return sums | books.trust_balances(ledger) | books.retainer_balances(ledger)
