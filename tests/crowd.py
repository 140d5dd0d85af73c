"""Commands in processes of their own, forked from this one, so that nobody waits for imports."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from offices import TODAY, Answer

from billcli.cli import main
from billcli.cli import mass as _mass_is_imported  # noqa: F401
from billcli.services.bill import bills as _bills_are_imported  # noqa: F401
from billcli.services.month_end import mass as _services_are_imported  # noqa: F401


@dataclass(frozen=True, slots=True)
class Child:
    """A process at work, and where its words go."""

    pid: int
    out: Path
    err: Path

    @property
    def ended(self) -> bool:
        """Whether it has nothing left to do."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def kill(self) -> None:
        """End it at once, as `kill -9` does."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> Answer:
        """What it told when it ended; a killed one has the code -9."""
        _, status = os.waitpid(self.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        texts = [path.read_text(encoding="utf-8") for path in (self.out, self.err)]
        self.out.unlink()
        self.err.unlink()
        return Answer(code, *texts)


def start(
    path: Path,
    *commands: Sequence[object],
    gate: int | None = None,
    today: str | None = TODAY,
    first: Callable[[], object] | None = None,
    told_in: Path | None = None,
) -> Child:
    """Run commands on a ledger, one after the other until one fails; wait for the gate first.

    `first` is done before them in that process. What they tell is kept beside the ledger.
    """
    head = ["--ledger", str(path), "--actor", "clerk", "--no-input"]
    head += ["--today", today] if today else []
    beside = told_in or path.parent
    told = [Path(tempfile.mkstemp(prefix="told-", dir=beside)[1]) for _ in range(2)]
    pid = os.fork()
    if pid:
        return Child(pid, *told)
    code = 70
    try:
        for stream, file in zip((1, 2), told, strict=True):
            os.dup2(os.open(file, os.O_WRONLY | os.O_TRUNC), stream)
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        if gate is not None:
            os.read(gate, 1)
        if first is not None:
            first()
        code = 0
        for words in commands:
            code = code or main([*head, *(str(word) for word in words)])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def together(path: Path, *queues: Sequence[Sequence[object]], today: str = TODAY) -> list[Answer]:
    """Each queue of commands in a process of its own; all of them begin at one moment."""
    gate, key = os.pipe()
    children = [start(path, *queue, gate=gate, today=today) for queue in queues]
    os.write(key, b"." * len(children))
    answers = [child.wait() for child in children]
    os.close(gate)
    os.close(key)
    return answers
