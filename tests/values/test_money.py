"""Amounts are rounded, priced and shared without losing or inventing a cent."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billcli.errors import UsageProblem
from billcli.values import money

modest = settings(max_examples=60, deadline=None)
cents = st.integers(min_value=-(10**14), max_value=10**14)
weights = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=12).filter(any)


def half_away(exact: Fraction) -> int:
    size = int(abs(exact) + Fraction(1, 2))
    return size if exact >= 0 else -size


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (1, 2, 1),
        (-1, 2, -1),
        (1, -2, -1),
        (-1, -2, 1),
        (3, 2, 2),
        (5, 2, 3),
        (-5, 2, -3),
        (49, 100, 0),
        (-49, 100, 0),
        (815955, 1000, 816),
        (0, 7, 0),
    ],
)
def test_a_half_goes_away_from_zero(numerator: int, denominator: int, expected: int) -> None:
    assert money.round_ratio(numerator, denominator) == expected


def test_nothing_divided_by_zero_is_an_amount() -> None:
    with pytest.raises(ZeroDivisionError):
        money.round_ratio(1, 0)


@modest
@given(st.integers(), st.integers().filter(bool))
def test_rounding_is_that_of_exact_fractions(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    assert money.round_ratio(numerator, denominator) == half_away(exact)


@pytest.mark.parametrize(
    ("hours", "rate", "decimals", "expected"),
    [
        ("3.2", "250", 2, 80000),
        ("1.7", "412.50", 2, 70125),
        ("1.7", "333.33", 2, 56666),
        ("0.1", "333.33", 2, 3333),
        ("0.5", "0.01", 2, 1),
        ("2.25", "64.22", 2, 14450),
        ("1.005", "100", 2, 10050),
        ("0.3333", "300", 2, 9999),
        ("1.5", "35001", 0, 52502),
        ("0.1", "25.125", 3, 2513),
    ],
)
def test_B02_an_hour_amount_is_rounded_once(
    hours: str, rate: str, decimals: int, expected: int
) -> None:
    hours_e4 = int(Decimal(hours) * 10_000)
    assert money.price(hours_e4, money.read_rate(rate), decimals) == expected


@modest
@given(
    st.integers(min_value=0, max_value=240_000),
    st.integers(min_value=0, max_value=10**9),
    st.sampled_from([0, 2, 3]),
)
def test_B02_a_price_is_that_of_exact_fractions(hours_e4: int, rate_e4: int, decimals: int) -> None:
    exact = Fraction(hours_e4, 10_000) * Fraction(rate_e4, 10_000) * 10**decimals
    assert money.price(hours_e4, rate_e4, decimals) == half_away(exact)


@pytest.mark.parametrize(
    ("amount", "percent", "expected"),
    [
        (125000, "10", 12500),
        (4012, "7.5", 301),
        (1003, "7.5", 75),
        (9999, "33.34", 3334),
        (-4012, "7.5", -301),
        (14450, "100", 14450),
        (14450, "0", 0),
        (1, "50", 1),
        (-1, "50", -1),
    ],
)
def test_a_percentage_is_rounded_once(amount: int, percent: str, expected: int) -> None:
    assert money.percent_of(amount, money.read_percent(percent)) == expected


@pytest.mark.parametrize(
    ("amount", "shares", "expected"),
    [
        (9999, [75, 25], [7499, 2500]),
        (174599, [3334, 3333, 3333], [58211, 58194, 58194]),
        (999999, [30, 40, 30], [300000, 399999, 300000]),
        (-80000, [150000, 210000, 120000], [-25000, -35000, -20000]),
        (-9999, [75, 25], [-7499, -2500]),
        (205246, [123456, 98765, 33333], [99153, 79322, 26771]),
        (100, [1, 1, 1], [34, 33, 33]),
        (2, [1, 1, 1], [1, 1, 0]),
        (5, [0, 1, 0], [0, 5, 0]),
        (0, [1, 2], [0, 0]),
        (7, [3], [7]),
        (1, [1, 2, 2], [0, 1, 0]),
    ],
)
def test_D55_shares_close_by_largest_remainder(
    amount: int, shares: list[int], expected: list[int]
) -> None:
    assert money.allocate(amount, shares) == expected


@pytest.mark.parametrize("shares", [[], [0], [0, 0], [1, -1], [2, -1]])
def test_D55_nothing_is_shared_by_nothing(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        money.allocate(100, shares)


@modest
@given(cents, weights)
def test_D55_shares_add_up_and_lie_within_a_cent(amount: int, shares: list[int]) -> None:
    allocated = money.allocate(amount, shares)
    total = sum(shares)
    assert sum(allocated) == amount
    assert allocated == [-share for share in money.allocate(-amount, shares)]
    for share, weight in zip(allocated, shares, strict=True):
        assert abs(share - Fraction(amount * weight, total)) < 1
        if weight == 0:
            assert share == 0


@modest
@given(cents, weights)
def test_D55_spare_cents_go_to_the_largest_remainders(amount: int, shares: list[int]) -> None:
    total, size = sum(shares), abs(amount)
    given_one, given_none = [], []
    for place, share in enumerate(money.allocate(size, shares)):
        left = size * shares[place] % total
        (given_one if share > size * shares[place] // total else given_none).append((-left, place))
    assert not given_one or not given_none or max(given_one) < min(given_none)


@pytest.mark.parametrize(
    ("currency", "decimals"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)]
)
def test_B11_a_currency_has_its_own_decimals(currency: str, decimals: int) -> None:
    assert money.decimals_of(currency) == decimals


@pytest.mark.parametrize("currency", ["", "usd", "US", "USDT", "US1", "ÜSD", "USD\n", "$"])
def test_B11_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        money.decimals_of(currency)
    assert problem.value.code == "currency.unreadable"
