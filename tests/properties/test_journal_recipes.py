"""Every recipe of the journal balances, and its reversal leaves nothing (B8)."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from billcli.core.journal import (
    Entry,
    Move,
    bill_issued,
    credit_moved,
    credit_refunded,
    payment_received,
    reversed_,
)

DAY = date(2026, 11, 30)
cents = st.integers(0, 10**12)
some = st.integers(1, 10**12)
parts = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9), some), max_size=4).map(tuple)

bills = st.builds(
    lambda fees, part, costs, tax: bill_issued(
        day=DAY, bill_id=1, matter_id=2, fees_cents=fees, discount_cents=fees * part // 100,
        costs_cents=costs, tax_cents=tax,
    ),
    cents, st.integers(0, 100), cents, cents,
)  # fmt: skip
payments = st.builds(
    lambda applied, credit: payment_received(
        day=DAY, payment_id=3, matter_id=2, applied=applied, credit_cents=credit
    ),
    parts,
    cents,
)
moved = st.builds(
    lambda applied, back: credit_moved(
        day=DAY, source="payment:3:1", payment_id=3, bills=applied, back=back
    ),
    parts,
    st.booleans(),
)
refunds = st.builds(
    lambda amount: credit_refunded(
        day=DAY, source="payment:3:2", payment_id=3, matter_id=2, cents=amount
    ),
    some,
)
entries = bills | payments | moved | refunds


def sums(*entries: Entry) -> dict[tuple[str, int | None, int | None], int]:
    """What each account holds after these entries, by bill and payment; nothing is left out."""
    found: Counter[tuple[str, int | None, int | None]] = Counter()
    for entry in entries:
        for move in entry.moves:
            found[move.debit, move.bill_id, move.payment_id] += move.cents
            found[move.credit, move.bill_id, move.payment_id] -= move.cents
    return {key: amount for key, amount in found.items() if amount}


def account(entry: Entry, name: str) -> int:
    return sum(amount for (account, _, _), amount in sums(entry).items() if account == name)


@given(entry=entries)
def test_every_entry_balances(entry: Entry) -> None:
    assert sum(sums(entry).values()) == 0
    assert all(move.cents > 0 and move.debit != move.credit for move in entry.moves)


@given(entry=entries)
def test_a_reversal_leaves_nothing(entry: Entry) -> None:
    undone = reversed_(entry, 7, day=DAY, reason="wrong", source="x:void")
    assert sums(entry, undone) == {}
    assert undone.reverses == 7
    again = reversed_(undone, 8, day=DAY, reason="after all", source="x:again")
    assert again.moves == entry.moves


@given(fees=cents, part=st.integers(0, 100), costs=cents, tax=cents)
def test_a_bill_is_owed_to_its_total(fees: int, part: int, costs: int, tax: int) -> None:
    discount = fees * part // 100
    entry = bill_issued(
        day=DAY, bill_id=1, matter_id=2, fees_cents=fees, discount_cents=discount,
        costs_cents=costs, tax_cents=tax,
    )  # fmt: skip
    assert account(entry, "receivable") == fees - discount + costs + tax
    assert account(entry, "fee_income") == -fees
    assert account(entry, "discounts_given") == discount
    assert account(entry, "cost_recoveries") == -costs
    assert account(entry, "tax_payable") == -tax


@given(applied=parts, credit=cents)
def test_a_payment_is_what_it_pays_and_what_is_over(
    applied: tuple[tuple[int, int, int], ...], credit: int
) -> None:
    entry = payment_received(
        day=DAY, payment_id=3, matter_id=2, applied=applied, credit_cents=credit
    )
    used = sum(amount for _, _, amount in applied)
    assert account(entry, "operating_bank") == used + credit
    assert account(entry, "receivable") == -used
    assert account(entry, "client_credit") == -credit


@given(applied=parts)
def test_what_is_taken_off_can_be_put_back(applied: tuple[tuple[int, int, int], ...]) -> None:
    off, on = (
        credit_moved(day=DAY, source=f"s:{back}", payment_id=3, bills=applied, back=back)
        for back in (True, False)
    )
    assert sums(off, on) == {}
    assert account(on, "client_credit") == -account(on, "receivable")


def test_a_bill_over_nothing_moves_nothing() -> None:
    entry = bill_issued(
        day=DAY, bill_id=1, matter_id=2, fees_cents=0, discount_cents=0, costs_cents=0, tax_cents=0
    )
    assert entry.moves == ()


def test_a_source_names_what_it_stands_for() -> None:
    entry = credit_refunded(day=DAY, source="payment:3:2", payment_id=3, matter_id=None, cents=5)
    move = Move("client_credit", "operating_bank", 5, None, payment_id=3)
    assert (entry.source, entry.moves) == ("payment:3:2", (move,))
