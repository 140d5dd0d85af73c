"""A long run plans ahead and has its pages printed beside: they are the same pages (§6, B1, B9)."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from practice import DAY, each_once, numbers, practice

from billcli.core.document import BillDocument
from billcli.deliver import files
from billcli.services.bill import beside, bill_reading, bills, pressroom
from billcli.services.bill.pressroom import Printed
from billcli.services.bill.request import Request
from billcli.services.month_end import ahead, mass
from billcli.services.month_end.batch import Batch
from billcli.services.upkeep import soundness
from billcli.store.ledger import Ledger, attach

MATTERS = 70
ISSUED = Batch(DAY, DAY, issued=True)


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_cores", lambda: 2)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = practice(tmp_path_factory.mktemp("month") / "ledger.db", matters=MATTERS, entries=2)
    return path.read_bytes()


@pytest.fixture
def office(prepared: bytes, tmp_path: Path, make_ledger: Callable[..., Ledger]) -> Ledger:
    path = tmp_path / "ledger.db"
    path.write_bytes(prepared)
    return make_ledger(path)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The numbers of the bills that came from the other process."""
    found: list[str] = []
    take = beside.Beside.take

    def took(self: beside.Beside, paper: BillDocument, texts: str) -> Printed | None:
        made = take(self, paper, texts)
        if made is not None:
            found.append(made.heading.number)
        return made

    monkeypatch.setattr(beside.Beside, "take", took)
    return found


def pages(ledger: Ledger) -> Iterator[tuple[str, bytes, bytes]]:
    for bill in bill_reading.list_(ledger):
        both = (bill_reading.render(ledger, bill["number"], form=form) for form in ("md", "html"))
        yield (bill["matter"], *both)


def printed_here(prepared: bytes, folder: Path) -> list[tuple[str, bytes, bytes]]:
    """The pages of the same month where no other process prints."""
    path = folder / "here" / "ledger.db"
    path.parent.mkdir()
    path.write_bytes(prepared)
    ledger = attach(path, today=DAY.isoformat(), actor="t", command="t")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ahead, "ENOUGH", MATTERS + 1)
        mass.run(ledger, ISSUED)
    found = list(pages(ledger))
    ledger.close()
    return found


