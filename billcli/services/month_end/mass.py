"""Mass billing: every matter in a transaction of its own, each billed once (§6)."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from billcli.core.mass import Skip
from billcli.core.matter import MatterFile, in_force
from billcli.deliver import files
from billcli.errors import BillError, NotFound
from billcli.render import pdf
from billcli.services.bill import splitting
from billcli.services.bill.bills import renewed
from billcli.services.bill.desk import Desk, Made, keep
from billcli.services.delivery import mailing
from billcli.services.month_end import output, planning, sending
from billcli.services.month_end.ahead import Turn, printing_beside, turns
from billcli.services.month_end.alone import alone
from billcli.services.month_end.batch import Batch, Report, preview_row
from billcli.services.month_end.plan import Plan
from billcli.services.month_end.rows import Rows
from billcli.store import find, gather, runs
from billcli.values.text import did_you_mean, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

CHUNK = 200
KEPT = 2_000
"""The report that the ledger keeps has no more bills than this: it is one value, made at once."""
Tick = Callable[[int, int], None]

__all__ = ["Batch", "preview", "run"]


def preview(ledger: Ledger, batch: Batch) -> Rows:
    """What a run would bill, matter by matter; skipped ones with their reason."""
    rows = Rows()
    desk = Desk(ledger)
    _refuse_unknown(ledger, batch)
    for file in _files(ledger, desk, batch, _candidates(ledger, batch)):
        planned = planning.safely(ledger, desk, batch, file)
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
    if batch.sent:
        mailing.refuse_unset(ledger)
    ids = _candidates(ledger, batch)
    found = _files(ledger, desk, batch, ids, tick)
    if "pdf" in batch.forms and batch.out:
        pdf.ready()
    out = files.outbasket(batch.out) if batch.out and not batch.dry else nullcontext(None)
    # What is approved stays; drafts of one run are taken back together.
    drafts = nullcontext() if batch.approved or batch.issued else ledger.one_change()
    with drafts, out as basket, printing_beside(desk, batch, len(ids), basket):
        if basket is not None and batch.key:
            output.put_missing(ledger, batch, report, basket, runs.bills_under(ledger, batch.key))
        plan = partial(planning.plan, ledger, desk, batch)
        with output.tray(ledger, batch, report, basket) as tray:
            for turn in turns(ledger, desk, batch, found, plan):
                if batch.dry:
                    planned = planning.safely(ledger, desk, batch, turn.file)
                    _note_plan(desk, batch, report, turn.file, planned)
                    continue
                made = _bill(ledger, desk, batch, report, turn)
                if made is not None:
                    tray.add(turn.file.number, made)
    if report.run is not None:
        _keep_report(ledger, report.run, report.view())
    if batch.sent and not batch.dry:
        issued = list(runs.bills_under(ledger, batch.key)) if batch.key else []
        sending.queue_missing(ledger, desk, report, issued)
        sending.send(ledger, report, issued, tick=tick)
        if report.run is not None:
            _keep_report(ledger, report.run, report.view())
    return report.view()


def _candidates(ledger: Ledger, batch: Batch) -> array[int]:
    """The matters that a run looks at."""
    return runs.candidates(
        ledger,
        batch.through,
        numbers=batch.matters,
        client=batch.client,
        responsible=batch.responsible,
        practice_area=batch.practice_area,
    )


def _files(
    ledger: Ledger, desk: Desk, batch: Batch, ids: Sequence[int], tick: Tick | None = None
) -> Iterator[MatterFile]:
    """The matters of a run with their work, a chunk at a time, so that memory stays flat."""
    for start in range(0, len(ids), CHUNK):
        ledger.session.rollback()
        chunk = ids[start : start + CHUNK]
        desk.seen = runs.changed_by_others(ledger)
        found = gather.matters(ledger, desk.facts, chunk, batch.through)
        for n, matter_id in enumerate(chunk, start + 1):
            if matter_id in found:
                file = found.pop(matter_id)
                if batch.arrangement in (None, in_force(file.versions, batch.through).kind):
                    yield file
            if tick:
                tick(n, len(ids))


def _bill(ledger: Ledger, desk: Desk, batch: Batch, report: Report, turn: Turn) -> Made | None:
    """One matter, in a transaction of its own, from what is true inside it."""

    def act() -> tuple[Plan, Made] | None:
        file, seen, planned = turn
        if runs.changed_by_others(ledger) != seen:
            # Somebody else wrote since the chunk was read: read this matter again.
            file, planned = desk.file(file.id, batch.request), None
        if planned is None:
            planned = planning.plan(ledger, desk, batch, file)
        if isinstance(planned, Skip):
            report.left_out(file.number, planned)
            return None
        if report.run is None:
            report.run = _start(ledger, batch)
        made = _made(ledger, desk, batch, planned, report.run)
        sending.queue(ledger, batch, report, made)
        return planned, made

    done = alone(ledger, desk, report, turn.file.number, act)
    if done is None:
        return None
    planned, made = done
    for each in made.all:
        document = each.document
        report.made(planned, f"D-{each.bill_id}", document.number, document.bill.total_cents)
        if each.pages:
            own = planned.file.options
            report.issued(planned.file.number, str(document.number), own, desk.facts.settings)
    return made


def _made(ledger: Ledger, desk: Desk, batch: Batch, planned: Plan, run_id: int) -> Made:
    """The bill as far as the run takes it; the caller holds the transaction."""
    wanted = {
        "approved": batch.approves and planned.left is None,
        "issued": batch.issued and planned.left is None,
    }
    file, bill, draft = planned.file, planned.bill, planned.draft
    request = planned.request or batch.request
    if draft is None:
        made = keep(ledger, desk, file, bill, request, paper=planned.paper, **wanted)
        runs.add_bill(ledger, run_id, made.bill_id, made.matter_id, batch.key)
        return made
    runs.take_over(ledger, run_id, draft.id, draft.matter_id, batch.key)
    return renewed(ledger, desk, draft, file, bill, request, planned.edits, **wanted)


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
        if batch.approves and planned.left is None:
            totals = splitting.totals(desk.ledger, file, desk.facts.settings, planned.bill)
        for cents in totals:
            report.made(planned, planned.draft.ref if planned.draft else None, None, cents)


def _start(ledger: Ledger, batch: Batch) -> int:
    asked = {
        "matters": list(batch.matters),
        "client": batch.client,
        "responsible": batch.responsible,
        "practice_area": batch.practice_area,
        "arrangement": batch.arrangement,
        "approve": batch.approved,
        "issue": batch.issued,
        "refresh": batch.refresh,
        "max_total_cents": batch.breakers.max_total_cents,
        "max_writeup_cents": batch.breakers.max_writeup_cents,
    }
    run_id = runs.start(ledger, key=batch.key, day=batch.day, through=batch.through, request=asked)
    ledger.record(f"run {run_id}", after={"key": batch.key, "through": str(batch.through)})
    return run_id


def _keep_report(ledger: Ledger, run_id: int, view: dict[str, Any]) -> None:
    """Keep what the run did; `run_bill` has the bills of a very long one, so it leaves them out."""
    from billcli.render.json import document

    if len(view["bills"]) > KEPT:
        view = {name: part for name, part in view.items() if name != "bills"}
    with ledger.write():
        runs.finish(ledger, run_id, document(view, ledger.decimals))


def _refuse_unknown(ledger: Ledger, batch: Batch) -> None:
    for number in batch.matters:
        find.matter(ledger, number)
    if batch.client is not None:
        find.client(ledger, batch.client)
    if batch.responsible is not None:
        find.timekeeper(ledger, batch.responsible)
    if batch.practice_area is not None:
        areas = runs.practice_areas(ledger)
        if batch.practice_area.casefold() not in {area.casefold() for area in areas}:
            raise NotFound(
                "practice-area.missing",
                f"No matter has the practice area {shown(batch.practice_area)}.",
                hint=did_you_mean(batch.practice_area, areas)
                or (f"There is {', '.join(areas)}." if areas else None),
            )
