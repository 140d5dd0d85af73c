"""The pages of a run in its folder: those that the ledger keeps, and PDFs made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from billcli.deliver.files import Outbasket
from billcli.errors import BillError
from billcli.services.month_end.batch import Batch, Report
from billcli.store import bill_reads, durable

if TYPE_CHECKING:
    from billcli.services.bill.desk import Made
    from billcli.store.ledger import Ledger

GROUP = 24
"""So many bills wait for the disk together."""


@contextmanager
def tray(ledger: Ledger, batch: Batch, report: Report, basket: Outbasket | None) -> Iterator[Tray]:
    """Where the pages of a run wait until the disk has their bills; at the end it has all."""
    with durable.in_groups(ledger) as bring:
        kept = Tray(batch, report, basket, bring)
        try:
            yield kept
        finally:
            kept.empty()


@dataclass
class Tray:
    """Bills that were made, and whose pages have no names yet: no page is of a bill that isn't.

    One sync of the ledger's log serves a group of them.
    """

    batch: Batch
    report: Report
    basket: Outbasket | None
    bring: Callable[[], None]
    waiting: list[tuple[str, Made]] = field(default_factory=list)

    def add(self, matter: str, made: Made) -> None:
        """A matter's bills, committed."""
        self.waiting.append((matter, made))
        if len(self.waiting) >= (1 if "pdf" in self.batch.forms else GROUP):
            self.empty()

    def empty(self) -> None:
        """Have the disk take the bills, then write their pages."""
        if not self.waiting:
            return
        self.bring()
        made, self.waiting = self.waiting, []
        if self.basket is not None:
            for matter, each in made:
                put(self.basket, self.batch, self.report, matter, each)


def put(basket: Outbasket, batch: Batch, report: Report, matter: str, made: Made) -> None:
    """The pages of a matter's bills, as files named by number; `made.parts` are there already."""
    for each in made.all:
        if each.pages:
            number = str(each.document.number)
            _write(basket, batch, report, matter, number, batch.forms, each.pages, each.parts)


def put_missing(
    ledger: Ledger,
    batch: Batch,
    report: Report,
    basket: Outbasket,
    issued: Iterable[tuple[int, str, str]],
) -> None:
    """Pages of issued bills (id, matter, number) that a killed run didn't get to write."""
    for bill_id, matter, number in issued:
        missing = tuple(f for f in batch.forms if not (basket.folder / f"{number}.{f}").exists())
        if missing:
            pages = {form: page for form, (page, _) in bill_reads.pages(ledger, bill_id).items()}
            _write(basket, batch, report, matter, number, missing, pages, {})


def _write(
    basket: Outbasket,
    batch: Batch,
    report: Report,
    matter: str,
    number: str,
    forms: tuple[str, ...],
    pages: Mapping[str, bytes],
    parts: Mapping[str, str],
) -> None:
    """One bill; what can't be laid out as a PDF is a failure of the run, not of the bill (B9)."""
    for form in forms:
        if form in batch.kept:
            basket.put(f"{number}.{form}", pages[form], parts.get(form))
            continue
        from billcli.render.pdf import pdf

        try:
            basket.put(f"{number}.{form}", pdf(pages["html"].decode()))
        except BillError as error:
            report.went_wrong(matter, error)
