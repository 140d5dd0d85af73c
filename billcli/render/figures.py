"""Amounts, hours and dates as a firm's readers write them.

The symbols come from Babel once for each locale; an amount is then only a look-up or two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from billcli.values import hours, money
from billcli.values.dates import add_months

FALLBACK = "en_US"
ONE_DAY = timedelta(days=1)


class Printed(str):
    """Text that the program itself wrote, such as an amount: Markdown has nothing to escape."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """How one locale writes numbers and dates; each function gives text ready to print."""

    locale: str
    decimals: int
    amount: Callable[[int], Printed]
    hours: Callable[[int], Printed]
    rate: Callable[[int], Printed]
    percent: Callable[[int], Printed]
    day: Callable[[date], Printed]
    short_day: Callable[[date], Printed]
    period: Callable[[date, date], Printed]

    @property
    def language(self) -> str:
        """The locale as HTML and readers' software name it: en-US."""
        return self.locale.replace("_", "-")


@lru_cache(maxsize=16)
def figures(locale: str, decimals: int) -> Figures:
    """How the locale writes amounts with so many decimals; an unknown locale is read as en_US."""
    from babel.core import Locale, UnknownLocaleError
    from babel.dates import format_date, format_skeleton
    from babel.numbers import (
        get_decimal_symbol,
        get_group_symbol,
        get_minus_sign_symbol,
    )

    try:
        known = Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        # A bill that can't be printed is worse than one with American commas (B9).
        known = Locale.parse(FALLBACK)
    point, comma = get_decimal_symbol(known), get_group_symbol(known)
    minus, sizes = get_minus_sign_symbol(known), known.decimal_formats[None].grouping
    spaced = "\xa0" if "\xa0" in known.percent_formats[None].pattern else ""

    def number(plain: str) -> str:
        digits = plain.removeprefix("-")
        whole, _, fraction = digits.partition(".")
        text = _groups(whole, sizes, comma) + (point + fraction if fraction else "")
        return minus + text if digits != plain else text

    def amount(cents: int) -> Printed:
        return Printed(number(money.plain(cents, decimals)))

    def of_hours(hours_e4: int) -> Printed:
        return Printed(number(hours.plain_hours(hours_e4)))

    def rate(rate_e4: int) -> Printed:
        return Printed(number(money.plain_rate(rate_e4, decimals)))

    def percent(percent_e4: int) -> Printed:
        return Printed(f"{number(money.plain_percent(percent_e4))}{spaced}%")

    def day(when: date) -> Printed:
        return Printed(format_date(when, "long", locale=known))

    def short_day(when: date) -> Printed:
        return Printed(format_date(when, "medium", locale=known))

    def period(first: date, last: date) -> Printed:
        if first.day == 1 and last == add_months(first, 1) - ONE_DAY:
            return Printed(format_skeleton("yMMMM", first, locale=known))
        return Printed(f"{short_day(first)} – {short_day(last)}")

    kept = lru_cache(maxsize=4096)
    return Figures(
        str(known),
        decimals,
        amount=kept(amount),
        hours=kept(of_hours),
        rate=kept(rate),
        percent=kept(percent),
        day=kept(day),
        short_day=kept(short_day),
        period=kept(period),
    )


def _groups(whole: str, sizes: tuple[int, int], comma: str) -> str:
    """The digits in groups, which are not of three everywhere: 12,34,567 in India."""
    first, then = sizes
    if len(whole) <= first:
        return whole
    groups, rest = [whole[-first:]], whole[:-first]
    while rest:
        groups.append(rest[-then:])
        rest = rest[:-then]
    return comma.join(reversed(groups))
