"""Every step of a bill's arithmetic, read off the bill itself (`bill explain`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.core.document import BillDocument
from billcli.core.explain import Row, explained
from billcli.errors import NotFound
from billcli.services.bill.bill_reading import document_of
from billcli.services.bill.desk import Desk, request_for
from billcli.services.bill.request import Request
from billcli.store import matters
from billcli.values.text import shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Explained:
    """A bill, a draft or a preview as a calculation; rows that add make the total."""

    id: str | None
    number: str | None
    state: str
    matter: str
    arrangement: str
    currency: str
    date: date
    fees_cents: int
    discount_cents: int
    costs_cents: int
    tax_cents: int
    total_cents: int
    steps: tuple[Row, ...]
    warnings: tuple[str, ...]


def explain(ledger: Ledger, reference: str, *, through: date | None = None) -> Explained:
    """How a bill came about: by its number, its D-n, or its matter's number for a preview."""
    try:
        document, _ = document_of(ledger, reference)
    except NotFound as missing:
        if not matters.exists(ledger, reference):
            raise NotFound(
                missing.code,
                f"There is no bill, draft or matter {shown(reference)}.",
                hint="See `billcli bill list` and `billcli matter list`.",
            ) from None
        desk = Desk(ledger)
        request = Request(ledger.today, through or ledger.today)
        file, bill = request_for(ledger, reference, request, desk)
        document = desk.paper(file, bill, id="preview", state="preview")
    return _view(document)


def _view(document: BillDocument) -> Explained:
    bill = document.bill
    return Explained(
        id=document.id if document.state != "preview" else None,
        number=document.number,
        state=document.state,
        matter=document.matter_number,
        arrangement=bill.arrangement.replace("-", "_"),
        currency=document.currency,
        date=bill.day,
        fees_cents=bill.fees_cents,
        discount_cents=bill.discount_cents,
        costs_cents=bill.costs_cents,
        tax_cents=bill.tax_cents,
        total_cents=bill.total_cents,
        steps=explained(bill),
        warnings=bill.warnings,
    )
