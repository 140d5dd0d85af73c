"""A process beside this one that prints bills, while this one computes and writes the next.

It gets documents and the texts of their templates, and gives back pages: it knows no ledger and
opens no file. What it doesn't print is printed here as ever. A process and no thread, because
printing is work for a core; pipes that never block, because a thread that waits on them would
take Python's lock from the work at every page.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from billcli.core.document import BillDocument
from billcli.render.bill import FORMS, frozen_templates

AT_ONCE = 40
"""So many bills at most wait to be printed there; what comes on top is printed here."""
PATIENCE = 0.004
"""Seconds that a page is waited for; after these it is quicker to print it here."""
_PIPE = 1 << 18
_HEAD = struct.Struct("!I")

Pages = Mapping[str, bytes]
Asked = tuple[BillDocument, str]
"""A bill, and the texts of its templates."""


class Beside:
    """Pages of bills, asked for ahead and taken later."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child: subprocess.Popen[bytes] | None = child
        self._asked: dict[str, Asked] = {}
        self._pages: dict[str, Pages | None] = {}
        self._going, self._coming = bytearray(), bytearray()
        self._ready = False
        self._waiting = 0
        self._pace = AT_ONCE

    def ask(self, bills: Sequence[Asked]) -> None:
        """Have numbered bills printed, as many as there is room for, in one message.

        Until the first bill came back, nothing else is asked: while the process starts, this one
        prints. Where there is little room it is for the last of them, as the first are needed
        soonest.
        """
        self._move(0)
        room = (self._pace if self._ready else 1) - self._waiting
        if self._child is None or room <= 0 or not bills:
            return
        asked = bills[-room:]
        self._waiting += len(asked)
        self._asked |= {str(document.number): (document, texts) for document, texts in asked}
        said = pickle.dumps(asked, 5)
        self._going += _HEAD.pack(len(said)) + said
        self._move(0)

    def take(self, document: BillDocument, texts: str) -> Pages | None:
        """The pages of a bill, if it is what was asked for; else they are to be printed here.

        Where the process is late, because it has no core to itself, it is asked for less.
        """
        number = str(document.number)
        if number not in self._asked:
            return None
        if self._ready:
            self._wait_for(number)
        asked, pages = self._asked.pop(number, None), self._pages.pop(number, None)
        return pages if asked == (document, texts) else None

    def close(self) -> None:
        """End the process; it has nothing to lose."""
        child, self._child = self._child, None
        self._asked.clear()
        if child is not None:
            child.kill()
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    stream.close()
            child.wait()

    def _wait_for(self, number: str) -> None:
        until = time.monotonic() + PATIENCE
        while number not in self._pages and self._child is not None:
            left = until - time.monotonic()
            if left <= 0:
                self._pace = max(self._pace // 2, 1)
                return
            self._move(left)
        self._pace = min(self._pace + 1, AT_ONCE)

    def _move(self, seconds: float) -> None:
        """Send and receive what the pipes take; a process that is gone is done without."""
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            return
        to, from_ = child.stdin.fileno(), child.stdout.fileno()
        try:
            readable, writable, _ = select.select([from_], [to] if self._going else [], [], seconds)
            if writable:
                del self._going[: os.write(to, self._going)]
            if readable:
                self._receive(os.read(from_, _PIPE))
        except (OSError, ValueError, EOFError, pickle.UnpicklingError):
            self.close()

    def _receive(self, got: bytes) -> None:
        if not got:
            raise EOFError
        coming = self._coming
        coming += got
        while len(coming) >= _HEAD.size:
            end = _HEAD.size + _HEAD.unpack_from(coming)[0]
            if len(coming) < end:
                break
            number, pages = pickle.loads(bytes(coming[_HEAD.size : end]))
            del coming[:end]
            self._ready = True
            self._waiting -= 1
            if number in self._asked:
                self._pages[number] = pages


@contextmanager
def beside() -> Iterator[Beside | None]:
    """The process, for as long as the block takes; None where there can be none."""
    made = None
    with suppress(OSError, ValueError):
        made = Beside(_started())
    try:
        yield made
    finally:
        if made is not None:
            made.close()


def _started() -> subprocess.Popen[bytes]:
    """A Python that loads this very program, and nothing from the folder it is started in."""
    here = str(Path(__file__).parent.parent.parent)
    paths = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "billcli.render.beside"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": paths},
        bufsize=0,
        pipesize=_PIPE,
    )
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            os.set_blocking(stream.fileno(), False)
    return child


def print_bills(asked: BinaryIO, answers: BinaryIO) -> None:
    """Print what is asked until nobody asks any more; what fails is left to whoever asked."""
    while head := asked.read(_HEAD.size):
        for document, texts in pickle.loads(asked.read(_HEAD.unpack(head)[0])):
            said = pickle.dumps((str(document.number), _pages(document, texts)), 5)
            answers.write(_HEAD.pack(len(said)) + said)
            answers.flush()


def _pages(document: BillDocument, texts: str) -> Pages | None:
    try:
        printed = frozen_templates(texts)
        return {form: printed.render(document, form).encode() for form in FORMS}
    except Exception:  # noqa: BLE001 - it fails again where it is printed then, and is told
        return None


if __name__ == "__main__":
    # A key that stops the run ends this one too, when its pipe is closed.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, EOFError, struct.error):
        print_bills(sys.stdin.buffer, sys.stdout.buffer)
