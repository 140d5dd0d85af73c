"""Every row of the table on payment plans, as a test of its own; and what holds for all plans."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import Row, rows

from billcli.core.plan import by_hand, instalments, missed, open_parts, standing

DAY = date(2026, 1, 15)
MANY = 10**9


@pytest.mark.parametrize("row", list(rows("plans.md")), ids=lambda row: row.name)
def test_a_plan_and_its_standing(row: Row) -> None:
    total, paid = row.cents("total"), row.cents("paid")
    plan = instalments(
        total, down_cents=row.cents("down"), count=int(row["count"]), every=row["every"], start=DAY
    )
    if row["parts"]:
        assert [part.cents for part in plan] == row.amounts("parts")
    day = date.fromisoformat(row["day"])
    stands = standing(plan, paid, day)
    assert (stands.scheduled_cents, stands.cents) == (row.cents("scheduled"), row.cents("standing"))
    assert stands.behind_since == next(
        (part for part in plan if str(part.n) == row["behind"]), None
    )
    open_ = open_parts(DAY, total - paid - row.cents("credited"), paid_cents=paid, plan=plan)
    late = missed(open_, day)
    assert sum(part.cents for part in late) == row.cents("late")
    assert (late[0].due_on.isoformat() if late else "") == row["since"]


@given(
    total=st.integers(1, MANY),
    down=st.integers(0, MANY),
    count=st.integers(1, 60),
    every=st.sampled_from(["week", "biweek", "month"]),
    paid=st.integers(-5, MANY),
    credited=st.integers(0, MANY),
    days=st.integers(0, 2000),
)
def test_a_plan_closes_and_what_is_open_is_due_once(
    total: int, down: int, count: int, every: str, paid: int, credited: int, days: int
) -> None:
    if total - down < count:
        with pytest.raises(ValueError, match="above zero"):
            instalments(total, down_cents=down, count=count, every=every, start=DAY)
        return
    plan = instalments(total, down_cents=down, count=count, every=every, start=DAY)
    assert sum(part.cents for part in plan) == total
    assert min(part.cents for part in plan) > 0
    assert [part.due_on for part in plan] == sorted({part.due_on for part in plan})
    equal = [part.cents for part in plan if part.n]
    assert equal == sorted(equal, reverse=True)
    assert equal[0] - equal[-1] in (0, 1)
    left = max(0, total - paid - credited)
    open_ = open_parts(DAY, left, paid_cents=paid, plan=plan)
    assert sum(part.cents for part in open_) == left
    day = DAY + timedelta(days)
    late = sum(part.cents for part in missed(open_, day))
    due = standing(plan, paid, day - timedelta(1)).scheduled_cents
    assert late == min(left, max(0, due - max(0, paid))) or left > total


def test_months_keep_the_day_they_began_on() -> None:
    plan = instalments(400, down_cents=100, count=3, every="month", start=date(2026, 1, 31))
    assert [part.due_on.isoformat() for part in plan] == [
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30",
    ]  # fmt: skip


def test_rows_by_hand_go_by_their_days() -> None:
    plan = by_hand([(date(2026, 3, 1), 20), (date(2026, 1, 1), 10)])
    assert [(part.n, part.due_on.month, part.cents) for part in plan] == [(1, 1, 10), (2, 3, 20)]
