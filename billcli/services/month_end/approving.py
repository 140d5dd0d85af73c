"""Approving the drafts of a run, each in a transaction of its own, and issuing them (§6.1)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from billcli.deliver import files
from billcli.errors import NotFound
from billcli.services.bill import bills
from billcli.services.bill import desk as desks
from billcli.services.bill.desk import Desk, Made
from billcli.services.delivery import mailing
from billcli.services.month_end import output, sending
from billcli.services.month_end.alone import alone
from billcli.services.month_end.batch import Batch, Report
from billcli.store import bill_reads, drafts, find, matters, runs

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Tick = Callable[[int, int], None]


def approve(
    ledger: Ledger, run_id: int, batch: Batch, *, tick: Tick | None = None
) -> dict[str, Any]:
    """Give the drafts of a run their numbers; with `issued`, also issue what is approved.

    A draft of a matter on hold, or over a limit, stays one; one whose work has changed fails, and
    is named. What was approved or issued already is left alone.
    """
    report = Report(batch, run=run_id)
    desk = Desk(ledger)
    if batch.sent:
        mailing.refuse_unset(ledger)
    ids = runs.bills_of(ledger, run_id)
    out = files.outbasket(batch.out) if batch.out else nullcontext(None)
    with out as basket:
        if basket is not None:
            output.put_missing(ledger, batch, report, basket, runs.issued_of(ledger, run_id))
        with output.tray(ledger, batch, report, basket) as tray:
            for n, bill_id in enumerate(ids, 1):
                ledger.session.rollback()
                number = _matter_of(ledger, bill_id)
                act = partial(_one, desk, batch, report, bill_id)
                made = alone(ledger, desk, report, number, act) if number else None
                if made is not None and number:
                    _note(desk, report, number, made)
                    tray.add(number, made)
                if tick:
                    tick(n, len(ids))
    if batch.sent:
        issued = list(runs.issued_of(ledger, run_id))
        sending.queue_missing(ledger, desk, report, issued)
        sending.send(ledger, report, issued, tick=tick)
    return report.view()


def _one(desk: Desk, batch: Batch, report: Report, bill_id: int) -> Made | None:
    """One bill, as far as it goes; the caller holds the transaction."""
    ledger = desk.ledger
    facts = bill_reads.one(ledger, bill_id)
    if facts is not None:
        if not batch.issued or facts.state != "approved":
            return None
        return _queued(ledger, batch, report, bills.posted(desk, facts))
    draft = drafts.get(ledger, bill_id)
    why = _waits(ledger, batch, draft)
    if why:
        number = find.matter_by_id(ledger, draft.matter_id).number
        report.left.append({"matter": number, "id": draft.ref, "reason": why})
        return None
    made = bills.numbered(desk, draft)
    if not batch.issued:
        return made
    return _queued(ledger, batch, report, desks.issue(ledger, desk, made))


def _queued(ledger: Ledger, batch: Batch, report: Report, made: Made) -> Made:
    sending.queue(ledger, batch, report, made)
    return made


def _waits(ledger: Ledger, batch: Batch, draft: drafts.Draft) -> str | None:
    """Why a draft stays one, which is no failure."""
    if find.matter_by_id(ledger, draft.matter_id).held_on is not None:
        return "on a billing hold"
    return batch.breakers.tripped(draft.bill, ledger.decimals)


def _note(desk: Desk, report: Report, number: str, made: Made) -> None:
    for each in made.all:
        bill = each.document.bill
        report.billed(
            number,
            f"D-{each.bill_id}",
            number=each.document.number,
            cents=bill.total_cents,
            rule=bill.quote_rule,
        )
        if each.pages:
            own = matters.options_of(desk.ledger, find.matter(desk.ledger, number).id or 0)
            report.issued(number, str(each.document.number), own, desk.facts.settings)


def _matter_of(ledger: Ledger, bill_id: int) -> str | None:
    """Whose bill it is; None where somebody deleted the draft in the meantime."""
    facts = bill_reads.one(ledger, bill_id)
    if facts is not None:
        return facts.matter
    try:
        return find.matter_by_id(ledger, drafts.get(ledger, bill_id).matter_id).number
    except NotFound:
        return None
