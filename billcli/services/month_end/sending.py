"""The mail of a batch: queued with each bill, sent when all bills are made (§6.3, B1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from billcli.services.bill.desk import Desk, Made
from billcli.services.delivery import mailing, outbox
from billcli.services.delivery.outbox import Queued
from billcli.services.month_end.alone import alone
from billcli.services.month_end.batch import Batch, Report
from billcli.store import bill_reads

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Tick = Callable[[int, int], None]


def queue(ledger: Ledger, batch: Batch, report: Report, made: Made) -> None:
    """Put issued bills into the outbox; the caller holds the transaction that issued them."""
    if batch.sent:
        for each in made.all:
            if each.pages:
                _note(report, outbox.queue(ledger, str(each.document.number)))


def queue_missing(
    ledger: Ledger, desk: Desk, report: Report, issued: Iterable[tuple[int, str, str]]
) -> None:
    """Put bills (id, matter, number) into the outbox that were issued before, without mail."""
    made = {bill["number"] for bill in report.bills}
    for bill_id, matter, number in issued:
        if number in made:
            continue
        facts = bill_reads.one(ledger, bill_id)
        if facts is not None and facts.state != "void":
            queued = alone(ledger, desk, report, matter, partial(outbox.queue, ledger, number))
            if queued is not None:
                _note(report, queued)


def send(
    ledger: Ledger,
    report: Report,
    issued: Iterable[tuple[int, str, str]],
    *,
    tick: Tick | None = None,
) -> None:
    """Send what waits of the bills made now and of those issued before; failures are reported."""
    numbers = {str(bill["number"]) for bill in report.bills if bill["number"]}
    numbers |= {number for _, _, number in issued}
    ledger.session.rollback()
    report.mail = mailing.send_waiting(ledger, bills=numbers, tick=tick)


def _note(report: Report, queued: Queued) -> None:
    row = {"matter": queued.matter, "number": queued.bill, "hint": queued.hint}
    if queued.to_deliver:
        report.to_deliver.append(row)
