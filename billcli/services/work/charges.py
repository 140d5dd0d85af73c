"""Flat charges: fees without hours, added by hand or fired by a milestone (D-07)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.services.work import _entries as rules
from billcli.services.work import unbillable
from billcli.store import entries, find
from billcli.store.entries import Item

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def add(
    ledger: Ledger,
    number: str,
    amount_cents: int,
    description: str,
    *,
    day: date | None = None,
    timekeeper: str | None = None,
) -> Item:
    """Add a flat charge to a matter; it is a fee, whatever list shows it (D-07).

    It may be dated ahead: no bill takes it up before its day. Refused: `matter.closed`,
    `charge.non-billable`, `timekeeper.archived`.
    """
    with ledger.write():
        matter = rules.open_matter(ledger, number)
        unbillable.refuse_charge(ledger, matter)
        values = {
            "matter_id": matter.id,
            "timekeeper_id": None
            if timekeeper is None
            else rules.active_timekeeper(ledger, timekeeper),
            "day": (day or ledger.today).isoformat(),
            "amount_cents": amount_cents,
            "description": description,
        }
        return rules.create(ledger, "charge", values)


def edit(
    ledger: Ledger,
    reference: str,
    *,
    amount_cents: int | None = None,
    description: str | None = None,
    day: date | None = None,
    timekeeper: str | None = None,
) -> Item:
    """Change an unbilled charge: what is named, and nothing else.

    The trigger of a milestone keeps its own amount (§7.2). Refused: `entry.billed`,
    `charge.withdrawn`.
    """
    named = rules.given(
        amount_cents=amount_cents, description=description, day=day, timekeeper=timekeeper
    )
    with ledger.write():
        ref = rules.changeable(ledger, reference, "charge")
        changes: dict[str, Any] = {
            k: named[k] for k in ("amount_cents", "description") if k in named
        }
        if day is not None:
            changes["day"] = day.isoformat()
        if timekeeper is not None:
            changes["timekeeper_id"] = rules.active_timekeeper(ledger, timekeeper)
        return rules.alter(ledger, ref, changes)


def withdraw(ledger: Ledger, reference: str) -> Item:
    """Take back an unbilled charge; a draft that holds it is stale from then on (§7.2).

    Refused: `entry.billed`, `charge.withdrawn`.
    """
    with ledger.write():
        ref = rules.changeable(ledger, reference, "charge")
        entries.leave_draft(ledger, "charge", ref.id)
        return rules.alter(ledger, ref, {"withdrawn_on": ledger.today.isoformat()})


def list_(
    ledger: Ledger,
    number: str | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
) -> Sequence[Item]:
    """The flat charges of a matter or of all, by day, the withdrawn ones among them."""
    return rules.listed(ledger, "charge", number, first=first, last=last)


def id_of(ledger: Ledger, reference: str) -> int:
    """The number behind C-n, as a bill for picked charges wants it."""
    return find.entry(ledger, reference, kind="charge").id
