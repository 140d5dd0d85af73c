"""`kill -9` at any instant of any command that writes: done or not begun, never half (B22).

The story below is one office from its first hour to its last correction. Every command of it is
killed at random instants; what is there afterwards is, row for row, what was there before, or has
as many rows of each table as the finished command leaves. The same command then goes through.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
import shlex
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from crowd import start
from offices import new_ledger

import billcli
from billcli.services.upkeep import soundness

TODAY = "2026-10-31"
STORY = """
firm set firm.name 'Alvarez Law PLLC'
timekeeper add MA 'Maria Alvarez' --rate 350
client add rivera 'Ana Rivera' --email ana@rivera.example --address '88 Oak Avenue'
client edit rivera --terms 20
client rate rivera MA 325
client add ohm 'Ohm GmbH'
matter add 2026-001 'Rivera v. Ohm' --client rivera --responsible MA
matter add 2026-002 'Lease' --client ohm
matter billing 2026-001 --discount 10% --email ana@rivera.example
matter rate 2026-001 MA 300
matter edit 2026-002 --title 'Lease of the workshop'
arrangement set 2026-002 fixed --value 4500 --bill-when milestones
task add 2026-002 'Draft lease' --trigger 1500 --charge-description 'Draft of the lease'
task add 2026-002 'Lease signed' --trigger remainder
task edit 2026-002 1 --due 2026-11-15
change-order add 2026-002 500 --name 'Parking space'
task done 2026-002 1 --charge --date 2026-10-20
task done 2026-002 2 --no-charge --date 2026-10-21
task waive 2026-002 2 --reason 'Agreed with the client'
t 2026-001 1h30m 'Review of the contract' --date 2026-10-05
t 2026-001 0.5 'Call' --date 2026-10-06
time edit T-2 --hours 1
time remove T-2
time start 2026-001 'Research' --at 0:00
time stop --at 0:06
time start 2026-002 'Letter'
time stop --discard
expense add 2026-001 45.00 'Court fee' --date 2026-10-07
charge add 2026-001 250 'Opinion' --date 2026-10-08
matter hold C-2
matter unhold C-2
trust deposit 2026-001 1000 --date 2026-10-01 --method wire
trust withdraw 2026-001 100 --payee 'The court' --purpose 'Filing' --date 2026-10-09
retainer deposit 2026-001 200 --basis client-consent --note 'Consent'
bill create 2026-001
bill edit D-1 --note 'With thanks'
bill refresh D-1
bill approve D-1
bill issue D-1
bill create 2026-002 --issue
payment add 2026-0002 500 --date 2026-10-31
plan set 2026-0002 --down 100 --count 3 --every month
credit add 2026-0002 100 --reason courtesy
writeoff add 2026-0002 50 --reason 'bad_debt: moved away'
payment unapply P-1
bill dispute 2026-0002 --amount 10
bill dispute 2026-0002 --resolve
t 2026-002 1 'Afterthought' --date 2026-10-30
undo --yes
matter close 2026-002 --override --reason 'The test ends'
backup copy.db --force
"""


def commands() -> list[list[str]]:
    return [shlex.split(line) for line in STORY.strip().splitlines()]


def tables(path: Path) -> dict[str, list[Any]]:
    """Every row of every table, read over one connection."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as shell:
        names = shell.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {name: shell.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names}


def counted(found: dict[str, list[Any]]) -> dict[str, int]:
    """How many rows each table has."""
    return {name: len(rows) for name, rows in found.items()}


def alone(path: Path, folder: Path) -> Path:
    """A copy of the ledger in a folder of its own; nobody has it open."""
    folder.mkdir()
    return Path(shutil.copy(path, folder / "ledger.db"))


def done(path: Path, words: list[str]) -> float:
    """Let the command go through; how long it took."""
    began = time.monotonic()
    answer = start(path, words, today=TODAY).wait()
    assert answer.code == 0, (words, answer.err)
    return time.monotonic() - began


def told(words: list[str]) -> str:
    return shlex.join(words)


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    """What a child imports before it works is time in which it can't be caught at work."""
    for module in pkgutil.walk_packages(billcli.__path__, "billcli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return new_ledger(tmp_path / "ledger.db")


def test_B22_a_command_that_is_killed_is_done_or_not_begun(
    office: Path, tmp_path: Path, torture: bool
) -> None:
    chance = random.Random(None if torture else 20261031)
    story = commands()
    caught = set(range(len(story)) if torture else chance.sample(range(len(story)), 14))
    kills, each = 0, 6 if torture else 1
    for number, words in enumerate(story):
        if number not in caught:
            done(office, words)
            continue
        finished = alone(office, tmp_path / f"{number}-done")
        took = done(finished, words)
        before, after = tables(office), counted(tables(finished))
        for turn in range(each):
            path = alone(office, tmp_path / f"{number}-{turn}")
            child = start(path, words, today=TODAY)
            time.sleep(chance.random() * took)
            child.kill()
            kills += child.wait().code == -9
            assert soundness.check(path).findings == (), told(words)
            found = tables(path)
            if counted(found) != after or after == counted(before):
                assert counted(found) == after or found == before, told(words)
                done(path, words)
            assert counted(tables(path)) == after, told(words)
        shutil.copy(finished, office)
    enough = 200 if torture else len(caught) // 3
    assert kills >= enough, "hardly any command was caught at work"
