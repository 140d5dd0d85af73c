"""Billing holds: a matter or a single entry that no bill takes up until it is released."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.errors import Refused
from billcli.services.work import _entries
from billcli.store import drafts, find

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_ENTRY = re.compile(r"[TEC]-[1-9][0-9]*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HoldView:
    """What is or was on hold: a matter's number or an entry's reference."""

    reference: str
    matter: str
    held_on: date | None
    draft: str | None = None


def hold(ledger: Ledger, reference: str) -> HoldView:
    """Keep a matter or an unbilled entry off bills. Refused `hold.on`, `entry.billed`."""
    return _set(ledger, reference, on=True)


def unhold(ledger: Ledger, reference: str) -> HoldView:
    """Let bills take it up again. Refused `hold.off`."""
    return _set(ledger, reference, on=False)


def _set(ledger: Ledger, reference: str, *, on: bool) -> HoldView:
    with ledger.write():
        day = ledger.today.isoformat() if on else None
        if not _ENTRY.fullmatch(reference.strip()):
            row = find.matter(ledger, reference)
            _refuse_same(f"Matter {row.number}", row.held_on, on=on)
            before = {"held_on": row.held_on}
            row.held_on = day
            ledger.session.flush()
            what = f"matter {row.number}"
            ledger.record(what, before=before, after={"held_on": day}, matter_id=row.id)
            return HoldView(row.number, row.number, ledger.today if on else None)
        kind = find.entry(ledger, reference).kind
        ref = _entries.changeable(ledger, reference, kind)
        draft = drafts.holding(ledger, kind, ref.id)
        _refuse_same(reference.strip().upper(), ref.row.held_on, on=on)
        item = _entries.alter(ledger, ref, {"held_on": day})
        stale = f"D-{draft}" if draft is not None else None
        return HoldView(item.id, item.matter, ledger.today if on else None, stale)


def _refuse_same(what: str, held_on: str | None, *, on: bool) -> None:
    if on and held_on is not None:
        raise Refused("hold.on", f"{what} is on hold since {held_on}.")
    if not on and held_on is None:
        raise Refused("hold.off", f"{what} is not on hold.")
