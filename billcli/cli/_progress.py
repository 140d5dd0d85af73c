"""A bar on a terminal for what takes over a second; quick commands never see it, nor do pipes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING

from billcli.cli._root import run

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Tick = Callable[[int, int], None]
PATIENCE = 1.0
"""Seconds before a bar shows."""


@contextmanager
def progress(words: str) -> Iterator[Tick]:
    """Give what works here a way to say how much of how much is done; without it, a bar swings."""
    bar = _Bar(words, colour=run().colour)
    if sys.stderr is None or not sys.stderr.isatty() or run().quiet:
        yield bar.tick
        return
    timer = Timer(PATIENCE, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.tick
    finally:
        timer.cancel()
        bar.close()


class _Bar:
    """The bar and how far it is; it is shown from another thread, when it is time."""

    def __init__(self, words: str, *, colour: bool) -> None:
        self.words, self.colour, self.lock, self.closed = words, colour, Lock(), False
        self.shown: tuple[Progress, TaskID] | None = None
        self.done: tuple[int, int] | None = None

    def tick(self, done: int, of: int) -> None:
        """So much of so much is done."""
        self.done = (done, of)
        if self.shown is not None:
            progress, task = self.shown
            progress.update(task, completed=done, total=of)

    def show(self) -> None:
        """Draw it, unless the work has just ended."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        console = Console(stderr=True, no_color=not self.colour)
        with self.lock:
            if self.closed:
                return
            progress = Progress(*columns, console=console, transient=True)
            done, of = self.done or (0, None)
            task = progress.add_task(self.words, completed=done, total=of)
            progress.start()
            self.shown = (progress, task)

    def close(self) -> None:
        """Wipe it off the terminal."""
        with self.lock:
            self.closed = True
            if self.shown is not None:
                self.shown[0].stop()
