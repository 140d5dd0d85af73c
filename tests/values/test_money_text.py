"""Amounts, rates and percentages are read as typed and printed with the decimals they need."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billcli.errors import UsageProblem
from billcli.values import money
from billcli.values.text import visible

modest = settings(max_examples=60, deadline=None)
cents = st.integers(min_value=-(10**14), max_value=10**14)


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
        ("\u22125", 2, -500),
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
                *("five", "1500\x1b[31m", "15\x0000", "15\ud80000", "1\n500", "1500;"),
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
