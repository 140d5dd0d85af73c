"""Statements of account: what a client owes and has paid over a time, client money apart."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billcli.core import statement as rules
from billcli.core.ageing import BUCKETS, bucket
from billcli.core.document import letterhead
from billcli.core.plan import missed, open_parts
from billcli.deliver import files
from billcli.errors import Refused, UsageProblem
from billcli.store import find, gather, plans, reports, statements
from billcli.store.statements import HeldMove

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Day = date


@dataclass(frozen=True, slots=True)
class LineView:
    """A line: `kind` is bill, void, credit_note, payment or write_off; a payment has its source.

    `amount_cents` is above 0 for what is owed; `balance_cents` is what was owed after it.
    """

    date: Day
    kind: str
    source: str | None
    reference: str | None
    bill: str
    matter: str
    note: str | None
    amount_cents: int
    balance_cents: int


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A bill that is open at the end."""

    bill: str
    matter: str
    title: str
    due_date: Day
    balance_cents: int
    overdue_cents: int


@dataclass(frozen=True, slots=True)
class HeldLine:
    """An entry of money held for the client, above 0 in."""

    id: str
    date: Day
    kind: str
    matter: str
    party: str | None
    purpose: str | None
    bill: str | None
    reverses: str | None
    amount_cents: int
    balance_cents: int


@dataclass(frozen=True, slots=True)
class HeldView:
    """Trust money or a general retainer over the time; it is never netted against what is owed."""

    opening_cents: int
    in_cents: int
    out_cents: int
    closing_cents: int
    uncleared_cents: int
    entries: tuple[HeldLine, ...]


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement: closing = opening + billed - voided - credited - paid - written off."""

    client: str
    client_name: str
    client_address: tuple[str, ...]
    matter: str | None
    matter_title: str | None
    currency: str
    date: Day
    from_: Day | None
    to: Day
    opening_cents: int
    billed_cents: int
    voided_cents: int
    credited_cents: int
    paid_cents: int
    paid_by: dict[str, int]
    written_off_cents: int
    closing_cents: int
    lines: tuple[LineView, ...]
    ageing: dict[str, int]
    overdue_cents: int
    open_bills: tuple[OpenBill, ...]
    client_credit_cents: int
    trust: HeldView
    retainer: HeldView
    requests: tuple[statements.Asked, ...]
    replenishment_due_cents: int

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {"from" if name == "from_" else name: value for name, value in found.items()}


def statement(
    ledger: Ledger,
    client: str,
    *,
    matter: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> StatementView:
    """A client's account from a day to a day, closed matters too; up to today without a last day.

    UsageProblem `statement.days`; Refused `statement.other-client`.
    """
    row = find.client(ledger, client)
    of = find.matter(ledger, matter) if matter else None
    to = last or ledger.today
    if first is not None and first > to:
        raise UsageProblem(
            "statement.days",
            f"A statement can't begin on {first} and end before it, on {to}.",
            hint="Give --from a day up to the one of --to.",
        )
    if of is not None and not statements.concerned(ledger, row.id, of.id or 0):
        raise Refused(
            "statement.other-client",
            f"Matter {of.number} is not {row.id}'s, and has no bill of {row.id}.",
            hint=f"Leave --matter out, or see `billcli matter list --client {row.id}`.",
        )
    asked = (row.id, of.id if of else None, to)
    found = rules.account(statements.posted(ledger, *asked), first, to)
    bills, ageing = _open(ledger, *asked)
    requests = tuple(statements.requests(ledger, *asked))
    return StatementView(
        client=row.id,
        client_name=row.name,
        client_address=_address(row.address),
        matter=of.number if of else None,
        matter_title=of.title if of else None,
        currency=ledger.currency,
        date=ledger.today,
        from_=first,
        to=to,
        opening_cents=found.opening_cents,
        billed_cents=found.sum_of("bill"),
        voided_cents=-found.sum_of("void"),
        credited_cents=-found.sum_of("credit_note"),
        paid_cents=-found.sum_of("payment"),
        paid_by={f"{source}_cents": -found.sum_of("payment", source) for source in rules.SOURCES},
        written_off_cents=-found.sum_of("write_off"),
        closing_cents=found.closing_cents,
        lines=tuple(_line(line) for line in found.lines),
        ageing=ageing,
        overdue_cents=sum(bill.overdue_cents for bill in bills),
        open_bills=bills,
        client_credit_cents=statements.credit(ledger, *asked),
        trust=_held(statements.trust_moves(ledger, *asked), first, to),
        retainer=_held(statements.retainer_moves(ledger, *asked), first, to),
        requests=requests,
        replenishment_due_cents=sum(request.outstanding_cents for request in requests),
    )


def printed(ledger: Ledger, view: StatementView, form: str) -> bytes:
    """The statement as the bytes of a file: md, html, or the pdf made of the html."""
    if form == "pdf":
        from billcli.render.pdf import pdf

        return pdf(page(ledger, view, "html"))
    return page(ledger, view, form).encode()


def page(ledger: Ledger, view: StatementView, form: str) -> str:
    """The statement as `md` or `html`, by the firm's own template or the program's."""
    from billcli.render.statement import StatementTemplates

    folder = ledger.path.parent / "templates"
    shelf = StatementTemplates(folder if folder.is_dir() else None)
    head = letterhead(gather.firm(ledger).settings)
    return shelf.page(view, head, form, decimals=ledger.decimals)


def save(view: StatementView, content: bytes, *, form: str, out: str) -> Path:
    """Write a page to a file, or into a folder under the client's id and the last day."""
    target = Path(out)
    if target.is_dir() or out.endswith(("/", os.sep)):
        target.mkdir(parents=True, exist_ok=True)
        target = target / f"statement-{view.client}-{view.to}.{form}"
    return files.write(target, content)


