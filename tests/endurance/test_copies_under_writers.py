"""Backups and restores while hours are typed: each copy is of one moment, nothing kept is lost."""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

from crashing import writing
from offices import TODAY
from practice import asked, practice

from billcli.cli import main
from billcli.services.upkeep import soundness

WRITERS = 3
HEAD = ["--today", TODAY, "--actor", "clerk", "--no-input", "--quiet"]


def run(path: Path, *words: object) -> int:
    return main(["--ledger", str(path), *HEAD, *(str(word) for word in words)])


def typing(path: Path, notes: Path, who: int) -> None:
    """Type an hour and its cost, one after the other, and note when each began and how it ended."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    sys.stdout = sys.stderr = open(quiet, "w", encoding="utf-8")  # noqa: SIM115
    n = 0
    with notes.open("a", buffering=1, encoding="ascii") as kept:
        while True:
            began, name = time.monotonic(), f"{who}-{n}"
            code = run(path, "t", "2026-001", "0.1", name)
            kept.write(f"{began} {name} {code}\n")
            if code == 0:
                run(path, "expense", "add", "2026-001", "5", name)
            n += 1


def noted(folder: Path) -> list[tuple[float, str, int]]:
    """What all of them noted; a last line may be cut off by their end."""
    lines = [
        line.split()
        for notes in folder.glob("notes-*")
        for line in notes.read_text("ascii").splitlines(keepends=True)
        if line.endswith("\n")
    ]
    return [(float(began), name, int(code)) for began, name, code in lines]


def of_one_moment(path: Path, restores: int = 0) -> set[str]:
    """The hours of a copy, which is sound: each hour with its cost, but for the last of a hand.

    A restore may come between an hour and its cost, once for each hand.
    """
    assert soundness.check(path).findings == ()
    hours = asked(path, "SELECT description FROM time_entry WHERE description LIKE '%-%'")
    costs = asked(path, "SELECT description FROM expense WHERE description LIKE '%-%'")
    assert len(hours) == len(set(hours)) and len(costs) == len(set(costs))
    assert len(set(costs) - set(hours)) <= WRITERS * restores
    assert len(set(hours) - set(costs)) <= WRITERS * (restores + 1)
    return set(hours)


def test_B20_copies_and_restores_while_hours_are_typed(tmp_path: Path, torture: bool) -> None:
    path, chance = practice(tmp_path / "ledger.db", matters=1), random.Random(20)
    until, copied, restores = time.monotonic() + (60 if torture else 0), 0, 0
    held: dict[Path, set[str]] = {}
    restored = 0.0
    with writing(WRITERS, lambda who: typing(path, tmp_path / f"notes-{who}", who)):
        while time.monotonic() < until or not restored:
            copy = tmp_path / f"copy-{copied}.db"
            assert run(path, "backup", copy) == 0
            copied += 1
            held[copy] = of_one_moment(copy, restores)
            if copied % 2 == 0:
                back = chance.choice(list(held))
                assert run(path, "restore", back, "--yes") == 0
                restored, restores = time.monotonic(), restores + 1
                assert of_one_moment(back, restores) == held[back], "a backup is only read"
        time.sleep(0.2)
    notes = noted(tmp_path)
    assert {code for _, _, code in notes} <= {0, 5}, "in use is all that may be said"
    there = of_one_moment(path, restores)
    later = {name for began, name, code in notes if began > restored and code == 0}
    assert later, "nobody typed after the last restore"
    assert later <= there
    # What a restore replaced is beside the ledger, whole.
    replaced = list(tmp_path.glob("ledger.db.replaced-*"))
    assert len(replaced) == restores
    for each in replaced:
        of_one_moment(each, restores)
