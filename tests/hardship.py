"""Hard places: a full disk, a root without root's powers, a lock that another process holds."""

from __future__ import annotations

import ctypes
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crashing import apart


@contextmanager
def filled(folder: Path, *, but: int = 0) -> Iterator[None]:
    """The disk is full within the block, but for so many bytes."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    if but:
        os.truncate(filler, max(0, filler.stat().st_size - but))
    try:
        yield
    finally:
        filler.unlink()


def bound_by_permissions() -> None:
    """Root may write any file; from here on this process may not."""
    if os.geteuid() == 0:
        head, powers = (ctypes.c_uint32 * 2)(0x2008_0522, 0), (ctypes.c_uint32 * 6)()
        assert ctypes.CDLL(None).capset(head, powers) == 0


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process has begun a change and doesn't end it.

    Not this one: what it has open, SQLite in a forked child would take for its own.
    """
    begun, ended = os.pipe(), os.pipe()

    def hold() -> None:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        os.write(begun[1], b".")
        os.read(ended[0], 1)
        other.execute("ROLLBACK")

    child = apart(hold)
    os.read(begun[0], 1)
    try:
        yield
    finally:
        os.write(ended[1], b".")
        os.waitpid(child, 0)
        for end in (*begun, *ended):
            os.close(end)
