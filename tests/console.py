"""Plays the console blocks of a Markdown file: `$ billcli …`, its exact output, `[exit 3]`.

A fenced block whose first line is ```` ```toml firm.toml ```` is written to that file. Beside
billcli a block may say `cat FILE`, `ls [DIR]`, `rm FILE` and `sqlite3 FILE SQL`, and a command
may have `NAME=value` before it. After `console` a fence may name the day on which its commands
are typed, and `unseen` for commands that must succeed and whose outputs nobody needs. A remark
stands behind two spaces and a `#`.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

import pytest

TODAY, ACTOR = "2026-11-30", "nadia"
# The hour in which the test ran, the size of a file, how much is proved; the rest is compared.
REMARK = re.compile(r" {2,}#.*$", re.MULTILINE)
CLOCK = re.compile(r"\b20\d\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?")
BYTES = re.compile(r"\b\d+ bytes\b")
PROOFS = re.compile(r"\b\d+ proofs\b")
STAMP = re.compile(r"\b20\d{6}T?-?\d{6}(\.?\d+)?Z?\b")


@dataclass
class Play:
    """A file as it was played: its text with the outputs there really were, its failures."""

    text: str = ""
    # (heading, command, exit code, error code or "")
    ran: list[tuple[str, str, int, str]] = field(default_factory=list)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with the ledger's place, the day and the actor set."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name, value in {
        "BILLCLI_LEDGER": "ledger.db",
        "BILLCLI_TODAY": TODAY,
        "BILLCLI_ACTOR": ACTOR,
        "NO_COLOR": "1",
        "COLUMNS": "100",
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",
    }.items():
        monkeypatch.setenv(name, value)
    return folder


def played(text: str, *, as_process: bool = False) -> Play:
    """Run the blocks of a file in the working folder."""
    play = Play()
    lines = iter(text.splitlines())
    told: list[str] = []
    heading = ""
    for line in lines:
        told.append(line)
        if line.startswith("#"):
            heading = line.lstrip("# ").strip("`")
        fence = re.fullmatch(r"```(\w+)(?: (\S+))?(?: (unseen))?", line)
        if fence is None:
            continue
        body = list(block(lines))
        if fence[1] == "console":
            notes = (fence[2], fence[3])
            day = fence[2] if fence[2] != "unseen" else None
            for command in commands(body):
                with surroundings({"BILLCLI_TODAY": day} if day else {}):
                    output, code, why = answer(command, as_process=as_process)
                play.ran.append((heading, command[2:], code, why))
                told += command.split("\n")
                if "unseen" not in notes:
                    told += output
                elif code:
                    pytest.fail("\n".join((command, *output)), pytrace=False)
        else:
            if fence[2]:
                Path(fence[2]).parent.mkdir(exist_ok=True)
                Path(fence[2]).write_text("\n".join(body) + "\n", "utf-8")
            told += body
        told.append("```")
    play.text = "\n".join(told) + "\n"
    return play


def block(lines: Iterator[str]) -> Iterator[str]:
    """The lines up to the closing fence."""
    for line in lines:
        if line == "```":
            return
        yield line
    raise AssertionError("A block is not closed.")


def commands(body: list[str]) -> list[str]:
    """The `$ …` lines of a block, each with the lines it goes on in."""
    found: list[str] = []
    goes_on = False
    for line in body:
        if goes_on:
            found[-1] += "\n" + line
        elif line.startswith("$ "):
            found.append(line)
        goes_on = bool(found) and found[-1].endswith("\\") and (goes_on or line.startswith("$ "))
    return found


def answer(command: str, *, as_process: bool) -> tuple[list[str], int, str]:
    """What a command prints, with its exit marker; its exit code; the code of its error."""
    words = shlex.split(REMARK.sub("", command[2:]).replace("\\\n", " "))
    given: dict[str, str] = {}
    while "=" in words[0]:
        name, _, given[name] = words.pop(0).partition("=")
    with surroundings(given):
        if words[0] == "billcli":
            output, code, why = (in_a_process if as_process else in_here)(words[1:])
        else:
            output, code, why = BUILT_IN[words[0]](*words[1:]), 0, ""
    output = STAMP.sub("20261130-120000", CLOCK.sub("2026-11-30 12:00:00", output))
    output = PROOFS.sub("14 proofs", BYTES.sub("300000 bytes", output))
    output = output.replace(f"{Path.cwd()}{os.sep}", "").replace(str(Path.cwd()), "/desk")
    lines = output.splitlines()
    if code:
        lines.append(f"[exit {code}]")
    return lines, code, why


def in_here(words: list[str]) -> tuple[str, int, str]:
    """Run the command line in this process."""
    from billcli.cli import _errors, main

    codes: list[str] = []
    report = _errors._report

    def noted(exit_code: int, problem: object, *, as_json: bool) -> int:
        codes.append(str(getattr(problem, "code", "")))
        return report(exit_code, problem, as_json=as_json)  # type: ignore[arg-type]

    sink = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)
    stdin, sys.stdin = sys.stdin, io.StringIO("")
    _errors._report = noted
    try:
        with redirect_stdout(sink), redirect_stderr(sink):
            code = main(words)
    finally:
        sys.stdin, _errors._report = stdin, report
    return sink.buffer.getvalue().decode("utf-8"), code, "".join(codes)  # type: ignore[attr-defined]


def in_a_process(words: list[str]) -> tuple[str, int, str]:
    """Run the command line as a shell would."""
    done = subprocess.run(
        [sys.executable, "-m", "billcli", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    return done.stdout.decode("utf-8"), done.returncode, ""


def _cat(name: str) -> str:
    return Path(name).read_text("utf-8")


def _ls(name: str = ".") -> str:
    return "".join(f"{path.name}\n" for path in sorted(Path(name).iterdir()))


def _rm(name: str) -> str:
    Path(name).unlink()
    return ""


def _sqlite3(name: str, sql: str) -> str:
    shell = sqlite3.connect(name)
    try:
        with closing(shell):
            rows = shell.executescript(sql) if ";" in sql else shell.execute(sql)
            told = "".join(f"{'|'.join(map(str, row))}\n" for row in rows)
            shell.commit()
            return told
    except sqlite3.Error as error:
        return f"{error}\n"


BUILT_IN = {"cat": _cat, "ls": _ls, "rm": _rm, "sqlite3": _sqlite3}


@contextmanager
def surroundings(given: dict[str, str]) -> Iterator[None]:
    """The environment with these values, for one command."""
    before = dict(os.environ)
    os.environ.update(given)
    try:
        yield
    finally:
        for name in given:
            if name in before:
                os.environ[name] = before[name]
            else:
                os.environ.pop(name, None)


def hold(path: Path, *, update: bool, as_process: bool = False) -> Play:
    """Play a file; what it prints is what stands there, or is written there when updating."""
    text = path.read_text("utf-8")
    play = played(text, as_process=as_process)
    if faults := [command for _, command, code, _ in play.ran if code == 1]:
        pytest.fail(f"ended in a fault: {'; '.join(faults)}", pytrace=False)
    if update and play.text != text:
        path.write_text(play.text, "utf-8")
    elif not update and play.text != text:
        told = unified_diff(text.splitlines(), play.text.splitlines(), path.name, "now", n=2)
        pytest.fail("\n".join(["(--update-scenarios writes what is now)", *told]), pytrace=False)
    return play
