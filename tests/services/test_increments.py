"""Time worked and time billed (§2.6, B15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from billcli.services.work import time
from billcli.store import entries, settings
from billcli.store.models import MatterOptionRow
from billcli.values.hours import of_minutes

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def unit(ledger: Ledger, minutes: int, rounding: str) -> None:
    with ledger.write():
        settings.put(ledger, "billing.increment_minutes", minutes)
        settings.put(ledger, "billing.rounding", rounding)


@pytest.mark.parametrize("rounding", ["up", "down", "half-up"])
@pytest.mark.parametrize("minutes", [1, 6, 15])
def test_B15_whole_multiples_are_billed_as_worked(
    firm: Ledger, minutes: int, rounding: str
) -> None:
    unit(firm, minutes, rounding)
    for times in (1, 2, 3, 7, 10):
        worked = of_minutes(times * minutes)
        entry = time.add(firm, "2026-001", worked, "x")
        assert (entry.hours_e4, entry.logged_hours_e4) == (worked, worked)


@pytest.mark.parametrize(
    ("minutes", "rounding", "worked", "billed"),
    [
        (6, "up", 9, 12),
        (6, "down", 9, 6),
        (6, "half-up", 9, 12),
        (6, "half-up", 8, 6),
        (6, "down", 5, 0),
        (15, "up", 1, 15),
        (15, "half-up", 22, 15),
        (15, "half-up", 23, 30),
        (1, "up", 7, 7),
        (0, "up", 7, 7),
    ],
)
def test_B15_the_real_time_is_kept_beside_what_is_billed(
    firm: Ledger, minutes: int, rounding: str, worked: int, billed: int
) -> None:
    unit(firm, minutes, rounding)
    entry = time.add(firm, "2026-001", of_minutes(worked), "x")
    assert (entry.logged_hours_e4, entry.hours_e4) == (of_minutes(worked), of_minutes(billed))
    row = entries.stored(firm, "time", 1)
    assert (row["increment_minutes"], row["rounding"]) == (minutes, rounding)


def test_B15_a_later_unit_leaves_what_is_recorded(firm: Ledger) -> None:
    time.add(firm, "2026-001", of_minutes(9), "x")
    unit(firm, 15, "up")
    assert time.edit(firm, "T-1", hours_e4=of_minutes(13)).hours_e4 == of_minutes(18)


def test_a_matter_may_have_a_unit_of_its_own(firm: Ledger) -> None:
    with firm.write() as session:
        session.add(MatterOptionRow(matter_id=2, name="increment_minutes", value="15"))
    time.add(firm, "2026-001", of_minutes(9), "x")
    assert time.edit(firm, "T-1", matter="2026-002").hours_e4 == of_minutes(15)


def test_the_day_has_24_hours_for_the_rounded_entry_too(firm: Ledger) -> None:
    unit(firm, 60, "up")
    assert time.add(firm, "2026-001", of_minutes(23 * 60 + 59), "x").hours_e4 == 240_000
    unit(firm, 59, "up")
    assert time.add(firm, "2026-001", 240_000, "x").hours_e4 == 240_000
