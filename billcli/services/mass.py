"""Mass billing: every matter in a transaction of its own, each billed once (§6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from billcli.core.bill import Bill
from billcli.core.mass import Skip, skipped
from billcli.core.matter import MatterFile
from billcli.deliver import files
from billcli.errors import BillError, Refused
from billcli.services import billing
from billcli.services.billing import Request
from billcli.services.desk import Desk, Made, keep
from billcli.store import bill_reads, find, gather, refusals, runs
from billcli.store.ledger import DBErrors

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

CHUNK = 200
Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a run was asked: which matters, how far, and where the pages go."""

    day: date
    through: date
    matters: tuple[str, ...] = ()
    client: str | None = None
    approved: bool = False
    issued: bool = False
    out: Path | None = None
    forms: tuple[str, ...] = ("md", "html")
    dry: bool = False
    key: str | None = None

    @property
    def request(self) -> Request:
        """What it asks of each matter: what is due by itself (D-26)."""
        return Request(self.day, self.through, by_hand=False)


@dataclass
class Report:
    """What a run did; `bills` are (matter, id, number, total)."""

    batch: Batch
    run: int | None = None
    bills: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)

    def view(self) -> dict[str, Any]:
        """The report's JSON (cli.md)."""
        return {
            "run": self.run,
            "key": self.batch.key,
            "date": self.batch.day,
            "through": self.batch.through,
            "dry_run": self.batch.dry,
            "created": len(self.bills),
            "skipped": self.skipped,
            "failed": self.failed,
            "bills": self.bills,
            "total_cents": sum(bill["total_cents"] for bill in self.bills),
        }

    def left_out(self, matter: str, skip: Skip) -> None:
        """Note a matter that was skipped, unless there is nothing to say."""
        if not skip.quiet:
            self.skipped.append({"matter": matter, "reason": skip.reason})

    def went_wrong(self, matter: str, error: BillError) -> None:
        """Note a matter that failed, with the way out."""
        said = f"{error.sentence} {error.hint}" if error.hint else error.sentence
        self.failed.append({"matter": matter, "code": error.code, "error": said})


class Plan(NamedTuple):
    """The bill that a matter gets in this run."""

    file: MatterFile
    bill: Bill


def preview(ledger: Ledger, batch: Batch) -> list[dict[str, Any]]:
    """What a run would bill, matter by matter; skipped ones with their reason."""
    rows = []
    desk = Desk(ledger)
    for file in _files(ledger, desk, batch):
        planned = _safely(ledger, desk, batch, file)
        if isinstance(planned, Plan):
            rows.append(_preview_row(planned.file, planned.bill))
        elif isinstance(planned, Skip):
            if not planned.quiet:
                rows.append(_preview_row(file, None) | {"skipped": planned.reason})
        else:
            rows.append(_preview_row(file, None) | {"error": planned.sentence})
    return rows


def run(ledger: Ledger, batch: Batch, *, tick: Tick | None = None) -> dict[str, Any]:
    """Bill every matter that has something due; one bad matter never stops the others.

    With a key a matter is billed once under it, whatever came since, and files of its bills that
    are missing in `out` are written again (B1).
    """
    report = Report(batch)
    desk = Desk(ledger)
    _refuse_unknown(ledger, batch)
    out = files.outbasket(batch.out) if batch.out and not batch.dry else nullcontext(None)
    with out as basket:
        if basket is not None and batch.key:
            _write_missing(ledger, batch, basket)
        for file in _files(ledger, desk, batch, tick):
            if batch.dry:
                _note_plan(report, file, _safely(ledger, desk, batch, file))
                continue
            made = _bill(ledger, desk, batch, report, file)
            if made is not None and basket is not None and batch.issued:
                for form in batch.forms:
                    basket.put(f"{made.document.number}.{form}", made.pages[form])
    view = report.view()
    if report.run is not None:
        _keep_report(ledger, report.run, view)
    return view


def _files(
    ledger: Ledger, desk: Desk, batch: Batch, tick: Tick | None = None
) -> Iterator[MatterFile]:
    """The matters of a run with their work, a chunk at a time, so that memory stays flat."""
    ids = runs.candidates(ledger, batch.through, numbers=batch.matters, client=batch.client)
    for start in range(0, len(ids), CHUNK):
        ledger.session.rollback()
        chunk = ids[start : start + CHUNK]
        desk.seen = runs.changed_by_others(ledger)
        found = gather.matters(ledger, desk.facts, chunk, batch.through)
        for n, matter_id in enumerate(chunk, start + 1):
            if matter_id in found:
                yield found.pop(matter_id)
            if tick:
                tick(n, len(ids))


