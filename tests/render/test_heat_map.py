"""The calendar of days: what each sign says, where it is cut, and that colour is never alone."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from billcli.core.productivity import Worked, gaps, long_days
from billcli.render.heat_map import heat_map

H = 10_000
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 15)  # two weeks from a Monday on
HOURS = {
    date(2026, 11, 2): 2 * H,
    date(2026, 11, 3): 2 * H + 1,
    date(2026, 11, 4): 8 * H,
    date(2026, 11, 5): 12 * H,
    date(2026, 11, 6): 12 * H + 1,
    date(2026, 11, 14): 1,
}
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def drawn(*, unicode: bool = False, colour: bool = False, width: int = 80) -> str:
    return heat_map(HOURS, FIRST, LAST, unicode=unicode, colour=colour, width=width)


def test_each_day_has_the_sign_of_its_hours() -> None:
    assert drawn().splitlines() == [
        "    2026-11",
        "Mon - .",
        "Tue + .",
        "Wed * .",
        "Thu # .",
        "Fri ! .",
        "Sat   -",
        "Sun",
        "    . none  - to 2 h  + to 5 h  * to 8 h  # to 12 h  ! more",
    ]


def test_ascii_is_ascii_and_the_signs_are_the_same_in_colour() -> None:
    assert drawn().isascii()
    coloured = drawn(unicode=True, colour=True)
    assert "\x1b[" in coloured
    plain = [line.rstrip() for line in ESCAPES.sub("", coloured).splitlines()]
    assert plain == drawn(unicode=True).splitlines()
    # Each level has a sign of its own, so that nobody needs the colours.
    assert len(set("·░▒▓█▲") & set(drawn(unicode=True))) == 6


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_narrow_terminal_shows_the_last_weeks(width: int) -> None:
    first = LAST - timedelta(days=399)
    lines = heat_map({LAST: H}, first, LAST, unicode=False, colour=False, width=width).splitlines()
    days = lines[1:8]
    assert max(len(line) for line in days) <= width
    assert lines[7].endswith("-"), "the newest day is there"


def test_gaps_are_working_days_and_long_days_have_more_than_twelve_hours() -> None:
    days = {day: Worked(logged_e4=hours) for day, hours in HOURS.items()}
    assert gaps(days, FIRST, LAST) == tuple(date(2026, 11, day) for day in (9, 10, 11, 12, 13))
    assert gaps(days, LAST, FIRST) == ()
    assert long_days(days) == (date(2026, 11, 6),)
