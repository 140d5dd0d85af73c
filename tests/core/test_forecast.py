"""The forecast of D-62: what counts, when, and what could be planned better."""

from __future__ import annotations

from datetime import date

from billcli.core import forecast
from billcli.core.forecast import Expected, Planned


def item(
    matter: str, cents: int, billing: date | None, terms: int = 30, **more: object
) -> Expected:
    from datetime import timedelta

    day = billing + timedelta(terms) if billing else None
    given = {"kind": "milestone", "what": f"Task of {matter}", **more}
    return Expected(matter, "c", cents=cents, day=day, billing=billing, **given)  # type: ignore[arg-type]


def test_a_planned_milestone_counts_in_part_and_what_is_certain_in_full() -> None:
    planned = item("1", 1_000_01, date(2026, 10, 2), weight_e4=700_000)
    ready = item("2", 500_00, date(2026, 10, 5))
    first, second = forecast.spans([planned, ready], date(2026, 10, 1), every="month", count=2)
    assert (first.expected_cents, first.certain_cents) == (0, 0)
    assert (second.expected_cents, second.certain_cents) == (700_01 + 500_00, 500_00)
    assert str(second.period.start) == "2026-11-01"


def test_what_was_due_before_is_expected_first_and_what_is_later_not_at_all() -> None:
    late = item("1", 100_00, date(2026, 8, 1))
    far = item("2", 200_00, date(2027, 8, 1))
    spans = forecast.spans([late, far], date(2026, 10, 31), every="week", count=3)
    assert [span.expected_cents for span in spans] == [100_00, 0, 0]
    assert [span.period.start.weekday() for span in spans] == [0, 0, 0]


def test_what_trust_pays_is_cash_on_the_day_of_billing() -> None:
    first = item("1", 800_00, date(2026, 10, 10))
    second = item("1", 500_00, date(2026, 10, 20))
    other = item("2", 300_00, date(2026, 10, 12))
    found = forecast.funded([second, other, first], {"1": 1_000_00})
    told = {(i.matter, i.cents, str(i.day), i.from_trust) for i in found}
    assert told == {
        ("1", 800_00, "2026-10-10", True),
        ("2", 300_00, "2026-11-11", False),
        ("1", 200_00, "2026-10-20", True),
        ("1", 300_00, "2026-11-19", False),
    }
    assert sum(i.cents for i in found) == 1_600_00


def test_an_open_bill_is_not_paid_from_trust_in_advance() -> None:
    bill = item("1", 800_00, date(2026, 10, 10), kind="bill")
    assert forecast.funded([bill], {"1": 1_000_00}) == [bill]


def planned(
    matter: str, task: int, due: str | None, *, terms: int = 30, cents: int = 100
) -> Planned:
    day = date.fromisoformat(due) if due else None
    return Planned(matter, task, cents, day, terms, False)


def test_clusters_are_flagged_from_three_matters_on() -> None:
    two = [planned("1", 1, "2026-10-05"), planned("2", 1, "2026-10-09")]
    assert forecast.warnings([], two, {}) == []
    (said,) = forecast.warnings([], [*two, planned("3", 1, "2026-10-07")], {})
    assert "3 matters" in said
    assert "2026-10-05" in said
    # A matter's later milestone is no first one, and Monday begins another week.
    assert forecast.warnings([], [*two, planned("3", 1, "2026-10-12")], {}) == []


def test_an_empty_week_between_full_ones_is_flagged() -> None:
    items = [item("1", 1, date(2026, 9, 7)), item("1", 1, date(2026, 9, 21))]
    weeks = forecast.spans(items, date(2026, 10, 5), every="week", count=5)
    (said,) = forecast.warnings(weeks, [], {})
    assert said == "Nothing is expected in the week of 2026-10-12."


def test_terms_longer_than_the_gap_and_a_heavy_start_are_flagged() -> None:
    rows = [planned("1", 1, "2026-10-01", terms=30), planned("1", 2, "2026-10-15", terms=10)]
    (said,) = forecast.warnings([], rows, {})
    assert "payable in 30 days" in said
    assert "14 days after" in said
    heavy = [planned("2", 1, None, cents=501), planned("2", 2, None, cents=499)]
    (said,) = forecast.warnings([], heavy, {"2": 1_000})
    assert "more than half" in said
    assert forecast.warnings([], [planned("2", 1, None, cents=500)], {"2": 1_000}) == []
