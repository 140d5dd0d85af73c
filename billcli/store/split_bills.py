"""The bills of one computation for several payors (D-51)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from billcli.core.states import bill_state
from billcli.store import bill_reads, rows
from billcli.store.models import BillShareRow
from billcli.store.postings import CREDITED, WRITTEN_OFF, paid

if TYPE_CHECKING:
    from billcli.core.document import PayorShare
    from billcli.core.states import BillState
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger

_GROUP = """
    SELECT bill_id FROM bill_share
    WHERE group_id = (SELECT group_id FROM bill_share WHERE bill_id = :bill) ORDER BY n"""

_SHARED = "SELECT bill_id FROM bill_share WHERE bill_id IN (SELECT value FROM json_each(:ids))"

_STATES = f"""
    SELECT b.id, b.number, b.total_cents,
        EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'issued') AS issued,
        EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'voided') AS voided,
        coalesce(sum({paid("v.")}), 0) AS paid_cents, coalesce(sum({CREDITED}), 0)
            AS credited_cents,
        coalesce(sum({WRITTEN_OFF}), 0) AS written_off_cents
    FROM bill AS b LEFT JOIN move AS v ON v.bill_id = b.id
    WHERE b.id IN (SELECT value FROM json_each(:ids)) GROUP BY b.id"""


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


def states_of(ledger: Ledger, ids: Iterable[int]) -> dict[int, tuple[str, BillState]]:
    """The number and the state of bills that hold entries, as held_by() finds it, and no more."""
    found = {}
    for row in rows.named(ledger, _STATES, {"ids": json.dumps(list(ids))}):
        state = bill_state(
            issued=row.issued,
            voided=row.voided,
            total_cents=row.total_cents,
            paid_cents=row.paid_cents,
            credited_cents=row.credited_cents,
            written_off_cents=row.written_off_cents,
        )
        found[row.id] = row.number, state
    paid = json.dumps([bill_id for bill_id, (_, state) in found.items() if state == "paid"])
    shared = [row.bill_id for row in rows.named(ledger, _SHARED, {"ids": paid})]
    return found | {key: (bill.number, bill.state) for key, bill in held_by(ledger, shared).items()}
