"""The desk where bills are made: the firm's facts, its templates, and the steps to paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from billcli.core.bill import Bill
from billcli.core.document import BillDocument, Letterhead
from billcli.core.matter import MatterFile
from billcli.errors import NotFound, Refused, UsageProblem
from billcli.services import billing, schedule_views, sharing
from billcli.services.billing import Request
from billcli.store import bills, drafts, find, gather, template_sets

if TYPE_CHECKING:
    from billcli.render.bill import BillTemplates
    from billcli.store.ledger import Ledger

FORMS = ("md", "html")


@dataclass
class Desk:
    """What bills need beside their matter: the firm's facts, its letterhead, the templates."""

    ledger: Ledger
    seen: int = 0
    _made: dict[Path | None, BillTemplates] = field(default_factory=dict)
    _kept: dict[str, str] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)

    @cached_property
    def facts(self) -> gather.FirmFacts:
        """The firm's settings, taxes and names."""
        return gather.firm(self.ledger)

    @cached_property
    def head(self) -> Letterhead:
        """The firm as it stands now."""
        return billing.letterhead(self.facts.settings)

    def render(self, document: BillDocument, form: str, template: str) -> str:
        """The bill by a template's name, or by the file that `--template` names."""
        shelf, name = self._shelf(template, form)
        return shelf.render(document, form, name)

    def freeze(self, document: BillDocument, template: str) -> str:
        """Keep the texts that the bill is printed from; the SHA-256 of their set (§4.1).

        They are read once in a command. A fault in them is said now: at the issue it couldn't be
        mended any more.
        """
        if template not in self._kept:
            from billcli.render.bill import frozen_templates
            from billcli.render.texts import dumped

            forms = {}
            for form in FORMS:
                shelf, name = self._shelf(template, form)
                forms[form] = shelf.texts(form, name)
            texts = dumped(forms)
            for form in FORMS:
                frozen_templates(texts).render(document, form)
            sha256 = template_sets.keep(self.ledger, texts)
            self._kept[template], self._texts[sha256] = sha256, texts
        return self._kept[template]

    def forget(self) -> None:
        """What was kept in a change that was taken back isn't there any more."""
        self._kept.clear()

    def _shelf(self, template: str, form: str) -> tuple[BillTemplates, str]:
        """Where the template of a form is, and its name there."""
        file = template_file(template)
        if file is None:
            return self._templates(None), template
        from billcli.render.bill import form_of

        if form_of(file) != form:
            # One file makes one form; the other comes from the standard template.
            return self._templates(None), "standard"
        return self._templates(file), "standard"

    def _templates(self, file: Path | None) -> BillTemplates:
        if file not in self._made:
            from billcli.render.bill import BillTemplates

            folder = self.ledger.path.parent / "templates"
            self._made[file] = BillTemplates(folder if folder.is_dir() else None, file)
        return self._made[file]

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
        )
        shares = sharing.shares_of(self.ledger, file, self.facts, bill)
        return replace(document, allocation=shares)

    def pages(self, document: BillDocument, template: str) -> dict[str, bytes]:
        """Markdown and HTML of a bill; a fault in a template stops the issue."""
        return {form: self.render(document, form, template).encode() for form in FORMS}

    def approved_page(
        self, document: BillDocument, form: str, template: str, template_set: str | None
    ) -> bytes:
        """A page of an approved bill, printed from the texts that were frozen with it."""
        if template_set is None:  # approved under schema 1, which kept the name alone
            return self.render(document, form, template).encode()
        from billcli.render.bill import frozen_templates

        if template_set not in self._texts:
            self._texts[template_set] = template_sets.texts(self.ledger, template_set)
        return frozen_templates(self._texts[template_set]).render(document, form).encode()


class Made(NamedTuple):
    """A bill that was made, with what later steps need."""

    matter_id: int
    bill_id: int
    document: BillDocument
    file: MatterFile
    template: str
    template_set: str | None = None
    pages: Mapping[str, bytes] = MappingProxyType({})


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
) -> Made:
    """Write a computed bill as far as asked; the caller holds the transaction."""
    template = template_name(file, desk, request)
    if not approved:
        bill_id = drafts.new(ledger, file.id, request.dumped(), bill)
        document = desk.paper(file, bill, id=f"D-{bill_id}", state="draft")
        after = {"total_cents": bill.total_cents}
        ledger.record(f"draft D-{bill_id}", after=after, matter_id=file.id)
        return Made(file.id, bill_id, document, file, template)
    bill_id = drafts.number_only(ledger, file.id, bill.day.isoformat())
    document = desk.paper(file, bill, id=f"D-{bill_id}", state="draft")
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
    template_set = desk.freeze(made.document, made.template)
    document = bills.approve(
        ledger,
        made.bill_id,
        made.matter_id,
        made.document,
        number_format=str(desk.facts.settings["billing.number_format"]),
        template=made.template,
        template_set=template_set,
    )
    return made._replace(document=document, template_set=template_set)


def issue(ledger: Ledger, desk: Desk, made: Made) -> Made:
    """Post and keep the pages; the caller holds the transaction."""
    bill = made.document.bill
    if bill.day > ledger.today:
        raise Refused(
            "bill.early",
            f"The bill is dated {bill.day}; it can't be issued before that day.",
            hint="Issue it then, or make the bill with an earlier --date.",
        )
    state = "issued" if bill.total_cents else "paid"
    document = replace(made.document, state=state)
    pages = {
        form: desk.approved_page(document, form, made.template, made.template_set) for form in FORMS
    }
    bills.issue(ledger, made.bill_id, made.matter_id, document, pages)
    return made._replace(document=document, pages=pages)


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


def template_file(template: str) -> Path | None:
    """The file of a `--template` that names one, rather than a template of a folder."""
    if "/" in template or template.lower().endswith((".j2", ".md", ".html")):
        return Path(template).absolute()
    return None
