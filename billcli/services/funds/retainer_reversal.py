"""Taking entries of general retainers back: always by an entry against them, with a reason."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from billcli.core.trust import payable
from billcli.errors import Refused, UsageProblem
from billcli.services.funds import general_retainers
from billcli.store import find, purses, retainers
from billcli.store.retainers import RetainerEntry
from billcli.values import money
from billcli.values.text import shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def reverse(
    ledger: Ledger, reference: str, *, reason: str, day: date | None = None
) -> general_retainers.EntryView:
    """Take an entry back, by an entry against it: a mistake, or what was applied to a bill.

    What it had paid is open on its bill again. Refused `retainer.reversal`, `retainer.reversed`,
    `retainer.early`, `retainer.spent`; NotFound `retainer.missing`; UsageProblem
    `retainer.reference`, `date.future`.
    """
    with ledger.write():
        entry = _entry_of(ledger, reference)
        on = general_retainers.entry_day(ledger, day)
        left = abs(entry.cents) - retainers.reversed_cents(ledger, entry.id)
        _refuse(ledger, entry, on, left)
        after = {"kind": "reversal", "reverses": entry.ref, "cents": left, "reason": reason}
        said = after | {"day": on.isoformat()}
        ref = f"RT-{retainers.next_id(ledger)}"
        mark = ledger.record(f"retainer {ref}", after=said, matter_id=entry.matter_id)
        retainers.undo(ledger, entry, left, day=on, reason=reason, mark=mark)
        return general_retainers.card(ledger, str(entry.matter))[-1]


def _entry_of(ledger: Ledger, reference: str) -> RetainerEntry:
    match = re.fullmatch(r"RT-([1-9][0-9]{0,15})", reference.strip().upper(), re.ASCII)
    if not match:
        raise UsageProblem(
            "retainer.reference",
            f"{shown(reference)} is not an entry of a general retainer.",
            hint="Such an entry is written RT-3; see `billcli retainer ledger MATTER`.",
        )
    return retainers.get(ledger, int(match[1]))


def _refuse(ledger: Ledger, entry: RetainerEntry, on: date, left: int) -> None:
    """What is taken back already, is dated before its entry, or has been spent since."""
    if entry.kind == "reversal":
        raise Refused(
            "retainer.reversal",
            f"{entry.ref} takes back RT-{entry.reverses} itself.",
            hint="Record what happened anew, as a deposit or a refund.",
        )
    if left <= 0:
        raise Refused("retainer.reversed", f"{entry.ref} was taken back already.")
    if on < entry.day:
        raise Refused(
            "retainer.early",
            f"{entry.ref} is of {entry.day}; it can't be taken back on {on}, before that.",
            hint=f"Date it {entry.day} or later.",
        )
    if entry.cents < 0:
        return
    row = find.matter_by_id(ledger, entry.matter_id)
    there = payable(
        purses.retainer_moves(ledger, row.id or 0, str(row.client_id)), on
    ).available_cents
    if left > there:
        brought, held = (money.grouped(each, ledger.decimals) for each in (left, there))
        raise Refused(
            "retainer.spent",
            f"{entry.ref} brought {brought}, and {entry.matter} has {held} of its general "
            f"retainer left on {on}.",
            hint=f"Take back first what it paid: billcli retainer ledger {entry.matter}",
        )
