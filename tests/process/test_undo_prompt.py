"""The question that undo asks on a terminal, in the real program; without one it asks nothing."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from terminal import PROGRAM, on_a_terminal, pexpect


@pytest.fixture
def ledger_words(ledger_path: Path, cli: Callable[..., Any]) -> list[str]:
    """A ledger whose last change is a new client; the words before a command on it."""
    assert cli("client", "add", "rivera", "Ana Rivera").code == 0
    assert cli("client", "add", "odum", "Odum & Co").code == 0
    return ["--ledger", str(ledger_path)]


def clients(cli: Callable[..., Any]) -> list[str]:
    return [row["id"] for row in json.loads(cli("client", "list", "--json").out)]


@pytest.mark.parametrize(
    ("answer", "left"), [("", ["rivera"]), ("y", ["rivera"]), ("n", ["odum", "rivera"])]
)
def test_B23_undo_says_what_goes_and_takes_the_answer(
    ledger_words: list[str], cli: Callable[..., Any], answer: str, left: list[str]
) -> None:
    number = json.loads(cli("undo", "--dry-run", "--json").out)["change"]
    actor = json.loads(cli("undo", "--dry-run", "--json").out)["actor"]
    child = on_a_terminal([*ledger_words, "--actor", actor, "undo"])
    child.expect_exact(f"Take back change {number}: client add, client odum, by {actor} on ")
    child.expect_exact("? [Y/n] ")
    child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert ("Nothing was undone." in child.before) == (answer == "n")
    assert clients(cli) == left


def test_B23_without_a_terminal_nothing_is_asked(
    ledger_words: list[str], cli: Callable[..., Any]
) -> None:
    actor = json.loads(cli("undo", "--dry-run", "--json").out)["actor"]
    words = [*PROGRAM, *ledger_words, "--actor", actor, "undo"]
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Undone: change ")
    assert clients(cli) == ["rivera"]
