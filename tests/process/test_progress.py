"""A bar shows on a terminal when something takes its time, and nowhere else."""

from __future__ import annotations

import io
import sys
import time
from typing import NamedTuple

import pytest

from billcli.cli import _progress


class Facts(NamedTuple):
    quiet: bool = False
    colour: bool = False


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *, patience: float, quiet: bool = False
) -> str:
    monkeypatch.setattr(_progress, "PATIENCE", patience)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(_progress, "run", lambda: Facts(quiet))
    with _progress.progress("Proving") as tick:
        tick(1, 4)
        until = time.monotonic() + 10
        while patience < 1 and "Proving" not in stream.getvalue() and time.monotonic() < until:
            tick(3, 4)
            if not (stream.isatty() and not quiet):
                break
            time.sleep(0.01)
    return stream.getvalue()


def test_slow_work_shows_how_far_it_is_and_wipes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = drawn(monkeypatch, Terminal(), patience=0)
    assert "Proving" in shown
    assert shown.endswith(("\x1b[2K", "\x1b[?25h")) or "\x1b[2K" in shown.rpartition("Proving")[2]


def test_quick_work_a_pipe_and_quiet_show_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, Terminal(), patience=60) == ""
    assert drawn(monkeypatch, io.StringIO(), patience=0) == ""
    assert drawn(monkeypatch, Terminal(), patience=0, quiet=True) == ""


def test_a_failure_is_passed_on_and_the_bar_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(_progress, "PATIENCE", 60)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(_progress, "run", Facts)
    with pytest.raises(ZeroDivisionError), _progress.progress("Importing"):
        raise ZeroDivisionError
    assert stream.getvalue() == ""
