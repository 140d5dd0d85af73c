"""The program itself at midnight, at month ends, and in nights in which clocks change (B12, B14).

Its clock is the one there is, replaced where it is read: nothing is given on the command line,
and key presses, timers, bills and month ends all ask the same one.
"""

from __future__ import annotations

import time as machine
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from offices import Answer, new_ledger
from practice import asked

from billcli.cli import main
from billcli.values import dates

SECOND = timedelta(seconds=1)
ZONES = ("UTC", "Australia/Sydney", "America/Los_Angeles")
MONTH_ENDS = (date(2026, 11, 30), date(2026, 12, 31), date(2027, 2, 28), date(2028, 2, 29))


class Watch:
    """A firm's ledger and the only clock there is."""

    def __init__(self, path: Path, zone: str, say: Callable[[], tuple[str, str]]) -> None:
        self.path, self.zone, self.say = new_ledger(path), ZoneInfo(zone), say
        self.now = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def begin(self) -> Watch:
        """Two matters to work on."""
        self(f"firm set firm.timezone {self.zone.key}")
        self("timekeeper add ma Alvarez --rate 300")
        self("client add rivera Rivera")
        self("matter add 2026-001 Lease --client rivera --responsible ma")
        self("matter add 2026-002 Sale --client rivera --responsible ma")
        return self

    def at(self, local: str) -> Watch:
        """Set to what a clock on the firm's wall shows; of two such moments, the first."""
        self.now = datetime.fromisoformat(local).replace(tzinfo=self.zone).astimezone(UTC)
        return self

    def __call__(self, line: str, *, code: int = 0) -> Answer:
        self.say()
        given = main(["--ledger", str(self.path), "--actor", "ma", "--no-input", *line.split()])
        answer = Answer(given, *self.say())
        assert answer.code == code, (line, answer)
        return answer

    def rows(self, sql: str) -> list[object]:
        return asked(self.path, sql)


@pytest.fixture
def watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[str], Watch]]:
    made: list[Watch] = []

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            assert tz is UTC, "local time of the machine is nobody's time"
            return made[-1].now

    monkeypatch.setattr(dates, "datetime", Clock)
    # The machine stands elsewhere than any of the firms.
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    machine.tzset()

    def make(zone: str) -> Watch:
        def say() -> tuple[str, str]:
            told = capsys.readouterr()
            return told.out, told.err

        made.append(Watch(tmp_path / f"{len(made)}.db", zone, say))
        return made[-1].begin()

    yield make
    monkeypatch.undo()
    machine.tzset()


@pytest.mark.parametrize("zone", ZONES)
def test_B12_a_second_before_and_after_midnight_of_a_month_end(
    zone: str, watch: Callable[[str], Watch], torture: bool
) -> None:
    firm = watch(zone)
    for end in MONTH_ENDS if torture else MONTH_ENDS[1:2]:
        after, month = end + timedelta(days=1), f"{end:%Y-%m}"
        firm.at(f"{end}T23:59:59")("t 2026-001 1 Late")
        firm(f"t 2026-001 1 Ahead --date {after}", code=2)
        firm("time start 2026-002 Night")
        firm("expense add 2026-001 45 Fee")
        firm.at(f"{after}T00:00:01")("t 2026-001 2 Early")
        firm.at(f"{after}T00:30:00")("time stop")
        assert firm.rows("SELECT day FROM time_entry ORDER BY id DESC LIMIT 3") == [
            str(end), str(after), str(end),
        ]  # fmt: skip
        assert firm.rows("SELECT max(day) FROM expense") == [str(end)]
        # The month that ended is billed up to its last second, on the day that began.
        firm.at(f"{after}T00:00:01")(f"mass run --through {month} --issue")
        made = "SELECT day || ' ' || through || ' ' || due_on || ' ' || number FROM bill"
        due = after + timedelta(days=30)
        for told in firm.rows(f"{made} ORDER BY id DESC LIMIT 2"):
            assert str(told).startswith(f"{after} {end} {due} {after.year}-")
        left = firm.rows(
            "SELECT day FROM time_entry WHERE NOT EXISTS (SELECT 1 FROM claim"
            " WHERE kind = 'time' AND entry_id = time_entry.id AND released_on IS NULL)"
        )
        assert left == [str(after)], "the first day of the month waits for its own month end"
        firm("bill create 2026-001 --issue")
        assert firm.rows("SELECT day || ' ' || through FROM bill ORDER BY id DESC LIMIT 1") == [
            f"{after} {after}"
        ]
    firm("check")


NIGHTS = [
    # Sydney's clocks jump ahead in October and go back in April; in California it is the reverse.
    ("Australia/Sydney", "2026-10-03T23:30", "2026-10-04T06:30", 6),
    ("Australia/Sydney", "2027-04-03T23:30", "2027-04-04T06:30", 8),
    ("America/Los_Angeles", "2027-03-13T23:30", "2027-03-14T06:30", 6),
    ("America/Los_Angeles", "2026-10-31T23:30", "2026-11-01T06:30", 8),
    ("UTC", "2026-10-31T23:30", "2026-11-01T06:30", 7),
]


@pytest.mark.parametrize(("zone", "began", "ended", "hours"), NIGHTS)
def test_B14_a_night_in_which_clocks_change_is_as_long_as_it_was(
    watch: Callable[[str], Watch], zone: str, began: str, ended: str, hours: int
) -> None:
    firm = watch(zone)
    firm.at(began)("time start 2026-001 Night")
    told = firm.at(ended)("time stop --json").json
    assert (told["logged_hours"], told["date"]) == (f"{hours}.00", began[:10])
    firm.at(began)("time start 2026-002 Again")
    told = firm.at(ended)(f"time stop --at {ended[11:]} --json").json
    assert (told["logged_hours"], told["date"]) == (f"{hours}.00", began[:10])
    # Every hour of it is on one of two days, whichever way clocks went.
    start = firm.at(began).now
    for minutes in range(0, 8 * 60, 30):
        firm.now = start + timedelta(minutes=minutes)
        day = firm("t 2026-001 0.1 Half --json").json["date"]
        assert day == (began[:10] if minutes < 30 else ended[:10])


def test_B14_an_hour_that_clocks_jumped_over_is_never_meant(watch: Callable[[str], Watch]) -> None:
    firm = watch("America/Los_Angeles")
    firm.at("2027-03-14T01:30")("time start 2026-001 Night")
    firm.at("2027-03-14T06:00")
    assert "jumped over 02:30" in firm("time stop --at 2:30", code=2).err
    firm("time stop --at 3:30")
    assert firm.rows("SELECT hours_e4 FROM time_entry") == [1_0000]
    # After it, the time is that of the next night.
    firm.at("2027-03-14T10:00")("time start 2026-001 Day")
    told = firm.at("2027-03-15T09:00")("time stop --at 2:30 --yes --json").json
    assert told["logged_hours"] == "16.50"


def test_B12_the_day_of_a_bill_has_its_due_date_whatever_the_machine_says(
    watch: Callable[[str], Watch],
) -> None:
    for zone in ZONES:
        firm = watch(zone)
        firm("client edit rivera --terms 31")
        firm.at("2028-01-29T23:59:59")("t 2026-001 1 Work")
        firm("bill create 2026-001 --issue")
        assert firm.rows("SELECT day || ' ' || due_on FROM bill") == ["2028-01-29 2028-02-29"]
        firm.at("2028-02-29T23:59:59")
        assert firm("report ageing --json").json[0]["current"] != "0.00"
        firm.at("2028-03-01T00:00:01")
        assert firm("report ageing --json").json[0]["current"] == "0.00"
