"""The charts of a page, from the views that its tables show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from billcli.render.charts.columns import Column, columns
from billcli.render.charts.levels import Level, Part, Row, levels, sums
from billcli.render.charts.marks import Chart
from billcli.render.charts.timeline import Line, Point, timeline
from billcli.render.figures import Figures, figures
from billcli.values.money import round_ratio

MOST_LINES = 60
"""More matters than this are in the table alone."""
MOST_LEVELS = 12
ONE_PERCENT_E4 = 10_000
CAP_TICKS = (70, 85, 100)
AGES = (
    ("current_cents", "Not due yet"),
    ("d1_30_cents", "1–30 days late"),
    ("d31_60_cents", "31–60 days late"),
    ("d61_90_cents", "61–90 days late"),
    ("d91_cents", "91 days late or more"),
)
WAITS = (
    ("current_cents", "Up to 14 days"),
    ("d15_30_cents", "15–30 days"),
    ("d31_60_cents", "31–60 days"),
    ("d61_cents", "61 days or more"),
)
OPEN = ("planned", "ready", "declined", "charged", "in_draft")


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a locale names a month on a line of time, a month and a day below a column."""

    month: Callable[[date], str]
    column: Callable[[date], str]
    day: Callable[[date], str]


def calendar(locale: str) -> Calendar:
    """The short names of months and days; January is told by its year."""
    from babel.dates import format_date, format_skeleton

    def name(first: date) -> str:
        return str(format_date(first, "LLL", locale=locale))

    def month(first: date) -> str:
        return str(first.year) if first.month == 1 else name(first)

    def column(first: date) -> str:
        return f"{name(first)} {first.year}" if first.month == 1 else name(first)

    return Calendar(month, column, lambda day: format_skeleton("MMMd", day, locale=locale))


