"""The day of the work: never ahead of the firm's own day, wherever the machine is (B12, B14)."""

from __future__ import annotations

import json
import shlex
import time as clock
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from billcli.services.work import time
from billcli.values import dates

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Cli = Callable[..., Any]


def test_B14_a_day_ahead_is_refused_and_the_day_itself_is_not(path: Path, cli: Cli) -> None:
    for day in ("2026-11-30", "today", "yesterday", "2026-01-01", "2024-02-29"):
        assert cli("time", "add", "2026-001", "1", "x", "--date", day).code == 0
    for day in ("2026-12-01", "tomorrow", "2199-12-31"):
        for words in (
            ("time", "add", "2026-001", "1", "x", "--date", day),
            ("expense", "add", "2026-001", "1", "x", "--date", day),
            ("time", "edit", "T-1", "--date", day),
        ):
            answer = cli(*words)
            assert answer.code == 2
            assert "is in the future; today is 2026-11-30" in answer.err
    assert len(cli("time", "list", "--json").json) == 5


def test_B14_the_day_of_the_run_moves_the_edge(path: Path, cli: Cli) -> None:
    add = ("time", "add", "2026-001", "1", "x")
    assert cli(*add, "--date", "2026-12-01", today="2026-12-01").code == 0
    assert cli(*add, "--date", "2026-12-01", today="2026-11-30").code == 2
    assert cli(*add, "--json", today="2027-01-01").json["date"] == "2027-01-01"


PAST = [
    "trust deposit 2026-001 500 --date 'oct 30'",
    "payment add 2026-001 10 --date fri",
    "retainer deposit 2026-001 50 --basis earned-on-receipt --note Clause --date fri",
    "report wip --as-of fri",
    "report trust --as-of fri",
    "report ageing --as-of 'nov 20'",
    "report productivity --from 'nov 2' --to fri",
    "report tax --from 'nov 2' --to fri",
    "trust balance --as-of fri",
    "statement rivera --from 'nov 2' --to fri",
    "bill list --since fri",
    "log --since fri",
    "matter progress 2026-002 40 --date fri",
]


def test_B14_a_day_that_lies_behind_is_the_latest_of_that_name(path: Path, cli: Cli) -> None:
    assert cli("time", "add", "2026-001", "1", "x", "--date", "2026-11-10").code == 0
    assert cli("bill", "create", "2026-001", "--issue", "--date", "2026-11-10").code == 0
    for line in PAST:
        answer = cli(*shlex.split(line))
        assert "could be" not in answer.err
        assert answer.code == 0, (line, answer.err)
    assert cli("payment", "list", "--json").json[0]["date"] == "2026-11-27"
    assert cli("trust", "ledger", "2026-001", "--json").json[0]["date"] == "2026-10-30"
    # A day to come is as likely here: nobody guesses.
    asked = cli("bill", "create", "2026-001", "--date", "fri")
    assert asked.code == 2
    assert "could be 2026-11-27 or 2026-12-04" in asked.err


def test_a_charge_may_wait_for_its_day(path: Path, cli: Cli) -> None:
    answer = cli("charge", "add", "2026-001", "5", "x", "--date", "2026-12-24", "--json")
    assert answer.json["date"] == "2026-12-24"


@pytest.mark.parametrize("machine", ["UTC", "Australia/Sydney", "America/Los_Angeles"])
@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("UTC", datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), "2026-11-30"),
        ("UTC", datetime(2026, 12, 1, 0, 0, 1, tzinfo=UTC), "2026-12-01"),
        ("Australia/Sydney", datetime(2026, 11, 30, 12, 59, 59, tzinfo=UTC), "2026-11-30"),
        ("Australia/Sydney", datetime(2026, 11, 30, 13, 0, 1, tzinfo=UTC), "2026-12-01"),
        ("America/Los_Angeles", datetime(2026, 12, 1, 7, 59, 59, tzinfo=UTC), "2026-11-30"),
        ("America/Los_Angeles", datetime(2026, 12, 1, 8, 0, 1, tzinfo=UTC), "2026-12-01"),
        ("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "2026-11-01"),
        ("America/New_York", datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "2026-11-01"),
    ],
)
def test_B12_today_is_the_firm_s_day(
    firm: Ledger,
    monkeypatch: pytest.MonkeyPatch,
    machine: str,
    zone: str,
    moment: datetime,
    day: str,
) -> None:
    from billcli.store import ledger as store
    from billcli.store import settings

    with firm.write():
        settings.put(firm, "firm.timezone", zone)
    monkeypatch.setenv("TZ", machine)
    clock.tzset()
    monkeypatch.setattr(
        store, "clock_of", lambda today, where: dates.clock_of(today, where, moment)
    )
    opened = store.attach(firm.path, today=None, actor="x", command="x")
    try:
        assert time.add(opened, "2026-001", 10_000, "x").date.isoformat() == day
    finally:
        opened.close()
        monkeypatch.delenv("TZ")
        clock.tzset()


@pytest.mark.parametrize(
    ("typed", "hours"),
    [("1.5", "1.50"), ("1h30m", "1.50"), ("90m", "1.50"), ("1:30", "1.50"), ("24", "24.00"),
     ("0.01", "0.10"), ("14:00", "14.00"), ("1h", "1.00"), (".5", "0.50"),
     ("09:00 to 11:30", "2.50")],
)  # fmt: skip
def test_B14_hours_are_read_as_they_are_written(
    path: Path, cli: Cli, typed: str, hours: str
) -> None:
    answer = cli("--yes", "t", "2026-001", typed, "x", "--json")
    assert (answer.code, answer.json["hours"]) == (0, hours)


@pytest.mark.parametrize(
    "typed", ["24.0001", "25", "26h30m", "23:00-1:30", "24:01", "1441m", "0", "0:00", "1:60",
              "9-11", "1,5", "1e1", "nan", "inf", "½½", "١", "1h30", "0x1", "1.23456", ""],
)  # fmt: skip
def test_B14_what_is_no_length_of_a_day_is_refused(path: Path, cli: Cli, typed: str) -> None:
    answer = cli("--yes", "t", "2026-001", typed, "x")
    if typed == "1h30":  # as good as 1h30m
        assert answer.code == 0
        return
    assert answer.code == 2
    assert answer.err.startswith("error: ")
    assert cli("time", "list", "--json").json == []


def test_B14_more_than_14_hours_need_a_yes(path: Path, cli: Cli) -> None:
    answer = cli("t", "2026-001", "14.1", "x")
    assert answer.code == 2
    assert "--yes" in answer.err
    assert cli("t", "2026-001", "14", "x").code == 0
    assert cli("t", "2026-001", "14.1", "x", "--yes").code == 0
    assert cli("time", "edit", "T-1", "--hours", "15").code == 2
    assert [i["logged_hours"] for i in json.loads(cli("time", "list", "--json").out)] == [
        "14.00",
        "14.10",
    ]
