"""The question that a trigger asks, in the real program: on a terminal and without one."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
from terminal import PROGRAM, on_a_terminal, pexpect

QUESTION = 'Create the charge "Packet [b]sent[/b]" for 1,500.00? [Y/n] '


@pytest.fixture
def matter(ledger_path: Path, cli: Callable[..., Any]) -> list[str]:
    """A matter with one armed task; the words before a command on its ledger."""
    for words in (
        ("client", "add", "rivera", "Ana Rivera"),
        ("matter", "add", "2026-001", "Petition", "--client", "rivera"),
        (
            *("task", "add", "2026-001", "Submit", "--trigger", "1500"),
            *("--charge-description", "Packet [b]sent[/b]"),
        ),
    ):
        assert cli(*words).code == 0
    return ["--ledger", str(ledger_path), "--today", "2026-11-30"]


def trigger(cli: Callable[..., Any]) -> tuple[str, str, str | None]:
    """State of the task, state of its trigger, its charge."""
    task = json.loads(cli("task", "show", "2026-001", "1", "--json").out)
    return task["state"], task["trigger"]["state"], task["trigger"]["charge"]


def rows(path: Path) -> list[str]:
    """Everything that the ledger holds."""
    shell = sqlite3.connect(path)
    try:
        return list(shell.iterdump())
    finally:
        shell.close()


@pytest.mark.parametrize(
    ("answer", "state", "charge"),
    [
        ("y", "charged", "C-1"),
        ("", "charged", "C-1"),
        ("n", "declined", None),
    ],
)
def test_B23_the_trigger_is_asked_and_takes_the_answer(
    matter: list[str], cli: Callable[..., Any], answer: str, state: str, charge: str | None
) -> None:
    # --yes must not answer for a trigger: the question comes all the same.
    child = on_a_terminal([*matter, "--yes", "task", "done", "2026-001", "1"])
    child.expect_exact(QUESTION)
    child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert trigger(cli) == ("done", state, charge)


@pytest.mark.parametrize("leave", ["\x03", "\x04"])
def test_B23_leaving_at_the_question_changes_nothing_at_all(
    matter: list[str], cli: Callable[..., Any], ledger_path: Path, leave: str
) -> None:
    before = rows(ledger_path)
    child = on_a_terminal([*matter, "task", "done", "2026-001", "1"])
    child.expect_exact(QUESTION)
    child.send(leave)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert trigger(cli) == ("open", "planned", None)
    assert rows(ledger_path) == before


@pytest.mark.parametrize("stdin", ["closed", "null", "pipe"])
def test_B23_without_a_terminal_the_trigger_waits(
    matter: list[str], cli: Callable[..., Any], stdin: str
) -> None:
    words = [*PROGRAM, *matter, "--yes", "task", "done", "2026-001", "1"]
    given: int | IO[bytes] | None = {
        "closed": None,
        "null": subprocess.DEVNULL,
        "pipe": subprocess.PIPE,
    }[stdin]
    if stdin == "closed":
        words = ["sh", "-c", 'exec "$@" <&-', "sh", *words]
    with subprocess.Popen(words, stdin=given, stdout=subprocess.PIPE, text=True) as child:
        # The pipe stays open while it runs: a program that reads would hang here.
        assert child.stdout is not None
        said = child.stdout.read()
        assert child.wait(30) == 0
    assert "Its trigger waits" in said
    assert trigger(cli) == ("done", "ready", None)


def test_B23_no_input_on_a_terminal_leaves_the_trigger_waiting(
    matter: list[str], cli: Callable[..., Any]
) -> None:
    child = on_a_terminal([*matter, "--no-input", "task", "done", "2026-001", "1"])
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert trigger(cli) == ("done", "ready", None)
