"""A matter that was closed for a while isn't charged for it, however it was closed (B13)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from offices import Answer

Cli = Callable[..., Answer]
Spans = list[tuple[str, str]]
OFFICE = """
timekeeper add LH Lena --rate 300
client add okafor Okafor
matter add 1 Retainer --client okafor --opened 2026-01-01
arrangement set 1 fixed-recurring --value 1500
"""
SHUT = [
    ("matter close 1 --override --reason quiet", "matter reopen 1"),
    ("matter billing 1 --status closed", "matter billing 1 --status use-matter"),
    ("matter billing 1 --off", "matter billing 1 --on"),
]


@pytest.fixture
def on(ledger_path: Path, cli: Cli) -> Callable[[str, str], Answer]:
    """A command on a day, that succeeds."""

    def said(day: str, line: str) -> Answer:
        answer = cli("--today", day, *line.split())
        assert answer.code == 0, answer.err
        return answer

    for line in OFFICE.strip().splitlines():
        said("2026-01-01", line)
    return said


def spans(path: Path) -> Spans:
    with closing(sqlite3.connect(path)) as shell:
        return shell.execute(
            "SELECT closed_on, reopened_on FROM closed_span ORDER BY id"
        ).fetchall()


@pytest.mark.parametrize(("shut", "opened"), SHUT, ids=["closed", "closed for billing", "off"])
def test_B13_closed_months_are_not_billed_when_a_matter_is_opened_again(
    ledger_path: Path, on: Callable[[str, str], Answer], shut: str, opened: str
) -> None:
    on("2026-02-10", shut)
    on("2026-06-15", opened)
    assert spans(ledger_path) == [("2026-02-10", "2026-06-15")]
    bill = json.loads(on("2026-06-30", "bill create 1 --json").out)
    assert [line["description"].partition(", ")[2] for line in bill["lines"]] == [
        "2026-01-01 to 2026-01-31",
        "2026-02-01 to 2026-02-28",
        "2026-06-01 to 2026-06-30",
    ]
    assert bill["total"] == "4500.00"


def test_B13_a_matter_opened_again_the_same_day_was_never_closed(
    ledger_path: Path, on: Callable[[str, str], Answer]
) -> None:
    on("2026-02-10", SHUT[0][0])
    on("2026-02-10", SHUT[0][1])
    assert spans(ledger_path) == []


def test_B13_undo_takes_the_opening_back_with_its_span(
    ledger_path: Path, on: Callable[[str, str], Answer]
) -> None:
    on("2026-02-10", SHUT[0][0])
    on("2026-03-15", SHUT[0][1])
    on("2026-03-16", "undo --yes")
    assert spans(ledger_path) == []
    on("2026-06-15", SHUT[0][1])
    assert spans(ledger_path) == [("2026-02-10", "2026-06-15")]


def test_B13_a_success_ends_the_closing(
    ledger_path: Path, on: Callable[[str, str], Answer]
) -> None:
    on("2026-01-02", "matter add 2 Claim --client okafor --opened 2026-01-01")
    on("2026-01-02", "arrangement set 2 capped-recurring-reserve --value 100 --agreement letter")
    on("2026-01-05", "time add 2 1 Work --tk LH")
    on("2026-01-31", "bill create 2 --issue")
    on("2026-02-10", "matter close 2 --override --reason quiet")
    on("2026-06-15", "matter outcome 2 success")
    assert spans(ledger_path) == [("2026-02-10", "2026-06-15")]


def test_B13_B19_an_older_ledger_gets_its_spans_from_its_log(
    ledger_path: Path, cli: Cli, on: Callable[[str, str], Answer]
) -> None:
    for n, (shut, opened) in enumerate(SHUT, 2):
        on(f"2026-0{n}-01", shut)
        on(f"2026-0{n}-20", opened)
    on("2026-05-01", SHUT[1][0])
    on("2026-05-02", "undo --yes")
    on("2026-05-03", SHUT[0][0])
    on("2026-06-03", SHUT[0][1])
    on("2026-06-04", "undo --yes")
    known = [(f"2026-0{n}-01", f"2026-0{n}-20") for n in (2, 3, 4)]
    assert spans(ledger_path) == known
    with closing(sqlite3.connect(ledger_path)) as shell:
        for made in ("TABLE closed_span", "TRIGGER matter_stays", "TRIGGER matter_not_again"):
            shell.execute(f"DROP {made}")
        shell.execute("PRAGMA user_version = 11")
    assert cli("migrate").code == 0
    assert spans(ledger_path) == known
    assert cli("check").code == 0


def test_B13_a_span_that_the_log_does_not_tell_is_found(
    ledger_path: Path, cli: Cli, on: Callable[[str, str], Answer]
) -> None:
    on("2026-02-10", SHUT[0][0])
    on("2026-06-15", SHUT[0][1])
    with closing(sqlite3.connect(ledger_path)) as shell, shell:
        shell.execute(
            "INSERT INTO closed_span (matter_id, closed_on, reopened_on, audit_id, audit_hash)"
            " SELECT matter_id, '2025-01-01', '2026-01-31', audit_id, audit_hash FROM closed_span"
        )
    found = cli("check")
    assert found.code == 7
    assert "Closed span 2 isn't in the audit log as it says." in found.out
