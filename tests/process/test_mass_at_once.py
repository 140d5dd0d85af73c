"""Mass billing and approvals by many processes over the same matters (B1, B4, B21)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from crowd import together
from offices import TODAY, Answer
from practice import billed, each_once, numbers, practice

MATTERS = 24
RUN = ["mass", "run", "--through", "2026-11", "--json"]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return practice(tmp_path_factory.mktemp("month") / "ledger.db", matters=MATTERS)


@pytest.fixture
def month(prepared: Path, tmp_path: Path) -> Path:
    """A ledger of this test alone, with a month to bill."""
    return Path(shutil.copy(prepared, tmp_path / "ledger.db"))


def told(answers: list[Answer]) -> list[dict[str, Any]]:
    """What each run told; none of them failed or complained."""
    assert [(answer.code, answer.err) for answer in answers] == [(0, "")] * len(answers)
    return [answer.json for answer in answers]


def check_pages(folder: Path, path: Path) -> None:
    """Every bill has both its pages, and nothing else is there."""
    wanted = {f"{number}.{form}" for number, _, _ in billed(path) for form in ("html", "md")}
    assert {page.name for page in folder.iterdir()} == wanted


@pytest.mark.parametrize(("processes", "key"), [(2, True), (4, False), (8, True), (8, False)])
def test_B01_runs_at_once_bill_each_matter_once(month: Path, processes: int, key: bool) -> None:
    out = month.parent / "bills"
    words = [*RUN, "--issue", "--out", out, *(["--key", "2026-11"] if key else [])]
    found = told(together(month, *[[words]] * processes))
    assert sum(report["created"] for report in found) == MATTERS
    made = [bill["matter"] for report in found for bill in report["bills"]]
    assert sorted(made) == numbers(MATTERS)
    assert not any(report["failed"] for report in found)
    each_once(month, MATTERS)
    check_pages(out, month)


def test_B01_drafts_at_once_reserve_each_matter_once(month: Path) -> None:
    found = told(together(month, *[[RUN]] * 3))
    assert sorted(bill["matter"] for r in found for bill in r["bills"]) == numbers(MATTERS)
    skipped = [skip["reason"] for report in found for skip in report["skipped"]]
    assert all(reason.startswith("draft D-") for reason in skipped)
    assert billed(month) == []


def test_B01_two_programs_started_by_cron_at_once(month: Path) -> None:
    words = [sys.executable, "-m", "billcli", "--ledger", str(month), "--today", TODAY, *RUN]
    bare = {"PATH": "/usr/bin:/bin", "LANG": "C"}
    started = [
        subprocess.Popen(
            [*words, "--issue", "--key", "2026-11"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=bare,
            cwd="/",
            encoding="utf-8",
        )
        for _ in range(2)
    ]
    outs = [process.communicate(timeout=120) for process in started]
    answers = [Answer(p.returncode, *o) for p, o in zip(started, outs, strict=True)]
    assert sum(report["created"] for report in told(answers)) == MATTERS
    each_once(month, MATTERS)


def test_B04_bills_issued_at_once_are_numbered_without_a_gap(month: Path) -> None:
    names = numbers(MATTERS)
    queues = [[["bill", "create", name, "--issue"] for name in names[n::8]] for n in range(8)]
    assert [answer.code for answer in together(month, *queues)] == [0] * 8
    each_once(month, MATTERS)


def test_B04_drafts_approved_at_once_are_numbered_without_a_gap(month: Path) -> None:
    told(together(month, [RUN]))
    queues = [
        [
            ["bill", verb, f"D-{d}"]
            for d in range(n, MATTERS + 1, 4)
            for verb in ("approve", "issue")
        ]
        for n in range(1, 5)
    ]
    assert [answer.code for answer in together(month, *queues)] == [0] * 4
    each_once(month, MATTERS)


def test_B21_a_run_lets_other_commands_in_between(month: Path) -> None:
    clerks = [
        [
            ["time", "add", "2026-001", "0.5", f"Call {n}{m}", "--rate", "100", "--date", TODAY]
            for m in "ab"
        ]
        for n in range(3)
    ]
    answers = together(month, [[*RUN, "--issue"]], *clerks)
    assert [(answer.code, answer.err) for answer in answers] == [(0, "")] * 4
    assert sorted(matter for _, matter, _ in billed(month)) == numbers(MATTERS)
