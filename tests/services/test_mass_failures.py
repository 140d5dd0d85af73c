"""What fails in a run stands alone: no money moves without its bill, no bill without its page.

B9, B24.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from offices import Answer
from practice import DAY, asked, billed, contents, each_once, numbers, practice

from billcli.deliver import files
from billcli.errors import BillError
from billcli.render.bill import Press
from billcli.services.bill import bill_reading, bills
from billcli.services.bill.request import Request
from billcli.services.month_end import mass
from billcli.services.month_end.mass import Batch
from billcli.services.upkeep import soundness
from billcli.services.work import expenses, time
from billcli.store import audit, journal, rows
from billcli.store.ledger import Ledger, attach

MATTERS = 6
RUN = ("mass", "run", "--through", "2026-11", "--issue", "--json")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return practice(tmp_path_factory.mktemp("month") / "ledger.db", matters=MATTERS)


@pytest.fixture
def month(prepared: Path, tmp_path: Path) -> Path:
    """A ledger of this test alone, with a month to bill; `cli` works on it."""
    return Path(shutil.copy(prepared, tmp_path / "ledger.db"))


@pytest.fixture
def office(month: Path, make_ledger: Callable[..., Ledger]) -> Ledger:
    """That ledger, open."""
    return make_ledger(month)


def failing_at(nth: int, error: BaseException, real: Callable[..., Any]) -> Callable[..., Any]:
    """The real thing, but for its nth call."""
    calls = 0

    def act(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise error
        return real(*given, **named)

    return act


FULL = OSError(errno.ENOSPC, "No space left on device")
INSIDE = [
    (Press, "render", RuntimeError("the renderer broke")),
    (Press, "render", MemoryError()),
    (journal, "post", RuntimeError("the journal broke")),
    (audit, "record", RuntimeError("the log broke")),
    (rows, "insert_all", OSError(errno.EIO, "Input/output error")),
]


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize(
    ("where", "name", "error"), INSIDE, ids=[f"{n}-{w[1]}" for n, w in enumerate(INSIDE)]
)
def test_B09_a_fault_inside_the_transaction_leaves_no_bill(
    office: Ledger,
    monkeypatch: pytest.MonkeyPatch,
    where: Any,
    name: str,
    error: BaseException,
    nth: int,
) -> None:
    before = contents(office.path)
    with monkeypatch.context() as patch:
        patch.setattr(where, name, failing_at(nth, error, getattr(where, name)))
        with pytest.raises(type(error)):
            for number in numbers(2):
                bills.create(office, number, Request(DAY, DAY), issued=True)
    if nth == 1:
        assert contents(office.path) == before
    report = mass.run(office, Batch(DAY, DAY, issued=True))
    assert report["failed"] == []
    each_once(office.path, MATTERS)


def check_after_a_fault(path: Path) -> None:
    """Each bill there is can be shown and rendered, and the numbers have no gap."""
    assert soundness.check(path).findings == ()
    found = billed(path)
    assert [number for number, _, _ in found] == [f"2026-{n:04}" for n in range(1, len(found) + 1)]
    ledger = attach(path, today="2026-11-30", actor="t", command="t")
    try:
        for number, _, _ in found:
            assert number in bill_reading.render(ledger, number, form="md").decode()
    finally:
        ledger.close()


@pytest.mark.parametrize("nth", [1, 4])
@pytest.mark.parametrize("where", ["write", "fsync", "replace", "open"])
def test_B09_a_full_disk_leaves_bills_whose_pages_come_later(
    month: Path, cli: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch, where: str, nth: int
) -> None:
    out = month.parent / "bills"
    run = (*RUN, "--out", out, "--key", "2026-11")
    real = {
        "write": (files, "begin", files.begin),
        "fsync": (os, "fsync", os.fsync),
        "replace": (os, "replace", os.replace),
        "open": (os, "open", os.open),
    }[where]
    with monkeypatch.context() as patch:
        # The folder is opened before its pages are.
        nth += where == "open"
        patch.setattr(real[0], real[1], failing_at(nth, FULL, real[2]))
        failed = cli(*run)
    assert failed.code in (2, 5, 6), failed
    assert "Traceback" not in failed.err
    assert not list(out.glob(".*"))
    check_after_a_fault(month)
    again = cli(*run)
    assert (again.code, again.err) == (0, "")
    each_once(month, MATTERS)
    pages = {page.name for page in out.iterdir()}
    assert pages == {
        f"2026-{n:04}.{form}" for n in range(1, MATTERS + 1) for form in ("md", "html")
    }


def test_B09_a_fault_of_one_matter_burns_no_number(
    office: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def post(ledger: Ledger, entry: Any, mark: Any) -> int:
        if any(move.matter_id == 3 for move in entry.moves):
            raise BillError("test.fault", "It broke.")
        return real(ledger, entry, mark)

    real = journal.post
    with monkeypatch.context() as patch:
        patch.setattr(journal, "post", post)
        report = mass.run(office, Batch(DAY, DAY, issued=True, key="k"))
    assert [failure["matter"] for failure in report["failed"]] == ["2026-003"]
    assert [number for number, _, _ in billed(office.path)] == [f"2026-000{n}" for n in range(1, 6)]
    rerun = mass.run(office, Batch(DAY, DAY, issued=True, key="k"))
    assert [(bill["matter"], bill["number"]) for bill in rerun["bills"]] == [
        ("2026-003", "2026-0006")
    ]
    each_once(office.path, MATTERS)


def test_B09_an_interrupted_run_keeps_what_was_billed(
    office: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(mass, "keep", failing_at(4, KeyboardInterrupt(), mass.keep))
        with pytest.raises(KeyboardInterrupt):
            mass.run(office, Batch(DAY, DAY, issued=True, key="k"))
    assert len(billed(office.path)) == 3
    check_after_a_fault(office.path)
    assert mass.run(office, Batch(DAY, DAY, issued=True, key="k"))["created"] == 3
    each_once(office.path, MATTERS)


def test_B09_a_day_with_500_entries_and_a_long_narrative_renders(office: Ledger) -> None:
    with office.write():
        for n in range(500):
            time.add(office, "2026-001", 1000, f"Call {n}", day=DAY, timekeeper="ma")
        time.add(office, "2026-001", 1000, "Long " * 4000, day=DAY)
    made = bills.create(office, "2026-001", Request(DAY, DAY), issued=True)
    for form in ("md", "html"):
        page = bill_reading.render(office, made["number"], form=form).decode()
        assert "Call 499" in page
        assert page.count("Long ") >= 3999


def test_B09_two_writers_of_one_page_don_t_trip_over_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run writes the same bill's page between this one's fsync and its rename."""
    page, real = tmp_path / "2026-0001.md", os.fsync

    def fsync(handle: int) -> None:
        monkeypatch.setattr(os, "fsync", real)
        real(handle)
        with monkeypatch.context() as other:
            other.setattr(os, "getpid", lambda: 4711)
            files.write(page, b"the bill")

    monkeypatch.setattr(os, "fsync", fsync)
    files.write(page, b"the bill")
    assert page.read_bytes() == b"the bill"
    assert [file.name for file in tmp_path.iterdir()] == ["2026-0001.md"]


