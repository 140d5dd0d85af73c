"""Credit notes over any bill: never more than it came to, and exactly that when all is credited."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from billcli.core import journal
from billcli.core.credit import Credit, Credited, Pair, Sums, Taken, credit, in_proportion, left

CENTS = st.integers(0, 5_000_00)


@st.composite
def bills(draw: st.DrawFn) -> Credited:
    """A bill with a discount, costs, taxes and parts; some fees or costs are in no part."""
    fees, costs = draw(CENTS), draw(CENTS)
    discount = draw(st.integers(0, fees))
    taxes = {
        code: Pair(draw(st.integers(0, fees + costs)), draw(st.integers(0, 900_00)))
        for code in draw(st.sets(st.sampled_from(["a", "b", "c"])))
    }
    parts, fees_left, costs_left = {}, fees, costs
    for number in range(1, draw(st.integers(0, 3)) + 1):
        first = draw(st.integers(0, fees_left))
        second = draw(st.integers(0, costs_left))
        parts[number] = Pair(first, second)
        fees_left, costs_left = fees_left - first, costs_left - second
    return Credited(fees, discount, costs, taxes, parts)


def plus(taken: Taken, made: Credit, *, correction: bool) -> Taken:
    """What is taken after one more credit note."""

    def added(old: dict, new: dict) -> dict:
        return {
            key: Pair(
                old.get(key, Pair()).first_cents + new.get(key, Pair()).first_cents,
                old.get(key, Pair()).second_cents + new.get(key, Pair()).second_cents,
            )
            for key in old.keys() | new.keys()
        }

    was, corrected = taken.sums, taken.corrected
    if correction:
        corrected = Pair(
            corrected.first_cents + made.gross_fees_cents,
            corrected.second_cents + made.sums.costs_cents,
        )
    return Taken(
        Sums(
            was.fees_cents + made.sums.fees_cents,
            was.costs_cents + made.sums.costs_cents,
            was.tax_cents + made.sums.tax_cents,
        ),
        corrected,
        added(dict(taken.taxes), dict(made.taxes)),
        added(dict(taken.parts), dict(made.parts)),
    )


@st.composite
def steps(draw: st.DrawFn) -> tuple[Credited, list[tuple[Sums, bool]]]:
    """A bill and credit notes over it, by proportion or split by hand."""
    bill = draw(bills())
    rest, found = bill.sums, []
    for _ in range(draw(st.integers(0, 5))):
        if draw(st.booleans()):
            if not rest.total_cents:
                break
            sums = in_proportion(draw(st.integers(1, rest.total_cents)), rest)
        else:
            sums = Sums(
                *(
                    draw(st.integers(0, part))
                    for part in (rest.fees_cents, rest.costs_cents, rest.tax_cents)
                )
            )
        if not sums.total_cents:
            continue
        found.append((sums, draw(st.booleans())))
        rest = Sums(
            rest.fees_cents - sums.fees_cents,
            rest.costs_cents - sums.costs_cents,
            rest.tax_cents - sums.tax_cents,
        )
    return bill, found


@settings(max_examples=150, deadline=None)
@given(steps())
def test_credit_notes_stay_within_their_bill(of: tuple[Credited, list[tuple[Sums, bool]]]) -> None:
    bill, notes = of
    taken, discounts = Taken(), 0
    for sums, correction in notes:
        made = credit(bill, taken, sums, correction=correction)
        assert made.sums == sums
        assert made.discount_cents >= 0
        assert sum(pair.second_cents for pair in made.taxes.values()) == (
            sums.tax_cents if bill.taxes else 0
        )
        assert correction or not made.parts
        taken, discounts = plus(taken, made, correction=correction), discounts + made.discount_cents
        rest = left(bill, taken)
        assert min(rest.fees_cents, rest.costs_cents, rest.tax_cents) >= 0
        assert discounts <= bill.discount_cents
        for number, pair in bill.parts.items():
            gone = taken.parts.get(number, Pair())
            assert 0 <= gone.first_cents <= pair.first_cents, "F_prev is never below zero"
            assert 0 <= gone.second_cents <= pair.second_cents
        for code, pair in bill.taxes.items():
            gone = taken.taxes.get(code, Pair())
            assert 0 <= gone.second_cents <= pair.second_cents
            assert gone.first_cents <= pair.first_cents


@settings(max_examples=120, deadline=None)
@given(steps())
def test_what_is_credited_whole_closes_to_the_cent(
    of: tuple[Credited, list[tuple[Sums, bool]]],
) -> None:
    bill, notes = of
    taken, discounts = Taken(), 0
    rest = bill.sums
    for sums, _ in notes:
        made = credit(bill, taken, sums, correction=True)
        taken, discounts = plus(taken, made, correction=True), discounts + made.discount_cents
    rest = left(bill, taken)
    if rest.total_cents:
        made = credit(bill, taken, in_proportion(rest.total_cents, rest), correction=True)
        taken, discounts = plus(taken, made, correction=True), discounts + made.discount_cents
    assert taken.sums == bill.sums
    if bill.sums.fees_cents:
        assert discounts == bill.discount_cents
        assert all(taken.parts.get(n, Pair()).first_cents == p.first_cents
                   for n, p in bill.parts.items())  # fmt: skip
    assert all(taken.parts.get(n, Pair()).second_cents == p.second_cents
               for n, p in bill.parts.items())  # fmt: skip
    for code, pair in bill.taxes.items():
        gone = taken.taxes.get(code, Pair())
        assert gone.second_cents == pair.second_cents
        if pair.second_cents or bill.sums.fees_cents + bill.costs_cents:
            assert gone.first_cents == pair.first_cents


@given(CENTS, CENTS, CENTS, CENTS)
def test_no_posting_of_a_credit_note_is_above_what_is_open(
    net: int, discount: int, costs: int, tax: int
) -> None:
    from datetime import date

    entry = journal.bill_credited(
        day=date(2026, 1, 1), credit_id=1, bill_id=1, matter_id=1, fees_cents=net + discount,
        discount_cents=discount, costs_cents=costs, tax_cents=tax, reason="correction",
    )  # fmt: skip
    open_ = net + costs + tax
    for move in entry.moves:
        if move.credit == "receivable":
            assert move.cents <= open_
            open_ -= move.cents
        else:
            open_ += move.cents
    assert open_ == 0
