"""A bank's statement beside the open bills: proposed first, posted when somebody said so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.core.matching import Credit, OpenBill, Proposal, Recorded, match
from billcli.errors import Refused, UsageProblem
from billcli.formats.imports import bank, ofx
from billcli.formats.imports.model import BankRow
from billcli.services.receivables import payments as payment_service
from billcli.store import bill_reads, imports, people, trust
from billcli.store import payments as payment_store
from billcli.values.text import did_you_mean, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

SOURCES = ("csv", "ofx")
CSV_FIELDS = tuple(bank.HEADERS)


@dataclass(frozen=True, slots=True)
class Asked:
    """How a statement is to be read; `account` is the operating account's, where it has several."""

    source: str
    columns: Mapping[str, str]
    order: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A credit on the account with the bill that it would pay, or why there is none.

    `payment` is there once it is posted.
    """

    row: int
    date: date
    amount_cents: int
    payer: str
    memo: str
    bill: str | None
    client: str | None
    over_cents: int
    why: str
    payment: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentImport:
    """What a statement brings: proposals, and credits without a bill.

    `known` rows were posted before, `debits` are money that went out.
    """

    source: str
    account: str | None
    posted: bool
    known: int
    debits: int
    proposals: tuple[Line, ...]
    unmatched: tuple[Line, ...]

    @property
    def total_cents(self) -> int:
        """What the proposals come to."""
        return sum(line.amount_cents for line in self.proposals)


def propose(ledger: Ledger, content: bytes, asked: Asked) -> PaymentImport:
    """Match the credits of a statement to open bills; nothing is posted.

    UsageProblem: `import.unreadable`, `import.columns`, `import.row`, `import.account`,
    `import.currency`.
    """
    return _view(*_proposals(ledger, content, asked), asked)


def post(
    ledger: Ledger, content: bytes, asked: Asked, *, agreed: PaymentImport | None = None
) -> PaymentImport:
    """Post what is proposed, as one change: each credit is a payment of its bill, once.

    Refused `import.changed` where that is no longer what was `agreed`.
    """
    with ledger.write():
        rows, proposals = _proposals(ledger, content, asked)
        now = _view(rows, proposals, asked)
        if agreed is not None and now != agreed:
            raise Refused(
                "import.changed",
                "What is open has changed since the proposal; nothing was posted.",
                hint="Look at it again: billcli import payments … --dry-run",
            )
        paid: dict[str, str] = {}
        kept: dict[str, int] = {}
        for proposal in proposals:
            if proposal.bill is None:
                continue
            credit = proposal.credit
            view = payment_service.add(
                ledger,
                proposal.bill.number,
                credit.amount_cents,
                day=credit.day,
                method="check" if credit.reference else "bank",
                reference=(credit.reference or credit.memo or credit.payer)[:200],
            )
            paid[credit.key] = view["id"]
            kept[credit.key] = int(view["id"].removeprefix("P-"))
        imports.keep(ledger, "payment", asked.source, kept)
        if kept:
            ledger.record("import of payments", after={"source": asked.source, "payments": paid})
    return _view(rows, proposals, asked, paid=paid)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of the statement that count, and how many don't."""

    account: str | None
    known: int
    debits: int


def _proposals(ledger: Ledger, content: bytes, asked: Asked) -> tuple[_Rows, list[Proposal]]:
    account, rows = _read(ledger, content, asked)
    known = imports.known(ledger, "payment", asked.source)
    fresh = [row for row in rows if row.key not in known and row.amount_cents > 0]
    places: dict[str, int] = {}
    for row in rows:
        if row.key in places:
            raise row.place.missing("its id", f"row {places[row.key]} has it too.")
        places[row.key] = row.place.row
        if row.day > ledger.today and row.amount_cents > 0:
            raise row.place.missing(
                "the date", f"{row.day} is in the future; today is {ledger.today}."
            )
    credits_ = [
        Credit(
            row.key, row.place.row, row.day, row.amount_cents, row.payer, row.memo, row.reference
        )
        for row in fresh
    ]
    old = sum(1 for row in rows if row.key in known)
    debits = sum(1 for row in rows if row.amount_cents <= 0)
    found = match(credits_, _open(ledger), _recorded(ledger))
    return _Rows(account, old, debits), found


def _read(ledger: Ledger, content: bytes, asked: Asked) -> tuple[str | None, Sequence[BankRow]]:
    """The account and its movements."""
    if asked.source == "csv":
        read = bank.bank_rows(
            content, decimals=ledger.decimals, columns=asked.columns, order=asked.order
        )
        return None, tuple(read)
    found = ofx.statements(content, decimals=ledger.decimals)
    accounts = {statement.account for statement in found}
    if asked.account is not None and asked.account not in accounts:
        raise UsageProblem(
            "import.account",
            f"The file has no account {shown(asked.account)}.",
            hint=did_you_mean(asked.account, accounts) or "It is the ACCTID of the file.",
        )
    if asked.account is None and len(accounts) > 1:
        raise UsageProblem(
            "import.account",
            f"The file has {len(accounts)} accounts: {', '.join(sorted(map(shown, accounts)))}.",
            hint="Name the operating account with --account; money on a trust account is a "
            "deposit, not a payment.",
        )
    chosen = [each for each in found if asked.account in (None, each.account)]
    for statement in chosen:
        if statement.currency not in ("", ledger.currency):
            raise UsageProblem(
                "import.currency",
                f"The statement is in {shown(statement.currency)}; "
                f"the ledger is in {ledger.currency}.",
                hint="A ledger has one currency.",
            )
    account = chosen[0].account if chosen else None
    return account, tuple(row for statement in chosen for row in statement.rows)


def _open(ledger: Ledger) -> list[OpenBill]:
    """Issued bills; those that are paid too, so that a number that is named is recognised."""
    names = {client.id: client.name for client in people.clients(ledger)}
    return [
        OpenBill(
            bill.number,
            bill.client,
            names.get(bill.client, bill.client),
            bill.matter,
            bill.day,
            max(bill.balance_cents, 0),
        )
        for bill in bill_reads.all_(ledger)
        if bill.state not in ("approved", "void")
    ]


def _recorded(ledger: Ledger) -> list[Recorded]:
    """Payments that didn't come in by an import, and deposits in trust, which pay no bill."""
    ours = imports.imported(ledger, "payment")
    deposits = [
        Recorded(entry.ref, entry.client, entry.day, entry.cents)
        for entry in trust.all_(ledger)
        if entry.client is not None and entry.cents > 0
    ]
    return deposits + [
        Recorded(payment.ref, payment.client, payment.day, payment.amount_cents)
        for payment in payment_store.all_(ledger)
        if payment.id not in ours
    ]


def _view(
    rows: _Rows,
    proposals: Sequence[Proposal],
    asked: Asked,
    *,
    paid: Mapping[str, str] | None = None,
) -> PaymentImport:
    lines = [_line(proposal, (paid or {}).get(proposal.credit.key)) for proposal in proposals]
    return PaymentImport(
        asked.source,
        rows.account,
        paid is not None,
        rows.known,
        rows.debits,
        tuple(line for line in lines if line.bill is not None),
        tuple(line for line in lines if line.bill is None),
    )


def _line(proposal: Proposal, payment: str | None) -> Line:
    credit, bill = proposal.credit, proposal.bill
    return Line(
        credit.row,
        credit.day,
        credit.amount_cents,
        credit.payer,
        credit.memo,
        bill.number if bill else None,
        bill.client if bill else None,
        proposal.over_cents,
        proposal.why,
        payment,
    )
