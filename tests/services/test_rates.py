"""Which rate an entry gets, and that it keeps it (D-35, B16)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from billcli.errors import Refused
from billcli.services.matter import matter_rates
from billcli.services.work import time
from billcli.store import rates

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

DOLLARS = 10_000
DAY = date(2026, 11, 10)
LEVELS = {
    "matter": {"matter_id": 1},
    "client": {"client_id": "rivera"},
    "activity": {"activity_code": "A112"},
    "own": {},
}


def put(ledger: Ledger, timekeeper: str, rate_e4: int, **level: Any) -> None:
    with ledger.write():
        rates.put(ledger, timekeeper, rate_e4, **level)


def rate_now(ledger: Ledger, day: date = DAY, activity: str | None = "A112") -> int | None:
    return rates.in_force(
        ledger, "MA", client_id="rivera", matter_id=1, activity_code=activity, day=day
    )


@pytest.mark.parametrize("present", range(16))
def test_the_first_level_that_has_a_rate_gives_it(firm: Ledger, present: int) -> None:
    with firm.write() as session:
        session.connection().exec_driver_sql("DELETE FROM rate")
    made = [level for n, level in enumerate(LEVELS) if present >> n & 1]
    for n, level in enumerate(LEVELS):
        if level in made:
            put(firm, "MA", (n + 1) * DOLLARS, **LEVELS[level])
    expected = (list(LEVELS).index(made[0]) + 1) * DOLLARS if made else None
    assert rate_now(firm) == expected


def test_a_typed_rate_comes_before_every_other(firm: Ledger) -> None:
    put(firm, "MA", 1 * DOLLARS, matter_id=1)
    assert time.add(firm, "2026-001", DOLLARS, "x", rate_e4=99 * DOLLARS).rate_e4 == 99 * DOLLARS
    assert time.add(firm, "2026-001", DOLLARS, "x").rate_e4 == 1 * DOLLARS


def test_other_clients_matters_activities_and_people_have_no_part_in_it(firm: Ledger) -> None:
    put(firm, "MA", 1 * DOLLARS, matter_id=2)
    put(firm, "MA", 2 * DOLLARS, client_id="ohm")
    put(firm, "MA", 3 * DOLLARS, activity_code="A101")
    put(firm, "JB", 4 * DOLLARS, matter_id=1)
    assert rate_now(firm) == 350 * DOLLARS


def test_an_activity_rate_is_found_however_the_code_is_typed(firm: Ledger) -> None:
    put(firm, "MA", 175 * DOLLARS, activity_code="a112")
    entry = time.add(firm, "2026-001", DOLLARS, "travel", activity_code="a112")
    assert (entry.rate_e4, entry.activity_code) == (175 * DOLLARS, "A112")


@pytest.mark.parametrize("level", LEVELS)
def test_B16_a_rate_holds_from_its_day_on(firm: Ledger, level: str) -> None:
    put(firm, "MA", 300 * DOLLARS, **LEVELS[level])
    put(firm, "MA", 400 * DOLLARS, valid_from=DAY, **LEVELS[level])
    assert rate_now(firm, date(2026, 11, 9)) == 300 * DOLLARS
    assert rate_now(firm, DAY) == 400 * DOLLARS
    put(firm, "MA", 410 * DOLLARS, valid_from=DAY, **LEVELS[level])
    assert rate_now(firm, DAY) == 410 * DOLLARS
    put(firm, "MA", 500 * DOLLARS, **LEVELS[level])
    assert rate_now(firm, date(2000, 1, 1)) == rate_now(firm, DAY) == 500 * DOLLARS


def test_before_its_first_day_a_level_has_no_rate_and_the_next_one_gives_it(firm: Ledger) -> None:
    put(firm, "MA", 400 * DOLLARS, matter_id=1, valid_from=DAY)
    assert rate_now(firm, date(2026, 11, 9)) == 350 * DOLLARS


@pytest.mark.parametrize("level", LEVELS)
def test_B16_a_new_rate_leaves_what_is_recorded(
    firm: Ledger, bill: Callable[[str], str], level: str
) -> None:
    time.add(firm, "2026-001", DOLLARS, "billed", activity_code="A112", day=DAY)
    bill("2026-001")
    time.add(firm, "2026-001", DOLLARS, "unbilled", activity_code="A112", day=DAY)
    put(firm, "MA", 999 * DOLLARS, **LEVELS[level])
    assert [i.rate_e4 for i in time.list_(firm)] == [350 * DOLLARS] * 2
    assert time.edit(firm, "T-2", hours_e4=2 * DOLLARS).amount_cents == 700_00
    assert time.edit(firm, "T-2", day=date(2026, 11, 9)).rate_e4 == 350 * DOLLARS
    after = time.add(firm, "2026-001", DOLLARS, "new", activity_code="A112", day=DAY)
    assert after.rate_e4 == 999 * DOLLARS
    since = date(2026, 11, 1)
    done = matter_rates.rate(firm, "2026-001", "MA", 500 * DOLLARS, valid_from=since, reprice=True)
    assert done.repriced == 2
    assert sorted(i.rate_e4 or 0 for i in time.list_(firm)) == [
        350 * DOLLARS,
        500 * DOLLARS,
        500 * DOLLARS,
    ]


def test_B16_a_moved_entry_takes_the_rate_of_its_new_matter(firm: Ledger) -> None:
    put(firm, "MA", 300 * DOLLARS, client_id="ohm")
    put(firm, "MA", 250 * DOLLARS, client_id="ohm", valid_from=date(2026, 11, 20))
    time.add(firm, "2026-001", DOLLARS, "x", day=DAY)
    moved = time.edit(firm, "T-1", matter="2026-002")
    assert (moved.matter, moved.rate_e4, moved.amount_cents) == ("2026-002", 3_000_000, 300_00)


def test_B16_a_typed_rate_moves_with_its_entry(firm: Ledger) -> None:
    time.add(firm, "2026-001", DOLLARS, "x", rate_e4=100 * DOLLARS)
    assert time.edit(firm, "T-1", matter="2026-002").rate_e4 == 100 * DOLLARS
    assert time.edit(firm, "T-1", timekeeper="JB").rate_e4 == 100 * DOLLARS
    put(firm, "JB", 150 * DOLLARS, matter_id=2)
    done = matter_rates.rate(firm, "2026-002", "JB", 150 * DOLLARS, reprice=True)
    assert done.repriced == 0


def test_another_timekeeper_brings_another_rate(firm: Ledger) -> None:
    time.add(firm, "2026-001", DOLLARS, "x")
    assert time.edit(firm, "T-1", timekeeper="JB").amount_cents == 200_00


def test_without_any_rate_the_way_out_is_said(firm: Ledger) -> None:
    with firm.write() as session:
        session.connection().exec_driver_sql("DELETE FROM rate")
    with pytest.raises(Refused) as refused:
        time.add(firm, "2026-001", DOLLARS, "x")
    assert refused.value.code == "time.no-rate"
    assert "--rate" in (refused.value.hint or "")
    assert time.add(firm, "2026-001", DOLLARS, "x", rate_e4=0).amount_cents == 0