# -- one bad matter never stops the others ---------------------------------------------------------

BROKEN = {
    "2026-007": ("tax", "GONE", "tax.missing"),
    "2026-022": ("template", "syntax", "template.fault"),
    "2026-048": ("template", "gone", "template.missing"),
    "2026-071": ("template", "fails", "template.fault"),
    "2026-100": ("template", "htmlfails", "template.fault"),
}
TEMPLATES = {
    "syntax.md.j2": "# {{ bill.number }\n{% if %}",
    "syntax.html.j2": "<p>{{ bill.number }}</p>",
    "fails.md.j2": "# Bill\n\n{{ bill.number.there.is.no.such }}",
    "fails.html.j2": "<p>{{ bill.number }}</p>",
    "htmlfails.md.j2": "# {{ bill.number }}",
    "htmlfails.html.j2": "<p>{{ 1 / 0 }}</p>",
}


def test_B24_a_hundred_matters_five_of_them_broken(
    tmp_path: Path, cli: Callable[..., Answer]
) -> None:
    path = practice(tmp_path / "ledger.db", matters=100, entries=1)
    folder = tmp_path / "templates"
    folder.mkdir()
    for name, text in TEMPLATES.items():
        (folder / name).write_text(text)
    ledger = attach(path, today="2026-11-30", actor="t", command="t")
    with ledger.write() as session:
        for number, (option, value, _) in BROKEN.items():
            session.connection().exec_driver_sql(
                "INSERT INTO matter_option SELECT id, ?, json_quote(?) FROM matter"
                " WHERE number = ?",
                (option, value, number),
            )
    ledger.close()
    out = tmp_path / "bills"
    run = (*RUN, "--out", out, "--key", "2026-11")
    first = cli(*run)
    assert first.code == 6
    report = first.json
    assert report["created"] == 95
    assert {f["matter"]: f["code"] for f in report["failed"]} == {
        number: code for number, (_, _, code) in BROKEN.items()
    }
    said = {f["matter"]: f["error"] for f in report["failed"]}
    assert "GONE" in said["2026-007"]
    assert "firm import" in said["2026-007"]
    for number, name in (
        ("2026-022", "syntax.md.j2"),
        ("2026-071", "fails.md.j2"),
        ("2026-100", "htmlfails.html.j2"),
    ):
        assert name in said[number]
        assert "line" in said[number]
    assert "gone" in said["2026-048"]
    assert all(number in first.err for number in BROKEN)
    assert len(list(out.iterdir())) == 190
    assert [n for n, _, _ in billed(path)] == [f"2026-{n:04}" for n in range(1, 96)]
    assert soundness.check(path).findings == ()

    human = cli("mass", "run", "--through", "2026-11", "--issue", "--dry-run")
    assert (human.code, human.out.splitlines()[-1]) == (
        6,
        "4 bills would be made, 780.00 USD in all.",
    )

    for name in TEMPLATES:
        (folder / name).write_text("{{ bill.number }}")
    for form in ("md", "html"):
        (folder / f"gone.{form}.j2").write_text("{{ bill.number }}")
    mended = cli("matter", "billing", "2026-007", "--tax", "none")
    assert mended.code == 0, mended.err
    again = cli(*run)
    assert (again.code, again.err) == (0, "")
    assert [bill["matter"] for bill in again.json["bills"]] == list(BROKEN)
    assert len(list(out.iterdir())) == 200
    each_once(path, 100)


