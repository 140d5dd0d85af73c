"""The journal as moves: money goes from one account to another, so no entry is out of balance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Move:
    """`cents` above 0 are debited to one account and credited to another."""

    debit: str
    credit: str
    cents: int
    matter_id: int | None = None
    bill_id: int | None = None
    payment_id: int | None = None
    trust_id: int | None = None
    retainer_id: int | None = None
    credit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened on a day; `source` is unique, so nothing is posted twice."""

    day: date
    what: str
    source: str
    moves: tuple[Move, ...]
    reverses: int | None = None
    reason: str | None = None


def reversed_(entry: Entry, entry_id: int, *, day: date, reason: str, source: str) -> Entry:
    """The entry that undoes another: the same moves the other way."""
    moves = tuple(replace(m, debit=m.credit, credit=m.debit) for m in entry.moves)
    return Entry(day, f"reversal of {entry.what}", source, moves, entry_id, reason)


def bill_issued(
    *,
    day: date,
    bill_id: int,
    matter_id: int,
    fees_cents: int,
    discount_cents: int,
    costs_cents: int,
    tax_cents: int,
) -> Entry:
    """A bill: the client owes it, and the firm has earned it, dated the bill's day (§4.5)."""
    rows = (
        ("receivable", "fee_income", fees_cents),
        ("discounts_given", "receivable", discount_cents),
        ("receivable", "cost_recoveries", costs_cents),
        ("receivable", "tax_payable", tax_cents),
    )
    moves = tuple(Move(d, c, cents, matter_id, bill_id) for d, c, cents in rows if cents)
    return Entry(day, "bill", f"bill:{bill_id}", moves)


def bill_credited(
    *,
    day: date,
    credit_id: int,
    bill_id: int,
    matter_id: int,
    fees_cents: int,
    discount_cents: int,
    costs_cents: int,
    tax_cents: int,
    reason: str,
) -> Entry:
    """A credit note: the bill's own postings the other way, as far as it goes (§4.2).

    What of the discount goes back comes first, so that no posting is above what is open.
    """
    rows = (
        ("receivable", "discounts_given", discount_cents),
        ("fee_income", "receivable", fees_cents),
        ("cost_recoveries", "receivable", costs_cents),
        ("tax_payable", "receivable", tax_cents),
    )
    moves = tuple(
        Move(d, c, cents, matter_id, bill_id, credit_id=credit_id) for d, c, cents in rows if cents
    )
    return Entry(day, "credit note", f"credit:{credit_id}", moves, reason=reason)


def written_off(
    *, day: date, source: str, bill_id: int, matter_id: int, cents: int, reason: str
) -> Entry:
    """What is open on a bill and won't be paid: a bad debt."""
    moves = (Move("bad_debt", "receivable", cents, matter_id, bill_id),)
    return Entry(day, "write-off", source, moves, reason=reason)


def payment_received(
    *,
    day: date,
    payment_id: int,
    matter_id: int | None,
    applied: tuple[tuple[int, int, int], ...],
    credit_cents: int,
) -> Entry:
    """A payment: to bills `(bill, its matter, cents)`, and what is over to client credit."""
    moves = [
        Move("operating_bank", "receivable", cents, matter, bill, payment_id)
        for bill, matter, cents in applied
    ]
    if credit_cents:
        moves.append(
            Move("operating_bank", "client_credit", credit_cents, matter_id, payment_id=payment_id)
        )
    return Entry(day, "payment", f"payment:{payment_id}", tuple(moves))


def credit_moved(
    *, day: date, source: str, payment_id: int, bills: tuple[tuple[int, int, int], ...], back: bool
) -> Entry:
    """Client credit applied to bills, or (`back`) taken off them again."""
    debit, credit = ("receivable", "client_credit") if back else ("client_credit", "receivable")
    moves = tuple(
        Move(debit, credit, cents, matter, bill, payment_id) for bill, matter, cents in bills
    )
    return Entry(day, "payment unapplied" if back else "credit applied", source, moves)


def credit_refunded(
    *, day: date, source: str, payment_id: int, matter_id: int | None, cents: int
) -> Entry:
    """Client credit paid back."""
    move = Move("client_credit", "operating_bank", cents, matter_id, payment_id=payment_id)
    return Entry(day, "refund", source, (move,))
