"""A year of month ends by cron: missed ones made up for, none made twice (B13, B25, B27)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from offices import Answer
from practice import asked

Cli = Callable[..., Answer]
FIRST = date(2027, 1, 31)


@pytest.fixture
def firm(ledger_path: Path, cli: Cli) -> Callable[..., Answer]:
    """`firm("…", day)` types a line on a day; it must go through."""

    def typed(line: str, day: date = FIRST) -> Answer:
        answer = cli("--no-input", *line.split(), today=day.isoformat())
        assert answer.code == 0, (line, answer)
        return answer

    typed("timekeeper add ma Alvarez --rate 300")
    typed("client add rivera Rivera")
    typed("matter add monthly Counsel --client rivera --responsible ma")
    typed("arrangement set monthly fixed-recurring --value 1500 --every month --anchor 2027-01-31")
    return typed


def run(firm: Callable[..., Answer], day: date) -> list[dict[str, object]]:
    """What cron bills on a day: everything up to it."""
    return list(firm("mass run --through today --issue --json", day).json["bills"])


def periods(path: Path) -> list[str]:
    return asked(path, "SELECT period_start FROM period_claim ORDER BY bill_id, period_start")


def test_B13_a_machine_that_was_off_makes_up_for_it_once_and_oldest_first(
    firm: Callable[..., Answer], ledger_path: Path
) -> None:
    assert [bill["total"] for bill in run(firm, date(2027, 2, 28))] == ["1500.00"]
    # Off until the end of May: three periods came to their end meanwhile.
    (late,) = run(firm, date(2027, 5, 30))
    shown = firm(f"bill show {late['number']} --json", date(2027, 5, 30)).json
    fees = [line for line in shown["lines"] if line["amount"] == "1500.00"]
    assert len(fees) == 3 and late["total"] == "4500.00"
    starts = periods(ledger_path)
    assert starts == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
    assert run(firm, date(2027, 5, 30)) == []
    # After the short months the anchor is the 31st again.
    run(firm, date(2027, 6, 29))
    assert periods(ledger_path)[-1] == "2027-05-31"
    # Due dates follow the day of the bill, not the period's.
    assert shown["due_date"] == "2027-06-29"


def test_B13_a_long_gap_is_made_up_for_a_few_periods_at_a_time(
    firm: Callable[..., Answer], ledger_path: Path
) -> None:
    back = date(2027, 6, 1)
    for most, total in (("2", "3000.00"), ("2", "3000.00"), ("9", "1500.00")):
        made = firm(f"bill create monthly --max-periods {most} --issue --json", back).json
        assert made["total"] == total
    starts = periods(ledger_path)
    assert len(starts) == 5 and starts == sorted(set(starts))
    assert starts[0] == "2027-01-31"


def test_B13_a_closed_matter_is_not_charged_while_it_is_closed(
    firm: Callable[..., Answer], ledger_path: Path
) -> None:
    run(firm, date(2027, 2, 28))
    firm("matter close monthly --override --reason Paused", date(2027, 2, 28))
    for month in (3, 4, 5):
        assert run(firm, date(2027, month, 28)) == []
    assert periods(ledger_path) == ["2027-01-31"]


def test_B27_runs_by_the_hour_add_nothing_that_a_run_a_month_does_not(
    firm: Callable[..., Answer], ledger_path: Path, torture: bool
) -> None:
    """Every day of a year, again and again; in the short form around the ends of months."""
    firm("matter add trial Trial --client rivera --responsible ma")
    firm("t trial 2 Hearing")
    firm("matter add free Help --client rivera --responsible ma")
    firm("t free 1 Advice --behavior no-charge")
    day, made = FIRST, 0
    while day < date(2028, 1, 31):
        following = day + timedelta(days=1)
        if torture or {day.day, following.day} & {1} or following == date(2028, 1, 31):
            for _ in range(3 if torture else 1):
                made += len(run(firm, day))
            assert run(firm, day) == []
        day = following
    counts = "SELECT m.number || ' ' || count(*) FROM bill b JOIN matter m ON m.id = b.matter_id"
    found = asked(ledger_path, f"{counts} GROUP BY m.number ORDER BY 1")
    assert found[0] == "monthly 12"
    assert found[-1] == "trial 1"
    assert made == sum(int(each.split()[1]) for each in found)
    assert len(periods(ledger_path)) == 12
    bills = asked(ledger_path, "SELECT count(*) FROM bill")
    for table in ("journal_entry", "bill_event", "outbox"):
        # What goes with a bill went with it once.
        (rows,) = asked(ledger_path, f"SELECT count(*) FROM {table}")
        assert rows <= 3 * bills[0], table


def test_B25_a_month_without_money_does_not_stop_the_next(
    firm: Callable[..., Answer], ledger_path: Path
) -> None:
    """What a retainer pays whole, a month of no work, one above its cap; and on it goes."""
    firm("matter add capped Advice --client rivera --responsible ma")
    firm("arrangement set capped capped-recurring --value 300 --every month --from 2027-01-01")
    firm("matter billing capped --retainer on")
    firm("retainer deposit capped 300 --basis client-consent --note Consent")
    firm("t capped 1 January")
    (paid,) = [b for b in run(firm, FIRST) if b["matter"] == "capped"]
    assert firm(f"bill show {paid['number']} --json").json["balance"] == "0.00"
    february = date(2027, 2, 28)
    assert [b for b in run(firm, february) if b["matter"] == "capped"] == []
    march = date(2027, 3, 31)
    firm("t capped 3 Trial", march)
    (over,) = [b for b in run(firm, march) if b["matter"] == "capped"]
    assert over["total"] == "300.00"
    firm("t capped 0.1 More", march)  # the cap of the month is used up
    assert [b["total"] for b in run(firm, march) if b["matter"] == "capped"] in ([], ["0.00"])
    april = date(2027, 4, 30)
    firm("t capped 1 April", april)
    assert [b["total"] for b in run(firm, april) if b["matter"] == "capped"] == ["300.00"]
    assert asked(ledger_path, "SELECT count(*) FROM bill WHERE total_cents = 0") in ([0], [1])
