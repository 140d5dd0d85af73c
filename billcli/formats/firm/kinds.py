"""How each `format` of the schema is read from the file and written back: one row a kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from billcli.errors import UsageProblem
from billcli.values import dates, hours, money
from billcli.values.text import shown

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kind:
    """The unit put behind the key, and both directions; each takes the currency's decimals."""

    suffix: str
    read: Callable[[object, int], object]
    write: Callable[[object, int], object]
    scale: Callable[[int], int] | None = None
    """Digits that a limit of the schema is shifted by; None where a limit means nothing."""


def _read_money(value: object, decimals: int) -> object:
    return money.from_number(value, decimals, what="amount")  # type: ignore[arg-type]


def _read_rate(value: object, decimals: int) -> object:
    return money.rate_from_number(value)  # type: ignore[arg-type]


def _read_percent(value: object, decimals: int) -> object:
    return money.percent_from_number(value)  # type: ignore[arg-type]


def _read_hours(value: object, decimals: int) -> object:
    return hours.from_number(value)  # type: ignore[arg-type]


def _read_day(value: object, decimals: int) -> object:
    day: date | None = None
    if isinstance(value, date) and not isinstance(value, datetime):
        day = value
    elif isinstance(value, str) and (found := _DAY.fullmatch(value.strip())):
        try:
            day = date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            day = None
    if day is None:
        raise UsageProblem(
            "date.unreadable",
            f"The date {shown(str(value))} isn't a day of the calendar.",
            hint="Write it as 2026-11-21.",
        )
    if not dates.FIRST_YEAR <= day.year <= dates.LAST_YEAR:
        raise UsageProblem(
            "date.unreadable",
            f"The date {day.isoformat()} isn't between {dates.FIRST_YEAR} and {dates.LAST_YEAR}.",
            hint="Check the year.",
        )
    return day


def _read_discount(value: object, decimals: int) -> object:
    if isinstance(value, str) and value.strip().endswith("%"):
        return {"percent_e4": money.percent_from_number(value, what="discount")}
    cents = money.from_number(value, decimals, what="discount")  # type: ignore[arg-type]
    if cents < 0:
        raise UsageProblem("money.negative", f"The discount {shown(str(value))} is below zero.")
    return {"cents": cents}


def _read_addresses(value: object, decimals: int) -> object:
    if isinstance(value, str):
        return [address.strip() for address in value.split(",") if address.strip()]
    return value


def _write_money(value: object, decimals: int) -> object:
    return _number(value, decimals, decimals)


def _write_e4(value: object, decimals: int) -> object:
    return _number(value, 4, 0)


def _write_discount(value: object, decimals: int) -> object:
    assert isinstance(value, dict)
    if "percent_e4" in value:
        return f"{money.plain_percent(value['percent_e4'])}%"
    return _number(value["cents"], decimals, decimals)


def _write_day(value: object, decimals: int) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _as_is(value: object, decimals: int) -> object:
    return value


def _number(value: object, scale: int, at_least: int) -> int | str:
    """A whole number as such, any other as text, because TOML's own fractions are binary floats."""
    assert isinstance(value, int)
    size: int = 10**scale
    whole, rest = divmod(value, size)
    if not rest:
        return whole
    return money.plain(value, scale) if scale == at_least else money.plain_e4(value, at_least)


KINDS = {
    "money": Kind("_cents", _read_money, _write_money, lambda decimals: decimals),
    "rate": Kind("_e4", _read_rate, _write_e4, lambda decimals: 4),
    "percent": Kind("_e4", _read_percent, _write_e4, lambda decimals: 4),
    "hours": Kind("_e4", _read_hours, _write_e4, lambda decimals: 4),
    "date": Kind("", _read_day, _write_day),
    "discount": Kind("", _read_discount, _write_discount),
    "addresses": Kind("", _read_addresses, _as_is),
}
