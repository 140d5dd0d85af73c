"""Work that the arrangement leaves nothing for, settled without a bill (§1.2, §1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billcli.core.matter import MatterFile, in_force
from billcli.core.work import Entry
from billcli.services.bill import billing
from billcli.services.bill.request import Request
from billcli.services.work import _entries
from billcli.store import gather, outcomes
from billcli.store.find import EntryRef

if TYPE_CHECKING:
    from billcli.core.bill import Part
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Spent:
    """Time above a cap that is used up, and what of it belongs to the reserve."""

    entries: tuple[Entry, ...] = ()
    reserved_cents: int = 0

    @property
    def cents(self) -> int:
        """Its standard value."""
        return sum(entry.standard_cents for entry in self.entries)


def above_the_cap(ledger: Ledger, file: MatterFile) -> Spent:
    """The unbilled time of which no cent can be charged, because its cap is used up."""
    request = Request(ledger.today, ledger.today, only="fees", confirm_cost_writedown=True)
    bill = billing.bill_of(file, gather.firm(ledger), request, ledger.decimals)
    kinds = {version.id: version.kind for version in file.versions}
    found: list[Entry] = []
    reserved = 0
    for part in bill.parts:
        work = [e for e in file.fees if e.counts and _belongs(file, e, part)]
        capped = kinds[part.arrangement_id].startswith("capped")
        if capped and not part.charged_cents and work and all(e.kind == "time" for e in work):
            found += work
            reserved += part.reserved_cents
    return Spent(tuple(found), reserved)


def settle(ledger: Ledger, file: MatterFile, spent: Spent) -> None:
    """Make it no-charge; its value joins the reserve where the arrangement has one."""
    for entry in spent.entries:
        _entries.alter(ledger, EntryRef("time", entry.id, None), {"behavior": "no-charge"})
    if spent.reserved_cents:
        after = {"accrued_cents": spent.reserved_cents, "reason": "cap"}
        mark = ledger.record(f"reserve {file.number}", after=after, matter_id=file.id)
        outcomes.move(ledger, file.id, "accrued", spent.reserved_cents, mark, reason="cap")


def _belongs(file: MatterFile, entry: Entry, part: Part) -> bool:
    """Whether a part of a bill prices the entry."""
    if in_force(file.versions, entry.day).id != part.arrangement_id:
        return False
    if part.period_start is None or part.period_end is None:
        return True
    return part.period_start <= entry.day <= part.period_end
