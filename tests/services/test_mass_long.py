"""The report of a very long run: rows go to the disk, and everybody reads them as a list (§6)."""

from __future__ import annotations

import io
import json
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from offices import Answer
from practice import DAY, asked, practice

from billcli.render.json import document, pieces
from billcli.render.table import Column, plain_lines
from billcli.services.month_end import mass, rows
from billcli.services.month_end.batch import Batch, Report
from billcli.services.month_end.rows import Rows

SEVEN = [{"n": n, "text": "é\n" * n, "none": None, "list": ["a"]} for n in range(7)]
BILLS = (Column("Matter", "matter"), Column("Total", "total_cents", "money"))


@pytest.fixture
def slabs_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "SLAB", 2)


@pytest.mark.usefixtures("slabs_of_two")
def test_rows_on_the_disk_read_like_a_list() -> None:
    found = Rows(SEVEN)
    assert len(found._slabs) == 3, "the first six are away"
    assert found == SEVEN and list(found) == list(found) == SEVEN
    assert found != SEVEN[:-1] and found != [*SEVEN[:-1], {}] and found != "seven"
    assert [found[n] for n in range(-7, 7)] == SEVEN * 2
    assert (found[-2:], found[1:6:2], found[9:]) == (SEVEN[-2:], SEVEN[1:6:2], [])
    assert SEVEN[5] in found and found.chosen(lambda row: row["n"] > 4) == SEVEN[5:]
    assert (repr(found), bool(found), bool(Rows())) == (repr(SEVEN), True, False)
    with pytest.raises(IndexError):
        found[7]


@pytest.mark.usefixtures("slabs_of_two")
@pytest.mark.parametrize("length", range(8))
def test_what_came_last_is_taken_back(length: int) -> None:
    found = Rows(SEVEN)
    found.cut(length)
    assert found == SEVEN[:length]
    found.extend(SEVEN)
    assert found == [*SEVEN[:length], *SEVEN]


@pytest.mark.usefixtures("slabs_of_two")
def test_B17_where_the_disk_has_no_room_the_rows_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    full = iter([True, True, False])

    def sometimes(**words: Any) -> Any:
        if next(full):
            raise OSError(28, "No space left on device")
        return tempfile.TemporaryFile(**words)

    monkeypatch.setattr(rows, "TemporaryFile", sometimes)
    found = Rows(SEVEN)
    assert found == SEVEN and len(found._slabs) == 3


@pytest.mark.usefixtures("slabs_of_two")
def test_B17_what_the_disk_took_is_read_after_it_was_full(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Filling(io.FileIO):
        def write(self, some: Any) -> int:
            if self.tell() > 130:
                raise OSError(28, "No space left on device")
            return super().write(some[:50])

    def made(*, buffering: int = -1, **_: Any) -> Any:
        raw = Filling(tmp_path / "rows", "w+")
        return raw if buffering == 0 else io.BufferedRandom(raw)

    monkeypatch.setattr(rows, "TemporaryFile", made)
    found = Rows(SEVEN)
    assert len(found._slabs) == 1
    assert found == SEVEN


def test_memory_stays_flat_while_a_report_grows_and_is_written_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rows, "SLAB", 50)
    monkeypatch.setattr("billcli.render.table.HELD", 50)

    def peak(matters: int) -> int:
        report = Report(Batch(DAY, DAY))
        tracemalloc.start()
        for n in range(matters):
            report.billed(f"2026-{n:05}", f"D-{n}", number=f"2026-{n:05}", cents=n, rule=None)
        for _ in pieces(report.view(), 2):
            pass
        for _ in plain_lines(report.bills, BILLS, 2):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(100)
    few, many = peak(100), peak(1_000)
    assert many < 2 * few, "ten times as many rows"


@pytest.fixture
def month(tmp_path: Path) -> Path:
    return practice(tmp_path / "ledger.db", matters=5, entries=1)


@pytest.mark.usefixtures("slabs_of_two")
@pytest.mark.parametrize("kept", [3, 5])
def test_a_long_run_tells_all_and_its_kept_report_leaves_the_bills_to_their_table(
    month: Path, cli: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(mass, "KEPT", kept)
    cli("matter", "hold", "2026-005")
    told = cli("mass", "run", "--through", "2026-11", "--issue", "--json").json
    matters = [bill["matter"] for bill in told["bills"]]
    assert matters == ["2026-001", "2026-002", "2026-003", "2026-004"]
    assert [each["matter"] for each in told["skipped"]] == ["2026-005"]
    (report,) = asked(month, "SELECT report FROM run")
    whole = json.loads(report)
    assert whole == (told if kept == 5 else {k: v for k, v in told.items() if k != "bills"})
    status = cli("mass", "status", "1", "--json").json
    assert [bill["matter"] for bill in status["bills"]] == matters
    assert status["skipped"] == told["skipped"]


def test_a_document_in_pieces_is_the_same_document(monkeypatch: pytest.MonkeyPatch) -> None:
    view = {"run": 1, "rows_cents": [1, 2, 3], "rows": SEVEN, "in": {"rows": [[], [{}]]}, "e": []}
    plain = {**view, "rows": [row | {"x": {"y": [1]}} for row in SEVEN]}
    monkeypatch.setattr("billcli.render.json.ROWS", 2)
    for value in (view, plain, SEVEN, [], {}, "é", [[1], [2]]):
        shown = json.loads(document(value, 2))
        assert document(value, 2) == json.dumps(shown, indent=2, ensure_ascii=False) + "\n"
        shown = json.loads(document(value, 2, ascii_only=True))
        assert document(value, 2, ascii_only=True) == json.dumps(shown, indent=2) + "\n"


def test_a_long_table_is_the_same_table(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [{"matter": f"M-{10**n}", "total_cents": 10 ** (7 - n)} for n in range(7)]
    totals = {"matter": "Total", "total_cents": 11_111_110}
    once = list(plain_lines(found, BILLS, 2, totals=totals))
    monkeypatch.setattr("billcli.render.table.HELD", 2)
    assert list(plain_lines(found, BILLS, 2, totals=totals)) == once
    assert (once[0], len(once)) == ("Matter          Total\n", 9)
    assert once[1] == "M-1        100,000.00\n"
