"""Timers count what passed, whatever clocks, months and machines did meanwhile (B12, B14)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offices import Answer, new_ledger

from billcli.errors import BillError, UsageProblem
from billcli.services.work import recording, timer_views, timers
from billcli.store import items
from billcli.store.plain import PlainLedger, open_plain
from billcli.values import clock_times, moments
from billcli.values.dates import Clock, local_day

H = 10_000
Cli = Callable[..., Answer]


class Desk:
    """A ledger in a time zone, whose clock is set by hand."""

    def __init__(self, path: Path, zone: str) -> None:
        self.path, self.zone = path, zone
        with sqlite3.connect(path) as shell:
            shell.execute("INSERT INTO setting VALUES ('firm.timezone', ?)", (json.dumps(zone),))
            for who in ("ro", "mk"):
                shell.execute("INSERT INTO timekeeper (id, name) VALUES (?, ?)", (who, who))
                shell.execute(
                    "INSERT INTO rate (timekeeper_id, valid_from, rate_e4) VALUES (?, ?, ?)",
                    (who, "0001-01-01", 300 * H),
                )
            for number in ("m-1", "m-2"):
                shell.execute(
                    "INSERT INTO matter (number, title, opened_on) VALUES (?, 'T', '2026-01-01')",
                    (number,),
                )
                shell.execute(
                    "INSERT INTO arrangement (matter_id, kind, terms)"
                    " VALUES ((SELECT max(id) FROM matter), 'hourly', '{}')"
                )
        shell.close()
        self.ledger = self.opened()

    def opened(self) -> PlainLedger:
        ledger = open_plain(self.path, today=None, actor="tester", command="time start")
        assert ledger is not None
        return ledger

    def at(self, local: str) -> PlainLedger:
        """The ledger when clocks of the firm show that; `Z` at its end is UTC."""
        moment = datetime.fromisoformat(local)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(self.zone))
        now = moment.astimezone(UTC)
        self.ledger.clock = Clock(local_day(now, self.zone), now)
        return self.ledger


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    made: list[Desk] = []

    def make(zone: str = "America/New_York") -> Desk:
        made.append(Desk(new_ledger(tmp_path / f"{len(made)}.db"), zone))
        return made[-1]

    yield make
    for each in made:
        each.ledger.close()


def worked(desk: Desk, began: str, ended: str) -> tuple[str, int, str]:
    timers.start(desk.at(began), "m-1", "Work", timekeeper="ro")
    item = timers.stop(desk.at(ended))
    return item.date.isoformat(), item.logged_hours_e4 or 0, item.id


@pytest.mark.parametrize(
    ("zone", "began", "ended", "day", "hours_e4"),
    [
        ("America/New_York", "2026-11-20T09:00", "2026-11-20T10:30", "2026-11-20", 15000),
        # Over midnight, and over the end of a month and of a year: the day of the start.
        ("America/New_York", "2026-11-30T23:30", "2026-12-01T00:30", "2026-11-30", 10000),
        ("Australia/Sydney", "2026-12-31T23:59:59", "2027-01-01T01:00", "2026-12-31", 10000),
        ("America/Los_Angeles", "2028-02-29T22:00", "2028-03-01T02:00", "2028-02-29", 40000),
        # UTC has another day than the firm.
        ("America/Los_Angeles", "2026-10-31T17:30", "2026-10-31T18:30", "2026-10-31", 10000),
        ("Australia/Sydney", "2026-11-01T08:00", "2026-11-01T09:00", "2026-11-01", 10000),
        # The nights in which clocks are set forward and back.
        ("America/New_York", "2026-03-08T01:00", "2026-03-08T04:00", "2026-03-08", 20000),
        ("America/New_York", "2026-11-01T00:30", "2026-11-01T02:30", "2026-11-01", 30000),
        ("Europe/Berlin", "2026-03-29T01:30", "2026-03-29T03:30", "2026-03-29", 10000),
        ("Europe/Berlin", "2026-10-25T01:30", "2026-10-25T03:30", "2026-10-25", 30000),
        ("Australia/Lord_Howe", "2026-10-04T01:00", "2026-10-04T03:00", "2026-10-04", 15000),
        ("Pacific/Apia", "2011-12-29T23:00", "2011-12-31T01:00", "2011-12-29", 20000),
    ],
)  # fmt: skip
def test_B14_a_timer_counts_what_passed_and_belongs_to_the_day_it_began(
    desk: Callable[[str], Desk], zone: str, began: str, ended: str, day: str, hours_e4: int
) -> None:
    assert worked(desk(zone), began, ended)[:2] == (day, hours_e4)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["America/New_York", "Australia/Lord_Howe", "Europe/Berlin", "Asia/Kolkata"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001
    st.integers(min_value=1, max_value=24 * 60),
)
def test_B14_a_clock_that_is_read_back_gives_the_first_such_moment_after_the_start(
    zone_name: str, start: datetime, minutes: int
) -> None:
    zone = ZoneInfo(zone_name)
    started = start.replace(second=0, microsecond=0, tzinfo=UTC)
    stopped = started + timedelta(minutes=minutes)
    shown = f"{stopped.astimezone(zone):%H:%M}"
    try:
        found = moments.read_stop(shown, started, stopped, zone)
    except BillError as refused:  # shown on the second day; on the first, clocks jumped over it
        assert refused.code == "clock.skipped"
        clock = clock_times.read_clock(shown)
        assert clock is not None
        first = datetime.combine(started.astimezone(zone).date(), clock, zone)
        assert started < first.astimezone(UTC) < stopped - timedelta(hours=20)
        return
    assert started < found <= stopped
    assert f"{found.astimezone(zone):%H:%M}" == shown


def test_a_timer_survives_a_new_start_of_the_machine(desk: Callable[..., Desk]) -> None:
    office = desk()
    timers.start(office.at("2026-11-20T09:00"), "m-1", "Work", timekeeper="ro")
    office.ledger.close()
    office.ledger = office.opened()
    (running,) = timer_views.running(office.at("2026-11-20T10:06"))
    assert (running.matter, running.hours_e4, running.amount_cents) == ("m-1", 1_1000, 330_00)
    assert running.started_at.isoformat() == "2026-11-20T09:00:00-05:00"
    assert timers.stop(office.ledger).amount_cents == running.amount_cents


def test_what_a_timer_would_bill_is_what_it_then_bills(desk: Callable[..., Desk]) -> None:
    office = desk()
    timers.start(office.at("2026-11-20T09:00"), "m-1", "Work", timekeeper="ro")
    for minutes in (1, 7, 59, 61, 600):
        now = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo(office.zone)) + timedelta(minutes=minutes)
        (running,) = timer_views.running(office.at(now.isoformat()))
        with pytest.raises(ZeroDivisionError), office.ledger.write():
            item = timers.stop(office.ledger)
            assert (item.hours_e4, item.rate_e4, item.amount_cents) == (
                running.billable_hours_e4, running.rate_e4, running.amount_cents,
            )  # fmt: skip
            raise ZeroDivisionError  # the timer goes on


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(BillError) as refused:
        action()
    assert refused.value.hint
    return refused.value.code


def test_B14_a_timer_of_more_than_a_day_is_refused_with_a_way_out(
    desk: Callable[..., Desk],
) -> None:
    office = desk()
    timers.start(office.at("2026-11-20T09:00"), "m-1", "Work", timekeeper="ro")
    late = office.at("2026-11-21T09:01")
    assert code_of(lambda: timers.stop(late)) == "timer.too-long"
    assert timer_views.running(late)[0].amount_cents is None
    timer = timers.one(late, None)
    assert code_of(lambda: timers.ending(late, timer, None)) == "timer.too-long"
    until, length = timers.ending(late, timer, "18:30")
    assert (until, length) == (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), 9_5000)
    item = timers.stop(late, until=until)
    assert (item.date, item.logged_hours_e4) == (date(2026, 11, 20), 9_5000)


def test_B14_a_whole_day_is_taken_and_a_second_more_is_not(desk: Callable[..., Desk]) -> None:
    office = desk()
    assert worked(office, "2026-11-20T09:00", "2026-11-21T09:00")[1] == 24 * H
    timers.start(office.at("2026-11-22T09:00"), "m-1", "Work", timekeeper="ro")
    late = office.at("2026-11-23T09:00:01")
    assert code_of(lambda: timers.stop(late)) == "timer.too-long"


def test_a_clock_that_was_set_back_is_told(desk: Callable[..., Desk]) -> None:
    office = desk()
    timers.start(office.at("2026-11-20T09:00"), "m-1", "Work", timekeeper="ro")
    early = office.at("2026-11-20T08:00")
    assert code_of(lambda: timers.stop(early)) == "timer.backwards"
    assert timer_views.running(early)[0].billable_hours_e4 is None
    assert timers.discard(early).timekeeper == "ro"


def test_nothing_begins_or_ends_later_than_now(desk: Callable[..., Desk]) -> None:
    office = desk()
    now = office.at("2026-11-20T09:00")
    assert code_of(lambda: timers.start(now, "m-1", at="9:01", timekeeper="ro")) == "timer.future"
    timers.start(now, "m-1", "Work", at="8:00", timekeeper="ro")
    timer = timers.one(now, None)
    assert code_of(lambda: timers.ending(now, timer, "9:01")) == "timer.future"
    assert timers.ending(now, timer, "9:00")[1] == H
    assert timers.ending(now, timer, "20m ago")[1] == 6667
    assert timers.ending(now, timer, "today 8:30")[1] == 5000
    yesterday = code_of(lambda: timers.ending(now, timer, "yesterday 8:30"))
    assert yesterday == "timer.backwards"


def test_one_timer_a_timekeeper_and_another_records_the_first(desk: Callable[..., Desk]) -> None:
    office = desk()
    timers.start(office.at("2026-11-20T09:00"), "m-1", "Call", timekeeper="ro")
    timers.start(office.ledger, "m-1", timekeeper="mk")
    later = office.at("2026-11-20T10:00")
    assert code_of(lambda: timers.start(later, "m-1", timekeeper="ro")) == "timer.running"
    same = code_of(lambda: timers.start(later, "m-1", "Call", timekeeper="ro"))
    assert same == "timer.running"
    begun = timers.start(later, "m-2", "Draft", timekeeper="ro")
    assert begun.recorded is not None
    assert (begun.recorded.matter, begun.recorded.logged_hours_e4) == ("m-1", H)
    assert [(t.timekeeper, t.matter) for t in timer_views.running(later)] == [
        ("mk", "m-1"), ("ro", "m-2"),
    ]  # fmt: skip
    other = timers.start(later, "m-2", "Draft, part 2", timekeeper="ro", at="10:00").recorded
    assert other is not None
    assert timer_views.overlaps(later, begun.recorded) == ()


def test_work_that_nobody_told_of_is_not_recorded_in_passing(desk: Callable[..., Desk]) -> None:
    office = desk()
    timers.start(office.at("2026-11-20T09:00"), "m-1", timekeeper="ro")
    later = office.at("2026-11-20T10:00")
    assert code_of(lambda: timers.start(later, "m-2", timekeeper="ro")) == "timer.untold"
    assert code_of(lambda: timers.stop(later)) == "timer.untold"
    assert timers.stop(later, "Call").description == "Call"


def test_a_forgotten_timer_is_not_recorded_in_passing(desk: Callable[..., Desk]) -> None:
    office = desk()
    timers.start(office.at("2026-11-20T09:00"), "m-1", "Call", timekeeper="ro")
    later = office.at("2026-11-20T23:01")
    assert code_of(lambda: timers.start(later, "m-2", timekeeper="ro")) == "timer.long"
    assert timers.start(office.at("2026-11-20T23:00"), "m-2", timekeeper="ro").recorded


def test_of_several_timers_one_is_named(desk: Callable[..., Desk]) -> None:
    office = desk()
    now = office.at("2026-11-20T09:00")
    assert code_of(lambda: timers.stop(now)) == "timer.none"
    for who in ("ro", "mk"):
        timers.start(now, "m-1", "Call", timekeeper=who)
    assert code_of(lambda: timers.stop(now)) == "timer.which"
    assert timers.stop(now, timekeeper="ro").timekeeper == "ro"
    assert timers.stop(now).timekeeper == "mk"
    assert code_of(lambda: timers.stop(now, timekeeper="ro")) == "timer.none"
    assert code_of(lambda: timers.stop(now, timekeeper="rö")) == "timekeeper.missing"


def test_a_timer_of_a_closed_matter_can_be_dropped(desk: Callable[..., Desk]) -> None:
    office = desk()
    timers.start(office.at("2026-11-20T09:00"), "m-1", "Call", timekeeper="ro")
    with sqlite3.connect(office.path) as shell:
        shell.execute("UPDATE matter SET closed_on = '2026-11-20'")
    shell.close()
    assert code_of(lambda: timers.stop(office.ledger)) == "matter.closed"
    assert timer_views.running(office.ledger)[0].matter == "m-1"
    timers.discard(office.ledger)
    assert timer_views.running(office.ledger) == []


def test_B14_time_that_is_booked_twice_is_told(desk: Callable[..., Desk]) -> None:
    office = desk()
    worked(office, "2026-11-20T09:00", "2026-11-20T10:00")
    now = office.at("2026-11-20T12:00")
    timers.start(now, "m-2", "Also", at="9:30", timekeeper="ro")
    timer = timers.one(now, None)
    item = timers.stop(now, until=timers.ending(now, timer, "11:00")[0])
    (told,) = timer_views.overlaps(now, item)
    assert told == "T-2 (09:30 to 11:00) overlaps T-1 (09:00 to 10:00) of ro."
    timers.start(now, "m-2", "Next", at="11:00", timekeeper="ro")
    assert timer_views.overlaps(now, timers.stop(now)) == ()  # ends meet
    timers.start(now, "m-2", "Somebody else", at="9:00", timekeeper="mk")
    assert timer_views.overlaps(now, timers.stop(now)) == ()


def test_B14_typed_times_are_compared_with_timers(desk: Callable[..., Desk]) -> None:
    office = desk("Europe/Berlin")
    worked(office, "2026-11-20T09:00", "2026-11-20T10:00")
    now = office.at("2026-11-20T12:00")
    item = recording.add_time(now, "m-2", 5000, "Also", timekeeper="ro", span=(570, 600))
    (told,) = timer_views.overlaps(now, item)
    assert told == "T-2 (09:30 to 10:00) overlaps T-1 (09:00 to 10:00) of ro."
    until = recording.add_time(
        now, "m-2", H, "Late", day=date(2026, 11, 19), timekeeper="ro", span=(1380, 1440)
    )
    begun = recording.add_time(now, "m-2", H, "Early", timekeeper="ro", span=(0, 60))
    assert timer_views.overlaps(now, until) == timer_views.overlaps(now, begun) == ()
    night = date(2026, 3, 29)
    with pytest.raises(UsageProblem, match="jumped over 02:00"):
        recording.add_time(now, "m-2", H, "Night", day=night, timekeeper="ro", span=(120, 180))
    assert len(items.items(now)) == 4  # nothing of it was kept


def test_B14_typed_times_go_when_the_entry_moves(ledger_path: Path, cli: Cli) -> None:
    for words in (
        ["client", "add", "a", "A"],
        ["timekeeper", "add", "ro", "R. Ohm", "--rate", "300"],
        ["matter", "add", "2026-001", "T", "--client", "a"],
        ["t", "2026-001", "9:00-10:00", "Call"],
    ):
        assert cli(*words).code == 0, words
    assert "overlaps T-1" in cli("t", "2026-001", "9:30-10", "Draft").err
    assert cli("time", "edit", "T-2", "--narrative", "Draft, first part").err == ""
    assert cli("time", "edit", "T-1", "--date", "yesterday").err == ""
    assert cli("time", "edit", "T-2", "--hours", "9-10:30").err == ""  # T-1 has no clock any more
    assert "overlaps T-2" in cli("time", "edit", "T-1", "--date", "today", "--hours", "8-9:01").err
    assert cli("undo").code == 0
    with sqlite3.connect(ledger_path) as shell:
        assert shell.execute("SELECT entry_id FROM time_span").fetchall() == [(2,)]
    shell.close()


def test_B29_an_entry_made_again_to_the_word_is_told(desk: Callable[..., Desk]) -> None:
    now = desk().at("2026-11-20T12:00")

    def told(matter: str = "m-1", words: str = "Work", who: str = "ro") -> tuple[str, ...]:
        return recording.same_again(now, recording.add_time(now, matter, H, words, timekeeper=who))

    assert told() == told("m-2") == told(words="More") == told(who="mk") == ()
    assert told() == ("T-5 has the day, hours and words of T-1. Is it recorded twice?",)


def test_B14_a_long_day_is_told_by_the_entry_that_makes_it_long(
    desk: Callable[..., Desk],
) -> None:
    office = desk()
    now = office.at("2026-11-20T12:00")

    def told(hours_e4: int, who: str = "ro") -> tuple[str, ...]:
        item = recording.add_time(now, "m-1", hours_e4, "Work", timekeeper=who)
        return recording.long_day(now, item)

    assert told(12 * H) == ()
    assert told(H // 10) == ("ro has 12.10 hours on 2026-11-20.",)
    assert told(H) == ()
    assert told(13 * H, "mk") == ("mk has 13.00 hours on 2026-11-20.",)
    twice = "ro has 25.10 hours on 2026-11-20. Is one of them recorded twice?"
    assert told(12 * H) == (twice,)


def test_a_timer_and_its_span_go_with_an_undo(ledger_path: Path, cli: Cli) -> None:
    for words in (
        ["client", "add", "a", "A"],
        ["timekeeper", "add", "ro", "R. Ohm", "--rate", "300"],
        ["matter", "add", "2026-001", "T", "--client", "a"],
        ["time", "start", "2026-001", "Call", "--at", "1h ago"],
        ["time", "stop"],
    ):
        assert cli(*words).code == 0, words
    assert cli("undo", "--yes").code == 0
    (timer,) = cli("timer", "--json").json
    assert (timer["matter"], timer["description"]) == ("2026-001", "Call")
    assert cli("time", "list", "--json").json == []
    with sqlite3.connect(ledger_path) as shell:
        assert shell.execute("SELECT count(*) FROM time_span").fetchone() == (0,)
    shell.close()
    stopped = cli("time", "stop", "--json")
    assert cli("time", "remove", stopped.json["id"]).code == 0
    assert cli("undo", "--yes").code == 0
    with sqlite3.connect(ledger_path) as shell:
        assert shell.execute("SELECT count(*) FROM time_span").fetchone() == (1,)
    shell.close()
    assert cli("check").code == 0


def test_the_day_of_the_run_moves_the_clock_of_a_timer(ledger_path: Path, cli: Cli) -> None:
    assert cli("timekeeper", "add", "ro", "R. Ohm", "--rate", "300").code == 0
    assert cli("client", "add", "a", "A").code == 0
    assert cli("matter", "add", "2026-001", "T", "--client", "a").code == 0
    assert cli("time", "start", "2026-001", "Call", "--at", "0:00", today="2026-10-31").code == 0
    answer = cli("time", "stop", "--at", "0:45", "--json", today="2026-11-01")
    assert (answer.json["date"], answer.json["logged_hours"]) == ("2026-10-31", "0.75")


def test_entries_know_nothing_of_timers(desk: Callable[..., Desk]) -> None:
    office = desk()
    *_, id = worked(office, "2026-11-20T09:00", "2026-11-20T10:00")
    item = items.one(office.ledger, "time", int(id.removeprefix("T-")))
    assert (item.state, item.behavior, item.kind) == ("wip", "bill", "time")
