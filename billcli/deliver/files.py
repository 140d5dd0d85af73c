"""Writing files that are complete or absent: a temporary file beside, fsync, rename."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from billcli.errors import UsageProblem

MODE = 0o600
GROUP = 48
_PART = re.compile(r"\..+\.(md|html|pdf|txt)(\.[0-9]+)?\.tmp", re.DOTALL)
"""A temporary file of a page. In a folder that people use others' lie about too."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file on its way: written whole, not yet on the disk, and not yet under its name."""

    handle: int
    part: Path
    path: Path

    def start(self) -> None:
        """Have the disk begin to take it; whether it did is told by sync()."""
        if hasattr(os, "posix_fadvise"):
            # What isn't needed any more is written out, without waiting for it.
            with suppress(OSError):
                os.posix_fadvise(self.handle, 0, 0, os.POSIX_FADV_DONTNEED)

    def sync(self) -> None:
        """Bring it to the disk and close it."""
        try:
            os.fsync(self.handle)
        except BaseException:
            self.drop()
            raise
        os.close(self.handle)

    def place(self) -> Path:
        """Give it its name."""
        try:
            os.replace(self.part, self.path)
        except BaseException:
            with suppress(OSError):
                self.part.unlink()
            raise
        return self.path

    def drop(self) -> None:
        """Leave nothing of it behind."""
        with suppress(OSError):
            os.close(self.handle)
        with suppress(OSError):
            self.part.unlink()


def write(path: Path, content: bytes) -> Path:
    """Put the whole content at the path, for its owner's eyes alone."""
    part = begin(path, content)
    part.sync()
    return part.place()


def save(path: Path, content: bytes, *, force: bool) -> None:
    """Put the content at a path that a person named. UsageProblem `file.exists`."""
    pour(path, (content,), force=force)


def pour(path: Path, pieces: Iterable[bytes], *, force: bool) -> int:
    """Put what comes piece by piece at a path that a person named; returns how many bytes.

    UsageProblem `file.exists`.
    """
    if path.is_dir():
        raise UsageProblem("file.unusable", f"{path} is a folder.", hint="Name a file in it.")
    if not force and os.path.lexists(path):
        raise UsageProblem(
            "file.exists",
            f"There is a file {path} already; it was not touched.",
            hint="Name another, or replace it with --force.",
        )
    part, size = begin(path, b""), 0
    try:
        with open(part.handle, "wb", closefd=False) as sink:
            for piece in pieces:
                size += sink.write(piece)
    except BaseException:
        part.drop()
        raise
    part.sync()
    part.place()
    settle(path.parent)
    return size


def begin(path: Path, content: bytes) -> Part:
    """Write the content into a temporary file beside the path."""
    flags = os.O_CREAT | os.O_WRONLY | os.O_EXCL
    part = path.with_name(f".{path.name}.tmp")
    try:
        handle = os.open(part, flags, MODE)
    except FileExistsError:
        # Another run writes the same bill's page, or was killed over it: a part of our own.
        part = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        handle = os.open(part, flags & ~os.O_EXCL | os.O_TRUNC, MODE)
    begun = Part(handle, part, path)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(handle, left) :]
    except BaseException:
        begun.drop()
        raise
    return begun


def settle(folder: Path) -> None:
    """Make the names in a folder durable."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class Outbasket:
    """A folder that many files go to; the disk takes one group while the next is made.

    A file is written at once, and the disk begins to take it; a group later, when it has mostly
    been taken, it is synced and named. So the work hardly ever waits for the disk, and no thread
    contends with it for Python's lock.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._begun: list[Part] = []
        self._going: list[Part] = []
        self._expected: set[str] = set()

    def expect(self, parts: Iterable[str]) -> None:
        """Remove these temporary files at the end, unless they got their names."""
        self._expected.update(parts)

    def put(self, name: str, content: bytes, written: str | None = None) -> None:
        """Write a file under this name, which it has at the latest when the basket is closed.

        `written` is a temporary file that has the content and is on the disk.
        """
        if written in self._expected:
            os.replace(written, f"{self.folder}/{name}")
            self._expected.remove(written)
            return
        part = begin(self.folder / name, content)
        part.start()
        self._begun.append(part)
        if len(self._begun) >= GROUP:
            self._next_group()

    def close(self) -> None:
        """Wait until everything is on the disk; the first failure is raised."""
        try:
            self._next_group()
            self._next_group()
            settle(self.folder)
        finally:
            for part in (*self._begun, *self._going):
                part.drop()
            for left in self._expected:
                with suppress(OSError):
                    os.unlink(left)

    def _next_group(self) -> None:
        """Sync and name the files of the last group; those of this one are on their way."""
        while self._going:
            part = self._going.pop(0)
            part.sync()
            part.place()
        self._going, self._begun = self._begun, []


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
            if _PART.fullmatch(part.name):
                part.unlink(missing_ok=True)
    with suppress(OSError):  # a file system without locks
        fcntl.flock(handle, fcntl.LOCK_SH)
    return handle
