"""The desk where bills are made: the firm's facts, its templates, and the steps to paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from billcli.core.bill import Bill
from billcli.core.document import BillDocument, Letterhead, letterhead
from billcli.core.matter import MatterFile
from billcli.errors import NotFound, Refused, UsageProblem
from billcli.services.arrangement import schedule_views
from billcli.services.bill import billing, sharing, splitting
from billcli.services.bill.request import Request
from billcli.services.bill.stationery import Stationery
from billcli.services.funds import applying, funding
from billcli.store import bills, drafts, find, gather

if TYPE_CHECKING:
    from billcli.services.bill.pressroom import Printed
    from billcli.store.ledger import Ledger


@dataclass
class Desk:
    """What bills need beside their matter: the firm's facts, its letterhead, the templates."""

    ledger: Ledger
    seen: int = 0

    @cached_property
    def facts(self) -> gather.FirmFacts:
        """The firm's settings, taxes and names."""
        return gather.firm(self.ledger)

    @cached_property
    def stationery(self) -> Stationery:
        """What its bills are printed with."""
        return Stationery(self.ledger)

    @cached_property
    def head(self) -> Letterhead:
        """The firm as it stands now."""
        return letterhead(self.facts.settings)

    def file(self, matter_id: int, request: Request) -> MatterFile:
        """The matter with its unbilled work."""
        found = gather.matters(
            self.ledger, self.facts, [matter_id], request.through, only_charges=request.charges
        )
        return found[matter_id]

    def paper(self, file: MatterFile, bill: Bill, *, id: str, state: str) -> BillDocument:
        """The bill as a document, not yet numbered."""
        numbers = [line.task_number for line in bill.lines if line.task_number]
        document = billing.document(
            file,
            self.facts,
            bill,
            id=id,
            state=state,
            decimals=self.ledger.decimals,
            head=self.head,
            milestones=gather.milestones(self.ledger, file.id, numbers),
            allocation=sharing.shares_of(self.ledger, file, self.facts, bill),
        )
        payors = splitting.payors(self.ledger, file, self.facts.settings)
        if not payors:
            return document
        return splitting.foreseen(document, payors, consent="split_consent" in file.options)

    def foreseen(self, file: MatterFile, document: BillDocument) -> BillDocument:
        """A bill before its issue with the client money that would be applied; moves nothing."""
        if document.payors:  # each payor's money is for the payor's own bill
            return document
        options, settings = file.options, self.facts.settings
        return funding.shown(self.ledger, file.id, options, settings, document)


class Made(NamedTuple):
    """A bill that was made, with what later steps need; `others` are those of further payors."""

    matter_id: int
    bill_id: int
    document: BillDocument
    file: MatterFile
    template: str
    template_set: str | None = None
    pages: Mapping[str, bytes] = MappingProxyType({})
    printed: Printed | None = None
    others: tuple[Made, ...] = ()

    @property
    def parts(self) -> Mapping[str, str]:
        """Its pages as files that have no names yet, where they were written ahead."""
        return self.printed.parts if self.printed else {}

    @property
    def all(self) -> tuple[Made, ...]:
        """The bill, and those of further payors."""
        return (self, *self.others)


def request_for(
    ledger: Ledger, number: str, request: Request, desk: Desk
) -> tuple[MatterFile, Bill]:
    """The matter and the bill it would make; refused where nothing can be billed."""
    row = find.matter(ledger, number)
    file = desk.file(row.id or 0, request)
    billing.refuse_unbillable(file, request.through)
    _charges_found(file, request)
    bill = billing.bill_of(file, desk.facts, request, ledger.decimals)
    billing.refuse_nothing(file, bill, request)
    return file, bill


def keep(
    ledger: Ledger,
    desk: Desk,
    file: MatterFile,
    bill: Bill,
    request: Request,
    *,
    approved: bool,
    issued: bool,
    paper: BillDocument | None = None,
) -> Made:
    """Write a computed bill as far as asked; the caller holds the transaction.

    `paper` is its document where that was made ahead.
    """
    template = template_name(file, desk, request)
    if not approved:
        bill_id = drafts.new(ledger, file.id, request.dumped(), bill)
        document = desk.paper(file, bill, id=f"D-{bill_id}", state="draft")
        after = {"total_cents": bill.total_cents}
        ledger.record(f"draft D-{bill_id}", after=after, matter_id=file.id)
        return Made(file.id, bill_id, document, file, template)
    bill_id = drafts.number_only(ledger, file.id, bill.day.isoformat())
    document = paper or desk.paper(file, bill, id="", state="draft")
    if document.id != f"D-{bill_id}":
        document = replace(document, id=f"D-{bill_id}")
    made = Made(file.id, bill_id, document, file, template)
    made = approve(ledger, desk, made, request)
    return issue(ledger, desk, made) if issued else made


