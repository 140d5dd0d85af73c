"""Writing files that are complete or absent: a temporary file beside, fsync, rename."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

MODE = 0o600
GROUP = 256
WRITERS = 8
"""They wait for the disk, not for a core; what waits at the same time is synced in one go."""


def write(path: Path, content: bytes) -> Path:
    """Put the whole content at the path, for its owner's eyes alone."""
    # Two runs may write the same bill's page; each through a part of its own.
    part = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    handle = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, MODE)
    try:
        try:
            left = memoryview(content)
            while left:
                left = left[os.write(handle, left) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    return path


def settle(folder: Path) -> None:
    """Make the names in a folder durable."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class Outbasket:
    """A folder that many files go to, a group of them at a time.

    A thread for each file beside the work would contend with it for Python's lock at every system
    call; a group written between the work waits for the disk together.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pool = ThreadPoolExecutor(WRITERS, thread_name_prefix="files")
        self._waiting: list[tuple[Path, bytes]] = []

    def put(self, name: str, content: bytes) -> None:
        """Write a file under this name, at the latest when the basket is closed."""
        self._waiting.append((self.folder / name, content))
        if len(self._waiting) >= GROUP:
            self._empty()

    def close(self) -> None:
        """Wait until everything is on the disk; the first failure is raised."""
        try:
            self._empty()
            settle(self.folder)
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _empty(self) -> None:
        waiting, self._waiting = self._waiting, []
        for written in [self._pool.submit(write, *page) for page in waiting]:
            written.result()


@contextmanager
def outbasket(folder: Path) -> Iterator[Outbasket]:
    """A folder for output, made if missing; what a killed run left half written is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = _swept(folder)
    basket = Outbasket(folder)
    try:
        yield basket
    finally:
        basket.close()
        if handle is not None:
            os.close(handle)


def _swept(folder: Path) -> int | None:
    """Remove left-over temporary files, but only while no other run writes here.

    Every run holds a shared lock on the folder; the one that gets it alone sweeps first.
    """
    try:
        import fcntl
    except ImportError:  # no such locks on this system, so others' files are left alone
        return None
    handle = os.open(folder, os.O_RDONLY)
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for part in folder.glob(".*.tmp"):
            part.unlink(missing_ok=True)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle
