"""The program on a terminal of its own, forked from this one, so that nobody waits for imports."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pytest

from billcli.cli import main

pexpect = pytest.importorskip("pexpect")
PROGRAM = (sys.executable, "-m", "billcli")


def on_a_terminal(words: Sequence[str], **more: Any) -> Any:
    """`billcli` with these words on a new terminal, as pexpect's child.

    `env` and `dimensions` are pexpect's. Other tests start the same words with PROGRAM before.
    """
    become = partial(_become, list(words), more.pop("env", os.environ))
    return pexpect.spawn(
        sys.executable, ["-c", "raise SystemExit('not forked')"],
        preexec_fn=become, encoding="utf-8", timeout=30, **more,
    )  # fmt: skip


def _become(words: list[str], surroundings: Mapping[str, str]) -> None:
    # pexpect goes on when the pipe closes in which it would be told that a program can't start.
    os.closerange(3, 1_000)
    code = 70
    try:
        given = dict(surroundings)
        os.environ.clear()
        os.environ.update(given)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        code = main(words)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)
