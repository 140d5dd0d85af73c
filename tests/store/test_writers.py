"""One writer at a time, nothing lost, nothing half done (B21, B22)."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from crashing import apart, writing
from forging import failing
from offices import TODAY, Answer

from billcli.errors import BillError, LedgerProblem, Refused
from billcli.store.ledger import Ledger, attach
from billcli.store.models import ClientRow

Cli = Callable[..., Answer]


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Somebody else's change, begun and not ended."""
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        writer.execute("ROLLBACK")
        writer.close()


def add_clients(path: Path, who: int, n: int) -> None:
    from billcli.services.office import clients

    ledger = attach(path, today=TODAY, actor=f"writer {who}", command="client add")
    for count in range(n):
        clients.add(ledger, f"c-{who}-{count}", f"Client {count} of {who}")
    ledger.close()


def count(path: Path) -> int:
    shell = sqlite3.connect(path)
    try:
        return int(shell.execute("SELECT count(*) FROM client").fetchone()[0])
    finally:
        shell.close()


# waiting ---------------------------------------------------------------------------------------


def test_B21_a_held_lock_is_waited_for_then_told_in_a_sentence(
    ledger_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILLCLI_BUSY_TIMEOUT", "1")
    with held(ledger_path):
        started = time.monotonic()
        answer = cli("client", "add", "a", "A")
        waited = time.monotonic() - started
    assert answer.code == 5
    assert "is in use by another command" in answer.err
    assert "BILLCLI_BUSY_TIMEOUT" in answer.err
    assert "Traceback" not in answer.err
    assert 0.9 < waited < 5
    assert cli("client", "add", "a", "A").code == 0


def test_B21_the_error_has_its_code(
    ledger_path: Path, make_ledger: Callable[..., Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILLCLI_BUSY_TIMEOUT", "0")
    ledger = make_ledger(ledger_path)
    with held(ledger_path), pytest.raises(LedgerProblem) as said, ledger.write():
        pytest.fail("it did not wait")
    assert said.value.code == "ledger.busy"
    with ledger.write():  # and the ledger is usable again
        ledger.record("x")


def test_B21_readers_are_never_blocked(
    office: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILLCLI_BUSY_TIMEOUT", "0")
    with held(office):
        for words in (["client", "list"], ["log"], ["check"], ["bill", "list"]):
            assert cli(*words).code == 0, words


def test_B21_a_reader_of_an_older_moment_can_still_write(
    ledger_path: Path, make_ledger: Callable[..., Ledger]
) -> None:
    """What was read before is let go first, so a change by others is no conflict."""
    ledger = make_ledger(ledger_path)
    assert ledger.session.get(ClientRow, "a") is None  # holds a moment
    apart_from_it = make_ledger(ledger_path)
    with apart_from_it.write():
        apart_from_it.add(ClientRow, id="a", name="A")
    with ledger.write() as session:
        assert session.get(ClientRow, "a") is not None
        ledger.add(ClientRow, id="b", name="B")
    assert count(ledger_path) == 2


def test_a_wait_that_is_no_number_is_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from billcli.store.wait import busy_wait

    for text, seconds in (("", 10), ("soon", 10), ("-1", 10), ("2.9", 2), ("0", 0), ("1e9", 10)):
        monkeypatch.setenv("BILLCLI_BUSY_TIMEOUT", text)
        assert busy_wait() == seconds
    monkeypatch.setenv("BILLCLI_BUSY_TIMEOUT", "9" * 30)
    assert busy_wait() == 3600


# all or nothing --------------------------------------------------------------------------------


class Oops(Exception):
    """Something that went wrong."""


@pytest.mark.parametrize("failure", [Oops, KeyboardInterrupt, SystemExit, BillError])
def test_what_fails_leaves_nothing(ledger: Ledger, failure: type[BaseException]) -> None:
    problem = failure("x", "X.") if failure is BillError else failure()
    with pytest.raises(failure), ledger.write():
        ledger.add(ClientRow, id="a", name="A")
        ledger.record("client a")
        raise problem
    assert count(ledger.path) == 0
    with ledger.write():
        ledger.add(ClientRow, id="b", name="B")
        ledger.record("client b")
    assert count(ledger.path) == 1
    assert failing(ledger.path) == {}


def test_a_change_within_a_change_is_one_change(ledger: Ledger) -> None:
    with ledger.write():
        ledger.add(ClientRow, id="a", name="A")
        with ledger.write():
            ledger.add(ClientRow, id="b", name="B")
        assert count(ledger.path) == 0  # the inner end commits nothing
    assert count(ledger.path) == 2


def test_a_part_that_fails_can_not_be_passed_over(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError, match="none of it can be kept"), ledger.write():
        ledger.add(ClientRow, id="a", name="A")
        try:
            with ledger.write():
                ledger.add(ClientRow, id="b", name="B")
                raise Oops
        except Oops:
            pass
    assert count(ledger.path) == 0
    with ledger.write():
        ledger.add(ClientRow, id="c", name="C")
    assert count(ledger.path) == 1


def test_a_guard_speaks_in_a_sentence(office: Path, make_ledger: Callable[..., Ledger]) -> None:
    ledger = make_ledger(office)
    sentence = r"^The ledger refuses: a bill can not be changed\.$"
    with pytest.raises(Refused, match=sentence) as said, ledger.write() as session:
        session.connection().exec_driver_sql("UPDATE bill SET seq = 1")
    assert said.value.code == "ledger.guarded"


# many at once ----------------------------------------------------------------------------------


def test_B22_every_parallel_add_is_kept(ledger_path: Path) -> None:
    children = [apart(lambda who=who: add_clients(ledger_path, who, 20)) for who in range(8)]
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert ends == [0] * 8
    assert count(ledger_path) == 160
    assert failing(ledger_path) == {}


def test_B22_killed_at_any_moment_each_add_is_whole_or_absent(ledger_path: Path) -> None:
    chance = random.Random(22)
    for round_ in range(10):
        with writing(1, lambda _, r=round_: add_clients(ledger_path, r, 10_000)):
            before = count(ledger_path)
            deadline = time.monotonic() + 20
            while count(ledger_path) == before:  # until it is in the middle of its work
                assert time.monotonic() < deadline
                time.sleep(0.002)
            time.sleep(chance.random() * 0.03)
        shell = sqlite3.connect(ledger_path)
        logged = shell.execute("SELECT count(*) FROM audit WHERE object LIKE 'client %'")
        assert logged.fetchone()[0] == count(ledger_path) > before
        shell.close()
    assert failing(ledger_path) == {}


# no room ---------------------------------------------------------------------------------------


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with room for a ledger and little more."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_B22_a_full_disk_is_told_and_the_old_data_is_intact(tiny_disk: Path, cli: Cli) -> None:
    from offices import new_ledger

    path = new_ledger(tiny_disk / "ledger.db")
    assert cli("client", "add", "a", "A", ledger=path).code == 0
    filler = tiny_disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    answers = [cli("client", "add", f"c-{n}", "x" * 150, ledger=path) for n in range(60)]
    refused = [answer for answer in answers if answer.code != 0]
    assert refused, "the disk wasn't full"
    for answer in refused:
        assert answer.code == 5
        assert "no room left" in answer.err
        assert "Traceback" not in answer.err
    filler.unlink()
    assert count(path) == 1 + len(answers) - len(refused)
    assert failing(path) == {}
    assert cli("client", "add", "z", "Z", ledger=path).code == 0
