"""Processes that die at a chosen moment, as a power cut or `kill -9` would have it."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable


def killed(doing: Callable[[], object]) -> None:
    """Run it in a process of its own, which must end by SIGKILL."""
    child = os.fork()
    if child == 0:
        try:
            doing()
        except BaseException:  # noqa: BLE001  a child must never run on as a second pytest
            traceback.print_exc()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it came to its end"
    assert os.WTERMSIG(status) == signal.SIGKILL


def die() -> None:
    """Die here, without a word."""
    os.kill(os.getpid(), signal.SIGKILL)
