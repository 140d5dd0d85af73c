"""Changing a draft by hand: amounts, dropped entries, its discount, its note and its shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billcli.core.bill import Bill
from billcli.core.discount import Discount
from billcli.core.edits import REASONS, Edit, added, fixed_because, loose_because, name_of
from billcli.core.lines import Line
from billcli.errors import NotFound, Refused, UsageProblem
from billcli.services.bill import billing
from billcli.services.bill.bill_views import bill_view
from billcli.services.bill.bills import as_drafted
from billcli.services.bill.desk import Desk
from billcli.services.bill.request import Request
from billcli.store import drafts, find

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from billcli.store.drafts import Draft
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Amount:
    """What a line charges instead, and why; words may follow the reason."""

    line: int | None
    amount_cents: int | None
    reason: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to change; lines are counted as `bill show` shows the draft now.

    A discount of nothing takes the matter's off this bill; shares are by timekeeper. `seen` is the
    draft as it was looked at, where a person looked.
    """

    amounts: Sequence[Amount] = ()
    drop: Sequence[int] = ()
    discount: Discount | None = None
    shares: Mapping[str, int] | None = None
    note: str | None = None
    seen: Draft | None = None


def edit(ledger: Ledger, reference: str, changes: Changes) -> dict[str, Any]:
    """Change a draft; the edits are kept with it and made again when it is refreshed.

    NotFound `edit.line`; Refused `edit.fixed-line`, `edit.above`, `edit.below`, `draft.stale`,
    `draft.changed`;
    UsageProblem `edit.reason`, `edit.nothing`.
    """
    with ledger.write():
        desk = Desk(ledger)
        draft = find.draft(ledger, reference)
        refuse_changed(draft, changes.seen)
        new = _edits(ledger, draft, changes)
        if not new:
            raise UsageProblem(
                "edit.nothing",
                "Nothing to change was given.",
                hint="Name what is to change: --help.",
            )
        edits = added(draft.edits, new)
        request = Request.loaded(draft.request)
        # What came since the draft was made waits for a refresh.
        file = as_drafted(desk, draft, request)
        billing.refuse_unbillable(file, request.through)
        bill = billing.bill_of(file, desk.facts, request, ledger.decimals, edits=edits)
        billing.refuse_nothing(file, bill, request)
        document = desk.foreseen(file, desk.paper(file, bill, id=draft.ref, state="draft"))
        drafts.replace(ledger, draft.id, draft.request, bill, edits=edits)
        ledger.record(
            f"draft {draft.ref}",
            before={"total_cents": draft.bill.total_cents},
            after={"total_cents": bill.total_cents, "edits": [e.dumped() for e in new]},
            matter_id=draft.matter_id,
        )
    return bill_view(document) | {"edits": [e.told() for e in edits]}


def refuse_changed(draft: Draft, seen: Draft | None) -> None:
    """What a person looked at is what is changed or approved. Refused `draft.changed`."""
    if seen is not None and draft != seen:
        raise Refused(
            "draft.changed",
            f"{draft.ref} was changed by somebody else while it was looked at.",
            hint=f"Look at it again: billcli bill show {draft.ref}",
        )


def _edits(ledger: Ledger, draft: Draft, changes: Changes) -> list[Edit]:
    bill = draft.bill
    found: list[Edit] = []
    found += [_amount(draft, change) for change in changes.amounts]
    for number in changes.drop:
        line = _line(bill, number, draft.ref)
        if loose_because(line):
            raise Refused(
                "edit.fixed-line",
                f"Line {number} stands for no entry, so it can't be dropped.",
                hint=f"Change its amount: --line {number} --amount X --reason R",
            )
        found.append(Edit("drop", line=line.source))
    if changes.discount is not None:
        off = changes.discount
        found.append(Edit("discount", cents=off.amount_cents, percent_e4=off.percent_e4))
    for who, cents in (changes.shares or {}).items():
        found.append(Edit("allocate", timekeeper=find.timekeeper(ledger, who).id, cents=cents))
    if changes.note is not None:
        found.append(Edit("note", text=changes.note or None))
    return found


def _amount(draft: Draft, change: Amount) -> Edit:
    if change.line is None or change.amount_cents is None:
        raise UsageProblem(
            "edit.amount",
            "A line and its new amount go together.",
            hint="Give --line N --amount X --reason R.",
        )
    if change.reason not in REASONS:
        raise UsageProblem(
            "edit.reason",
            "A write-up or write-down needs its reason.",
            hint=f"Give --reason with one of {', '.join(REASONS)}; words may follow a colon.",
        )
    line = _line(draft.bill, change.line, draft.ref)
    if why := fixed_because(line):
        raise Refused(
            "edit.fixed-line",
            f"Line {change.line} keeps its amount: {why}.",
            hint="Change the entry itself, or another line.",
        )
    return Edit(
        "amount",
        line=name_of(line),
        cents=change.amount_cents,
        reason=change.reason,
        text=change.text,
    )


def _line(bill: Bill, number: int, ref: str) -> Line:
    if not 1 <= number <= len(bill.lines):
        raise NotFound(
            "edit.line",
            f"{ref} has no line {number}; it has {len(bill.lines)}.",
            hint=f"See its lines: billcli bill show {ref} --json",
        )
    return bill.lines[number - 1]
