"""Time of other programs: what comes in, at what price, once, whole or not at all (B29)."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from offices import H
from practice import asked

if TYPE_CHECKING:
    from pathlib import Path

    from billcli.store.ledger import Ledger

START = "20261103T053000Z"
Take = Callable[..., tuple[int, Any, str]]

TOGGL = (
    "\ufeffUser,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,"
    "End time,Duration,Tags,Amount (USD)\r\n"
    'Nadia Brandt,n@x.example,Ana Rivera,Lease,,"Call with ""the other side"",\r\nsecond part",Yes,'
    "2026-11-03,09:00:00,2026-11-03,09:50:10,00:50:10,,290.00\r\n"
    "Somebody,joel@brandt.example,Odum & Sons,OD-7 Handbook,,Draft,No,"
    "2026-11-03,23:30:00,2026-11-04,00:30:00,01:00:00,x,\r\n"
)
CLOCKIFY = (
    "Project,Client,Description,Task,User,Group,Email,Tags,Billable,Start Date,Start Time,End Date,"
    "End Time,Duration (h),Duration (decimal),Billable Rate (USD),Billable Amount (USD)\n"
    "2026-003,Odum & Sons,Review,,Joel Tafoya,,joel@brandt.example,,Yes,11/04/2026,09:00:00 AM,"
    "11/04/2026,10:30:00 AM,01:30:00,1.50,999.00,1498.50\n"
)
HARVEST = (
    "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,Approved?,First Name,"
    "Last Name,Roles,Employee?,Billable Rate,Currency\n"
    "2026-11-05,Odum & Sons,Handbook,2026-002,Drafting,,0.4,Yes,No,No,Nadia,Brandt,,Yes,1,USD\n"
)


def entries(ledger: Ledger) -> list[tuple[Any, ...]]:
    return asked(
        ledger.path,
        "SELECT m.number, timekeeper_id, day, logged_e4, hours_e4, rate_e4, standard_cents,"
        " behavior, description FROM time_entry AS t JOIN matter AS m ON m.id = t.matter_id"
        " ORDER BY t.id",
    )


def sheet(*rows: str, head: str = "Date,Matter,Hours,Description,Timekeeper") -> str:
    return "\n".join((head, *rows)) + "\n"


def test_toggl_with_its_mark_its_quotes_and_a_mapped_project(take: Take, office: Ledger) -> None:
    code, view, err = take("time", TOGGL, "--from", "toggl", "--map", "lease=2026-001",
                           "--map", "OD-7 Handbook=2026-002")  # fmt: skip
    assert (code, err) == (0, "")
    # 50 min 10 s are .8361 h, 9 tenths at 320; 1 h at 120, marked as not billable.
    assert entries(office) == [
        ("2026-001", "NB", "2026-11-03", 8361, 9000, 320 * H, 288_00, "bill",
         'Call with "the other side",\r\nsecond part'),
        ("2026-002", "JT", "2026-11-03", 1 * H, 1 * H, 120 * H, 120_00, "non-billable", "Draft"),
    ]  # fmt: skip
    assert (view["new"], view["hours"], view["amount"]) == (2, "1.90", "288.00")
    assert [line["id"] for line in view["entries"]] == ["T-1", "T-2"]


def test_toggl_of_a_plan_without_billable_bills_all(take: Take, office: Ledger) -> None:
    take("time", TOGGL, "--from", "toggl", "--map", "lease=2026-001", "--bill-all")
    # The client's own number of the matter is the first word of the project.
    assert [(row[0], row[7]) for row in entries(office)] == [
        ("2026-001", "bill"),
        ("2026-002", "bill"),
    ]


def test_clockify_says_which_of_its_days_comes_first(take: Take, office: Ledger) -> None:
    code, _, err = take("time", CLOCKIFY, "--from", "clockify")
    assert code == 2 and "two ways" in err and "Row 2" in err
    assert take("time", CLOCKIFY, "--from", "clockify", "--dates", "mdy")[0] == 0
    # Its own rate is not ours.
    assert entries(office) == [
        ("2026-003", "JT", "2026-11-04", 15000, 15000, 120 * H, 180_00, "bill", "Review")
    ]


def test_harvest_names_people_in_two_columns_and_projects_by_code(
    take: Take, office: Ledger
) -> None:
    assert take("time", HARVEST, "--from", "harvest")[0] == 0
    # .4 h of a matter in quarters of an hour is half an hour; the task stands in for the notes.
    assert entries(office) == [
        ("2026-002", "NB", "2026-11-05", 4000, 5000, 320 * H, 160_00, "bill", "Drafting")
    ]
    # What Harvest itself billed since is no other row.
    later = HARVEST.replace("Yes,No,No,", "Yes,Yes,Yes,")
    assert take("time", later, "--from", "harvest")[1]["known"] == 1


def test_a_sheet_has_rates_codes_behaviors_and_headers_of_its_own(
    take: Take, office: Ledger
) -> None:
    text = (
        "Tag;Akte;Dauer;Was;Rate;Task code;Activity code;Behavior\n"
        "2026-11-02;od-7;1h30m;Klage;99.50;l110;a103;no_charge\n"
    )
    mapped = ["date=Tag", "matter=Akte", "hours=Dauer", "description=Was"]
    words = [word for column in mapped for word in ("--column", column)]
    assert take("time", text, *words, "--tk", "JT")[0] == 0
    found = asked(office.path, "SELECT rate_typed, task_code, activity_code FROM time_entry")
    assert found == [(1, "L110", "A103")]
    assert entries(office)[0][3:8] == (15000, 15000, 995_000, 149_25, "no-charge")


def test_B29_the_same_file_twice_and_overlapping_files_add_nothing(
    take: Take, office: Ledger
) -> None:
    first = ["2026-11-02,2026-001,1,Call,NB", "2026-11-03,2026-001,2,Draft,NB"]
    late = "2026-10-30,2026-001,3,Found later,NB"
    assert take("time", sheet(*first))[1]["new"] == 2
    before = entries(office)
    again = take("time", sheet(*first))[1]
    assert (again["new"], again["known"]) == (0, 2)
    assert entries(office) == before
    # An older row that was posted late is new; the order of rows and columns says nothing.
    swapped = sheet(late, first[1], first[0])
    assert (take("time", swapped)[1]["new"], len(entries(office))) == (1, 3)
    turned = "Timekeeper,Description,Hours,Matter,Date\nNB,Call,1:00,2026-001,2026-11-02\n"
    assert take("time", turned)[1]["known"] == 1


def test_B29_two_truly_identical_rows_are_both_kept(take: Take, office: Ledger) -> None:
    row = "2026-11-02,2026-001,.5,Call,NB"
    assert take("time", sheet(row, row))[1]["new"] == 2
    assert take("time", sheet(row, row))[1]["new"] == 0
    # A third one is one more.
    assert take("time", sheet(row, row, row))[1]["new"] == 1
    assert len(entries(office)) == 3


def test_B29_billed_and_removed_rows_stay_what_they_are(
    take: Take, office: Ledger, cli: Callable[..., Any]
) -> None:
    text = sheet("2026-11-02,2026-001,1,Call,NB", "2026-11-03,2026-001,2,Draft,NB")
    take("time", text)
    assert cli("time", "remove", "T-1").code == 0
    assert cli("bill", "create", "2026-001", "--issue").code == 0
    bill = cli("bill", "show", "2026-0001", "--json").json
    again = take("time", text)[1]
    assert (again["new"], again["known"]) == (0, 2)
    assert cli("bill", "show", "2026-0001", "--json").json == bill
    assert len(entries(office)) == 1
    assert cli("check").code == 0


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("2026-11-31,2026-001,1,Call,NB", "Date", "isn't in the calendar"),
        (",2026-001,1,Call,NB", "Date", "no date"),
        ("2026-12-01,2026-001,1,Call,NB", "date", "in the future"),
        ("2026-11-02,2026-009,1,Call,NB", "Matter", "no matter"),
        ("2026-11-02,,1,Call,NB", "matter", "no matter is named"),
        ("2026-11-02,2026-001,0,Call,NB", "Hours", "no time at all"),
        ("2026-11-02,2026-001,24:00:01,Call,NB", "Hours", "24 hours"),
        ("2026-11-02,2026-001,-1,Call,NB", "Hours", "no time at all"),
        ("2026-11-02,2026-001,1.00001,Call,NB", "Hours", "decimals"),
        ("2026-11-02,2026-001,,Call,NB", "Hours", "can't be read"),
        ("2026-11-02,2026-001,1,,NB", "Description", "nothing says what was done"),
        ("2026-11-02,2026-001,1,a\0b,NB", "Description", "NUL"),
        ("2026-11-02,2026-001,1,Call,XX", "Timekeeper", "no timekeeper"),
        ("2026-11-02,2026-002,1,Call,", "Timekeeper", "whose time"),
        ("2026-11-02,2026-001,1,Call", "column 5", "the row has 4 cells"),
        ("2026-11-02,2026-001,1,Call,NB,more", "column 6", "the row has 6 cells"),
    ],
)
def test_B29_one_row_that_cannot_be_meant_and_nothing_is_imported(
    take: Take, office: Ledger, row: str, column: str, why: str
) -> None:
    good = [f"2026-11-02,2026-001,1,Work {n},NB" for n in range(3)]
    code, view, err = take("time", sheet(*good, row, good[0]))
    problem = json.loads(err)["error"]
    assert (code, view, problem["code"]) == (2, None, "import.row")
    assert problem["message"].startswith("Row 5, ") and column in problem["message"]
    assert why in problem["message"]
    assert entries(office) == []
    assert asked(office.path, "SELECT count(*) FROM import_row") == [0]


def test_B29_row_7312_of_ten_thousand_is_named_and_ten_thousand_come_in(
    take: Take, office: Ledger
) -> None:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["Date", "Matter", "Hours", "Description", "Timekeeper"])
    for n in range(10_000):
        rows.writerow([f"2026-{n % 10 + 1:02}-{n % 28 + 1:02}", "2026-001", ".1", f"W {n}", "NB"])
    lines = out.getvalue().splitlines()
    spoilt = [*lines[:7311], lines[7311].replace(".1", "ten"), *lines[7312:]]
    code, _, err = take("time", "\n".join(spoilt))
    assert code == 2 and "Row 7312, column" in err
    assert entries(office) == []
    assert take("time", out.getvalue())[1]["amount"] == "320000.00"
    assert asked(office.path, "SELECT count(*), sum(hours_e4) FROM time_entry") == [
        (10_000, 10_000_000)
    ]


def test_a_blank_line_counts_and_a_quoted_line_end_does_not(take: Take) -> None:
    text = sheet('2026-11-02,2026-001,1,"one\ntwo\nthree",NB', "", "2026-11-02,2026-001,x,Call,NB")
    assert "Row 4" in take("time", text)[2]


def test_an_id_of_the_other_program_is_what_a_row_is_known_by(take: Take) -> None:
    head = "Id,Date,Matter,Hours,Description,Timekeeper"
    row = "{},2026-11-02,2026-001,1,{},NB"
    assert take("time", sheet(row.format(7, "Call"), head=head))[1]["new"] == 1
    changed = take("time", sheet(row.format(7, "Called"), head=head))[1]
    assert (changed["new"], changed["known"]) == (0, 1)
    twice = take("time", sheet(row.format(8, "A"), row.format(8, "B"), head=head))
    assert twice[0] == 2 and "Row 3" in twice[2] and "row 2" in twice[2]


def test_a_dry_run_says_all_and_keeps_nothing(take: Take, office: Ledger) -> None:
    log = asked(office.path, "SELECT count(*) FROM audit")
    _, view, _ = take("time", sheet("2026-11-02,2026-001,1,Call,NB"), "--dry-run")
    assert (view["new"], view["amount"], view["entries"][0]["id"]) == (1, "320.00", None)
    assert entries(office) == [] and asked(office.path, "SELECT count(*) FROM audit") == log
    assert take("time", sheet("2026-11-02,2026-001,1,Call,NB"))[1]["new"] == 1


def test_what_is_imported_is_what_time_add_would_make_and_log(
    take: Take, office: Ledger, cli: Callable[..., Any]
) -> None:
    """Rates of every level, increments and terms that charge nothing: the same row either way."""
    for words in (
        "client rate odum NB 300",
        "matter rate 2026-003 NB 280 --from 2026-11-10",
        "timekeeper rate NB 160 --activity A112",
        "arrangement set 2026-002 internal --from 2026-11-05",
    ):
        assert cli(*words.split()).code == 0, words
    cases = [
        (day, number, hours, who, code)
        for day in ("2026-11-04", "2026-11-10")
        for number in ("2026-001", "2026-002", "2026-003")
        for hours, who, code in ((".35", "NB", ""), ("1:40", "NB", "A112"), ("2", "JT", "A112"))
    ]
    head = "Date,Matter,Hours,Description,Timekeeper,Activity code"
    rows = [f"{day},{m},{hours},Work,{who},{code}" for day, m, hours, who, code in cases]
    assert take("time", sheet(*rows, head=head))[0] == 0
    for day, number, hours, who, code in cases:
        extra = ["--activity-code", code] if code else []
        added = cli("time", "add", number, hours, "Work", "--date", day, "--tk", who, *extra)
        assert added.code == 0
    kept = asked(office.path, "SELECT * FROM time_entry ORDER BY id")
    imported, typed = kept[: len(cases)], kept[len(cases) :]
    assert [row[1:] for row in imported] == [row[1:] for row in typed]
    logged = asked(
        office.path, "SELECT object, matter_id, after FROM audit WHERE object LIKE 'T-%'"
    )
    assert [row[1:] for row in logged[: len(cases)]] == [row[1:] for row in logged[len(cases) :]]
    assert cli("check").code == 0


def test_timewarrior_is_in_utc_and_its_days_are_the_firms(take: Take, office: Ledger) -> None:
    late, next_ = "20261103T053000Z", "20261103T150000Z"
    intervals = [
        # 23:30 in Chicago, which is the next day in UTC.
        {"id": 3, "start": late, "end": "20261103T060000Z", "tags": ["m2026-001", "x"]},
        {"id": 2, "start": next_, "end": "20261103T151000Z", "tags": ["Draft", "OD-7"]},
        {"id": 1, "start": "20261103T160000Z", "tags": ["m:2026-001", "Call"]},
    ]
    intervals[0]["annotation"] = "Late call"
    words = ("--from", "timewarrior", "--tk", "NB")
    view = take("time", json.dumps(intervals), *words)[1]
    assert (view["new"], view["running"]) == (2, 1)
    assert [(row[0], row[2], row[3], row[4], row[8]) for row in entries(office)] == [
        ("2026-001", "2026-11-02", 5000, 5000, "Late call"),
        ("2026-002", "2026-11-03", 1667, 2500, "Draft"),
    ]
    # Its ids move with each new interval; the running one has ended by now.
    intervals = [{**each, "id": each["id"] + 1} for each in intervals]
    intervals[2] |= {"end": "20261103T170000Z"}
    view = take("time", json.dumps(intervals), *words)[1]
    assert (view["new"], view["known"], view["running"]) == (1, 2, 0)


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({"end": START, "tags": ["m2026-001"]}, "more than 0"),
        ({"end": "20261103T063000", "tags": ["m2026-001"]}, "a moment"),
        ({"start": 5}, "a moment"),
        ({"start": "20261303T053000Z"}, "a moment"),
        ({"tags": "x"}, "a list"),
        ({"tags": [5]}, "isn't text"),
        ({"tags": ["2026-001", "OD-7"]}, "two matters"),
        ({}, "no matter is named"),
        ("text", "isn't an interval"),
    ],
)
def test_an_interval_that_cannot_be_meant_is_named(
    take: Take, office: Ledger, item: object, why: str
) -> None:
    whole = {"start": START, "end": "20261103T063000Z"}
    told = {**whole, **item} if isinstance(item, dict) else item
    code, _, err = take("time", json.dumps([told]), "--from", "timewarrior", "--tk", "NB")
    assert code == 2 and "Interval 1, " in err and why in err
    assert entries(office) == []


@pytest.mark.skipif(shutil.which("timew") is None, reason="timewarrior isn't installed here")
def test_the_real_timewarrior(
    take: Take, office: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMEWARRIORDB", str(tmp_path / "timew"))
    monkeypatch.setenv("TZ", "America/Chicago")
    (tmp_path / "timew").mkdir()

    def timew(*words: str) -> bytes:
        ended = subprocess.run(["timew", *words], input=b"yes\n", capture_output=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    timew("track", "2026-11-02T23:30:00", "-", "2026-11-03T00:15:00", "m2026-001", "Night court")
    timew("annotate", "@1", "Hearing")
    timew("track", "2026-11-03T09:00:00", "-", "2026-11-03T09:20:00", "m:2026-003", "Über & so")
    words = ("--from", "timewarrior", "--tk", "NB")
    assert take("time", timew("export"), *words)[1]["new"] == 2
    assert [(row[0], row[2], row[3], row[8]) for row in entries(office)] == [
        ("2026-001", "2026-11-02", 7500, "Hearing"),
        ("2026-003", "2026-11-03", 3333, "Über & so"),
    ]
    timew("track", "2026-11-01T09:00:00", "-", "2026-11-01T10:00:00", "m2026-001", "Posted late")
    view = take("time", timew("export"), *words)[1]
    assert (view["new"], view["known"]) == (1, 2)


def test_two_people_may_begin_at_the_same_second(take: Take) -> None:
    text = json.dumps(
        [{"start": "20261103T150000Z", "end": "20261103T160000Z", "tags": ["OD-7", "Call"]}]
    )
    for who, new in (("NB", 1), ("JT", 1), ("NB", 0)):
        assert take("time", text, "--from", "timewarrior", "--tk", who)[1]["new"] == new


def test_a_closed_matter_and_a_name_of_two_people_are_refused_by_row(
    take: Take, office: Ledger, cli: Callable[..., Any]
) -> None:
    assert cli("matter", "close", "2026-003").code == 0
    assert "was closed" in take("time", sheet("2026-11-02,2026-003,1,Call,NB"))[2]
    assert cli("timekeeper", "add", "NB2", "Nadia Brandt", "--rate", "100").code == 0
    err = take("time", sheet("2026-11-02,2026-001,1,Call,nadia brandt"))[2]
    assert "NB or NB2" in err
    assert take("time", sheet("2026-11-02,2026-001,1,Call,nadia brandt"), "--tk", "NB")[0] == 0


def test_an_import_warns_of_an_agreed_value_that_is_nearly_used(
    take: Take, cli: Callable[..., Any]
) -> None:
    assert cli("arrangement", "set", "2026-001", "capped", "--value", "1000").code == 0
    code, _, err = take("time", sheet("2026-11-02,2026-001,3,Call,NB"))
    assert code == 0 and "2026-001 has passed 85 % of the agreed 1,000.00" in err


def test_the_book_of_rates_answers_as_the_ledger_does(
    office: Ledger, cli: Callable[..., Any]
) -> None:
    from billcli.store import rates
    from billcli.store.rate_book import RateBook

    for n, (client, matter, activity, start) in enumerate(
        [("odum", None, None, None), ("odum", None, None, date(2026, 5, 1)),
         (None, 3, None, date(2026, 6, 1)), (None, None, "A112", date(2026, 4, 1)),
         (None, None, None, date(2026, 3, 1))], start=1,
    ):  # fmt: skip
        with office.write():
            rates.put(office, "NB", n * H, client_id=client, matter_id=matter,
                      activity_code=activity, valid_from=start)  # fmt: skip
    book = RateBook(office)
    numbers = {1: "2026-001", 2: "2026-002", 3: "2026-003"}
    for month in range(1, 12):
        day = date(2026, month, 1)
        for client, matter_id in (("rivera", 1), ("odum", 2), ("odum", 3), (None, 1)):
            for activity in (None, "A112", "A103"):
                for who in ("NB", "JT"):
                    told = rates.in_force(office, who, client_id=client, matter_id=matter_id,
                                          activity_code=activity, day=day)  # fmt: skip
                    said = book.in_force(who, client=client, matter=numbers[matter_id],
                                         activity=activity, day=day)  # fmt: skip
                    assert said == told


def test_a_column_is_named_where_there_are_columns(take: Take) -> None:
    for source in ("timewarrior", "toggl"):
        code, _, err = take("time", "[]", "--from", source, "--column", "none=x")
        assert code == 2 and json.loads(err)["error"]["code"] == "import.option"