HOSTILE = {
    "loops.md.j2": "{% include 'loops.md.j2' %}",
    "binary.md.j2": b"\xff\xfe\x00broken",
    "range.md.j2": "{% for n in range(999999999) %}{{ n }}{% endfor %}",
    "reaches.md.j2": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_B24_a_hostile_template_fails_its_own_matter_alone(
    month: Path, cli: Callable[..., Answer], name: str
) -> None:
    folder = month.parent / "templates"
    folder.mkdir()
    text = HOSTILE[name]
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    stem = name.removesuffix(".md.j2")
    (folder / f"{stem}.html.j2").write_text("<p>{{ bill.number }}</p>")
    cli("matter", "billing", "2026-002", "--template", stem)
    report = cli(*RUN)
    assert report.code == 6, report
    assert [failure["matter"] for failure in report.json["failed"]] == ["2026-002"]
    assert report.json["created"] == MATTERS - 1
    assert soundness.check(month).findings == ()


@pytest.mark.parametrize(
    ("option", "value"), [("discount", '"10"'), ("terms", '"soon"'), ("discount", '{"cents": "x"}')]
)
def test_B24_a_record_that_makes_no_sense_stops_its_own_matter_alone(
    month: Path, cli: Callable[..., Answer], option: str, value: str
) -> None:
    with closing(sqlite3.connect(month)) as shell, shell:
        shell.execute("INSERT INTO matter_option VALUES (2, ?, ?)", (option, value))
    dry = cli(*RUN, "--dry-run")
    seen = cli("mass", "preview", "--json")
    run = cli(*RUN)
    assert (dry.code, seen.code, run.code) == (6, 0, 6)
    for report in (dry.json, run.json):
        assert [failure["matter"] for failure in report["failed"]] == ["2026-002"]
        assert report["created"] == MATTERS - 1
    assert [row["matter"] for row in seen.json if row["error"]] == ["2026-002"]
    assert [number for number, _, _ in billed(month)] == [f"2026-000{n}" for n in range(1, MATTERS)]


def test_B24_a_template_folder_that_is_a_file_is_said(
    month: Path, cli: Callable[..., Answer]
) -> None:
    (month.parent / "templates").write_text("not a folder")
    assert cli(*RUN).code == 0


def test_B24_a_matter_without_client_is_named_when_picked(
    month: Path, cli: Callable[..., Answer]
) -> None:
    ledger = attach(month, today="2026-11-30", actor="t", command="t")
    with ledger.write() as session:
        session.connection().exec_driver_sql(
            "UPDATE matter SET client_id = NULL WHERE number = '2026-002'"
        )
    ledger.close()
    run = cli(*RUN)
    assert (run.code, run.json["created"]) == (0, MATTERS - 1)
    picked = cli(*RUN, "--matter", "2026-002")
    assert picked.json["skipped"] == [{"matter": "2026-002", "reason": "no client to bill"}]


def test_the_run_s_entries_stay_apart(office: Ledger) -> None:
    """An expense of another matter never gets onto a bill."""
    expenses.add(office, "2026-001", 1_00, "Only here", day=DAY)
    mass.run(office, Batch(DAY, DAY, issued=True))
    found = asked(
        office.path,
        "SELECT count(*) FROM bill_line AS l JOIN bill AS b ON b.id = l.bill_id "
        "JOIN expense AS e ON l.kind = 'expense' AND e.id = l.entry_id "
        "WHERE e.matter_id <> b.matter_id",
    )
    assert found == [0]
