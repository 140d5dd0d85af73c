"""Amounts are read, printed, priced and shared without losing or inventing a cent."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billcli.errors import UsageProblem
from billcli.values import money
from billcli.values.text import visible

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


@pytest.mark.parametrize(
    ("text", "decimals", "expected"),
    [
        ("1500", 2, 150000),
        ("1500.00", 2, 150000),
        ("1,500.00", 2, 150000),
        ("1,500", 2, 150000),
        ("12,345,678.9", 2, 1234567890),
        (" 7 ", 2, 700),
        (".5", 2, 50),
        ("0", 2, 0),
        ("007", 2, 700),
        ("-5", 2, -500),
        ("-1,500.25", 2, -150025),
        ("-0", 2, 0),
        ("1500", 0, 1500),
        ("1,500", 0, 1500),
        ("1.5", 3, 1500),
        ("1.505", 3, 1505),
        ("9999999999999.99", 2, 999999999999999),
    ],
)
def test_an_amount_is_read_as_typed(text: str, decimals: int, expected: int) -> None:
    assert money.read_cents(text, decimals) == expected


@pytest.mark.parametrize(
    ("text", "decimals", "code"),
    [
        *[
            (text, 2, "money.unreadable")
            for text in (
                *("", " ", ".", "-", "--5", "+5", "5-", "- 5", "(5)", "$5", "5$", "5 USD", "€5"),
                *("nan", "NaN", "inf", "-inf", "Infinity", "1e5", "1E5", "0x10", "1_500", "½"),
                *("1,50", "15,00", "1,5000", "1500,000", ",500", "0,500", "1,,500", "1,500,"),
                *("1.500,00", "1.2.3", "5.", "1 500", "1'500", "1\u00a0500", "١٥٠٠", "１５００"),
                *("\u22125", "five", "1500\x1b[31m", "15\x0000", "15\ud80000", "1\n500", "1500;"),
            )
        ],
        ("1500.001", 2, "money.decimals"),
        ("1.500", 2, "money.decimals"),
        ("1500.0", 0, "money.decimals"),
        ("0.0001", 3, "money.decimals"),
        ("10000000000000", 2, "money.huge"),
        ("1000000000000000", 0, "money.huge"),
        ("9" * 6000, 2, "money.huge"),
        ("-" + "9" * 40, 2, "money.huge"),
    ],
)
def test_an_unreadable_amount_is_named_and_refused(text: str, decimals: int, code: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        money.read_cents(text, decimals, what="billing value")
    assert problem.value.code == code
    assert "billing value" in problem.value.sentence
    assert problem.value.hint
    assert visible(problem.value.sentence) == problem.value.sentence
    assert len(problem.value.sentence) < 140


def test_the_hint_shows_the_currency_s_own_decimals() -> None:
    hints = []
    for decimals in (0, 2, 3):
        with pytest.raises(UsageProblem) as problem:
            money.read_cents("x", decimals)
        hints.append(problem.value.hint)
    assert hints == [
        "Write it as 1500 or 1,500.",
        "Write it as 1500, 1500.00 or 1,500.00.",
        "Write it as 1500, 1500.000 or 1,500.000.",
    ]


@pytest.mark.parametrize("text", ["0", "0.00", "-0", "-5", "-1,500.00"])
def test_an_amount_that_must_be_above_zero_is(text: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        money.read_positive_cents(text, 2, what="deposit")
    assert problem.value.code == "money.not-positive"
    assert money.read_positive_cents("0.01", 2) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [("350", 3500000), ("412.50", 4125000), ("0", 0), ("333.3333", 3333333), ("1,200", 12000000)],
)
def test_a_rate_is_read_as_typed(text: str, expected: int) -> None:
    assert money.read_rate(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-1", "rate.negative"),
        ("1.23456", "rate.decimals"),
        ("abc", "rate.unreadable"),
        ("", "rate.unreadable"),
        ("350/h", "rate.unreadable"),
        ("9" * 16, "rate.huge"),
    ],
)
def test_an_unreadable_rate_is_refused(text: str, code: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        money.read_rate(text)
    assert problem.value.code == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.5", 125000),
        ("12.5%", 125000),
        ("12.5 %", 125000),
        ("0", 0),
        ("100", 1000000),
        ("100%", 1000000),
        ("33.3333", 333333),
        ("8.25", 82500),
        (".5", 5000),
    ],
)
def test_a_percentage_is_read_as_typed(text: str, expected: int) -> None:
    assert money.read_percent(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-1", "percent.range"),
        ("100.0001", "percent.range"),
        ("1,000%", "percent.range"),
        ("12.34567", "percent.decimals"),
        ("%", "percent.unreadable"),
        ("12,5", "percent.unreadable"),
        ("5%%", "percent.unreadable"),
        ("nan%", "percent.unreadable"),
        ("9" * 30, "percent.huge"),
    ],
)
def test_an_unreadable_percentage_is_refused(text: str, code: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        money.read_percent(text)
    assert problem.value.code == code


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (1500, 2, 150000),
        (Decimal("1500.00"), 2, 150000),
        (Decimal("1500.5"), 2, 150050),
        ("1,500.00", 2, 150000),
        (1500, 0, 1500),
        (-3, 2, -300),
    ],
)
def test_an_amount_of_a_file_is_a_number_or_a_text(
    value: int | Decimal | str, decimals: int, expected: int
) -> None:
    assert money.from_number(value, decimals) == expected


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (True, "money.unreadable"),
        (0.1, "money.unreadable"),
        (None, "money.unreadable"),
        ([1], "money.unreadable"),
        (Decimal("NaN"), "money.unreadable"),
        (Decimal("-Infinity"), "money.unreadable"),
        (Decimal("1E+999999"), "money.unreadable"),
        (Decimal("0.001"), "money.decimals"),
        (10**30, "money.huge"),
    ],
)
def test_B02_no_other_kind_of_number_becomes_money(value: object, code: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        money.from_number(value, 2, what="matter.value")  # type: ignore[arg-type]
    assert problem.value.code == code
    assert "matter.value" in problem.value.sentence


def test_a_rate_and_a_percentage_of_a_file() -> None:
    assert money.rate_from_number(350) == 3500000
    assert money.rate_from_number(Decimal("412.5")) == 4125000
    assert money.percent_from_number(Decimal("8.25")) == 82500
    assert money.percent_from_number("8.25%") == 82500
    for read, code in (
        (money.rate_from_number, "rate.unreadable"),
        (money.percent_from_number, "percent.unreadable"),
    ):
        with pytest.raises(UsageProblem) as problem:
            read(False)
        assert problem.value.code == code


@pytest.mark.parametrize(
    ("amount", "decimals", "plain", "grouped"),
    [
        (150000, 2, "1500.00", "1,500.00"),
        (-150000, 2, "-1500.00", "-1,500.00"),
        (5, 2, "0.05", "0.05"),
        (-5, 2, "-0.05", "-0.05"),
        (0, 2, "0.00", "0.00"),
        (1234567, 0, "1234567", "1,234,567"),
        (1505, 3, "1.505", "1.505"),
    ],
)
def test_an_amount_is_printed_with_its_currency_s_decimals(
    amount: int, decimals: int, plain: str, grouped: str
) -> None:
    assert money.plain(amount, decimals) == plain
    assert money.grouped(amount, decimals) == grouped


def test_rates_and_percentages_are_printed_with_the_decimals_they_need() -> None:
    assert money.plain_rate(3500000, 2) == "350.00"
    assert money.plain_rate(4121250, 2) == "412.125"
    assert money.plain_rate(3333333, 2) == "333.3333"
    assert money.plain_rate(350000000, 0) == "35000"
    assert money.plain_rate(350005000, 0) == "35000.5"
    assert money.plain_rate(250000, 3) == "25.000"
    assert money.plain_percent(125000) == "12.5"
    assert money.plain_percent(200000) == "20"
    assert money.plain_percent(333334) == "33.3334"
    assert money.plain_percent(0) == "0"


@modest
@given(cents, st.sampled_from([0, 2, 3]))
def test_what_is_printed_is_read_back(amount: int, decimals: int) -> None:
    assert money.read_cents(money.plain(amount, decimals), decimals) == amount
    assert money.read_cents(money.grouped(amount, decimals), decimals) == amount


@modest
@given(st.integers(min_value=0, max_value=1_000_000), st.sampled_from([0, 2, 3]))
def test_printed_rates_and_percentages_are_read_back(value_e4: int, decimals: int) -> None:
    assert money.read_rate(money.plain_rate(value_e4, decimals)) == value_e4
    assert money.read_percent(money.plain_percent(value_e4)) == value_e4


anything = st.one_of(
    st.text(alphabet=st.characters(), max_size=30),
    st.text(alphabet="0123456789.,-+%e _٣\x00\ud800", max_size=20),
)


@modest
@given(anything, st.sampled_from([0, 2, 3]))
def test_readers_of_amounts_only_ever_complain_in_a_sentence(text: str, decimals: int) -> None:
    for read in (
        lambda: money.read_cents(text, decimals),
        lambda: money.read_positive_cents(text, decimals),
        lambda: money.read_rate(text),
        lambda: money.read_percent(text),
        lambda: money.from_number(text, decimals),
        lambda: money.decimals_of(text),
    ):
        try:
            assert isinstance(read(), int)
        except UsageProblem as problem:
            assert visible(problem.sentence) == problem.sentence
