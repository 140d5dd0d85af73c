"""A run has the disk take its bills in groups, and a page never before its bill (B9)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from practice import DAY, asked, each_once, practice
from undurable import patient

from billcli.deliver.files import Outbasket
from billcli.services.month_end import mass, output
from billcli.services.month_end.batch import Batch
from billcli.store import durable
from billcli.store.ledger import Ledger

MATTERS = 5


@pytest.fixture
def office(
    tmp_path: Path, make_ledger: Callable[..., Ledger], monkeypatch: pytest.MonkeyPatch
) -> Ledger:
    path = practice(tmp_path / "ledger.db", matters=MATTERS, entries=1)
    patient(monkeypatch)
    monkeypatch.setattr(output, "GROUP", 2)
    return make_ledger(path)


def waits(ledger: Ledger) -> tuple[int, str]:
    return tuple(
        ledger.driver.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("synchronous", "journal_mode")
    )


def test_B09_no_page_has_its_name_before_the_disk_has_its_bill(
    office: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk, bring, put = tmp_path / "on-disk", durable._bring, Outbasket.put
    on_disk.mkdir()
    seen: list[str] = []

    def brought(log: str) -> None:
        bring(log)
        seen.append("disk")
        for name in ("ledger.db", "ledger.db-wal"):
            shutil.copy(tmp_path / name, on_disk / name)

    def named(self: Outbasket, name: str, content: bytes, written: str | None = None) -> None:
        number, form = name.split(".")
        assert asked(on_disk / "ledger.db", f"SELECT 1 FROM bill WHERE number = '{number}'")
        if form == "md":
            seen.append(number)
        put(self, name, content, written)

    monkeypatch.setattr(durable, "_bring", brought)
    monkeypatch.setattr(Outbasket, "put", named)
    assert waits(office) == (2, "wal")
    mass.run(office, Batch(DAY, DAY, issued=True, out=tmp_path / "bills"))
    assert waits(office) == (2, "wal"), "what comes after the run waits by itself again"
    one, two, three, four, five = (f"2026-{n:04}" for n in range(1, 6))
    assert seen == ["disk", one, two, "disk", three, four, "disk", five]
    each_once(office.path, MATTERS)


def test_B09_a_disk_that_fails_gets_no_page_of_the_bills_that_it_may_have_lost(
    office: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = Batch(DAY, DAY, issued=True, out=tmp_path / "bills", key="2026-11")
    bring, good = durable._bring, iter([True])

    def failing(log: str) -> None:
        if not next(good, False):
            raise OSError(5, "Input/output error")
        bring(log)

    with monkeypatch.context() as patch:
        patch.setattr(durable, "_bring", failing)
        with pytest.raises(OSError, match="Input/output"):
            mass.run(office, batch)
    assert {page.stem for page in (tmp_path / "bills").iterdir()} == {"2026-0001", "2026-0002"}
    mass.run(office, batch)
    assert len(list((tmp_path / "bills").iterdir())) == 2 * MATTERS
    each_once(office.path, MATTERS)


def test_a_ledger_without_its_log_waits_for_each_commit(office: Ledger) -> None:
    office.take_back()
    office.driver.execute("PRAGMA journal_mode = DELETE")
    with durable.in_groups(office) as bring:
        assert waits(office) == (2, "delete")
        bring()
    office.driver.execute("PRAGMA journal_mode = WAL")
    with durable.in_groups(office):
        assert waits(office) == (1, "wal")
    assert waits(office) == (2, "wal")
