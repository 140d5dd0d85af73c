"""Money as whole minor units: read, printed, priced and shared; the only place that rounds.

Amounts are cents (whatever the currency's minor unit is); hours, rates and percentages are
whole numbers × 10⁴.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from billcli.errors import UsageProblem
from billcli.values.text import shown

if TYPE_CHECKING:
    from decimal import Decimal

E4 = 10_000
WHOLE_E4 = 100 * E4
"""100 % as percent_e4."""
LONGEST = 15
"""Digits an amount may have: sums of them still fit the ledger's 64 bits."""

# ISO 4217 exponents other than 2.
_DECIMALS = {
    code: decimals
    for decimals, codes in (
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    )
    for code in codes.split()
}
_CURRENCY = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"(-?)(\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.(\d+))?", re.ASCII)


def round_ratio(numerator: int, denominator: int) -> int:
    """The nearest whole number to a fraction; a half goes away from zero."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def price(hours_e4: int, rate_e4: int, decimals: int) -> int:
    """What the hours cost at the rate, in cents (D-13: each entry is rounded once)."""
    return round_ratio(hours_e4 * rate_e4 * 10**decimals, E4 * E4)


def percent_of(cents: int, percent_e4: int) -> int:
    """That percentage of an amount, in cents."""
    return round_ratio(cents * percent_e4, WHOLE_E4)


def allocate(cents: int, weights: Sequence[int]) -> list[int]:
    """The amount shared by weight so that the shares add up to it exactly (D-55).

    Largest remainder, ties to list order, and a negative amount is shared as its positive.
    ValueError when a weight is negative or all are zero.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must be zero or more, and one of them above zero")
    size = abs(cents)
    shares = [size * weight // total for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda place: size * weights[place] % total, reverse=True
    )
    for place in by_remainder[: size - sum(shares)]:
        shares[place] += 1
    return shares if cents >= 0 else [-share for share in shares]


def decimals_of(currency: str) -> int:
    """How many decimals the currency's amounts have. UsageProblem `currency.unreadable`."""
    if not _CURRENCY.fullmatch(currency):
        raise UsageProblem(
            "currency.unreadable",
            f"{shown(currency)} isn't a currency code.",
            hint="Use the three capital letters of ISO 4217, such as USD, EUR or JPY.",
        )
    return _DECIMALS.get(currency, 2)


def read_cents(text: str, decimals: int, *, what: str = "amount") -> int:
    """An amount of money as typed (`1500`, `1500.00`, `1,500.00`, `-5`), in cents.

    UsageProblem: `money.unreadable`, `money.decimals`, `money.huge`.
    """
    samples = ["1500", plain(1500 * 10**decimals, decimals), grouped(1500 * 10**decimals, decimals)]
    listed = ", ".join(samples[:-1] if decimals else samples[:1])
    return _scan(text, decimals, what, kind="money", hint=f"Write it as {listed} or {samples[-1]}.")


def read_positive_cents(text: str, decimals: int, *, what: str = "amount") -> int:
    """An amount of money above zero, in cents. UsageProblem as read_cents, `money.not-positive`."""
    cents = read_cents(text, decimals, what=what)
    if cents <= 0:
        raise UsageProblem(
            "money.not-positive",
            f"The {what} {shown(text)} isn't above zero.",
            hint="Give an amount above zero.",
        )
    return cents


def read_rate(text: str, *, what: str = "rate") -> int:
    """An hourly rate as typed, as rate_e4.

    UsageProblem: `rate.unreadable`, `rate.decimals`, `rate.huge`, `rate.negative`.
    """
    rate_e4 = _scan(text, 4, what, kind="rate", hint="Write it as 350 or 412.50.")
    if rate_e4 < 0:
        raise UsageProblem(
            "rate.negative",
            f"The {what} {shown(text)} is below zero.",
            hint="Give a rate of zero or more.",
        )
    return rate_e4


def read_percent(text: str, *, what: str = "percentage") -> int:
    """A percentage from 0 to 100 as typed (`12.5` or `12.5%`), as percent_e4.

    UsageProblem: `percent.unreadable`, `percent.decimals`, `percent.huge`, `percent.range`.
    """
    number = text.strip().removesuffix("%").rstrip()
    percent_e4 = _scan(
        number, 4, what, kind="percent", hint="Write it as 12.5 or 12.5%.", typed=text
    )
    if not 0 <= percent_e4 <= WHOLE_E4:
        raise UsageProblem(
            "percent.range",
            f"The {what} {shown(text)} isn't between 0 and 100.",
            hint="Give a percentage from 0 to 100.",
        )
    return percent_e4


