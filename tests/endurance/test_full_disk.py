"""No room left: told in a sentence, the old is whole, and the same command goes on later (B22).

The disks are real, small ones: what SQLite and the operating system do is part of it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from crowd import start
from hardship import filled
from offices import Answer, new_ledger
from practice import contents, each_once, practice

from billcli.services.upkeep import soundness
from billcli.store import copies

Disk = Callable[..., Path]


def said(path: Path, line: str, beside: Path) -> Answer:
    """How a command ends; what it tells is kept elsewhere."""
    return start(path, line.split(), told_in=beside).wait()


def without_room(answer: Answer, line: str, *, code: int = 5) -> None:
    """It ended in one sentence that says what is missing."""
    assert answer.code == code, (line, answer)
    assert "Traceback" not in answer.err and "internal error" not in answer.err, line
    errors = [row for row in answer.err.splitlines() if row.startswith("error: ")]
    assert len(errors) == 1, (line, answer.err)
    assert any(words in answer.err for words in ("no room left", "No space left")), answer.err


def test_B22_hours_typed_on_a_full_disk_are_told_and_nothing_is_lost(
    small_disk: Disk, place: Callable[[Path], Path], tmp_path: Path
) -> None:
    disk = small_disk("3m")
    path = place(disk)
    lines = [
        "t 2026-001 0.1 Call",
        "expense add 2026-001 5 Copies",
        "time start 2026-003 Draft",
        "time stop --discard",
    ]
    with filled(disk):  # not even for what SQLite shares among those who read
        for line in ("client list", "status --line", lines[0]):
            without_room(said(path, line, tmp_path), line)
    before = contents_of(path)
    with filled(disk, but=48 * 1024):
        answers = [(line, said(path, line, tmp_path)) for line in lines * 3]
        for line, answer in answers:
            # A change may fit into what SQLite had got from the disk before; no other is told so.
            if answer.code not in (0, 3):
                without_room(answer, line)
        kept = sum(answer.code == 0 for _, answer in answers)
        assert kept < len(answers), "the disk wasn't full"
        for line in ("client list", "status --line", "check"):
            assert said(path, line, tmp_path).code == 0, line
    assert contents_of(path) == before + kept
    assert soundness.check(path).findings == ()
    assert said(path, lines[0], tmp_path).code == 0


def contents_of(path: Path) -> int:
    """How many changes a ledger holds."""
    return copies.contents_of(path).changes


def test_B22_pages_that_find_no_room_come_with_the_next_run(
    small_disk: Disk, tmp_path: Path
) -> None:
    disk, matters = small_disk("1m"), 6
    out = disk / "bills"
    path = practice(tmp_path / "ledger.db", matters=matters)
    run = f"mass run --through 2026-11 --issue --key 2026-11 --out {out}"
    with filled(disk, but=48 * 1024):
        answer = said(path, run, tmp_path)
        without_room(answer, run, code=answer.code)
        assert answer.code in (5, 6), answer
        for page in out.iterdir():
            assert page.suffix in (".md", ".html"), "a page that is half written has another name"
            assert page.read_bytes().rstrip().endswith(b">") or page.suffix == ".md"
        whole = {page.name: page.read_bytes() for page in out.iterdir()}
        assert soundness.check(path).findings == ()
    last = said(path, run, tmp_path)
    assert last.code == 0, last
    each_once(path, matters)
    pages = {page.name: page.read_bytes() for page in out.iterdir()}
    assert len(pages) == 2 * matters
    assert {name: pages[name] for name in whole} == whole


def test_B22_a_month_end_in_a_ledger_without_room_bills_whole_matters_or_none(
    small_disk: Disk, tmp_path: Path
) -> None:
    disk, matters = small_disk("3m"), 6
    path = practice(disk / "ledger.db", matters=matters)
    run = "mass run --through 2026-11 --issue --key 2026-11"
    with filled(disk, but=120 * 1024):
        answer = said(path, run, tmp_path)
        without_room(answer, run, code=answer.code)
        assert answer.code in (5, 6), answer
        assert soundness.check(path).findings == ()
    assert said(path, run, tmp_path).code == 0
    each_once(path, matters)


@pytest.mark.parametrize(
    "line",
    ["backup {disk}/b.db", "export json --out {disk}/l.json"],
    ids=["backup", "json"],
)
def test_B22_a_copy_that_finds_no_room_is_absent(
    line: str, small_disk: Disk, place: Callable[[Path], Path], tmp_path: Path
) -> None:
    disk, path = small_disk("2m"), place(tmp_path / "office")
    before = contents(path)
    words = line.format(disk=disk)
    with filled(disk, but=8 * 1024):
        without_room(said(path, words, tmp_path), words)
        left = [found for found in disk.rglob("*") if found.is_file() and found.name != "filler"]
        assert left == [], "half a copy looks like a whole one"
    assert contents(path) == before
    assert said(path, words, tmp_path).code == 0


def test_B22_of_tables_that_find_no_room_each_is_whole_or_absent(
    small_disk: Disk, place: Callable[[Path], Path], tmp_path: Path
) -> None:
    disk, path = small_disk("2m"), place(tmp_path / "office")
    tables = disk / "tables"
    words = f"export csv --out {tables}"
    with filled(disk, but=8 * 1024):
        without_room(said(path, words, tmp_path), words)
        early = {table.name: table.read_bytes() for table in tables.iterdir()}
    assert said(path, f"{words} --force", tmp_path).code == 0
    whole = {table.name: table.read_bytes() for table in tables.iterdir()}
    assert early.items() < whole.items()


def test_B22_a_backup_that_finds_no_room_leaves_the_one_that_is_there(
    small_disk: Disk, place: Callable[[Path], Path], tmp_path: Path
) -> None:
    disk, path = small_disk("2m"), place(tmp_path / "office")
    assert said(path, f"backup {disk}/b.db", tmp_path).code == 0
    held = (disk / "b.db").read_bytes()
    assert said(path, "t 2026-001 1 Call", tmp_path).code == 0
    with filled(disk):
        again = f"backup {disk}/b.db --force"
        without_room(said(path, again, tmp_path), again)
    assert (disk / "b.db").read_bytes() == held
    assert {found.name for found in disk.iterdir()} == {"b.db"}


def test_B22_a_restore_that_finds_no_room_leaves_the_ledger(
    small_disk: Disk, place: Callable[[Path], Path], tmp_path: Path
) -> None:
    disk = small_disk("4m")
    path = new_ledger(disk / "ledger.db")
    assert said(path, "client add a A", tmp_path).code == 0
    before = contents(path)
    backup = place(tmp_path / "office")
    with filled(disk, but=16 * 1024):
        words = f"restore {backup} --yes"
        without_room(said(path, words, tmp_path), words)
        assert contents(path) == before
        assert soundness.check(path).findings == ()
    assert said(path, words, tmp_path).code == 0
    assert soundness.check(path).findings == ()
