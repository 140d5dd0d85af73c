"""Electronic bills in LEDES-compatible files: written from approved bills, and checked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from billcli.deliver import files
from billcli.errors import Refused, UsageProblem
from billcli.formats.ledes import rules
from billcli.formats.ledes.check import check as findings_of
from billcli.formats.ledes.reader import Finding
from billcli.formats.ledes.writer import Invoice, file_of, invoice
from billcli.services.work.ebilling import Post
from billcli.store import bill_reads, find
from billcli.values.text import shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

LARGEST = 100 * 1024 * 1024
"""Bytes of a file that is checked; a year of bills is a hundredth of that."""


@dataclass(frozen=True, slots=True)
class BillInFile:
    """A bill in a file: its number there, what was changed, and what the client may object to."""

    bill: str
    invoice_number: str
    format: str
    rows: int
    total_cents: int
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """An export: the bills, and the bytes that were not put in a file."""

    bills: tuple[BillInFile, ...]
    text: str | None = None
    content: bytes | None = None


class Made(NamedTuple):
    """A bill in rows, the bytes of a file of its own, and what is told of it."""

    rows: Invoice
    content: bytes
    told: BillInFile


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a file; `ok` where nothing stops a receiver from taking it."""

    file: str
    ok: bool
    findings: tuple[Finding, ...]


def export(
    ledger: Ledger,
    references: Sequence[str],
    *,
    format: str | None = None,
    encoding: str | None = None,
    end_of_line: str = "\r\n",
    out: str | None = None,
    force: bool = False,
) -> Exported:
    """Write approved or issued bills: a file for each in a folder, or all in one file.

    Without `out` nothing is put on the disk. Refused `bill.draft`, `ledes.voided`, `ledes.mixed`
    and what `formats.ledes.writer` refuses; UsageProblem `file.exists`, `ledes.same-number`.
    """
    post = Post(ledger)
    made: list[Made] = []
    for reference in references:
        facts = find.bill(ledger, reference)
        if facts.state == "void":
            hint = "Send the bill that took its place."
            raise Refused("ledes.voided", f"Bill {facts.number} is void.", hint=hint)
        document = bill_reads.document(ledger, facts)
        order = post.order(document, facts.matter_id, format=format, encoding=encoding)
        rows = invoice(order)
        content = file_of([rows], end_of_line=end_of_line)
        found = _by_kind(each for each in findings_of(content) if each.code != "encoding")
        told = BillInFile(
            bill=str(facts.number),
            invoice_number=rows.number,
            format=rows.format,
            rows=len(rows.rows),
            total_cents=document.bill.total_cents,
            notes=tuple(str(note) for note in rows.notes),
            warnings=(*rules.against(document, order.profile), *found),
        )
        made.append(Made(rows, content, told))
    _refuse_same_numbers([each.told for each in made])
    if out is not None and (Path(out).is_dir() or out.endswith(("/", os.sep))):
        return _to_folder(Path(out).expanduser(), made, force=force)
    whole = _joined(made, end_of_line)
    if out is None or out == "-":
        text = whole.decode(made[0].rows.encoding)
        return Exported(tuple(each.told for each in made), text, whole)
    path = Path(out).expanduser()
    files.save(path, whole, force=force)
    return Exported(tuple(replace(each.told, file=path) for each in made))


def check(path: Path) -> Checked:
    """Look for what receivers refuse in any file. UsageProblem `file.unusable`."""
    if path.is_dir():
        raise UsageProblem("file.unusable", f"{path} is a folder.", hint="Name a file in it.")
    if path.stat().st_size > LARGEST:
        raise UsageProblem(
            "file.unusable", f"{path} is larger than {LARGEST // 1024**2} MB.",
            hint="That is no file of bills.",
        )  # fmt: skip
    found = list(findings_of(path.read_bytes()))
    if path.suffix.lower() != ".txt":
        words = f"{shown(path.name)} should end in .txt; some receivers refuse others."
        found.append(Finding(1, "file name", "warning", "file-name", words))
    return Checked(str(path), not any(each.severity == "error" for each in found), tuple(found))


def _by_kind(findings: Iterable[Finding]) -> list[str]:
    """What `check` says, each of it once: a bill without any code is one warning, not fifty."""
    lines: dict[tuple[str, str], list[int]] = {}
    for each in findings:
        lines.setdefault((each.column, each.words), []).append(each.line)
    return [
        f"line {where[0]}{f' and {len(where) - 1} more' if where[1:] else ''}, {column}: {words}"
        for (column, words), where in lines.items()
    ]


def _to_folder(folder: Path, made: Sequence[Made], *, force: bool) -> Exported:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{each.rows.number}.txt" for each in made]
    for path in paths:
        if not force and os.path.lexists(path):
            raise UsageProblem(
                "file.exists",
                f"There is a file {path} already; it was not touched.",
                hint="Name another folder, or replace it with --force.",
            )
    with files.outbasket(folder) as basket:
        for path, each in zip(paths, made, strict=True):
            basket.put(path.name, each.content)
    placed = zip(paths, made, strict=True)
    return Exported(tuple(replace(each.told, file=path) for path, each in placed))


def _joined(made: Sequence[Made], end_of_line: str) -> bytes:
    """All bills in one file, which is of one format and one encoding."""
    kinds = {f"{each.rows.format} in {each.rows.encoding.upper()}" for each in made}
    if len(kinds) > 1:
        raise Refused(
            "ledes.mixed",
            f"One file has one format; these bills are for {' and '.join(sorted(kinds))}.",
            hint="Give --format and --encoding, or a folder as --out.",
        )
    return file_of([each.rows for each in made], end_of_line=end_of_line)


def _refuse_same_numbers(bills: Sequence[BillInFile]) -> None:
    """Letters and digits alone may make two numbers the same, and one bill may be named twice."""
    seen: dict[str, str] = {}
    for bill in bills:
        if bill.invoice_number in seen:
            raise UsageProblem(
                "ledes.same-number",
                f"Bills {seen[bill.invoice_number]} and {bill.bill} would both be "
                f"{bill.invoice_number} there.",
                hint="Name each bill once; where two have such numbers, write one at a time.",
            )
        seen[bill.invoice_number] = bill.bill
