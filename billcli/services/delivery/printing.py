"""Bills on paper: so many copies as the matter wants; what is printed changes nothing (§6.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from billcli.core.options import effective
from billcli.deliver import files, printer
from billcli.errors import BatchFailed, BillError, NotFound
from billcli.render import pdf
from billcli.services.arrangement import standing
from billcli.services.bill import bill_reading
from billcli.store import bill_reads, find, runs, settings
from billcli.values.text import file_name, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class PrintView:
    """A bill that lies in a printer's queue; `request` is its name there, where there is one."""

    bill: str
    matter: str
    copies: int
    printer: str | None
    request: str | None


@dataclass
class Printed:
    """What a printing came to."""

    printed: list[PrintView] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)

    def view(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"printed": self.printed, "failed": self.failed}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A bill to be printed, and how often its matter wants it on paper."""

    name: str
    matter: str
    wanted: int


def print_bills(
    ledger: Ledger,
    references: Sequence[str],
    *,
    copies: int | None = None,
    to: str | None = None,
) -> Printed:
    """Print bills that were named: the matter's copies, and one where it wants none.

    Refused `print.no-lp`; UsageProblem `pdf.missing`. One bill that can't be printed is raised,
    one of several is told in the result.
    """
    sheets = [_sheet(ledger, each) for each in dict.fromkeys(references)]
    asked = [(sheet, copies or sheet.wanted or 1) for sheet in sheets]
    return _print(ledger, asked, to)


def print_run(
    ledger: Ledger, run: str, *, copies: int | None = None, to: str | None = None
) -> Printed:
    """Print a month end: its issued bills whose matters want copies. NotFound `run.missing`."""
    row = next((row for row in runs.all_(ledger) if str(row.id) == run.strip()), None)
    if row is None:
        raise NotFound(
            "run.missing", f"There is no run {shown(run)}.", hint="See `billcli mass status`."
        )
    issued = (
        facts
        for facts in bill_reads.some(ledger, runs.bills_of(ledger, row.id))
        if facts.state not in ("approved", "void")
    )
    sheets = [_sheet(ledger, facts.number) for facts in issued]
    return _print(ledger, [(each, copies or each.wanted) for each in sheets if each.wanted], to)


def raise_failures(done: Printed) -> None:
    """End with exit code 6 where a bill wasn't printed. BatchFailed `print.failed`."""
    if done.failed:
        names = ", ".join(each["bill"] for each in done.failed[:10])
        raise BatchFailed(
            "print.failed",
            f"{len(done.failed)} of {len(done.failed) + len(done.printed)} bills weren't printed: "
            f"{names}.",
            hint="Mend what is named, and print those again: billcli bill print BILL …",
        )


def _sheet(ledger: Ledger, reference: str) -> _Sheet:
    facts = find.approved(ledger, reference)
    if facts is not None:
        name, matter_id = facts.number, facts.matter_id
    else:
        draft = find.draft(ledger, reference)
        name, matter_id = draft.ref, draft.matter_id
    options = standing.file_of(ledger, matter_id).options
    wanted = int(effective("copies", options, settings.all_(ledger)))
    return _Sheet(name, find.matter_by_id(ledger, matter_id).number, wanted)


def _print(ledger: Ledger, asked: Sequence[tuple[_Sheet, int]], to: str | None) -> Printed:
    done = Printed()
    if not asked:
        return done
    printer.ready()
    pdf.ready()
    # The queue has its own copy once `lp` ends; what is left here goes with the folder.
    with TemporaryDirectory(prefix="billcli-print-") as folder:
        for sheet, copies in asked:
            try:
                content = bill_reading.render(ledger, sheet.name, form="pdf")
                file = files.write(Path(folder) / f"{file_name(sheet.name)}.pdf", content)
                request = printer.put(file, title=f"Bill {sheet.name}", copies=copies, printer=to)
            except BillError as error:
                if len(asked) == 1:
                    raise
                said = f"{error.sentence} {error.hint}" if error.hint else error.sentence
                done.failed.append({"bill": sheet.name, "code": error.code, "error": said})
            else:
                done.printed.append(PrintView(sheet.name, sheet.matter, copies, to, request))
    return done
