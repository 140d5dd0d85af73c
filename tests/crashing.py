"""Processes that die at a chosen moment, as a power cut or `kill -9` would have it."""

from __future__ import annotations

import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial


def apart(doing: Callable[[], object]) -> int:
    """Start it in a process of its own; 0 is how it ends when nothing failed. Returns its id."""
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
        doing()
        code = 0
    except BaseException:  # noqa: BLE001  a child must never run on as a second pytest
        traceback.print_exc()
    finally:
        os._exit(code)


def _end_with(parent: int) -> None:
    """No child outlives the tests, however they end."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)


@contextmanager
def writing(n: int, doing: Callable[[int], object]) -> Iterator[list[int]]:
    """So many processes at once, killed at the end of the block if they still run."""
    children = [apart(partial(doing, who)) for who in range(n)]
    try:
        yield children
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def killed(doing: Callable[[], object]) -> None:
    """Run it in a process of its own, which must end by SIGKILL."""
    _, status = os.waitpid(apart(doing), 0)
    assert os.WIFSIGNALED(status), "it came to its end"
    assert os.WTERMSIG(status) == signal.SIGKILL


def die() -> None:
    """Die here, without a word."""
    os.kill(os.getpid(), signal.SIGKILL)
