"""The bills of one computation for several payors (D-51)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from billcli.store import bill_reads, rows
from billcli.store.models import BillShareRow

if TYPE_CHECKING:
    from billcli.core.document import PayorShare
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger

_GROUP = """
    SELECT bill_id FROM bill_share
    WHERE group_id = (SELECT group_id FROM bill_share WHERE bill_id = :bill) ORDER BY n"""


def add(ledger: Ledger, bill_id: int, group_id: int, share: PayorShare) -> None:
    """Note that a bill is one payor's share."""
    values = {
        "bill_id": bill_id,
        "group_id": group_id,
        "n": share.n,
        "basis_points": share.basis_points,
    }
    rows.insert(ledger, BillShareRow, values)


def group(ledger: Ledger, bill_id: int) -> list[BillFacts]:
    """The bills that a bill shares its computation with, itself included; none if it has none."""
    found = rows.named(ledger, _GROUP, {"bill": bill_id})
    return bill_reads.some(ledger, [row.bill_id for row in list(found)])


def holding(ledger: Ledger, bill_id: int) -> BillFacts | None:
    """The bill that holds entries; it is paid when every payor of it has paid."""
    facts = bill_reads.one(ledger, bill_id)
    if facts is None or facts.state != "paid":
        return facts
    waiting = [
        bill for bill in group(ledger, bill_id) if bill.balance_cents > 0 or not bill.issued_on
    ]
    if not waiting:
        return facts
    total = sum(bill.total_cents for bill in waiting)
    return replace(facts, state="part_paid", total_cents=facts.total_cents + total)
