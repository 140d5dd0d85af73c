"""Matters whose time is kept and never charged: non-billable and internal ones (§1.8, §1.9)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from billcli.core.versions import in_force
from billcli.errors import Refused
from billcli.services.work import _entries
from billcli.services.work._rules import kind_on
from billcli.services.work.recording import FREE
from billcli.store import entries, find, matters
from billcli.store.find import EntryRef
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow
    from billcli.store.recording import Matter


def rate_again(ledger: Ledger, matter_id: int) -> None:
    """Bring the rates of unbilled time in line with terms that were just changed (D-28).

    Entries of days on which nothing is charged go to 0, others get their own rate back.
    """
    versions = matters.versions_of(ledger, matter_id)
    for entry in matters.unbilled_time(ledger, matter_id):
        free = in_force(versions, date.fromisoformat(entry.day)).kind in FREE
        kept = entry.standard_rate_e4
        if free == (kept is not None):
            continue
        rate_e4 = 0 if free else kept
        changes = {
            "rate_e4": rate_e4,
            "standard_rate_e4": entry.rate_e4 if free else None,
            "standard_cents": money.price(entry.hours_e4, rate_e4 or 0, ledger.decimals),
        }
        _entries.alter(ledger, EntryRef("time", entry.id, entry), changes)


def refuse_charge(ledger: Ledger, matter: MatterRow | Matter) -> None:
    """Fixed and milestone charges have no place there. Refused `charge.non-billable` (D-28)."""
    kind = kind_on(ledger, matter.id or 0, ledger.today)
    if kind in FREE:
        raise Refused(
            "charge.non-billable",
            f"Matter {matter.number} is {kind}; it takes no charges.",
            hint=f"Change it first: billcli arrangement set {matter.number} hourly",
        )


def refuse_charges(ledger: Ledger, matter: MatterRow, kind: str) -> None:
    """Charges are billed or withdrawn first. Refused `arrangement.unbilled`."""
    cents = matters.unbilled_of(ledger, matter.id or 0).charges_cents
    if kind in FREE and cents:
        raise Refused(
            "arrangement.unbilled",
            f"Matter {matter.number} has unbilled charges of "
            f"{money.grouped(cents, ledger.decimals)}, which a matter that is {kind} never bills.",
            hint=f"Bill or withdraw them first: billcli matter items {matter.number}",
        )


def take_as_overhead(ledger: Ledger, matter_id: int, kind: str) -> None:
    """Unbilled costs of what becomes the firm's own project are the firm's (§1.9)."""
    if kind != "internal":
        return
    for item in entries.items(ledger, kinds=("expense",), matter_id=matter_id):
        if item.behavior == "bill" and item.state in ("wip", "held"):
            _entries.alter(
                ledger, find.entry(ledger, item.id, kind="expense"), {"behavior": "non-billable"}
            )