def approve(ledger: Ledger, desk: Desk, made: Made, request: Request) -> Made:
    """Number and freeze; the caller holds the transaction. Refused `schedule.mismatch`."""
    schedule_views.refuse_mismatch(
        ledger,
        made.file,
        made.document.bill,
        accepted=request.accept_schedule_mismatch,
        final=request.final,
    )
    if made.document.payors:
        return _approve_each(ledger, desk, made)
    return _approve(ledger, desk, made)


def _approve_each(ledger: Ledger, desk: Desk, made: Made) -> Made:
    """A bill for each payor; the first keeps the draft's number for life, and the entries."""
    found = []
    for n, document in enumerate(splitting.documents(made.document)):
        bill_id = made.bill_id
        if n:
            bill_id = drafts.number_only(ledger, made.matter_id, document.bill.day.isoformat())
        document = replace(document, id=f"D-{bill_id}")
        payors = made._replace(bill_id=bill_id, document=document)
        found.append(_approve(ledger, desk, payors, group=made.bill_id))
    return found[0]._replace(others=tuple(found[1:]))


def _approve(ledger: Ledger, desk: Desk, made: Made, *, group: int | None = None) -> Made:
    printed = desk.stationery.take(made.document, made.template)
    template_set = desk.stationery.freeze(made.document, made.template, proven=printed is not None)
    document = bills.approve(
        ledger,
        made.bill_id,
        made.matter_id,
        made.document,
        number_format=str(desk.facts.settings["billing.number_format"]),
        template=made.template,
        template_set=template_set,
        group=group,
        ready=printed.rows if printed else None,
    )
    if printed and printed.heading.number != document.number:
        printed = None
    return made._replace(document=document, template_set=template_set, printed=printed)


def issue(ledger: Ledger, desk: Desk, made: Made) -> Made:
    """Post and keep the pages, of every payor; the caller holds the transaction."""
    issued = _issue(ledger, desk, made)
    if made.others:
        others = tuple(_issue(ledger, desk, other) for other in made.others)
        return issued._replace(others=others)
    return issued


def _issue(ledger: Ledger, desk: Desk, made: Made) -> Made:
    bill = made.document.bill
    if bill.day > ledger.today:
        raise Refused(
            "bill.early",
            f"The bill is dated {bill.day}; it can't be issued before that day.",
            hint="Issue it then, or make the bill with an earlier --date.",
        )
    document = replace(made.document, state=issued_state(bill))
    options, settings = made.file.options, desk.facts.settings
    funded = funding.at_issue(ledger, made.bill_id, made.matter_id, options, settings, document)
    document = funded.document if funded else document
    printed = made.printed if not funded else None
    if printed:
        pages = printed.pages
    else:
        pages = desk.stationery.approved_pages(document, made.template, made.template_set)
    hashes = printed.hashes if printed else None
    bills.issue(ledger, made.bill_id, made.matter_id, document, pages, hashes=hashes)
    if funded:
        applying.carry_out(ledger, funded)
        document = funded.warned
    return made._replace(document=document, pages=pages, printed=printed)


def issued_state(bill: Bill) -> str:
    """What a bill is once it is issued: over zero there is nothing to pay."""
    return "issued" if bill.total_cents else "paid"


def _charges_found(file: MatterFile, request: Request) -> None:
    there = {entry.id for entry in file.fees if entry.kind == "charge"}
    gone = [f"C-{number}" for number in request.charges or () if number not in there]
    if gone:
        raise NotFound(
            "charge.missing",
            f"Matter {file.number} has no unbilled charge {', '.join(gone)}.",
            hint=f"See `billcli charge list {file.number}`.",
        )
    if request.charges is not None and not request.charges:
        raise UsageProblem("charge.none", "No charge was named.")


def template_name(file: MatterFile, desk: Desk, request: Request) -> str:
    """The template that a bill of this matter prints with."""
    return billing.template_of(file, desk.facts, request)
