"""Charts as geometry: everything stands inside its box, and nothing is drawn that isn't there."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billcli.render.charts.columns import Column, columns, round_step
from billcli.render.charts.levels import Level, Part, Row, levels, sums
from billcli.render.charts.marks import (
    NARROWEST,
    WIDE,
    Bar,
    Chart,
    Label,
    Rule,
    Sign,
    across,
    cut,
    percent,
    width_of,
)
from billcli.render.charts.timeline import APART, MOST_LANES, Line, Point, stretch, timeline

TODAY = date(2026, 11, 30)
CENTS = st.integers(min_value=-(10**6), max_value=10**13)


def inside(chart: Chart) -> None:
    """No mark leaves the box, no bar is negative, and no two words need more room than there is."""
    for mark in chart.marks:
        assert 0 <= mark.x <= WIDE, mark
        assert 0 <= mark.y <= chart.height, mark
        if isinstance(mark, Bar):
            assert mark.width >= 0 and mark.x + mark.width <= WIDE, mark
            assert mark.height >= 0 and mark.y + mark.height <= chart.height, mark
        if isinstance(mark, Rule):
            assert 0 <= mark.x2 <= WIDE and 0 <= mark.y2 <= chart.height, mark
    rows: dict[int, int] = {}
    for mark in chart.marks:
        if isinstance(mark, Label) and mark.tone.split(" ")[0] not in ("axis", "now", "over"):
            rows[mark.y] = rows.get(mark.y, 0) + width_of(mark.lead) + width_of(mark.text)
    assert all(width <= NARROWEST for width in rows.values()), rows


def bars(chart: Chart, *tones: str) -> list[Bar]:
    return [m for m in chart.marks if isinstance(m, Bar) and m.tone in tones]


def labels(chart: Chart) -> list[str]:
    return [m.text for m in chart.marks if isinstance(m, Label)]


@given(st.lists(CENTS, max_size=6))
def test_sums_are_on_one_scale_and_never_negative(found: list[int]) -> None:
    rows = [Row(f"Row {n}", "1.00", (Part(c, "sure"),)) for n, c in enumerate(found)]
    chart = sums("key", "t", "d", rows)
    inside(chart)
    largest = max(found, default=0)
    drawn = {bar.y: bar.width for bar in bars(chart, "sure")}
    for number, cents in enumerate(found):
        width = drawn.get(number * 42 + 22, 0)
        assert width == (cents * WIDE // largest if cents > 0 else 0)


@given(CENTS, CENTS, st.integers(min_value=1, max_value=10**12))
def test_levels_end_at_the_end_of_the_track(billed: int, waits: int, goal: int) -> None:
    parts = (Part(billed, "sure"), Part(waits, "maybe"))
    row = Level("Name", "1%", parts, "M", goal_cents=goal, ticks=(70, 85, 100))
    chart = levels("key", "t", "d", [row], {70: "70%", 85: "85%", 100: "100%"})
    inside(chart)
    used = max(0, billed) + max(0, waits)
    beyond = [m for m in chart.marks if isinstance(m, Sign)]
    assert bool(beyond) == (used > goal * 125 // 100 > 0)
    first, *rest = sorted(bars(chart, "sure", "maybe"), key=lambda bar: bar.x) or [None]
    for bar in rest:
        assert first is not None and bar.x == first.x + first.width


def test_a_used_up_value_reaches_the_mark_at_100() -> None:
    row = Level("N", "", (Part(100_00, "sure"),), "M", goal_cents=100_00, ticks=(70, 85, 100))
    chart = levels("key", "t", "d", [row], {})
    goal = next(m for m in chart.marks if isinstance(m, Rule) and "goal" in m.tone)
    assert bars(chart, "sure")[0].width == goal.x == 8_000


@given(st.lists(st.tuples(CENTS, CENTS), min_size=1, max_size=60))
def test_columns_stand_on_the_floor(found: list[tuple[int, int]]) -> None:
    made = [Column(f"W{n}", "1", sure, maybe, "t") for n, (sure, maybe) in enumerate(found)]
    chart = columns("key", "t", "d", made, step_least_cents=100, amount=str)
    inside(chart)
    floor = next(m.y for m in chart.marks if isinstance(m, Rule) and m.tone == "floor")
    assert all(bar.y + bar.height <= floor for bar in bars(chart, "sure", "maybe"))
    assert len(bars(chart, "sure")) == sum(1 for sure, _ in found if sure > 0)
    named = [text for text in labels(chart) if text.startswith("W")]
    assert named[0] == "W0" and len(named) <= 13
    told = [m for m in chart.marks if isinstance(m, Label) and m.tone.startswith("over")]
    drawn = sum(1 for sure, maybe in found if sure > 0 or maybe > 0)
    assert len(told) == (drawn if len(found) <= 13 else 0)
    # The scale stands on the left, where no column is.
    scale = [m for m in chart.marks if isinstance(m, Label) and m.x == 0]
    assert scale and all(bar.x > 900 for bar in bars(chart, "sure", "maybe"))


@pytest.mark.parametrize(
    ("highest", "step"),
    [(0, 100), (400, 100), (401, 200), (2_000, 500), (23_851_24, 10_000_00), (4_001, 2_000)],
)
def test_the_scale_goes_by_round_sums(highest: int, step: int) -> None:
    assert round_step(highest, 100) == step


DAYS = st.dates(date(2020, 1, 1), date(2033, 1, 1))


@given(st.lists(st.lists(DAYS, max_size=12), max_size=5), st.text(max_size=60))
def test_a_time_line_holds_what_is_near_and_what_is_far(days: list[list[date]], name: str) -> None:
    lines = [
        Line(
            f"M{n}",
            name,
            "next 2026-12-01",
            tuple(Point(day, "planned", "x", day + timedelta(40), stuck=True) for day in row),
        )
        for n, row in enumerate(days)
    ]
    chart = timeline(
        "key", "t", "d", lines, today=TODAY, today_word="today", month=lambda day: f"{day:%b}"
    )
    inside(chart)
    signs = [m for m in chart.marks if isinstance(m, Sign) and m.shape == "planned"]
    assert len(signs) == sum(map(len, days))
    lanes: dict[int, list[int]] = {}
    for sign in signs:
        lanes.setdefault(sign.y, []).append(sign.x)
    if max(map(len, days), default=0) <= MOST_LANES:
        for places in lanes.values():
            places.sort()
            assert all(b - a >= APART for a, b in pairwise(places))


def test_today_stands_where_it_is() -> None:
    shown = stretch([date(2026, 9, 1), date(2027, 6, 1)], TODAY)
    assert shown.first == date(2026, 9, 1) and shown.last == date(2027, 6, 1)
    assert shown.place(shown.first) < shown.place(TODAY) < shown.place(shown.last)
    assert shown.place(date(1990, 1, 1)) == shown.place(shown.first)


@given(st.text(max_size=80), st.integers(min_value=30, max_value=300))
def test_a_cut_name_fits_and_says_that_it_is_cut(name: str, room: int) -> None:
    made = cut(name, room)
    assert width_of(made) <= max(room, width_of("…"))
    if made != name:
        assert made.endswith("…") and name.startswith(made[:-1])


def test_places_are_written_as_svg_reads_them() -> None:
    assert [percent(place) for place in (0, 1, 3_725, WIDE)] == ["0%", "0.01%", "37.25%", "100%"]
    assert across(1, 3) == 3_333 and across(5, 0) == 0 and across(9, 3) == WIDE
