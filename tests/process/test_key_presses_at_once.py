"""Many hands at once, and hands that are cut off: every hour is kept, whole or not at all (B22)."""

from __future__ import annotations

import random
import sqlite3
import time
from pathlib import Path

import pytest
from crowd import start, together
from offices import new_ledger

from billcli.cli import main
from billcli.store.checks import prove


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger with a timekeeper and two matters."""
    ledger = new_ledger(tmp_path / "ledger.db")
    for words in (
        ["timekeeper", "add", "ro", "R. Ohm", "--rate", "300"],
        ["client", "add", "a", "A"],
        ["matter", "add", "2026-001", "T", "--client", "a"],
        ["matter", "add", "2026-002", "T", "--client", "a"],
    ):
        assert main(["--ledger", str(ledger), "--quiet", *words]) == 0
    return ledger


def kept(path: Path) -> dict[str, list[tuple[object, ...]]]:
    shell = sqlite3.connect(path)
    try:
        return {
            "entries": list(shell.execute("SELECT id, description FROM time_entry ORDER BY id")),
            "logged": list(
                shell.execute("SELECT object FROM audit WHERE object LIKE 'T-%' ORDER BY id")
            ),
        }
    finally:
        shell.close()


def costs(path: Path) -> list[str]:
    shell = sqlite3.connect(path)
    try:
        return [name for (name,) in shell.execute("SELECT description FROM expense")]
    finally:
        shell.close()


def sound(path: Path) -> bool:
    return all(proof.ok for proof in prove(path))


def test_B22_every_hour_of_many_hands_is_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch, torture: bool
) -> None:
    # On a busy machine, the last of 32 may well wait for longer than the usual ten seconds.
    monkeypatch.setenv("BILLCLI_BUSY_TIMEOUT", "120")
    writers, adds = (32, 20) if torture else (8, 3)
    queues = [
        [
            line
            for n in range(adds)
            for line in (
                ["t", "2026-001", "0.1", f"Call {n} of {who}"],
                ["expense", "add", "2026-002", "5", f"Copies {n} of {who}"],
            )
        ]
        for who in range(writers)
    ]
    answers = together(path, *queues)
    assert {answer.code for answer in answers} == {0}, [answer.err for answer in answers]
    copies = {f"Copies {n} of {who}" for n in range(adds) for who in range(writers)}
    assert set(costs(path)) == copies and len(costs(path)) == len(copies)
    found = kept(path)
    told = sorted(str(description) for _, description in found["entries"])
    assert told == sorted(f"Call {n} of {who}" for n in range(adds) for who in range(writers))
    # Each has a number of its own, and its row of the log.
    assert [f"T-{id}" for id, _ in found["entries"]] == [f"T-{n + 1}" for n in range(len(told))]
    assert sorted(found["logged"]) == sorted((f"T-{n + 1}",) for n in range(len(told)))
    assert sound(path)


def test_B22_of_many_hands_that_start_a_timer_one_does(path: Path) -> None:
    answers = together(path, *[[["time", "start", "2026-001", "Call"]] for _ in range(6)])
    assert sorted(answer.code for answer in answers) == [0, 3, 3, 3, 3, 3]
    assert all("already runs" in answer.err for answer in answers if answer.code)
    stopped = together(path, *[[["time", "stop"]] for _ in range(6)])
    assert sorted(answer.code for answer in stopped) == [0, 3, 3, 3, 3, 3]
    assert len(kept(path)["entries"]) == 1
    assert sound(path)


def test_B22_a_hand_that_is_cut_off_leaves_whole_hours(path: Path, torture: bool) -> None:
    chance = random.Random(22)
    verbs = (
        ["t", "2026-001", "0.1", "Call"],
        ["time", "start", "2026-002", "Draft", "--at", "0:00"],
        ["time", "start", "2026-001", "Letter", "--at", "0:00"],
        ["time", "stop", "--at", "0:06"],
        ["expense", "add", "2026-001", "5", "Copies"],
    )
    dropped = 0
    for _ in range(200 if torture else 12):
        before = len(kept(path)["logged"])
        child = start(path, *[verb for _ in range(200) for verb in verbs])
        deadline = time.monotonic() + 20
        while len(kept(path)["logged"]) == before and not child.ended:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        time.sleep(chance.random() * 0.15)
        child.kill()
        child.wait()
        found = kept(path)
        assert len(found["entries"]) == len(found["logged"]) > before
        shell = sqlite3.connect(path)
        spans, stops, timers = (
            shell.execute(sql).fetchone()[0]
            for sql in (
                "SELECT count(*) FROM time_span",
                "SELECT count(*) FROM audit WHERE object = 'timer ro' AND after IS NULL",
                "SELECT count(*) FROM timer",
            )
        )
        shell.close()
        assert spans == stops - dropped  # what a timer recorded has its span, and the timer is gone
        assert timers in (0, 1)
        if timers:  # the next hand begins without one
            assert main(["--ledger", str(path), "--quiet", "time", "stop", "--discard"]) == 0
            dropped += 1
    assert dropped  # some were cut off while a timer ran
    assert sound(path)
