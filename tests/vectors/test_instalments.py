"""The tables of schedule.md: autofill, what falls due, and progress."""

from __future__ import annotations

from datetime import date

import pytest
from tables import HERE, Row, cents, rows

from billcli.core import work
from billcli.core.arrangements.fixed import Fixed
from billcli.core.bill import Bill, compute
from billcli.core.order import Order, Segment
from billcli.core.work import Asked, Billed, Progress, Work
from billcli.services.arrangement.schedules import amounts_of
from billcli.values import money

DAY = date(2026, 11, 30)
PAST, FUTURE = date(2026, 11, 1), date(2026, 12, 1)
ASKED = {"itself": Asked(by_hand=False), "hand": Asked(), "next": Asked(next_only=True)}


def having(column: str) -> pytest.MarkDecorator:
    """The rows of the table that has the column."""
    assert (HERE / "schedule.md").exists()
    found = [row for row in rows("schedule.md") if column in row.cells]
    return pytest.mark.parametrize("row", found, ids=lambda row: row.name)


@having("amount")
def test_autofill(row: Row) -> None:
    wanted = []
    for part in row["rows"].split(", "):
        count, _, amount = part.rpartition(" x ")
        wanted += [cents(amount)] * int(count or 1)
    made = amounts_of(row.cents("rest"), row.cents("amount"), "2026-001", 2)
    assert made == wanted
    assert sum(made) == row.cents("rest")


def planned(number: int, word: str) -> work.Row:
    """A row of 100.00 by its word."""
    facts = {
        "past": (PAST, False, False),
        "future": (FUTURE, False, False),
        "here": (None, True, True),
        "later": (None, True, False),
        "either": (FUTURE, True, True),
        "bare": (None, False, False),
    }
    due_on, has_step, reached = facts[word]
    return work.Row(number, number, 100_00, f"Row {number}", due_on, has_step, reached)


def billed(made: Fixed, left: int, asked: Asked, progress: Progress) -> Bill:
    """The bill of a fixed fee of which so much is left."""
    before = Billed.of((made.value_cents or 0) - left)
    segment = Segment(made, 1, Work(), before)
    return compute(Order(DAY, DAY, 30, (segment,), asked=asked, progress=progress))


@having("bills")
def test_what_falls_due(row: Row) -> None:
    there = [planned(n, word) for n, word in enumerate(row["rows"].split(), 1)]
    progress = Progress(through=DAY, rows=tuple(there))
    made = Fixed(1_000_00, "schedule")
    bill = billed(made, row.cents("left"), ASKED[row["by"]], progress)
    wanted = [int(word) for word in row["bills"].split() if word != "-"]
    assert sorted(bill.rows) == wanted
    assert bill.fees_cents == 100_00 * len(wanted)
    named = {line.source for line in bill.lines}
    assert named == {f"S-{n}" for n in wanted}
    if not wanted:
        assert bill.nothing in ("no row of the schedule is due", "the fixed fee is fully billed")


@having("done")
def test_progress(row: Row) -> None:
    done = money.read_percent(row["done"]) if row["done"] else None
    left = row.cents("V") - row.cents("F_prev")
    progress = Progress(through=DAY, complete_e4=done)
    bill = billed(Fixed(row.cents("V"), "progress"), left, Asked(by_hand=False), progress)
    assert bill.fees_cents == row.cents("A")


def test_more_due_than_is_left_is_cut_and_said() -> None:
    there = tuple(planned(n, "past") for n in (1, 2))
    bill = billed(Fixed(1_000_00, "schedule"), 150_00, Asked(), Progress(through=DAY, rows=there))
    assert (bill.fees_cents, bill.fee_adjustment_cents) == (150_00, 150_00)
    assert [line.amount_cents for line in bill.lines] == [100_00, 100_00, -50_00]
    assert bill.warnings == ("the rows that are due are 50.00 above what is left of the fee",)


def test_the_last_bill_takes_every_row_and_what_is_left() -> None:
    there = (planned(1, "past"), planned(2, "future"))
    progress = Progress(through=DAY, rows=there)
    bill = billed(Fixed(1_000_00, "schedule"), 700_00, Asked(final=True), progress)
    assert (bill.fees_cents, bill.rows) == (700_00, (1, 2))


def test_V19_nothing_or_less_is_no_amount() -> None:
    from billcli.errors import BillError

    for amount in ("0", "-100"):
        with pytest.raises(BillError):
            money.read_positive_cents(amount, 2)
