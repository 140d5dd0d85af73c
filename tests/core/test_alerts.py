"""How much of an agreed value is used, and which threshold is passed (D-18)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from billcli.core.alerts import Use, use_of
from billcli.core.matter import MatterFile, Version
from billcli.core.work import Billed, BilledPart, Entry

JUNE, JULY = date(2026, 6, 10), date(2026, 7, 10)


def matter(kind: str, terms: dict[str, Any], *parts: BilledPart) -> MatterFile:
    """A matter with 400.00 of work in June and 100.00 in July."""
    work = (Entry("time", 1, JUNE, "a", 400_00), Entry("time", 2, JULY, "b", 100_00))
    versions = (Version(1, kind, terms),)
    return MatterFile(1, "M", "M", None, versions, fees=work, billed=Billed(parts))


@pytest.mark.parametrize(
    ("used", "added", "level"),
    [
        (69_99, 10, None), (70_00, 10, 70), (70_00, 0, 70), (84_99, 10, None), (85_00, 20_00, 85),
        (99_99, 0, 85), (100_00, 1, 100), (100_00, 40_00, 100), (120_00, 10_00, None),
    ],
)  # fmt: skip
def test_D18_each_threshold_is_told_by_the_entry_that_crosses_it(
    used: int, added: int, level: int | None
) -> None:
    assert Use(100_00, 0, used).passed(without_cents=added) == level


def test_D18_a_recurring_value_is_used_up_period_by_period() -> None:
    june = BilledPart(1, 300_00, period_start=date(2026, 6, 1))
    file = matter("capped-recurring", {"value_cents": 1_000_00}, june)
    by_month = [(use_of(file, day, 2), day) for day in (JUNE, JULY)]
    assert [use.used_cents if use else None for use, _ in by_month] == [700_00, 100_00]


def test_D18_a_fixed_fee_is_used_by_work_not_by_what_was_invoiced() -> None:
    billed = BilledPart(1, 2_000_00, 50_00)
    use = use_of(matter("fixed", {"value_cents": 2_000_00}, billed), JULY, 2)
    assert use and (use.used_cents, use.passed()) == (550_00, None)


def test_D18_what_milestones_charge_is_no_work_that_uses_up_their_fee() -> None:
    billed = BilledPart(1, 900_00, 900_00 + 250_00)  # milestones of 900.00, and included time
    terms = {"value_cents": 2_000_00, "bill_when": "milestones"}
    file = matter("fixed", terms, billed)
    fired = Entry("charge", 3, JULY, "a milestone", 600_00)
    use = use_of(replace(file, fees=(*file.fees, fired)), JULY, 2)
    assert use and (use.invoiced_cents, use.wip_cents) == (250_00, 500_00)


def test_there_is_no_use_without_a_value() -> None:
    assert use_of(matter("hourly", {}), JULY, 2) is None


def test_a_minimum_is_nothing_to_be_used_up() -> None:
    assert use_of(matter("minimum-recurring", {"value_cents": 100_00}), JUNE, 2) is None


@pytest.mark.parametrize(
    ("kind", "day", "invoiced", "unbilled"),
    [
        ("capped-recurring", JUNE, 90_00, 430_00),
        ("capped-recurring", JULY, 0, 107_00),
        ("capped", JULY, 90_00, 537_00),
    ],
)
def test_D16_costs_count_where_the_value_covers_them(
    kind: str, day: date, invoiced: int, unbilled: int
) -> None:
    costs = (Entry("expense", 1, JUNE, "a", 30_00), Entry("expense", 2, JULY, "b", 7_00))
    part = BilledPart(1, 50_00, costs_cents=40_00, period_start=date(2026, 6, 1))
    terms = {"value_cents": 1_000_00, "covers": "fees-and-costs"}
    use = use_of(replace(matter(kind, terms, part), costs=costs), day, 2)
    assert use is not None
    assert (use.invoiced_cents, use.wip_cents) == (invoiced, unbilled)
    bare = use_of(replace(matter(kind, {"value_cents": 1_000_00}, part), costs=costs), day, 2)
    assert bare is not None
    assert bare.invoiced_cents == (50_00 if invoiced else 0)
    assert use_of(matter("capped-rate-recurring-reserve", {"rate_cap_e4": 1}), JULY, 2) is None
