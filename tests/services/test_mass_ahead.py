"""A long run plans ahead and has its pages printed beside: they are the same pages (§6, B1, B9)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from practice import DAY, each_once, numbers, practice
from undurable import hurried

from billcli.core.document import BillDocument
from billcli.render import beside
from billcli.services.bill import bill_reading, bills
from billcli.services.bill.request import Request
from billcli.services.month_end import ahead, mass
from billcli.services.month_end.batch import Batch
from billcli.services.upkeep import soundness
from billcli.store.ledger import Ledger, attach

MATTERS = 70
ISSUED = Batch(DAY, DAY, issued=True)


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried(monkeypatch)
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
    """The numbers of the bills whose pages came from the other process.

    It is waited for from its first bill on, which on a run would print as long as it starts.
    """
    found: list[str] = []
    take, ask = beside.Beside.take, beside.Beside.ask

    def asked(self: beside.Beside, wanted: Sequence[beside.Asked]) -> None:
        ask(self, wanted)
        while self._child is not None and not self._ready:
            self._move(30)

    def took(self: beside.Beside, document: BillDocument, texts: str) -> Any:
        pages = take(self, document, texts)
        if pages is not None:
            found.append(str(document.number))
        return pages

    monkeypatch.setattr(beside, "PATIENCE", 30.0)
    monkeypatch.setattr(beside.Beside, "ask", asked)
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


def test_B09_a_process_that_is_gone_is_done_without(
    office: Ledger,
    prepared: bytes,
    tmp_path: Path,
    taken: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    children: list[subprocess.Popen[bytes]] = []
    started = beside._started

    def kept() -> subprocess.Popen[bytes]:
        children.append(started())
        return children[-1]

    def tick(done: int, _: int) -> None:
        if done == 50:
            children[0].kill()

    monkeypatch.setattr(beside, "_started", kept)
    report = mass.run(office, ISSUED, tick=tick)
    assert 0 < len(taken) < MATTERS
    assert children[0].returncode is not None, "it was left behind"
    check(office, report, printed_here(prepared, tmp_path))


def test_a_process_that_is_late_is_not_waited_for(
    office: Ledger,
    prepared: bytes,
    tmp_path: Path,
    taken: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is asked for less and less; what it prints too late is thrown away."""
    monkeypatch.setattr(beside, "PATIENCE", -1.0)
    move = beside.Beside._move

    def moved(self: beside.Beside, seconds: float) -> None:
        if not self._ready:
            move(self, seconds)

    monkeypatch.setattr(beside.Beside, "_move", moved)
    report = mass.run(office, ISSUED)
    assert len(taken) <= 1, "more than the one that told it was ready"
    check(office, report, printed_here(prepared, tmp_path))


@pytest.mark.parametrize("fault", ["can't be started", "ends at once", "prints nonsense"])
def test_B09_without_the_process_all_is_printed_here(
    office: Ledger,
    prepared: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    real = subprocess.Popen

    def popen(words: list[str], **more: Any) -> subprocess.Popen[bytes]:
        if fault == "can't be started":
            raise OSError(11, "Resource temporarily unavailable")
        code = "print('x' * 100000)" if fault == "prints nonsense" else "pass"
        return real([words[0], "-c", code], **more)

    monkeypatch.setattr(subprocess, "Popen", popen)
    report = mass.run(office, ISSUED)
    monkeypatch.undo()
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
