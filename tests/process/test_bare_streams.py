"""Without a terminal, as cron, a pipe and a closed stream have it: it ends by itself (B23, B31)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from offices import TODAY, furnished_ledger
from practice import asked, practice
from test_every_command import COMMANDS, GOOD, OUTSIDE, SHEETS, SLOW, faults, lines_of

from billcli.cli import main
from billcli.services.upkeep import soundness

# What is asked for is a report, a page or a file; nobody is asked anything.
PROOFS = {"trust reconcile": 7, "ledes check": 7}


@dataclass
class Ended:
    """How a command ended in a process of its own, and how long it took."""

    code: int
    out: str
    err: str
    took: float


def closed() -> None:
    """As `<&-` has it."""
    os.close(0)
    sys.stdin = None  # type: ignore[assignment]


def empty() -> None:
    """As `</dev/null` has it."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)


def a_pipe() -> None:
    """A pipe that nobody writes to, and nobody will."""
    reading, _ = os.pipe()
    os.dup2(reading, 0)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)


STREAMS: dict[str, Callable[[], None]] = {"closed": closed, "empty": empty, "pipe": a_pipe}


def ended(folder: Path, line: list[str], stdin: Callable[[], None], *, late: float = 20) -> Ended:
    """Run it in a forked process with that stdin; it is told off when it takes too long."""
    head = ["--ledger", str(folder / "ledger.db"), "--today", TODAY, "--actor", "cron"]
    told = [folder / "out", folder / "err"]
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            for stream, file in zip((1, 2), told, strict=True):
                os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
            sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            stdin()
            code = main([*head, *line])
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() - began > late:
            os.kill(pid, 9)
            break
        time.sleep(0.002)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return Ended(code, *(file.read_text("utf-8") for file in told), time.monotonic() - began)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a row of every kind."""
    return furnished_ledger(tmp_path_factory.mktemp("office") / "ledger.db")


def test_B23_every_command_ends_by_itself_whatever_stdin_is(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, torture: bool
) -> None:
    """It does what it does without an answer, or names the option that gives it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    wrong = []
    for number, words in enumerate(COMMANDS):
        if words in SLOW and not torture:
            continue
        (_, line), *_ = lines_of(words)
        for turn, (name, stream) in enumerate(STREAMS.items()):
            if not torture and (number % 9 or turn != number // 9 % 3):
                continue
            shutil.copy(office, tmp_path / "ledger.db")
            if words in SHEETS:
                (tmp_path / GOOD["FILE"]).write_text(SHEETS[words], "utf-8")
            answer = ended(tmp_path, line, stream)
            found = faults(answer.code, answer.out, answer.err, proof=PROOFS.get(words, 0))
            if "An answer is needed" in answer.err and "hint: Give it with --" not in answer.err:
                found.append("no option is named")
            if found:
                wrong.append(f"{words}, {name}: {', '.join(found)}: {answer.err[-300:]!r}")
            for old in tmp_path.glob("ledger.db*"):
                old.unlink()
    assert OUTSIDE and wrong == []


ASKING = (
    ("time add 2026-001 15 Long", "--yes"),
    ("restore {backup}", "--yes"),
    ("undo --change 3", "--yes"),
    ("init", None),
    ("firm import {firm}", None),
)


@pytest.mark.parametrize("stream", STREAMS)
def test_B23_a_question_that_nobody_can_answer_changes_nothing(
    stream: str, office: Path, tmp_path: Path
) -> None:
    shutil.copy(office, tmp_path / "ledger.db")
    shutil.copy(office, tmp_path / "backup.db")
    before = (tmp_path / "ledger.db").read_bytes()
    names = {"backup": tmp_path / "backup.db", "firm": tmp_path / "none.toml"}
    for line, option in ASKING:
        answer = ended(tmp_path, line.format(**names).split(), STREAMS[stream])
        assert answer.code in (2, 3, 5), (line, answer)
        if option and "An answer is needed" in answer.err:
            assert f"Give it with {option}" in answer.err, (line, answer)
    assert (tmp_path / "ledger.db").read_bytes() == before
    assert ended(tmp_path, ASKING[0][0].split(), STREAMS[stream]).code == 2


# processes of their own -------------------------------------------------------------------------


def shell(command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """What sh makes of it, with nothing in the environment but that."""
    bare = {"PATH": "/usr/bin:/bin"} | more
    words = ["/bin/sh", "-c", command]
    return subprocess.run(words, capture_output=True, text=True, env=bare, check=False, timeout=60)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger whose lists don't fit into a pipe."""
    from billcli.services.work import time as work
    from billcli.store.ledger import attach

    path = practice(tmp_path_factory.mktemp("long") / "ledger.db", matters=1)
    ledger = attach(path, today=TODAY, actor="t", command="t")
    with ledger.write():
        for n in range(50):
            work.add(ledger, "2026-001", 1000, f"{n} " + "Read on. " * 300, timekeeper="ma")
    ledger.close()
    return path


@pytest.mark.parametrize(
    "line",
    ["time list --csv", "export json", "report productivity --csv"],
)
def test_B31_a_list_whose_reader_left_ends_quietly(line: str, long: Path) -> None:
    program = f"{sys.executable} -m billcli --ledger {long} --today {TODAY} {line}"
    done = shell(f"{{ {program}; echo $? >&2; }} | head -1")
    assert len(done.stdout.splitlines()) == 1, done
    assert done.stderr == "0\n", done


def test_B31_what_goes_into_a_pipe_is_whole(long: Path) -> None:
    program = f"{sys.executable} -m billcli --ledger {long} --today {TODAY}"
    done = shell(f"{program} time list --json | cat", COLUMNS="20", FORCE_COLOR="", TERM="xterm")
    assert len(json.loads(done.stdout)) == 52
    assert "\x1b" not in done.stdout and done.stderr == ""


def test_B23_cron_s_bare_environment_is_enough(tmp_path: Path) -> None:
    """No HOME, no TZ, no locale, no terminal, streams closed: a month end as cron starts it."""
    path = practice(tmp_path / "ledger.db", matters=2)
    program = f"cd / && {sys.executable} -m billcli --ledger {path} --today {TODAY}"
    run = f"{program} mass run --through 2026-11 --issue --key 2026-11 --out {tmp_path}/bills"
    done = shell(f"{run} <&-", LANG="C")
    assert (done.returncode, done.stderr) == (0, ""), done
    assert len(list((tmp_path / "bills").iterdir())) == 4
    typed = shell(f"{program} t 2026-001 1 'Größe' <&- >&- 2>&-", LC_ALL="C")
    assert typed.returncode == 0
    assert soundness.check(path).findings == ()
    assert "Größe" in asked(path, "SELECT description FROM time_entry")
    nowhere = shell(f"cd / && {sys.executable} -m billcli client list </dev/null")
    assert nowhere.returncode in (2, 5), nowhere
    assert nowhere.stderr.startswith("error: ") and "Traceback" not in nowhere.stderr
