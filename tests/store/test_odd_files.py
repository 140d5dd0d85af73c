"""A file that is no ledger, or can't be used, is told in one sentence and its own exit code."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from offices import Answer

Cli = Callable[..., Answer]
COMMANDS = (("client", "list"), ("client", "add", "a", "A"), ("check",), ("log",), ("migrate",))


def told(answer: Answer) -> str:
    """The sentence of a failure of the ledger: one line, perhaps a hint, nothing else."""
    assert answer.code == 5, answer
    assert answer.out == ""
    lines = answer.err.splitlines()
    assert lines[0].startswith("error: ")
    assert lines[0].endswith(".")
    assert len(lines) <= 2
    return lines[0]


@pytest.mark.parametrize("words", COMMANDS)
def test_no_ledger(cli: Cli, tmp_path: Path, words: tuple[str, ...]) -> None:
    assert "There is no ledger at" in told(cli(*words, ledger=tmp_path / "none.db"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize("content", [b"", b"just text", b"SQLite format 3\0" + b"\0" * 2000])
def test_not_a_ledger(cli: Cli, tmp_path: Path, words: tuple[str, ...], content: bytes) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(content)
    told(cli(*words, ledger=path))
    assert path.read_bytes() == content


@pytest.mark.parametrize("words", COMMANDS)
def test_a_database_of_another_program(cli: Cli, tmp_path: Path, words: tuple[str, ...]) -> None:
    path = tmp_path / "other.db"
    shell = sqlite3.connect(path)
    shell.execute("CREATE TABLE client (id)")
    shell.close()
    before = path.read_bytes()
    assert "is not a billcli ledger" in told(cli(*words, ledger=path))
    assert path.read_bytes() == before


@pytest.mark.parametrize("words", COMMANDS)
def test_a_folder(cli: Cli, tmp_path: Path, words: tuple[str, ...]) -> None:
    told(cli(*words, ledger=tmp_path))


def test_a_ledger_cut_short(cli: Cli, office: Path) -> None:
    shell = sqlite3.connect(office)
    shell.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shell.close()
    office.write_bytes(office.read_bytes()[:20_000])
    for words in (("client", "list"), ("bill", "list"), ("log",)):
        answer = cli(*words)
        assert answer.code == 5, (words, answer)
        assert "Traceback" not in answer.err
    assert cli("check").code in (5, 7)


def test_B21_a_ledger_that_can_not_be_written(cli: Cli, office: Path) -> None:
    if os.name != "posix" or os.geteuid() == 0:
        pytest.skip("root may write any file")
    office.chmod(0o400)
    assert cli("client", "list").code == 0
    assert "can't be written" in told(cli("client", "add", "a", "A"))


def test_B21_a_ledger_without_write_ahead_log_works_too(cli: Cli, office: Path) -> None:
    """Some network folders can't share memory; SQLite then keeps to its older journal."""
    shell = sqlite3.connect(office)
    assert shell.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    shell.close()
    assert cli("client", "add", "a", "A").code == 0
    assert cli("check").code == 0
    assert cli("backup", office.with_name("b.db")).code == 0
