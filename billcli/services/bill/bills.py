"""Bills: previewed, drafted, approved, issued, voided."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from billcli.core.bill import Bill
from billcli.core.edits import Edit
from billcli.core.matter import MatterFile
from billcli.errors import Refused
from billcli.services.arrangement import reserve
from billcli.services.bill import billing, splitting, voiding
from billcli.services.bill import desk as desks
from billcli.services.bill.bill_reading import show
from billcli.services.bill.bill_views import bill_view
from billcli.services.bill.desk import Desk, Made, keep, request_for, template_name
from billcli.services.bill.request import Request
from billcli.store import bill_reads, bills, drafts, find, frozen
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def preview(
    ledger: Ledger, number: str, request: Request, *, paper: bool = False
) -> tuple[dict[str, Any], str]:
    """The bill that would be made now, and its page where wanted; writes nothing."""
    desk = Desk(ledger)
    file, bill = request_for(ledger, number, request, desk)
    document = desk.foreseen(file, desk.paper(file, bill, id="preview", state="preview"))
    page = (
        desk.stationery.render(document, "md", template_name(file, desk, request)) if paper else ""
    )
    return bill_view(document), page


def create(
    ledger: Ledger, number: str, request: Request, *, approved: bool = False, issued: bool = False
) -> dict[str, Any]:
    """Make a draft; with `approved` it gets its number, with `issued` it is posted and rendered."""
    with ledger.write():
        desk = Desk(ledger)
        row = find.matter(ledger, number)
        refuse_open_draft(ledger, row.id or 0, number)
        file, bill = request_for(ledger, number, request, desk)
        if request.template:
            # A template that is missing or at fault is said now, not at the issue.
            draft = desk.paper(file, bill, id="draft", state="draft")
            desk.stationery.pages(draft, template_name(file, desk, request))
        made = keep(ledger, desk, file, bill, request, approved=approved or issued, issued=issued)
    return _made_view(desk, made, issued=issued)


def refresh(ledger: Ledger, reference: str, *, discard_edits: bool = False) -> dict[str, Any]:
    """Compute a draft again from today's work, with what it was asked for and its edits."""
    with ledger.write():
        desk = Desk(ledger)
        draft = find.draft(ledger, reference)
        request = Request.loaded(draft.request)
        file = desk.file(draft.matter_id, request)
        billing.refuse_unbillable(file, request.through)
        edits = () if discard_edits else draft.edits
        bill = billing.bill_of(file, desk.facts, request, ledger.decimals, edits=edits)
        billing.refuse_nothing(file, bill, request)
        made = renewed(ledger, desk, draft, file, bill, request, edits)
    return bill_view(desk.foreseen(file, made.document)) | {"edits": [e.told() for e in edits]}


def renewed(
    ledger: Ledger,
    desk: Desk,
    draft: drafts.Draft,
    file: MatterFile,
    bill: Bill,
    request: Request,
    edits: tuple[Edit, ...],
    *,
    approved: bool = False,
    issued: bool = False,
) -> Made:
    """Put a new computation in the place of a draft's; the caller holds the transaction."""
    drafts.replace(ledger, draft.id, request.dumped(), bill, edits=edits)
    ledger.record(
        f"draft {draft.ref}",
        before={"total_cents": draft.bill.total_cents},
        after={"total_cents": bill.total_cents},
        matter_id=draft.matter_id,
    )
    document = desk.paper(file, bill, id=draft.ref, state="draft")
    made = Made(draft.matter_id, draft.id, document, file, template_name(file, desk, request))
    if approved:
        made = desks.approve(ledger, desk, made, request)
    return desks.issue(ledger, desk, made) if issued else made


def delete(ledger: Ledger, reference: str) -> str:
    """Delete a draft; its entries are unbilled again. What is approved is voided instead."""
    with ledger.write():
        draft = find.draft(ledger, reference)
        drafts.remove(ledger, draft.id)
        before = {"total_cents": draft.bill.total_cents}
        ledger.record(f"draft {draft.ref}", before=before, matter_id=draft.matter_id)
    return draft.ref


def approve(
    ledger: Ledger, reference: str, *, accept_schedule_mismatch: bool = False
) -> dict[str, Any]:
    """Give a draft its number and freeze it; a draft that no longer holds is refused (D-46)."""
    with ledger.write():
        desk = Desk(ledger)
        draft = find.draft(ledger, reference)
        made = numbered(desk, draft, accept_schedule_mismatch=accept_schedule_mismatch)
    return _made_view(desk, made)


