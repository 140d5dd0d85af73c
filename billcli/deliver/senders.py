"""Who is sending right now: a lock for each message, which ends with its process.

Each message has a byte of a file beside the ledger. A process holds it while it hands the message
in; when the process dies, however it dies, the system lets go of it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType


def lock_file(ledger: Path) -> Path:
    """The file whose bytes are the locks."""
    return ledger.with_name(f"{ledger.name}-outbox")


class Senders:
    """The locks of an outbox, as one process holds them."""

    def __init__(self, ledger: Path) -> None:
        self._path = lock_file(ledger)
        self._handle: int | None = None

    def __enter__(self) -> Senders:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def take(self, number: int) -> None:
        """Say that this process sends that message.

        Whoever only looks holds the lock for a moment, so it is waited for.
        """
        if self._handle is None:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with suppress(OSError):  # a file system without locks
            _lock(self._handle, number, wait=True)

    def let_go(self, number: int) -> None:
        """Say that it is done with it."""
        if self._handle is not None:
            with suppress(OSError):
                _unlock(self._handle, number)

    def at_work(self, number: int) -> bool:
        """Whether another process that lives is sending that message."""
        if self._handle is not None:
            # To close another handle of the file would let go of this process's own locks.
            raise RuntimeError("who sends doesn't look who else does")
        try:
            handle = os.open(self._path, os.O_RDWR)
        except OSError:
            return False
        try:
            _lock(handle, number, wait=False)
        except (BlockingIOError, PermissionError):
            return True
        except OSError:
            return False
        else:
            _unlock(handle, number)
            return False
        finally:
            os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, number: int, *, wait: bool) -> None:
        os.lseek(handle, number, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

    def _unlock(handle: int, number: int) -> None:
        os.lseek(handle, number, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int, number: int, *, wait: bool) -> None:
        fcntl.lockf(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB), 1, number)

    def _unlock(handle: int, number: int) -> None:
        fcntl.lockf(handle, fcntl.LOCK_UN, 1, number)