def milestones(rows: Sequence[Any], today: date, say: Figures, names: Calendar) -> Chart | None:
    """The time line: matters that wait too long first, then by their next day."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.matter, []).append(row)
    order = sorted(found.values(), key=_urgency)
    if not order:
        return None
    shown = order[:MOST_LINES]
    count = figures(say.locale, 0).amount
    counts = f"{count(len(rows))} milestones of {_matters(len(order))}"
    rest = f"; the {MOST_LINES} that need it first are drawn" if len(order) > MOST_LINES else ""
    stuck = sum(1 for row in rows if row.stuck_days)
    return timeline(
        "milestones",
        "Milestones by matter",
        f"{counts} on a line of time{rest}. {_waiting(stuck, count)}.",
        [_line(group, say) for group in shown],
        today=today,
        today_word="today",
        month=names.month,
    )


def forecast(view: Any, say: Figures, names: Calendar) -> Chart:
    """What is expected, period by period: the certain part, and what may come on top."""
    whole, unit = figures(say.locale, 0), 10**say.decimals

    def rounded(cents: int) -> str:
        return whole.amount(round_ratio(cents, unit))

    spans = view["periods"]
    by_week = view["every"] == "week"
    certain = sum(span["certain_cents"] for span in spans)
    return columns(
        "forecast",
        f"Cash to come, by {view['every']}",
        f"{say.amount(view['expected_cents'])} is expected in {len(spans)} {view['every']}s; "
        f"{say.amount(certain)} of it is certain.",
        [
            Column(
                (names.day if by_week else names.column)(span["start"]),
                rounded(span["expected_cents"]),
                span["certain_cents"],
                span["expected_cents"] - span["certain_cents"],
                f"{say.period(span['start'], span['end'])}: {say.amount(span['expected_cents'])} "
                f"expected, {say.amount(span['certain_cents'])} certain",
            )
            for span in spans
        ],
        step_least_cents=unit,
        amount=rounded,
    )


def ageing(rows: Sequence[Any], say: Figures) -> Chart:
    """What clients owe, by how late it is."""
    return _by_age("ageing", "What clients owe, by age", rows, AGES, say)


def unbilled(rows: Sequence[Any], say: Figures) -> Chart:
    """What is earned and on no bill, by how long it waits."""
    views = [{name: getattr(row, name) for name, _ in WAITS} for row in rows]
    return _by_age("unbilled", "Earned and not billed, by age", views, WAITS, say)


def caps(rows: Sequence[Any], say: Figures) -> Chart | None:
    """How much of each agreed value is used, billed or not, against 70, 85 and 100 %."""
    past = sum(1 for row in rows if row.passed_percent is not None)
    drawn = [
        Level(
            row.title,
            _used(row, say),
            (
                Part(row.invoiced_cents, "sure", f"Invoiced {say.amount(row.invoiced_cents)}"),
                Part(row.wip_cents, "maybe", f"Not billed {say.amount(row.wip_cents)}"),
            ),
            row.matter,
            "alarm" if row.passed_percent == 100 else "",
            row.value_cents,
            CAP_TICKS,
        )
        for row in rows[:MOST_LEVELS]
    ]
    scale = {tick: say.percent(tick * ONE_PERCENT_E4) for tick in CAP_TICKS}
    said = f"{past} of {_matters(len(rows))} with an agreed value used {scale[70]} of it or more."
    return levels("caps", "Agreed values used", said, drawn, scale) if drawn else None


def minimums(rows: Sequence[Any], say: Figures) -> Chart | None:
    """What is available in trust or as a retainer, against its trigger and its minimum."""
    short = sum(1 for row in rows if row.below)
    drawn = [
        Level(
            row.title,
            f"{say.amount(row.available_cents)} of {say.amount(row.minimum_cents)}"
            + (" · below" if row.below else ""),
            (Part(row.available_cents, "sure", f"Available {say.amount(row.available_cents)}"),),
            row.matter,
            "alarm" if row.below else "",
            row.minimum_cents,
            (_share(row.trigger_cents, row.minimum_cents), 100),
        )
        for row in rows[:MOST_LEVELS]
    ]
    said = f"{short} of {len(rows)} balances with an agreed minimum are below it."
    return (
        levels("minimums", "Client money against its minimum", said, drawn, {}) if drawn else None
    )


def _by_age(
    key: str,
    title: str,
    rows: Sequence[Any],
    ages: Sequence[tuple[str, str]],
    say: Figures,
) -> Chart:
    found = [(words, sum(row[name] for row in rows)) for name, words in ages]
    told = "; ".join(f"{words}: {say.amount(cents)}" for words, cents in found)
    drawn = [
        Row(words, say.amount(cents), (Part(cents, f"age{number}"),))
        for number, (words, cents) in enumerate(found)
    ]
    return sums(key, title, f"{told}.", drawn)


def _line(group: Sequence[Any], say: Figures) -> Line:
    first = group[0]
    points, undated = [], 0
    for row in group:
        day = row.done_on or row.due
        if day is None:
            undated += 1
            continue
        moved = row.due if row.due and row.done_on and row.due != row.done_on else None
        points.append(Point(day, row.state, _told(row, say), moved, bool(row.stuck_days)))
    stuck = max((row.stuck_days or 0 for row in group), default=0)
    value = _standing(group, stuck, say) + (f" · {undated} undated" if undated else "")
    return Line(first.matter, first.title, value, tuple(points), "alarm" if stuck else "")


def _standing(group: Sequence[Any], stuck: int, say: Figures) -> str:
    if stuck:
        return f"stuck {stuck} days"
    if all(row.state == "progress" for row in group):
        return f"{say.percent(group[0].percent_e4 or 0)} complete"
    days = [row.due for row in group if row.state in OPEN and row.due]
    if days:
        return f"next {min(days)}"
    return "open" if any(row.state in OPEN for row in group) else "all billed"


def _told(row: Any, say: Figures) -> str:
    parts = [row.name if row.task is None else f"Task {row.task}: {row.name}"]
    if row.amount_cents is not None:
        parts.append(say.amount(row.amount_cents))
    parts.append(" ".join(filter(None, (row.state.replace("_", " "), row.bill or row.charge))))
    parts += [f"due {row.due}"] if row.due else []
    parts += [f"done {row.done_on}"] if row.done_on else []
    parts += [f"stuck {row.stuck_days} days"] if row.stuck_days else []
    return ", ".join(parts)


def _urgency(group: Sequence[Any]) -> tuple[int, date, str]:
    stuck = max((row.stuck_days or 0 for row in group), default=0)
    days = [row.due for row in group if row.state in OPEN and row.due]
    return -stuck, min(days, default=date.max), group[0].matter


def _used(row: Any, say: Figures) -> str:
    part = say.percent(row.used_percent_e4 // ONE_PERCENT_E4 * ONE_PERCENT_E4)
    return f"{part} of {say.amount(row.value_cents)}"


def _share(cents: int, of: int) -> int:
    return cents * 100 // of if of > 0 else 0


def _waiting(stuck: int, count: Callable[[int], str]) -> str:
    if not stuck:
        return "None is stuck"
    return f"{count(stuck)} {'is' if stuck == 1 else 'are'} stuck for more than 14 days"


def _matters(count: int) -> str:
    return "1 matter" if count == 1 else f"{count} matters"
