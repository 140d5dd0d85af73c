"""Mass billing, run after run: each matter once, and nothing changes that needn't (B1, B4)."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from offices import Answer
from practice import DAY, billed, contents, each_once, numbers, practice, work

from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.matter import holds, matters
from billcli.services.month_end import mass, mass_reports, planning
from billcli.services.month_end.mass import Batch
from billcli.services.upkeep import soundness
from billcli.services.work import charges, time
from billcli.store.ledger import Ledger

MATTERS = 5
RUN = ("mass", "run", "--through", "2026-11")
ISSUED = Batch(DAY, DAY, issued=True)


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


def bytes_of(path: Path) -> bytes:
    wal = path.with_name(path.name + "-wal")
    return path.read_bytes() + (wal.read_bytes() if wal.exists() else b"")


@pytest.mark.parametrize("times", [1, 2, 5])
@pytest.mark.parametrize("key", [(), ("--key", "2026-11")])
def test_B01_run_again_and_again(
    month: Path, cli: Callable[..., Answer], times: int, key: tuple[str, ...]
) -> None:
    first = cli(*RUN, "--issue", "--json", *key)
    assert (first.code, first.json["created"]) == (0, MATTERS)
    there, kept = contents(month), bytes_of(month)
    for _ in range(times - 1):
        again = cli(*RUN, "--issue", "--json", *key)
        assert (again.code, again.json["created"], again.json["bills"]) == (0, 0, [])
    assert contents(month) == there
    assert bytes_of(month) == kept, "invariant 8: not even the file changes"
    each_once(month, MATTERS)


def test_B01_a_run_without_anything_to_do_says_so(month: Path, cli: Callable[..., Answer]) -> None:
    cli(*RUN, "--issue")
    again = cli(*RUN, "--issue")
    assert (again.code, again.out, again.err) == (0, "0 bills made, 0.00 USD in all.\n", "")


def test_B01_with_a_key_a_matter_is_billed_once_whatever_came_since(office: Ledger) -> None:
    keyed = Batch(DAY, DAY, issued=True, key="november")
    mass.run(office, keyed)
    time.add(office, "2026-003", 10_000, "One more call", day=DAY)
    again = mass.run(office, keyed)
    assert again["bills"] == []
    assert {"matter": "2026-003", "reason": "billed under key november already, 2026-0003"} in (
        again["skipped"]
    )
    without = mass.run(office, ISSUED)
    assert [bill["matter"] for bill in without["bills"]] == ["2026-003"]
    other = mass.run(office, Batch(DAY, DAY, issued=True, key="december"))
    assert other["bills"] == []


def test_B01_a_deleted_draft_lets_its_matter_back_in_under_the_key(office: Ledger) -> None:
    keyed = Batch(DAY, DAY, key="november")
    made = mass.run(office, keyed)
    assert mass.run(office, keyed)["bills"] == []
    bills.delete(office, made["bills"][1]["id"])
    assert [bill["matter"] for bill in mass.run(office, keyed)["bills"]] == ["2026-002"]


def test_B01_a_draft_that_was_approved_since_is_not_drafted_again(office: Ledger) -> None:
    keyed = Batch(DAY, DAY, key="november")
    made = mass.run(office, keyed)
    bills.approve(office, made["bills"][0]["id"])
    assert mass.run(office, keyed)["bills"] == []


def stale(office: Ledger, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a run does that was planned before another one, and whose checks are all gone."""
    desk = mass.Desk(office)
    files = list(mass._files(office, desk, ISSUED, mass._candidates(office, ISSUED)))
    plans = {file.number: planning.plan(office, desk, ISSUED, file) for file in files}
    mass.run(office, ISSUED)
    monkeypatch.setattr(planning, "plan", lambda ledger, desk, batch, file: plans[file.number])
    return mass.run(office, ISSUED)


