"""When the disk has what was committed: at once as ever, or a group of commits at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billcli.store.plain import PlainLedger

_NORMAL, _FULL = 1, 2


@contextmanager
def in_groups(ledger: PlainLedger) -> Iterator[Callable[[], None]]:
    """Let commits wait for the disk together: the function that this gives has it take them.

    It is called at the end too. Each commit is whole and seen by everybody at once, and a process
    that is killed loses none; a power cut takes the last ones back, as if they hadn't been, from
    the end on. So what the world is told of a commit is told after that call.
    """
    ledger.take_back()
    driver = ledger.driver
    kept = driver.execute("PRAGMA synchronous").fetchone()[0]
    journal = driver.execute("PRAGMA journal_mode").fetchone()[0]
    if (kept, journal) != (_FULL, "wal"):
        # Without its log a ledger is only safe if every commit waits.
        yield lambda: None
        return
    log = driver.execute("PRAGMA database_list").fetchone()[2] + "-wal"
    taken = driver.total_changes

    def bring() -> None:
        nonlocal taken
        if driver.total_changes != taken:
            _bring(log)
            taken = driver.total_changes

    driver.execute(f"PRAGMA synchronous = {_NORMAL}")
    try:
        yield bring
    finally:
        ledger.take_back()
        driver.execute(f"PRAGMA synchronous = {kept}")
        bring()


def _bring(log: str) -> None:
    handle = os.open(log, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