def noted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that are started."""
    children: list[int] = []
    forked = beside.forked

    def kept() -> tuple[int, int, int]:
        child = forked()
        children.append(child[0])
        return child

    monkeypatch.setattr(beside, "forked", kept)
    return children


def check(ledger: Ledger, report: dict[str, Any], wanted: list[tuple[str, bytes, bytes]]) -> None:
    assert (report["failed"], len(report["bills"])) == ([], MATTERS)
    assert list(pages(ledger)) == wanted
    each_once(ledger.path, MATTERS)
    assert soundness.check(ledger.path).findings == ()


def test_a_long_run_prints_beside_what_it_would_print_itself(
    office: Ledger, prepared: bytes, tmp_path: Path, taken: list[str]
) -> None:
    report = mass.run(office, ISSUED)
    check(office, report, printed_here(prepared, tmp_path))
    assert len(taken) > MATTERS / 2


def test_the_files_of_a_long_run_are_written_beside_too(office: Ledger, taken: list[str]) -> None:
    """Complete, for their owner alone, and no temporary one is left."""
    out = office.path.parent / "bills"
    report = mass.run(office, replace(ISSUED, out=out, forms=("html",)))
    assert (report["failed"], len(taken) > MATTERS / 2) == ([], True)
    kept = {f"{bill['number']}.html": bill["number"] for bill in bill_reading.list_(office)}
    assert {path.name for path in out.iterdir()} == set(kept)
    for name, number in kept.items():
        assert (out / name).read_bytes() == bill_reading.render(office, number, form="html")
        assert (out / name).stat().st_mode & 0o777 == 0o600


def test_B09_files_that_could_not_be_written_there_are_written_here(
    office: Ledger, taken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, begin = os.getpid(), files.begin

    def begun(path: Path, content: bytes) -> files.Part:
        if os.getpid() != here:
            raise OSError(28, "No space left on device")
        return begin(path, content)

    monkeypatch.setattr(files, "begin", begun)
    out = office.path.parent / "bills"
    assert mass.run(office, replace(ISSUED, out=out))["failed"] == []
    assert len(taken) > MATTERS / 2
    assert len(list(out.iterdir())) == 2 * MATTERS
    assert all(path.stat().st_size > 500 for path in out.iterdir())


def test_B09_a_process_that_is_gone_is_done_without(
    office: Ledger,
    prepared: bytes,
    tmp_path: Path,
    taken: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    children = noted(monkeypatch)

    def tick(done: int, _: int) -> None:
        if done == 50:
            os.kill(children[0], signal.SIGKILL)

    report = mass.run(office, ISSUED, tick=tick)
    assert 0 < len(taken) < MATTERS
    with pytest.raises(ProcessLookupError):
        os.kill(children[0], 0)
    check(office, report, printed_here(prepared, tmp_path))


def test_B09_a_process_that_stopped_is_not_waited_for_long(
    office: Ledger,
    prepared: bytes,
    tmp_path: Path,
    taken: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(beside, "PATIENCE_MS", 300)
    children = noted(monkeypatch)

    def tick(done: int, _: int) -> None:
        if done == 50:
            os.kill(children[0], signal.SIGSTOP)

    report = mass.run(office, ISSUED, tick=tick)
    assert len(taken) < MATTERS
    check(office, report, printed_here(prepared, tmp_path))


def test_of_a_group_after_one_that_was_waited_for_less_is_asked(
    office: Ledger, monkeypatch: pytest.MonkeyPatch, taken: list[str]
) -> None:
    wait = beside.Beside._wait_for

    def waited(self: beside.Beside, number: str) -> None:
        wait(self, number)
        self._late = True

    monkeypatch.setattr(beside.Beside, "_wait_for", waited)
    mass.run(office, ISSUED)
    first = ahead.GROUP
    here = [n for n in range(1, MATTERS + 1) if f"2026-{n:04}" not in taken]
    assert here == [2 * first + 1], "the first of the third group, which was asked for after turns"


@pytest.mark.parametrize("fault", ["can't be started", "ends at once", "prints nonsense", "fails"])
def test_B09_without_the_process_all_is_printed_here(
    office: Ledger,
    prepared: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    taken: list[str],
    fault: str,
) -> None:
    def fork() -> int:
        raise OSError(11, "Resource temporarily unavailable")

    def work(_: BinaryIO, answers: BinaryIO) -> None:
        if fault == "prints nonsense":
            answers.write(b"x" * 100_000)

    with monkeypatch.context() as patch:
        if fault == "can't be started":
            patch.setattr(os, "fork", fork)
        elif fault == "fails":
            patch.setattr(pressroom, "_printed", lambda order: None)
        else:
            patch.setattr(pressroom, "work", work)
        report = mass.run(office, ISSUED)
    assert taken == []
    check(office, report, printed_here(prepared, tmp_path))


def test_B04_what_was_guessed_wrong_is_printed_anew(
    office: Ledger, taken: list[str], make_ledger: Callable[..., Ledger]
) -> None:
    """Another program bills a matter in the midst of the run, before its turn."""
    other = make_ledger(office.path)
    before = numbers(MATTERS)[60]

    def tick(done: int, _: int) -> None:
        if done == 30:
            bills.create(other, before, Request(DAY, DAY), issued=True)

    report = mass.run(office, ISSUED, tick=tick)
    assert report["failed"] == []
    assert len(report["bills"]) == MATTERS - 1
    each_once(office.path, MATTERS)
    for bill in bill_reading.list_(office):
        for form in ("md", "html"):
            page = bill_reading.render(office, bill["number"], form=form).decode()
            assert bill["number"] in page
            assert f"Matter {bill['matter']}" in page
    assert 0 < len(taken) < MATTERS
    assert soundness.check(office.path).findings == ()
