"""Mass billing: every matter in a transaction of its own, each billed once (§6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from billcli.core.mass import Skip, skipped
from billcli.core.matter import MatterFile, in_force
from billcli.deliver import files
from billcli.errors import BillError, Refused
from billcli.services.arrangement import standing
from billcli.services.bill import billing, splitting
from billcli.services.bill.bill_views import underscored
from billcli.services.bill.desk import Desk, Made, keep
from billcli.services.month_end.ahead import Plan, Turn, printing_beside, turns
from billcli.services.month_end.batch import FAULTS, Batch, Report, preview_row
from billcli.store import bill_reads, find, gather, refusals, runs
from billcli.store.ledger import DBErrors

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

CHUNK = 200
Tick = Callable[[int, int], None]

__all__ = ["Batch", "preview", "run"]


def preview(ledger: Ledger, batch: Batch) -> list[dict[str, Any]]:
    """What a run would bill, matter by matter; skipped ones with their reason."""
    rows = []
    desk = Desk(ledger)
    for file in _files(ledger, desk, batch, _candidates(ledger, batch)):
        planned = _safely(ledger, desk, batch, file)
        if isinstance(planned, Plan):
            rows.append(preview_row(planned.file, planned.bill))
        elif isinstance(planned, Skip):
            if not planned.quiet:
                rows.append(preview_row(file, None) | {"skipped": planned.reason})
        else:
            rows.append(preview_row(file, None) | {"error": planned.sentence})
    return rows


def run(ledger: Ledger, batch: Batch, *, tick: Tick | None = None) -> dict[str, Any]:
    """Bill every matter that has something due; one bad matter never stops the others.

    With a key a matter is billed once under it, whatever came since, and files of its bills that
    are missing in `out` are written again (B1).
    """
    report = Report(batch)
    desk = Desk(ledger)
    _refuse_unknown(ledger, batch)
    ids = _candidates(ledger, batch)
    found = _files(ledger, desk, batch, ids, tick)
    out = files.outbasket(batch.out) if batch.out and not batch.dry else nullcontext(None)
    with out as basket, printing_beside(desk, batch, len(ids)):
        if basket is not None and batch.key:
            _write_missing(ledger, batch, basket)
        plan = partial(_plan, ledger, desk, batch)
        for turn in turns(ledger, desk, batch, found, plan):
            if batch.dry:
                _note_plan(desk, batch, report, turn.file, _safely(ledger, desk, batch, turn.file))
                continue
            made = _bill(ledger, desk, batch, report, turn)
            if made is not None and basket is not None and batch.issued:
                for each in made.all:
                    for form in batch.forms:
                        basket.put(f"{each.document.number}.{form}", each.pages[form])
    view = report.view()
    if report.run is not None:
        _keep_report(ledger, report.run, view)
    return view


def _candidates(ledger: Ledger, batch: Batch) -> list[int]:
    """The matters that a run looks at."""
    return runs.candidates(ledger, batch.through, numbers=batch.matters, client=batch.client)


def _files(
    ledger: Ledger, desk: Desk, batch: Batch, ids: list[int], tick: Tick | None = None
) -> Iterator[MatterFile]:
    """The matters of a run with their work, a chunk at a time, so that memory stays flat."""
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
    skip = skipped(file, settings, picked=picked, through=batch.through)
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
        idle = not picked and not file.fees and not file.costs
        quiet = idle and not _fee_waits(ledger, batch, file)
        return Skip(billing.nothing_because(file, bill), quiet=quiet)
    return Plan(file, bill)


def _fee_waits(ledger: Ledger, batch: Batch, file: MatterFile) -> bool:
    """Whether a fixed fee is still to be billed, so that the run says what it waits for.

    A cap or a fee that is used up, and a period that is charged, are worth a line only when there
    is work or a cost to say it of.
    """
    if in_force(file.versions, batch.through).kind != "fixed":
        return False
    return bool(standing.position(file, batch.through, ledger.decimals).headroom_cents)


def _safely(ledger: Ledger, desk: Desk, batch: Batch, file: MatterFile) -> Plan | Skip | BillError:
    try:
        return _plan(ledger, desk, batch, file)
    except BillError as error:
        return error
    except FAULTS as fault:
        return _blamed(file, fault)


def _bill(ledger: Ledger, desk: Desk, batch: Batch, report: Report, turn: Turn) -> Made | None:
    """One matter, in a transaction of its own, from what is true inside it."""
    started = report.run
    file, seen, planned = turn
    try:
        with ledger.write():
            if runs.changed_by_others(ledger) != seen:
                # Somebody else wrote since the chunk was read: read this matter again.
                file, planned = desk.file(file.id, batch.request), None
            if planned is None:
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
                paper=planned.paper,
            )
            if report.run is None:
                report.run = _start(ledger, batch)
            runs.add_bill(ledger, report.run, made.bill_id, made.matter_id, batch.key)
    except BillError as error:
        report.run = started
        desk.stationery.forget()
        if error.exit_code == 5:
            raise
        report.went_wrong(file.number, error)
        return None
    except FAULTS as fault:
        report.run = started
        desk.stationery.forget()
        report.went_wrong(file.number, _blamed(file, fault))
        return None
    except DBErrors as error:
        report.run = started
        desk.stationery.forget()
        said = refusals.refusal(error, ledger.path)
        report.went_wrong(file.number, said or Refused("ledger.refused", str(error)))
        return None
    report.bills += [
        {
            "matter": file.number,
            "id": f"D-{each.bill_id}",
            "number": each.document.number,
            "total_cents": each.document.bill.total_cents,
            "quote_rule": underscored(each.document.bill.quote_rule),
        }
        for each in made.all
    ]
    return made


def _blamed(file: MatterFile, fault: Exception) -> BillError:
    """A fault that has no sentence of its own is named with its matter; the others go on (B24)."""
    return BillError(
        "matter.fault",
        f"Something about matter {file.number} can't be billed: {type(fault).__name__}, {fault}.",
        hint=f"See where: billcli --debug bill preview {file.number}",
    )


def _note_plan(
    desk: Desk,
    batch: Batch,
    report: Report,
    file: MatterFile,
    planned: Plan | Skip | BillError,
) -> None:
    if isinstance(planned, BillError):
        report.went_wrong(file.number, planned)
    elif isinstance(planned, Skip):
        report.left_out(file.number, planned)
    else:
        # A draft is one for all payors; once approved, each of them has a bill.
        totals = [planned.bill.total_cents]
        if batch.approved or batch.issued:
            totals = splitting.totals(desk.ledger, file, desk.facts.settings, planned.bill)
        report.bills += [
            {
                "matter": file.number,
                "id": None,
                "number": None,
                "total_cents": cents,
                "quote_rule": underscored(planned.bill.quote_rule),
            }
            for cents in totals
        ]


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