def from_number(value: int | Decimal | str, decimals: int, *, what: str = "amount") -> int:
    """An amount of a file, a number or a text in quotes, in cents. UsageProblem as read_cents."""
    return read_cents(number_text(value, what, kind="money"), decimals, what=what)


def rate_from_number(value: int | Decimal | str, *, what: str = "rate") -> int:
    """An hourly rate of a file, as rate_e4. UsageProblem as read_rate."""
    return read_rate(number_text(value, what, kind="rate"), what=what)


def percent_from_number(value: int | Decimal | str, *, what: str = "percentage") -> int:
    """A percentage of a file, as percent_e4. UsageProblem as read_percent."""
    return read_percent(number_text(value, what, kind="percent"), what=what)


def number_text(value: object, what: str, *, kind: str) -> str:
    """A number of a file as the text that the readers take. UsageProblem `{kind}.unreadable`.

    A binary float is refused: it no longer is what was written.
    """
    if isinstance(value, str):
        return value
    # By its name, because importing decimal costs every command its start-up time.
    if type(value) is int or type(value).__name__ == "Decimal":
        return str(value)
    found = "true or false" if isinstance(value, bool) else f"of type {type(value).__name__}"
    raise UsageProblem(
        f"{kind}.unreadable",
        f"The {what} is {found}, not a number.",
        hint="Write it as a number, or as a text in quotes.",
    )


def plain(cents: int, decimals: int) -> str:
    """An amount as scripts and files read it: `1500.00`."""
    return _fixed(cents, decimals, decimals)


def grouped(cents: int, decimals: int) -> str:
    """An amount as people read it: `1,500.00`."""
    return _fixed(cents, decimals, decimals, comma=True)


def plain_rate(rate_e4: int, decimals: int) -> str:
    """A rate with the currency's decimals, and more where it has more: `350.00`, `412.125`."""
    return _fixed(rate_e4, 4, min(decimals, 4))


def plain_percent(percent_e4: int) -> str:
    """A percentage with the decimals it needs: `12.5`, `20`."""
    return _fixed(percent_e4, 4, 0)


def plain_e4(value_e4: int, at_least: int) -> str:
    """A number × 10⁴ with at least so many decimals, and more where it has more."""
    return _fixed(value_e4, 4, at_least)


def _fixed(value: int, scale: int, at_least: int, *, comma: bool = False) -> str:
    whole, rest = divmod(abs(value), 10**scale)
    digits = f"{rest:0{scale}d}" if scale else ""
    digits = digits[:at_least] + digits[at_least:].rstrip("0")
    sign = "-" if value < 0 else ""
    return f"{sign}{whole:{',' if comma else ''}}{'.' if digits else ''}{digits}"


def _scan(
    text: str, decimals: int, what: str, *, kind: str, hint: str, typed: str | None = None
) -> int:
    """The number × 10^decimals, or a UsageProblem that names it as it was typed."""
    said = shown(text if typed is None else typed)
    found = _NUMBER.fullmatch(text.strip().replace("\N{MINUS SIGN}", "-", 1))
    if found is None or not (found[2] or found[3]):
        raise UsageProblem(f"{kind}.unreadable", f"The {what} {said} can't be read.", hint=hint)
    whole, fraction = found[2].replace(",", "").lstrip("0"), found[3] or ""
    if len(fraction) > decimals:
        have = f"at most {decimals}" if decimals else "no"
        raise UsageProblem(
            f"{kind}.decimals",
            f"The {what} {said} has {len(fraction)} decimals; it may have {have}.",
            hint=hint,
        )
    if len(whole) + decimals > LONGEST:
        raise UsageProblem(
            f"{kind}.huge",
            f"The {what} {said} is longer than {LONGEST} digits, decimals included.",
            hint="Check it for a slip of the hand.",
        )
    value = int((whole or "0") + fraction.ljust(decimals, "0"))
    return -value if found[1] else value