def _plan(ledger: Ledger, desk: Desk, batch: Batch, file: MatterFile) -> Plan | Skip:
    """The bill a matter gets, or why it gets none."""
    settings = desk.facts.settings
    picked = file.number in batch.matters
    skip = skipped(file, settings, picked=picked)
    if skip:
        return skip
    if batch.key:
        before = runs.billed_under(ledger, batch.key, file.id)
        if before is not None:
            return Skip(f"billed under key {batch.key} already, {_name(ledger, before)}")
    draft = runs.open_draft(ledger, file.id)
    if draft is not None:
        return Skip(f"draft D-{draft} exists")
    bill = billing.bill_of(file, desk.facts, batch.request, ledger.decimals)
    if bill.empty:
        idle = not picked and not file.fees and not file.costs and not bill.nothing
        return Skip(billing.nothing_because(file, bill), quiet=idle)
    return Plan(file, bill)


def _safely(ledger: Ledger, desk: Desk, batch: Batch, file: MatterFile) -> Plan | Skip | BillError:
    try:
        return _plan(ledger, desk, batch, file)
    except BillError as error:
        return error


def _bill(
    ledger: Ledger, desk: Desk, batch: Batch, report: Report, file: MatterFile
) -> Made | None:
    """One matter, in a transaction of its own, from what is true inside it."""
    started = report.run
    try:
        with ledger.write():
            if runs.changed_by_others(ledger) != desk.seen:
                # Somebody else wrote since the chunk was read: read this matter again.
                file = desk.file(file.id, batch.request)
            planned = _plan(ledger, desk, batch, file)
            if isinstance(planned, Skip):
                report.left_out(file.number, planned)
                return None
            made = keep(
                ledger,
                desk,
                planned.file,
                planned.bill,
                batch.request,
                approved=batch.approved or batch.issued,
                issued=batch.issued,
            )
            if report.run is None:
                report.run = _start(ledger, batch)
            runs.add_bill(ledger, report.run, made.bill_id, made.matter_id, batch.key)
    except BillError as error:
        report.run = started
        if error.exit_code == 5:
            raise
        report.went_wrong(file.number, error)
        return None
    except DBErrors as error:
        report.run = started
        said = refusals.refusal(error, ledger.path)
        report.went_wrong(file.number, said or Refused("ledger.refused", str(error)))
        return None
    report.bills.append(
        {
            "matter": file.number,
            "id": f"D-{made.bill_id}",
            "number": made.document.number,
            "total_cents": made.document.bill.total_cents,
        }
    )
    return made


def _note_plan(report: Report, file: MatterFile, planned: Plan | Skip | BillError) -> None:
    if isinstance(planned, BillError):
        report.went_wrong(file.number, planned)
    elif isinstance(planned, Skip):
        report.left_out(file.number, planned)
    else:
        total = planned.bill.total_cents
        report.bills.append(
            {"matter": file.number, "id": None, "number": None, "total_cents": total}
        )


def _start(ledger: Ledger, batch: Batch) -> int:
    asked = {
        "matters": list(batch.matters),
        "client": batch.client,
        "approve": batch.approved,
        "issue": batch.issued,
    }
    run_id = runs.start(ledger, key=batch.key, day=batch.day, through=batch.through, request=asked)
    ledger.record(f"run {run_id}", after={"key": batch.key, "through": str(batch.through)})
    return run_id


def _keep_report(ledger: Ledger, run_id: int, view: dict[str, Any]) -> None:
    from billcli.render.json import document

    with ledger.write():
        runs.finish(ledger, run_id, document(view, ledger.decimals))


def _write_missing(ledger: Ledger, batch: Batch, basket: files.Outbasket) -> None:
    """Pages of bills under this key that a killed run didn't get to write."""
    for bill_id, number in runs.bills_under(ledger, batch.key or ""):
        missing = [f for f in batch.forms if not (basket.folder / f"{number}.{f}").exists()]
        if missing:
            pages = bill_reads.pages(ledger, bill_id)
            for form in missing:
                basket.put(f"{number}.{form}", pages[form][0])


def _refuse_unknown(ledger: Ledger, batch: Batch) -> None:
    for number in batch.matters:
        find.matter(ledger, number)
    if batch.client is not None:
        find.client(ledger, batch.client)


def _name(ledger: Ledger, bill_id: int) -> str:
    facts = bill_reads.one(ledger, bill_id)
    return facts.number if facts else f"D-{bill_id}"


def _preview_row(file: MatterFile, bill: Bill | None) -> dict[str, Any]:
    return {
        "matter": file.number,
        "title": file.title,
        "client": file.client.id if file.client else None,
        "arrangement": bill.arrangement.replace("-", "_") if bill else None,
        "standard_fees_cents": bill.standard_fees_cents if bill else None,
        "fees_cents": bill.fees_cents if bill else None,
        "discount_cents": bill.discount_cents if bill else None,
        "costs_cents": bill.costs_cents if bill else None,
        "tax_cents": bill.tax_cents if bill else None,
        "total_cents": bill.total_cents if bill else None,
        "warnings": list(bill.warnings) if bill else [],
        "skipped": None,
        "error": None,
    }
