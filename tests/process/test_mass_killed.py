"""A run that is killed at any instant is finished by the same command (B1, B4, B9, B22)."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from crowd import Child, start
from practice import asked, billed, contents, each_once, practice

from billcli.services.month_end import ahead
from billcli.services.upkeep import soundness

KEY = ["--key", "2026-11"]


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    # Even a short run plans ahead and prints beside, as a long one does.
    monkeypatch.setattr(ahead, "ENOUGH", 2)
    monkeypatch.setattr(ahead, "_cores", lambda: 2)


def wait_for(path: Path, bills: int, child: Child) -> None:
    """Until so many bills are there, or half a minute went by."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as shell:
        late = time.monotonic() + 30
        while time.monotonic() < late and not child.ended:
            if shell.execute("SELECT count(*) FROM bill").fetchone()[0] >= bills:
                return
            time.sleep(0.0005)


def check_pages(folder: Path, path: Path) -> None:
    """What is in the folder under its own name is complete, to the byte."""
    kept = asked(
        path,
        "SELECT b.number || '.' || d.format, d.content FROM bill_document AS d "
        "JOIN bill AS b ON b.id = d.bill_id",
    )
    pages = dict(kept)
    for page in folder.iterdir():
        if page.suffix != ".tmp":
            assert page.read_bytes() == pages[page.name], page.name


def test_B01_a_killed_run_is_finished_by_the_same_command(tmp_path: Path, torture: bool) -> None:
    kills, matters = (50, 300) if torture else (6, 36)
    path = practice(tmp_path / "ledger.db", matters=matters)
    out = tmp_path / "bills"
    run = ["mass", "run", "--through", "2026-11", "--issue", "--out", out, "--json", *KEY]
    chance, killed = random.Random(20261130), 0
    for _ in range(kills):
        before = len(billed(path))
        child = start(path, run)
        wait_for(path, before + chance.randint(0, matters // kills), child)
        time.sleep(chance.random() * 0.01)
        child.kill()
        killed += child.wait().code == -9
        assert soundness.check(path).findings == ()
        if out.exists():
            check_pages(out, path)
    assert killed, "every run ended before its kill"
    last = start(path, run).wait()
    assert (last.code, last.err) == (0, "")
    assert not last.json["failed"]
    each_once(path, matters)
    check_pages(out, path)
    forms = ("html", "md")
    wanted = {f"{number}.{form}" for number, _, _ in billed(path) for form in forms}
    assert {page.name for page in out.iterdir()} == wanted, "a page is missing or too many"
    there = contents(path)
    again = start(path, run).wait()
    assert (again.code, again.json["created"]) == (0, 0)
    assert contents(path) == there


def test_B09_a_page_that_was_half_written_is_swept(tmp_path: Path) -> None:
    path = practice(tmp_path / "ledger.db", matters=1)
    out = tmp_path / "bills"
    out.mkdir()
    (out / ".2026-0001.md.4711.tmp").write_text("# half of a bi")
    run = ["mass", "run", "--through", "2026-11", "--issue", "--out", out, "--json", *KEY]
    assert start(path, run).wait().code == 0
    assert sorted(page.name for page in out.iterdir()) == ["2026-0001.html", "2026-0001.md"]
