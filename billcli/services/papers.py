"""Documents that go with a milestone, by their place and the hash of what they held."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from billcli.errors import Refused, UsageProblem
from billcli.store import contracts, find
from billcli.values.text import read_text, shown

if TYPE_CHECKING:
    from datetime import date

    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class PaperView:
    """A document of a task."""

    matter: str
    task: int
    name: str
    path: str
    sha256: str
    size_bytes: int
    date: date


def attach(ledger: Ledger, number: str, task: int, file: str) -> PaperView:
    """Keep where a document is and the SHA-256 of what it holds now; the file stays where it is.

    OSError where it can't be read; refused `paper.attached` where the task has it already.
    """
    path = Path(file).expanduser().absolute()
    if path.is_dir():
        raise UsageProblem("paper.folder", f"{shown(file)} is a folder; a document is one file.")
    content = path.read_bytes()
    with ledger.write():
        matter = find.matter(ledger, number)
        row = find.task(ledger, matter, task)
        name = read_text(path.name, "file name", longest=255)
        sha256 = hashlib.sha256(content).hexdigest()
        for paper in contracts.papers(ledger, matter.id or 0):
            if paper.task == task and paper.sha256 == sha256:
                raise Refused(
                    "paper.attached",
                    f"Task {task} of {number} has this document already, as {paper.name}.",
                    hint=f"See it: billcli task show {number} {task}",
                )
        mark = ledger.record(
            f"task {number}/{task}",
            after={"document": name, "sha256": sha256},
            matter_id=matter.id,
        )
        contracts.add_paper(
            ledger,
            mark,
            task_id=row.id,
            name=name,
            path=str(path),
            sha256=sha256,
            size_bytes=len(content),
            day=ledger.today.isoformat(),
        )
        return PaperView(number, task, name, str(path), sha256, len(content), ledger.today)
