"""Reviewing drafts: each is approved, edited as text, held, or made anew, as it was looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from billcli.core.discount import Discount
from billcli.core.edits import discount_of
from billcli.core.options import effective
from billcli.deliver import files
from billcli.formats import draft_text
from billcli.render.prebill import prebill_text
from billcli.services.bill import bill_edits, bills
from billcli.services.matter import holds
from billcli.services.month_end.prebills import Prebill, prebills_of
from billcli.store import find, gather
from billcli.values.text import file_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billcli.store.ledger import Ledger


def text_of(ledger: Ledger, seen: Prebill) -> str:
    """What an editor opens for a draft."""
    view = seen.view
    title = f"Draft {seen.ref}: {view['matter']}, {view['title']}, for {view['client_name']}"
    return draft_text.written(_editable(ledger, seen), title=title)


def take_over(ledger: Ledger, seen: Prebill, text: str) -> tuple[str, ...]:
    """Make the changes of an edited text, all or none; its faults, where it has some.

    Refused as `bill edit` is, and `draft.changed`; no change at all is no fault.
    """
    revision, faults = draft_text.read(text, _editable(ledger, seen))
    if faults or revision.empty:
        return faults
    changes = bill_edits.Changes(
        amounts=[bill_edits.Amount(a.line, a.cents, a.reason, a.text) for a in revision.amounts],
        drop=revision.drop,
        discount=revision.discount,
        note=revision.note,
        seen=seen.draft,
    )
    bill_edits.edit(ledger, seen.ref, changes)
    return ()


def approve(ledger: Ledger, seen: Prebill) -> dict[str, Any]:
    """Approve a draft as it was looked at. Refused `draft.changed`, and as `bill approve` is."""
    with ledger.write():
        bill_edits.refuse_changed(find.draft(ledger, seen.ref), seen.draft)
        return bills.approve(ledger, seen.ref)


def refresh(ledger: Ledger, seen: Prebill) -> None:
    """Compute a draft again from today's work; what was changed by hand is made again."""
    with ledger.write():
        bill_edits.refuse_changed(find.draft(ledger, seen.ref), seen.draft)
        bills.refresh(ledger, seen.ref)


def hold(ledger: Ledger, seen: Prebill) -> None:
    """Put the draft's matter on a billing hold, or take it off: held, it is not approved."""
    change = holds.unhold if seen.file.held else holds.hold
    change(ledger, seen.file.number)


def write_texts(
    ledger: Ledger, references: Iterable[str], out: Path, failed: list[dict[str, str]]
) -> list[str]:
    """A file of text for each draft, by its matter, so that two months can be compared."""
    written = []
    with files.outbasket(out) as basket:
        for seen in prebills_of(ledger, references, failed):
            name = f"{file_name(seen.file.number)}.txt"
            basket.put(name, prebill_text(seen.view, ledger.decimals).encode())
            written.append(name)
    return written


def _editable(ledger: Ledger, seen: Prebill) -> draft_text.Editable:
    draft = seen.draft
    found = effective("discount", seen.file.options, gather.firm(ledger).settings)
    agreed = Discount(found.get("percent_e4"), found.get("cents")) if found else None
    return draft_text.Editable(
        lines=draft.bill.lines,
        edits=draft.edits,
        discount=discount_of(agreed, draft.edits),
        note=draft.bill.note,
        decimals=ledger.decimals,
    )
