"""The drafts of a run approved and issued: each on its own, the rest named (§6.1, B24)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from offices import Answer
from practice import DAY, billed, contents, numbers, practice

from billcli.core.mass import Breakers
from billcli.services.bill import bill_edits, bill_reading, bills
from billcli.services.matter import holds, options
from billcli.services.month_end import approving, mass, mass_reports
from billcli.services.month_end.batch import Batch
from billcli.services.office import clients
from billcli.services.upkeep import soundness
from billcli.services.work import time
from billcli.store.ledger import Ledger

H = 10_000
MATTERS = 4
WORTH = 495_00
APPROVED = Batch(DAY, DAY, approved=True)
ISSUED = replace(APPROVED, issued=True)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return practice(tmp_path_factory.mktemp("month") / "ledger.db", matters=MATTERS)


@pytest.fixture
def office(prepared: Path, tmp_path: Path, make_ledger: Callable[..., Ledger]) -> Ledger:
    """An open ledger with run 1: a draft for each of four matters, D-1 to D-4."""
    ledger = make_ledger(Path(shutil.copy(prepared, tmp_path / "ledger.db")))
    assert mass.run(ledger, Batch(DAY, DAY, key="2026-11"))["run"] == 1
    return ledger


def states(ledger: Ledger) -> list[str]:
    return [bill["state"] for bill in mass_reports.one(ledger, "1")["bills"]]


@pytest.mark.parametrize("batch", [APPROVED, ISSUED])
def test_the_drafts_of_a_run_become_bills_once(office: Ledger, batch: Batch) -> None:
    report = approving.approve(office, 1, batch)
    assert [(b["matter"], b["id"], b["number"], b["total_cents"]) for b in report["bills"]] == [
        (number, f"D-{n}", f"2026-{n:04}", WORTH) for n, number in enumerate(numbers(MATTERS), 1)
    ]
    assert (report["run"], report["created"], report["failed"]) == (1, MATTERS, [])
    assert states(office) == ["issued" if batch.issued else "approved"] * MATTERS
    there = contents(office.path)
    again = approving.approve(office, 1, batch)
    assert (again["created"], again["bills"], again["failed"]) == (0, [], [])
    assert contents(office.path) == there
    assert soundness.check(office.path).findings == ()


def test_what_was_approved_before_is_issued_too(office: Ledger) -> None:
    bills.approve(office, "D-3")
    report = approving.approve(office, 1, ISSUED)
    assert [bill["number"] for bill in report["bills"]] == [
        "2026-0002", "2026-0003", "2026-0001", "2026-0004",
    ]  # fmt: skip
    assert states(office) == ["issued"] * MATTERS


def test_drafts_of_other_runs_and_by_hand_are_left_alone(office: Ledger) -> None:
    bills.approve(office, "D-1")
    time.add(office, "2026-001", H, "Later work on it", day=DAY, timekeeper="ma")
    second = mass.run(office, Batch(DAY, DAY))["run"]
    report = approving.approve(office, second, APPROVED)
    assert [bill["matter"] for bill in report["bills"]] == ["2026-001"]
    assert states(office) == ["approved", "draft", "draft", "draft"]


def test_B24_a_stale_draft_is_named_and_the_others_go_on(office: Ledger) -> None:
    time.edit(office, "T-3", hours_e4=2 * H)
    report = approving.approve(office, 1, ISSUED)
    assert [bill["matter"] for bill in report["bills"]] == ["2026-001", "2026-003", "2026-004"]
    (failed,) = report["failed"]
    assert (failed["matter"], failed["code"]) == ("2026-002", "draft.stale")
    assert "bill refresh D-2" in failed["error"]
    assert [number for number, _, _ in billed(office.path)] == [
        "2026-0001", "2026-0002", "2026-0003",
    ]  # fmt: skip
    bills.refresh(office, "D-2")
    assert approving.approve(office, 1, ISSUED)["created"] == 1


def test_B24_a_template_that_fails_at_the_issue_leaves_its_draft(office: Ledger) -> None:
    folder = office.path.parent / "templates"
    folder.mkdir()
    (folder / "letter.md.j2").write_text("{{ bill.number }}")
    (folder / "letter.html.j2").write_text("<p>{{ bill.number }}</p>")
    options.set_options(office, "2026-002", {"template": "letter"})
    (folder / "letter.md.j2").write_text("{{ client.nickname }}")
    report = approving.approve(office, 1, ISSUED)
    assert [failure["matter"] for failure in report["failed"]] == ["2026-002"]
    assert report["created"] == MATTERS - 1
    assert states(office) == ["issued", "draft", "issued", "issued"]


def test_B26_D58_held_drafts_and_those_over_a_limit_stay_drafts(office: Ledger) -> None:
    holds.hold(office, "2026-001")
    time.add(office, "2026-003", 10 * H, "Preparation of the trial", day=DAY, timekeeper="ma")
    bills.refresh(office, "D-3")
    report = approving.approve(office, 1, replace(ISSUED, breakers=Breakers(1_000_00)))
    assert report["left_as_draft"] == [
        {"matter": "2026-001", "id": "D-1", "reason": "on a billing hold"},
        {
            "matter": "2026-003",
            "id": "D-3",
            "reason": "its total of 3,495.00 is over the limit of 1,000.00",
        },
    ]
    assert report["failed"] == []
    bill_edits.edit(office, "D-3", bill_edits.Changes(note="Thank you."))
    told = mass_reports.one(office, "1")
    assert told["states"] == {"draft": 2, "issued": 2}
    assert [(bill["held"], bill["note"]) for bill in told["bills"]] == [
        (True, "on a billing hold since 2026-11-30"),
        (False, None),
        (False, "changed by hand"),
        (False, None),
    ]
    # A person looked at them: without the limit, the second goes out.
    assert approving.approve(office, 1, ISSUED)["created"] == 1


def test_a_draft_of_several_payors_becomes_a_bill_for_each(office: Ledger) -> None:
    clients.add(office, "insurer", "Insurer Ltd")
    shares = {"rivera": 60 * H, "insurer": 40 * H}
    options.set_options(office, "2026-001", {"split": shares, "split_consent": "Letter"})
    report = approving.approve(office, 1, ISSUED)
    mine = [bill for bill in report["bills"] if bill["matter"] == "2026-001"]
    assert sum(bill["total_cents"] for bill in mine) == WORTH
    assert [bill["number"] for bill in mine] == ["2026-0001", "2026-0002"]
    assert approving.approve(office, 1, ISSUED)["created"] == 0


def test_a_draft_deleted_in_the_meantime_is_no_failure(
    office: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    bills.delete(office, "D-2")
    monkeypatch.setattr(approving.runs, "bills_of", lambda ledger, run: [1, 2, 3, 4])
    report = approving.approve(office, 1, ISSUED)
    assert (report["created"], report["failed"]) == (MATTERS - 1, [])


# -- on the command line ---------------------------------------------------------------------------


def test_files_limits_and_the_exit_code(
    office: Ledger, cli: Callable[..., Answer], tmp_path: Path
) -> None:
    time.edit(office, "T-3", hours_e4=2 * H)
    out = tmp_path / "bills"
    words: tuple[Any, ...] = ("mass", "approve", "1", "--issue", "--out", out, "--format", "md")
    answer = cli(*words, "--json")
    assert answer.code == 6
    assert (answer.json["created"], answer.json["run"], answer.json["key"]) == (3, 1, "2026-11")
    assert sorted(path.name for path in out.iterdir()) == [f"2026-000{n}.md" for n in (1, 2, 3)]
    written = (out / "2026-0001.md").read_bytes()
    assert written == bill_reading.render(office, "2026-0001", form="md")
    (out / "2026-0001.md").unlink()
    bills.refresh(office, "D-2")
    again = cli(*words)
    assert (again.code, again.err) == (0, "")
    assert again.out.splitlines()[-1] == "1 bill issued, 945.00 USD in all."
    assert sorted(path.name for path in out.iterdir()) == [f"2026-000{n}.md" for n in (1, 2, 3, 4)]


def test_pages_that_are_missing_are_written_for_a_run_without_a_key(
    prepared: Path, tmp_path: Path, make_ledger: Callable[..., Ledger]
) -> None:
    ledger = make_ledger(Path(shutil.copy(prepared, tmp_path / "other.db")))
    mass.run(ledger, Batch(DAY, DAY))
    batch = replace(ISSUED, out=tmp_path / "bills", forms=("md",))
    approving.approve(ledger, 1, batch)
    there = sorted(path.name for path in (tmp_path / "bills").iterdir())
    (tmp_path / "bills" / there[1]).unlink()
    approving.approve(ledger, 1, batch)
    assert sorted(path.name for path in (tmp_path / "bills").iterdir()) == there


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("mass", "approve", "9"), 4),
        (("mass", "approve", "1", "--out", "bills"), 2),
        (("mass", "approve", "1", "--max-total", "-1"), 2),
        (("mass", "approve", "1", "--max-total", "much"), 2),
        (("mass", "approve", "1", "--format", "doc"), 2),
    ],
)
def test_what_is_wrong_with_the_words_changes_nothing(
    office: Ledger, cli: Callable[..., Answer], words: tuple[str, ...], code: int
) -> None:
    before = contents(office.path)
    assert cli(*words).code == code
    assert contents(office.path) == before
