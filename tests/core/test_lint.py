"""Each warning of a pre-bill, just where it begins and just before (§6.2, D-56)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from billcli.core.alerts import Use
from billcli.core.bill import Bill
from billcli.core.lines import Line
from billcli.core.lint import LIMITS, Draft, Finding, Limits, lint

H = 10_000
MONDAY = date(2026, 11, 30)


def time(n: int = 1, words: str = "Draft of the deed", **more: Any) -> Line:
    given: dict[str, Any] = {
        "standard_cents": 300_00, "amount_cents": 300_00, "billed_cents": 300_00, "entry_id": n,
        "source": f"T-{n}", "day": MONDAY, "timekeeper": "ma", "hours_e4": H, "rate_e4": 300 * H,
        "behavior": "bill",
    }  # fmt: skip
    return Line("time", "fee", words, **given | more)


def expense(cents: int, day: date = MONDAY) -> Line:
    return Line("expense", "cost", "Taxi", cents, cents, cents, 4, "E-4", day)


def bill(*lines: Line, standard: int = 0, fees: int = 0) -> Bill:
    return Bill(
        "hourly", MONDAY, MONDAY, MONDAY, lines, (), (),
        standard_fees_cents=standard, fees_cents=fees, discount_cents=0, costs_cents=0,
    )  # fmt: skip


def draft(*lines: Line, **more: Any) -> Draft:
    return Draft(bill(*lines), **more)


def money(standard: int, fees: int) -> Draft:
    return Draft(bill(time(), standard=standard, fees=fees))


def used(cents: int) -> Draft:
    return draft(time(), use=Use(1_000_00, 0, cents))


def day(hours_e4: int) -> Draft:
    return draft(time(), day_e4={("ma", MONDAY): hours_e4})


def on(when: date) -> Draft:
    return draft(time(day=when))


BEFORE = MONDAY - timedelta(days=60)
SATURDAY = MONDAY - timedelta(days=2)
# code; a draft that is warned of, its entry, what it says; one that is just good enough
CASES: list[tuple[str, Draft, str | None, str, Draft]] = [
    ("narrative", draft(time(words="Draft deed")), "T-1", "its narrative has 2 words",
     draft(time(words="Draft of deed"))),
    ("narrative", draft(time(words=" Call \n")), "T-1", "its narrative has 1 word",
     draft(time(words="Call with client"))),
    ("block_billing", draft(time(words="Draft deed; call client", hours_e4=4 * H + 1)), "T-1",
     "several tasks in one entry of 4.0001 h",
     draft(time(words="Draft deed; call client", hours_e4=4 * H))),
    ("block_billing", draft(time(words="Draft deed; call client", hours_e4=5 * H)), "T-1",
     "several tasks in one entry of 5.00 h", draft(time(words="Draft all day", hours_e4=5 * H))),
    ("long_day", day(12 * H + 1_000), "T-1", "ma has 12.10 h on 2026-11-30, on all matters",
     day(12 * H)),
    ("duplicate", draft(time(1), time(2, " draft  OF the deed")), "T-2",
     "the same words as T-1 that day", draft(time(1), time(2, "Draft of a deed"))),
    ("duplicate", draft(time(1), time(2, timekeeper="jb")), "T-2", "the same words as T-1 that day",
     draft(time(1), time(2, day=MONDAY - timedelta(days=3)))),
    ("old", on(BEFORE - timedelta(days=1)), "T-1", "more than 60 days before the bill", on(BEFORE)),
    ("old", draft(expense(1, day=BEFORE - timedelta(days=1))), "E-4",
     "more than 60 days before the bill", draft(expense(1, day=BEFORE))),
    ("weekend", on(SATURDAY), "T-1", "its day is a Saturday", on(SATURDAY - timedelta(days=1))),
    ("weekend", on(SATURDAY + timedelta(days=1)), "T-1", "its day is a Sunday", on(MONDAY)),
    ("future", on(MONDAY + timedelta(days=1)), "T-1", "its day is after the bill's", on(MONDAY)),
    ("no_rate", draft(time(rate_e4=0)), "T-1", "its rate is 0",
     draft(time(rate_e4=0, behavior="no-charge"))),
    ("no_rate", draft(time(rate_e4=None)), "T-1", "its rate is 0", draft(time(rate_e4=1))),
    ("no_receipt", draft(expense(75_01)), "E-4", "an expense of 75.01 without a receipt",
     draft(expense(75_00))),
    ("no_receipt", draft(expense(75_01)), "E-4", "an expense of 75.01 without a receipt",
     draft(expense(75_01), receipts=frozenset({4}))),
    ("no_receipt", draft(expense(76), decimals=0), "E-4", "an expense of 76 without a receipt",
     draft(expense(75), decimals=0)),
    ("trust_short", draft(time(), short_cents=1), None,
     "the client's money doesn't cover the bill: 0.01 is short", draft(time(), short_cents=0)),
    ("no_address", draft(time(), addressed=False), None,
     "there is no e-mail address to send the bill to", draft(time())),
    ("cap", used(850_01), None, "85 % of the agreed 1,000.00 is used, this bill included",
     used(850_00)),
    ("milestone", draft(time(), milestones=[(2, "Hearing")]), None,
     "milestone 2, Hearing, is done and on no bill", draft(time())),
    ("write_down", money(1_000_00, 799_99), None, "200.01 is written down, 20 % of the work",
     money(1_000_00, 800_00)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "bad", "entry", "words", "good"),
    CASES,
    ids=[f"{n}-{c[0]}" for n, c in enumerate(CASES)],
)
def test_D56_each_warning_begins_where_its_limit_is(
    code: str, bad: Draft, entry: str | None, words: str, good: Draft
) -> None:
    assert lint(bad) == (Finding(code, words, entry),)
    assert lint(good) == ()


def test_D56_every_warning_has_a_case() -> None:
    assert {case[0] for case in CASES} == {
        "narrative", "block_billing", "long_day", "duplicate", "old", "weekend", "future",
        "no_rate", "no_receipt", "trust_short", "no_address", "cap", "milestone", "write_down",
    }  # fmt: skip


LOOSER: list[tuple[Callable[[Limits], Limits], str]] = [
    (lambda now: replace(now, words=1), "narrative"),
    (lambda now: replace(now, block_e4=9 * H), "block_billing"),
    (lambda now: replace(now, day_e4=24 * H), "long_day"),
    (lambda now: replace(now, old_days=90), "old"),
    (lambda now: replace(now, receipt_units=100), "no_receipt"),
    (lambda now: replace(now, cap_percent=100), "cap"),
    (lambda now: replace(now, writedown_percent=50), "write_down"),
]


@pytest.mark.parametrize(("looser", "code"), LOOSER, ids=[code for _, code in LOOSER])
def test_D56_the_limits_stand_in_one_place(looser: Callable[[Limits], Limits], code: str) -> None:
    bad = next(case[1] for case in CASES if case[0] == code)
    assert lint(bad, looser(LIMITS)) == ()


def test_D56_hidden_time_is_not_read_by_the_client() -> None:
    hidden = time(words="Fix", behavior="hide")
    assert lint(draft(hidden, hidden._replace(source="T-2"))) == ()


def test_D56_a_long_day_is_told_once() -> None:
    found = lint(replace(day(13 * H), bill=bill(time(1), time(2, "Something else again"))))
    assert [each.entry for each in found] == ["T-1"]


def test_D56_a_write_up_and_work_of_nothing_are_no_write_down() -> None:
    assert lint(money(100_00, 900_00)) == lint(money(0, 900_00)) == ()