def test_B01_without_the_check_the_database_refuses(
    office: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = stale(office, monkeypatch)
    assert report["bills"] == []
    assert [failure["matter"] for failure in report["failed"]] == numbers(MATTERS)
    each_once(office.path, MATTERS)


def test_B01_without_check_and_trigger_the_unique_index_holds(
    office: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office.write() as session:
        session.connection().exec_driver_sql("DROP TRIGGER claim_not_replaced")
    report = stale(office, monkeypatch)
    assert report["bills"] == []
    assert [failure["matter"] for failure in report["failed"]] == numbers(MATTERS)
    found = billed(office.path)
    assert [number for number, _, _ in found] == [f"2026-{n:04}" for n in range(1, MATTERS + 1)]


def test_B01_the_key_holds_by_its_unique_index_alone(
    office: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyed = Batch(DAY, DAY, issued=True, key="november")
    mass.run(office, keyed)
    with office.write() as session:
        session.connection().exec_driver_sql("DROP TRIGGER run_bill_not_replaced")
    for number in numbers(MATTERS):
        time.add(office, number, 10_000, "More", day=DAY)
    monkeypatch.setattr(mass.runs, "billed_under", lambda *_: None)
    report = mass.run(office, keyed)
    assert (report["bills"], len(report["failed"])) == ([], MATTERS)
    assert len(billed(office.path)) == MATTERS


def test_B03_dry_run_and_preview_write_nothing(month: Path, cli: Callable[..., Answer]) -> None:
    before = bytes_of(month)
    dry = cli(*RUN, "--issue", "--dry-run", "--json", "--out", month.parent / "bills")
    seen = cli("mass", "preview", "--through", "2026-11", "--json")
    assert (dry.code, seen.code) == (0, 0)
    assert bytes_of(month) == before
    assert not (month.parent / "bills").exists()
    assert dry.json["run"] is None
    assert [row["total"] for row in seen.json] == [bill["total"] for bill in dry.json["bills"]]


def test_B04_each_year_has_its_series_and_a_late_bill_goes_into_its_own(office: Ledger) -> None:
    january = date(2027, 1, 4)
    office.clock = type(office.clock)(january, office.clock.now)
    first, late, next_ = (
        bills.create(office, number, Request(day, DAY), issued=True)["number"]
        for number, day in (
            ("2026-001", january),
            ("2026-002", date(2026, 12, 31)),
            ("2026-003", january),
        )
    )
    assert (first, late, next_) == ("2027-0001", "2026-0001", "2027-0002")
    assert soundness.check(office.path).findings == ()


def test_B04_a_void_keeps_its_number_and_a_deleted_draft_has_none(office: Ledger) -> None:
    asked = Request(DAY, DAY)
    made = [bills.create(office, number, asked) for number in numbers(3)]
    assert [bill["number"] for bill in made] == [None] * 3
    bills.delete(office, made[0]["id"])
    first = bills.approve(office, made[2]["id"])["number"]
    bills.void(office, first, reason="wrong")
    second = bills.approve(office, made[1]["id"])["number"]
    third = bills.create(office, "2026-003", asked, approved=True)["number"]
    assert [first, second, third] == ["2026-0001", "2026-0002", "2026-0003"]
    assert soundness.check(office.path).findings == ()


def test_an_issued_bill_is_dated_no_later_than_the_run(office: Ledger) -> None:
    report = mass.run(office, Batch(date(2026, 12, 1), DAY, issued=True))
    assert report["bills"] == []
    assert {failure["code"] for failure in report["failed"]} == {"bill.early"}
    assert billed(office.path) == []


def test_what_is_after_the_cutoff_waits(office: Ledger) -> None:
    time.add(office, "2026-001", 10_000, "Early", day=date(2026, 10, 31))
    report = mass.run(office, Batch(DAY, date(2026, 10, 31), issued=True))
    assert [bill["matter"] for bill in report["bills"]] == ["2026-001"]
    made = bills.show(office, report["bills"][0]["number"])
    assert [line["description"] for line in made["lines"]] == ["Early"]


def test_a_charge_dated_ahead_waits_for_its_day(office: Ledger) -> None:
    charges.add(office, "2026-001", 500_00, "Retainer", day=date(2026, 12, 15))
    made = bills.create(office, "2026-001", Request(DAY, DAY))
    assert all(line["description"] != "Retainer" for line in made["lines"])


def test_a_hold_leaves_out_this_run_and_not_the_next(office: Ledger) -> None:
    holds.hold(office, "2026-002")
    holds.hold(office, "T-1")
    report = mass.run(office, ISSUED)
    assert {"matter": "2026-002", "reason": "on a billing hold"} in report["skipped"]
    assert len(report["bills"]) == MATTERS - 1
    holds.unhold(office, "2026-002")
    holds.unhold(office, "T-1")
    again = mass.run(office, ISSUED)
    assert [bill["matter"] for bill in again["bills"]] == ["2026-001", "2026-002"]
    first = bills.show(office, again["bills"][0]["number"])
    assert [line["source"] for line in first["lines"]] == ["T-1"]


def test_picked_matters_and_a_client_narrow_a_run(office: Ledger) -> None:
    picked = mass.run(office, Batch(DAY, DAY, issued=True, matters=("2026-004", "2026-002")))
    assert [bill["matter"] for bill in picked["bills"]] == ["2026-002", "2026-004"]
    from billcli.services.office import clients

    clients.add(office, "ohm", "Ohm Ltd")
    matters.add(office, "2026-100", "Lease", client="ohm")
    work(office, "2026-100")
    narrowed = mass.run(office, Batch(DAY, DAY, issued=True, client="ohm"))
    assert [bill["matter"] for bill in narrowed["bills"]] == ["2026-100"]


def test_a_run_is_kept_with_where_its_bills_stand(office: Ledger) -> None:
    report = mass.run(office, Batch(DAY, DAY, issued=True, key="november"))
    (line,) = mass_reports.runs_(office)
    assert (line["key"], line["bills"], line["finished"]) == ("november", MATTERS, True)
    bills.void(office, "2026-0002", reason="wrong")
    shown = mass_reports.one(office, str(report["run"]))
    assert [bill["state"] for bill in shown["bills"]] == [
        "issued", "void", "issued", "issued", "issued",
    ]  # fmt: skip
    assert shown["state"] == "finished"


def test_B30_a_bill_can_not_leave_its_run(office: Ledger) -> None:
    mass.run(office, Batch(DAY, DAY, issued=True, key="november"))
    office.close()
    with closing(sqlite3.connect(office.path)) as shell, pytest.raises(sqlite3.IntegrityError):
        shell.execute("DELETE FROM run_bill WHERE key = 'november'")
