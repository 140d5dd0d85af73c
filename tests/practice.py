"""A practice of many matters, made in one transaction, and how its month end is told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from offices import TODAY, made_once, new_ledger

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

DAY = date(2026, 11, 30)
H = 10_000


def numbers(matters: int) -> list[str]:
    """The matters of a practice."""
    return [f"2026-{n:03}" for n in range(1, matters + 1)]


def practice(path: Path, *, matters: int, entries: int = 2, currency: str = "USD") -> Path:
    """A ledger whose matters each have some work and a cost, unbilled; nothing holds it open."""
    from billcli.services.matter import matters as matter_service
    from billcli.services.office import clients, timekeepers
    from billcli.store.ledger import attach

    def make(path: Path) -> None:
        ledger = attach(new_ledger(path, currency=currency), today=TODAY, actor="t", command="t")
        with ledger.write():
            timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=300 * H)
            clients.add(ledger, "rivera", "Ana Rivera", address=("1 Main St",))
            for number in numbers(matters):
                matter_service.add(ledger, number, f"Matter {number}", client="rivera")
                work(ledger, number, entries=entries)
        ledger.close()

    return made_once(path, (matters, entries, currency), make)


def work(ledger: Ledger, number: str, *, entries: int = 2) -> None:
    """Work of the month on a matter, and a cost."""
    from billcli.services.work import expenses, time

    for n in range(entries):
        time.add(ledger, number, (n + 1) * H // 2, f"Work {n}", day=DAY, timekeeper="ma")
    expenses.add(ledger, number, 45_00, "Court fee", day=DAY)


def asked(path: Path, sql: str) -> list[Any]:
    """What a query finds, read beside whoever has the ledger open."""
    with closing(_beside(path)) as shell:
        return _found(shell, sql)


def _beside(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)


def _found(shell: sqlite3.Connection, sql: str) -> list[Any]:
    return [row[0] if len(row) == 1 else row for row in shell.execute(sql)]


def billed(path: Path) -> list[tuple[str, str, int]]:
    """Every bill that is not void: its number, its matter and its total."""
    return asked(
        path,
        """SELECT b.number, m.number, b.total_cents FROM bill AS b
        JOIN matter AS m ON m.id = b.matter_id WHERE NOT EXISTS (
            SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'voided')
        ORDER BY b.seq""",
    )


def each_once(path: Path, matters: int) -> None:
    """Every matter is billed once, the numbers have no gap, and the ledger is sound."""
    from billcli.services.upkeep import soundness

    found = billed(path)
    assert sorted(matter for _, matter, _ in found) == numbers(matters)
    assert [number for number, _, _ in found] == [f"2026-{n:04}" for n in range(1, matters + 1)]
    assert len({total for _, _, total in found}) == 1
    assert soundness.check(path).findings == ()


def contents(path: Path) -> dict[str, list[Any]]:
    """Every row of every table."""
    tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    # To read the schema takes longer than to read all tables.
    with closing(_beside(path)) as shell:
        return {name: _found(shell, f"SELECT * FROM {name}") for name in _found(shell, tables)}
