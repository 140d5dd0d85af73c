"""A ledger that can't be written: told in one sentence, and what can be read is read (B21)."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from crowd import start
from hardship import bound_by_permissions, locked
from offices import Answer

from billcli.services.upkeep import soundness

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux's permissions")

READING = (
    "client list",
    "bill list --csv",
    "status --line",
    "timer",
    "log",
    "report ageing",
    "bill show 2026-0001",
    "mass run --through 2026-11 --dry-run",
    "check",
    "export json",
)
WRITING = (
    "t 2026-001 1 Call",
    "time start 2026-001 Call",
    "time stop --tk ro --discard",
    "expense add 2026-001 5 Copies",
    "client add a A",
    "payment add 2026-0001 1",
    "matter add 2026-077 New --client rivera",
    "firm set firm.city Tulsa",
)


def told(path: Path, line: str, beside: Path) -> Answer:
    """How a command ends in a process that permissions bind."""
    return start(path, line.split(), first=bound_by_permissions, told_in=beside).wait()


def refused(answer: Answer, line: str) -> None:
    """It ended with the code of a ledger that can't be used, in one sentence and a way out."""
    assert (answer.code, answer.out) == (5, ""), (line, answer)
    error, hint = answer.err.splitlines()
    assert error.startswith("error: The ledger ") and error.endswith("."), line
    assert "can't be written" in error or "can't be opened" in error, line
    assert hint.startswith("hint: "), line


@pytest.fixture
def office(place: Callable[[Path], Path], tmp_path: Path) -> Path:
    """A furnished ledger in a folder of its own."""
    return place(tmp_path / "office")


def test_B21_a_read_only_ledger_is_read_and_says_that_it_can_not_be_written(
    office: Path, tmp_path: Path
) -> None:
    office.chmod(0o400)
    before = office.read_bytes()
    for line in READING:
        assert told(office, line, tmp_path).code == 0, line
    for line in WRITING:
        refused(told(office, line, tmp_path), line)
    assert office.read_bytes() == before
    office.chmod(0o600)
    assert soundness.check(office).findings == ()


def test_B21_a_folder_that_takes_no_file_is_told_in_a_sentence(
    office: Path, tmp_path: Path
) -> None:
    """SQLite keeps its log and the memory that processes share beside the ledger."""
    before = office.read_bytes()
    office.parent.chmod(0o500)
    try:
        for line in (*READING, *WRITING):
            refused(told(office, line, tmp_path), line)
    finally:
        office.parent.chmod(0o700)
    assert os.listdir(office.parent) == ["ledger.db"]
    assert office.read_bytes() == before
    assert soundness.check(office).findings == ()


def test_B21_a_disk_that_became_read_only_is_told_in_a_sentence(
    place: Callable[[Path], Path], small_disk: Callable[..., Path], tmp_path: Path
) -> None:
    disk = small_disk("8m")
    path = place(disk)
    before = path.read_bytes()
    os.system(f"mount -o remount,ro '{disk}'")
    for line in (READING[0], READING[2], READING[-1], WRITING[0], WRITING[4]):
        refused(start(path, line.split(), told_in=tmp_path).wait(), line)
    os.system(f"mount -o remount,rw '{disk}'")
    assert path.read_bytes() == before
    assert start(path, WRITING[0].split(), told_in=tmp_path).wait().code == 0


def test_B21_without_memory_to_share_a_sentence_is_told(office: Path, tmp_path: Path) -> None:
    """Where SQLite can't make the file for it, as in some network folders."""
    before = office.read_bytes()
    office.with_name("ledger.db-shm").mkdir()
    for line in (READING[0], READING[2], READING[-1]):
        assert start(office, line.split(), told_in=tmp_path).wait().code == 0, line
    for line in (WRITING[0], WRITING[4], WRITING[5]):
        refused(start(office, line.split(), told_in=tmp_path).wait(), line)
    office.with_name("ledger.db-shm").rmdir()
    assert office.read_bytes() == before
    assert start(office, WRITING[0].split(), told_in=tmp_path).wait().code == 0


def test_B21_a_lock_is_waited_for_and_its_end_is_noticed(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, torture: bool
) -> None:
    """Held longer than one waits: told. Let go within the time: nobody notices."""
    held, wait = (60.0, 10) if torture else (1.4, 1)
    lines = (WRITING[0], WRITING[1], WRITING[3], WRITING[4])
    with locked(office):
        began = time.monotonic()
        monkeypatch.setenv("BILLCLI_BUSY_TIMEOUT", str(wait))
        short = [start(office, line.split(), told_in=tmp_path) for line in lines]
        monkeypatch.setenv("BILLCLI_BUSY_TIMEOUT", "120")
        long = [start(office, line.split(), told_in=tmp_path) for line in lines]
        for child in short:
            answer = child.wait()
            assert answer.code == 5
            assert "is in use by another command" in answer.err
            assert "BILLCLI_BUSY_TIMEOUT" in answer.err.splitlines()[1]
        assert wait * 0.9 < time.monotonic() - began < wait + 20
        for line in READING[:4]:  # readers are never blocked
            assert start(office, line.split(), told_in=tmp_path).wait().code == 0
        time.sleep(max(0.0, began + held - time.monotonic()))
        assert not any(child.ended for child in long)
    answers = [child.wait() for child in long]
    assert [answer.code for answer in answers] == [0, 0, 0, 0]
    assert soundness.check(office).findings == ()
