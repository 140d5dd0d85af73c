"""The Time & Expense list of a matter: time, expenses and charges together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from billcli.store import entries, find
from billcli.store.entries import Item

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

__all__ = ["Item", "items"]


def items(ledger: Ledger, number: str) -> Sequence[Item]:
    """Everything recorded on a matter, by day, billed and unbilled."""
    return entries.items(ledger, matter_id=find.matter(ledger, number).id)