def numbered(desk: Desk, draft: drafts.Draft, *, accept_schedule_mismatch: bool = False) -> Made:
    """A draft's bill with its number, frozen; the caller holds the transaction."""
    request = Request.loaded(draft.request)
    if accept_schedule_mismatch:
        request = replace(request, accept_schedule_mismatch=True)
    file = as_drafted(desk, draft, request)
    billing.refuse_unbillable(file, request.through)
    document = desk.paper(file, draft.bill, id=draft.ref, state="draft")
    made = Made(draft.matter_id, draft.id, document, file, template_name(file, desk, request))
    return desks.approve(desk.ledger, desk, made, request)


def _made_view(desk: Desk, made: Made, *, issued: bool = False) -> dict[str, Any]:
    """A bill as it was made, with those of further payors."""
    document = made.document if issued else desk.foreseen(made.file, made.document)
    view = bill_view(document)
    if made.others:
        view["split_bills"] = splitting.listed(each.document for each in made.all)
    return view


def issue(ledger: Ledger, reference: str) -> dict[str, Any]:
    """Post an approved bill, render it and keep its bytes.

    Each payor's bill goes out on its own; `not_issued` names those that still wait (D-51).
    """
    with ledger.write():
        facts = find.bill(ledger, reference)
        made = posted(Desk(ledger), facts)
        group = splitting.group(ledger, facts)
        waiting = [each for each in group if each.id != facts.id and each.state == "approved"]
    view = bill_view(made.document)
    return view | {"not_issued": splitting.listed_facts(waiting)} if waiting else view


def posted(desk: Desk, facts: bill_reads.BillFacts) -> Made:
    """An approved bill, issued; the caller holds the transaction. Refused `bill.issued`."""
    if facts.state != "approved":
        raise Refused(
            "bill.issued", f"Bill {facts.number} is {facts.state.replace('_', ' ')} already."
        )
    document = bill_reads.document(desk.ledger, facts)
    file = desk.file(facts.matter_id, Request(facts.day, facts.day))
    made = Made(facts.matter_id, facts.id, document, file, facts.template)
    return desks.issue(desk.ledger, desk, made._replace(template_set=facts.template_set))


def void(ledger: Ledger, reference: str, *, reason: str, entries: str = "return") -> dict[str, Any]:
    """Void a bill; it keeps its number, its entries come back or are written off (D-47).

    What trust and general retainer paid goes back to them first, in the same change (D-48).
    """
    with ledger.write():
        facts = find.bill(ledger, reference)
        # The bills of several payors are one computation, and go together (D-51).
        group = splitting.group(ledger, facts)
        given = [each for bill in group for each in voiding.clear(ledger, bill, reason)]
        for bill in group:
            bills.void(ledger, bill.id, bill.number, bill.matter_id, reason=reason, entries=entries)
            if entries == "write-off":
                reserve.give_up(ledger, bill)
    view = show(ledger, reference) | {"given_back": [asdict(each) for each in given]}
    return view | {"voided": [bill.number for bill in group]}


def refuse_open_draft(ledger: Ledger, matter_id: int, number: str) -> None:
    """One open draft per matter (D-46)."""
    open_draft = drafts.of_matter(ledger, matter_id)
    if open_draft is not None:
        raise Refused(
            "draft.exists",
            f"Matter {number} has an open draft, D-{open_draft}.",
            hint=f"Approve, refresh or delete it: billcli bill show D-{open_draft}",
        )


def as_drafted(desk: Desk, draft: drafts.Draft, request: Request) -> MatterFile:
    """The matter with exactly the draft's entries; refused when they make another bill now."""
    file = desk.file(draft.matter_id, request)
    held = {(line.kind, line.entry_id) for line in draft.bill.lines if line.entry_id is not None}
    file = replace(
        file,
        fees=tuple(e for e in file.fees if (e.kind, e.id) in held),
        costs=tuple(e for e in file.costs if (e.kind, e.id) in held),
        rows=tuple(row for row in file.rows if row.id in draft.bill.rows),
    )
    decimals = desk.ledger.decimals
    now = billing.bill_of(file, desk.facts, request, decimals, edits=draft.edits)
    if frozen.dumped(now) != frozen.dumped(draft.bill):
        was, new = (
            money.grouped(bill.total_cents, desk.ledger.decimals) for bill in (draft.bill, now)
        )
        raise Refused(
            "draft.stale",
            f"What {draft.ref} was made from has changed: its total was {was}, and would be {new}.",
            hint=f"Compute it again: billcli bill refresh {draft.ref}",
        )
    return file
