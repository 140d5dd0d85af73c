"""Reading bills: one by its reference, its pages, and lists."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billcli.core.document import BillDocument
from billcli.deliver import files
from billcli.errors import Refused
from billcli.services.bill import mail_states, splitting
from billcli.services.bill.bill_views import bill_view, list_view, underscored
from billcli.services.bill.desk import Desk, template_name
from billcli.services.bill.overdue import overdue as overdue_of
from billcli.services.bill.request import Request
from billcli.services.funds import funding
from billcli.store import bill_reads, drafts, find
from billcli.values import money

if TYPE_CHECKING:
    from datetime import date

    from billcli.store.ledger import Ledger


def show(ledger: Ledger, reference: str) -> dict[str, Any]:
    """A bill or a draft, whole."""
    document, facts = document_of(ledger, reference)
    view = bill_view(document, facts=facts)
    if facts is not None and (mail := mail_states.of_bill(ledger, facts)):
        view["mail"] = mail
    if facts is not None and document.share:
        view["split_bills"] = splitting.listed_facts(splitting.group(ledger, facts))
    if facts is None:
        view["edits"] = [edit.told() for edit in find.draft(ledger, reference).edits]
    return view


def document_of(ledger: Ledger, reference: str) -> tuple[BillDocument, bill_reads.BillFacts | None]:
    """The document behind a number or a D-n; facts only of an approved one."""
    facts = find.approved(ledger, reference)
    desk = Desk(ledger)
    if facts is not None:
        document = bill_reads.document(ledger, facts)
        if facts.state != "approved":
            return funding.issued(ledger, facts, document), facts
        file = desk.file(facts.matter_id, Request(facts.day, facts.day))
        return desk.foreseen(file, document), facts
    draft = find.draft(ledger, reference)
    file = desk.file(draft.matter_id, Request.loaded(draft.request))
    document = desk.paper(file, draft.bill, id=draft.ref, state="draft")
    return desk.foreseen(file, document), None


def render(ledger: Ledger, reference: str, *, form: str, template: str | None = None) -> bytes:
    """A bill as Markdown, HTML or PDF; an issued one gives back its frozen bytes, for ever (B6).

    A PDF is made of the HTML page, of the frozen one once the bill is issued.
    """
    if form == "pdf":
        from billcli.render.pdf import pdf

        return pdf(render(ledger, reference, form="html", template=template).decode())
    document, facts = document_of(ledger, reference)
    kept = bill_reads.pages(ledger, facts.id) if facts else {}
    if kept:
        if template:
            raise Refused(
                "bill.frozen",
                f"Bill {document.number} is issued; its pages never change.",
                hint="Leave --template out.",
            )
        return kept[form][0]
    desk = Desk(ledger)
    if facts and not template:
        return desk.stationery.approved_page(document, form, facts.template, facts.template_set)
    name = template or _draft_template(ledger, reference, desk)
    return desk.stationery.render(document, form, name).encode()


def save(ledger: Ledger, reference: str, content: bytes, *, form: str, out: str) -> Path:
    """Write a rendered bill to a file, or into a folder under its number."""
    target = Path(out)
    if target.is_dir() or out.endswith(("/", os.sep)):
        target.mkdir(parents=True, exist_ok=True)
        facts = find.approved(ledger, reference)
        target = target / f"{facts.number if facts else find.draft(ledger, reference).ref}.{form}"
    return files.write(target, content)


def summary(ledger: Ledger, reference: str) -> list[str]:
    """A line or two on where a bill stands."""
    facts = find.approved(ledger, reference)
    if facts is None:
        draft = find.draft(ledger, reference)
        return [f"{draft.ref} is a draft, made up to {draft.bill.through}."]
    state = facts.state.replace("_", " ")
    paid = money.grouped(facts.paid_cents, ledger.decimals)
    balance = money.grouped(facts.balance_cents, ledger.decimals)
    told = [f"{paid} paid"]
    if facts.credited_cents:
        told.append(f"{money.grouped(facts.credited_cents, ledger.decimals)} credited")
    if facts.written_off_cents:
        told.append(f"{money.grouped(facts.written_off_cents, ledger.decimals)} written off")
    told.append(f"{balance} open")
    disputed = min(facts.disputed_cents, facts.balance_cents)
    if disputed > 0:
        told.append(f"{money.grouped(disputed, ledger.decimals)} of it in dispute")
    mail = mail_states.sentence(ledger, facts)
    line = f"Bill {facts.number} (D-{facts.id}) is {state}: {', '.join(told)}."
    return [line, mail] if mail else [line]


def list_(
    ledger: Ledger,
    *,
    state: str | None = None,
    matter: str | None = None,
    overdue: bool = False,
    since: date | None = None,
) -> list[dict[str, Any]]:
    """Bills and open drafts, by number, then drafts."""
    matter_id = find.matter(ledger, matter).id if matter else None
    rows = []
    bills = bill_reads.all_(ledger, matter_id=matter_id)
    missed = overdue_of(ledger, bills)
    for facts in bills:
        late = missed.get(facts.id, ())
        if (overdue and not late) or (since and facts.day < since):
            continue
        rows.append(list_view(facts) | {"overdue_cents": sum(part.cents for part in late)})
    if not overdue:
        rows += [
            row
            for draft in drafts.all_(ledger)
            if matter_id in (None, draft.matter_id)
            and not (since and draft.bill.day < since)
            and (row := _draft_row(ledger, draft))
        ]
    wanted = underscored(state)
    return [row for row in rows if wanted in (None, row["state"])]


def _draft_row(ledger: Ledger, draft: drafts.Draft) -> dict[str, Any]:
    row = find.matter_by_id(ledger, draft.matter_id)
    return {
        "id": draft.ref,
        "number": None,
        "state": "draft",
        "matter": row.number,
        "client": row.client_id,
        "arrangement": underscored(draft.bill.arrangement),
        "date": draft.bill.day,
        "due_date": draft.bill.due_on,
        "total_cents": draft.bill.total_cents,
        "paid_cents": 0,
        "balance_cents": draft.bill.total_cents,
        "overdue_cents": 0,
    }


def _draft_template(ledger: Ledger, reference: str, desk: Desk) -> str:
    draft = find.draft(ledger, reference)
    request = Request.loaded(draft.request)
    return template_name(desk.file(draft.matter_id, request), desk, request)