def _line(line: rules.Line) -> LineView:
    posted = line.posted
    return LineView(
        posted.day,
        posted.kind,
        posted.source,
        posted.reference,
        posted.bill,
        posted.matter,
        posted.note,
        posted.cents,
        line.balance_cents,
    )


def _open(
    ledger: Ledger, client: str, matter_id: int | None, day: date
) -> tuple[tuple[OpenBill, ...], dict[str, int]]:
    """The open bills of a day and how old what is open on them is, plans counted in (D-61)."""
    agreed = plans.in_force(ledger, day)
    bills, ageing = [], {f"{name}_cents": 0 for name in (*BUCKETS, "total")}
    for row in reports.open_receivables(ledger, day):
        if row.client_id != client or matter_id not in (None, row.matter_id):
            continue
        due = date.fromisoformat(row.due_on)
        plan = agreed.get(row.id, ())
        parts = open_parts(due, row.cents, paid_cents=row.paid_cents, plan=plan)
        for part in parts:
            ageing[f"{bucket(part.due_on, day)}_cents"] += part.cents
            ageing["total_cents"] += part.cents
        late = sum(part.cents for part in missed(parts, day))
        first = min((part.due_on for part in parts), default=due)
        bills.append(OpenBill(row.number, row.matter, row.title, first, row.cents, late))
    return tuple(sorted(bills, key=lambda bill: (bill.due_date, bill.bill))), ageing


def _held(moves: Sequence[HeldMove], first: date | None, last: date) -> HeldView:
    sums = rules.held([(move.day, move.cents) for move in moves], first, last)
    balance, entries = sums.opening_cents, []
    for move in moves:
        if first is not None and move.day < first:
            continue
        balance += move.cents
        entries.append(
            HeldLine(
                move.id,
                move.day,
                move.kind,
                move.matter,
                move.party,
                move.purpose,
                move.bill,
                move.reverses,
                move.cents,
                balance,
            )
        )
    waiting = sum(move.cents for move in moves if move.effective_on > last)
    return HeldView(
        sums.opening_cents,
        sums.in_cents,
        sums.out_cents,
        sums.closing_cents,
        waiting,
        tuple(entries),
    )


def _address(kept: str) -> tuple[str, ...]:
    import json

    return tuple(json.loads(kept or "[]"))
