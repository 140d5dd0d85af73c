"""What could explain a difference, and which months are open."""

from __future__ import annotations

from datetime import date

import pytest

from billcli.core.reconciliation import (
    Booked,
    Item,
    LedgerLine,
    Reconciliation,
    hints,
    maybe_swapped,
    months_open,
)

DAY = date(2026, 10, 31)


def entry(number: int, cents: int, how: str = "", day: date = date(2026, 10, 20)) -> Booked:
    return Booked(f"TR-{number}", day, "deposit" if cents > 0 else "withdrawal", cents, how)


def test_the_example_of_the_rules_comes_to_45_000_three_times() -> None:
    def item(cents: int) -> Item:
        return Item(("TR-1",), DAY, "deposit", None, None, "", cents, 0)

    def of(name: str, cents: int) -> LedgerLine:
        return LedgerLine(name.lower(), name, name, "", cents)

    found = Reconciliation(
        DAY,
        48_250_00,
        (item(2_000_00),),
        (item(3_000_00), item(2_250_00)),
        45_000_00,
        (of("Smith", 20_000_00), of("Jones", 15_000_00), of("Kaur", 9_950_00)),
        50_00,
    )
    assert (found.bank_cents, found.journal_cents, found.ledgers_cents) == (45_000_00,) * 3
    assert found.agrees


@pytest.mark.parametrize(
    ("statement", "journal", "ledger", "firm"),
    [
        (99_00, 100_00, 100_00, 0),
        (100_00, 100_00, 99_00, 0),
        (100_00, 100_00, 99_00, 2_00),
        (100_00, 100_00, -1_00, 101_00),
        (100_00, 100_00, 101_00, -1_00),
    ],
)
def test_any_difference_and_any_ledger_below_zero_fails(
    statement: int, journal: int, ledger: int, firm: int
) -> None:
    line = LedgerLine("a", "A", "2026-001", "", ledger)
    assert not Reconciliation(DAY, statement, (), (), journal, (line,), firm).agrees


@pytest.mark.parametrize(
    ("difference", "found", "why"),
    [
        (-500, entry(1, 500), "missing"),  # a receipt that the bank hasn't booked
        (500, entry(1, -500), "missing"),  # a cheque that wasn't cashed
        (-500, entry(1, -500, "named"), "named"),  # named, and on the statement after all
        (-500, entry(1, -500, "transfer"), "transfer"),  # made, and not confirmed
        (500, entry(1, 500, "ahead", date(2026, 11, 2)), "ahead"),  # entered late
        (500, entry(1, 500), "twice"),
        (-500, entry(1, 250), "half"),  # a payment entered as a receipt
        (500, entry(1, -250), "half"),
    ],
)
def test_an_entry_that_explains_the_difference_is_told(
    difference: int, found: Booked, why: str
) -> None:
    assert hints(difference, [entry(2, 7), found], DAY) == [(found, why)]


@pytest.mark.parametrize(
    ("difference", "found"),
    [
        (0, entry(1, 0)),
        (500, entry(1, 499)),
        (500, entry(1, 250)),
        (500, entry(1, -500, "named")),
        (-500, entry(1, 500, "ahead", date(2026, 11, 2))),
    ],
)
def test_what_would_make_it_worse_is_not_told(difference: int, found: Booked) -> None:
    assert hints(difference, [found], DAY) == []


def test_the_likeliest_comes_first_and_there_are_few() -> None:
    entries = [entry(n, 250) for n in range(1, 9)] + [entry(9, 500)]
    found = hints(-500, entries, DAY)
    assert found[0] == (entry(9, 500), "missing")
    assert len(found) == 6


def test_swapped_digits_make_a_multiple_of_nine() -> None:
    assert maybe_swapped(48_150_00 - 45_180_00) is maybe_swapped(-9) is True
    assert maybe_swapped(0) is maybe_swapped(10) is False


@pytest.mark.parametrize(
    ("locked", "today", "open_"),
    [
        (None, date(2026, 8, 31), []),
        (None, date(2026, 9, 1), ["2026-08-31"]),
        (None, date(2026, 11, 22), ["2026-08-31", "2026-09-30", "2026-10-31"]),
        (date(2026, 8, 31), date(2026, 10, 1), ["2026-09-30"]),
        (date(2026, 9, 15), date(2026, 10, 1), ["2026-09-30"]),
        (date(2026, 10, 31), date(2026, 11, 22), []),
        (date(2026, 12, 31), date(2027, 2, 1), ["2027-01-31"]),
    ],
)
def test_the_months_that_are_over_and_not_reconciled(
    locked: date | None, today: date, open_: list[str]
) -> None:
    found = months_open(date(2026, 8, 20), locked, today)
    assert [day.isoformat() for day in found] == open_
