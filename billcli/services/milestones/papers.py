"""Documents that go with a milestone, by their place and the hash of what they held."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from billcli.deliver import files
from billcli.errors import Refused, UsageProblem
from billcli.services.bill import bill_reading
from billcli.store import contracts, find
from billcli.values.text import file_name, read_text, shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as it is now, proved to be the one that was attached."""

    name: str
    content: bytes


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


def of_bill(ledger: Ledger, bill: str) -> list[Kept]:
    """The documents that a bill lists, read and proved by their hashes.

    Refused `paper.changed` where a file isn't what was attached; OSError where it is gone.
    """
    document, facts = bill_reading.document_of(ledger, bill)
    listed = {(m.number, name) for m in document.milestones for name in m.documents}
    matter_id = facts.matter_id if facts else find.matter(ledger, document.matter_number).id
    found = []
    for paper in contracts.papers(ledger, matter_id or 0):
        if (paper.task, paper.name) not in listed:
            continue
        content = Path(paper.path).read_bytes()
        if hashlib.sha256(content).hexdigest() != paper.sha256:
            raise Refused(
                "paper.changed",
                f"{shown(paper.path)} was changed since it was attached to task {paper.task} "
                f"on {paper.day}.",
                hint="Put the file back, or attach the new one: billcli task attach",
            )
        found.append(Kept(paper.name, content))
    return found


def copy(papers: Sequence[Kept], beside: Path) -> list[Path]:
    """Write documents beside a bill's page, each under the page's name and its own."""
    written: list[Path] = []
    for paper in papers:
        name = file_name(f"{beside.stem}-{paper.name}")
        target = beside.parent / name
        if target in written:
            target = beside.parent / f"{len(written) + 1}-{name}"
        written.append(files.write(target, paper.content))
    return written
