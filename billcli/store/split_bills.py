"""The bills of one computation for several payors (D-51)."""

from __future__ import annotations

import json
from collections.abc import Iterable
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

_SHARED = "SELECT bill_id FROM bill_share WHERE bill_id IN (SELECT value FROM json_each(:ids))"


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
    return held_by(ledger, [bill_id]).get(bill_id)


def held_by(ledger: Ledger, ids: Iterable[int]) -> dict[int, BillFacts]:
    """The bills that hold entries, by their ids; each is paid when every payor of it has paid."""
    found = {facts.id: facts for facts in bill_reads.some(ledger, ids)}
    paid = json.dumps([facts.id for facts in found.values() if facts.state == "paid"])
    for row in list(rows.named(ledger, _SHARED, {"ids": paid})):
        facts = found[row.bill_id]
        waiting = [
            bill for bill in group(ledger, facts.id) if bill.balance_cents > 0 or not bill.issued_on
        ]
        if waiting:
            total = facts.total_cents + sum(bill.total_cents for bill in waiting)
            found[facts.id] = replace(facts, state="part_paid", total_cents=total)
    return found
