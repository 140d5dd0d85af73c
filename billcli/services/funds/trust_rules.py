"""What every movement of trust money is held against: its day, its matter, and what is there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from billcli.core import trust as rules
from billcli.core.trust import HOLDS, TrustMove
from billcli.errors import Refused, UsageProblem
from billcli.store import find, settings, trust
from billcli.store.trust import TrustEntry
from billcli.values import money
from billcli.values.text import did_you_mean, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow

_SPELT = {"cheque": "check"}


def entry_day(ledger: Ledger, day: date | None) -> date:
    """The day of a trust entry, today where none is given (T13).

    Refused `trust.future`, `trust.locked`.
    """
    on = day or ledger.today
    last = min(ledger.today, ledger.real_day)
    if on > last:
        told = f"today, {last}" if last == ledger.today else f"the real day, {last}"
        raise Refused(
            "trust.future",
            f"A trust entry can't be dated {on}, which is after {told}.",
            hint="The trust ledger tells what happened: record it on the day or later.",
        )
    locked = trust.locked_through(ledger)
    if locked and on <= locked:
        raise Refused(
            "trust.locked",
            f"Trust is reconciled and locked through {locked}; nothing can be dated {on} any more.",
            hint=f"Date it {locked + timedelta(days=1)} or later.",
        )
    return on


def holder(ledger: Ledger, number: str, *, receiving: bool = False) -> MatterRow:
    """A matter that may hold trust money; a closed one takes no more of it.

    Refused `trust.no-client`, `matter.closed`.
    """
    row = find.matter(ledger, number)
    if row.client_id is None:
        raise Refused(
            "trust.no-client",
            f"Matter {row.number} has no client, and trust money is always a client's.",
            hint=f"Name one: billcli matter edit {row.number} --client CLIENT",
        )
    if receiving and row.closed_on is not None:
        raise Refused(
            "matter.closed",
            f"Matter {row.number} was closed on {row.closed_on}; it takes no more trust money.",
            hint=f"Open it again with `billcli matter reopen {row.number}`.",
        )
    return row


def entry_of(ledger: Ledger, reference: str) -> TrustEntry:
    """A row of the trust ledger by its reference, TR-5. UsageProblem `trust.reference`."""
    match = re.fullmatch(r"TR-([1-9][0-9]{0,15})", reference.strip().upper(), re.ASCII)
    if not match:
        raise UsageProblem(
            "trust.reference",
            f"{shown(reference)} is not a trust entry.",
            hint="A trust entry is written TR-5; see `billcli trust ledger MATTER`.",
        )
    return trust.get(ledger, int(match[1]))


def read_method(text: str) -> str:
    """How money moved: one of the methods that have a clearing time (T7).

    UsageProblem `trust.method`.
    """
    word = text.strip().casefold()
    word = _SPELT.get(word, word)
    if word not in HOLDS:
        raise UsageProblem(
            "trust.method",
            f"{shown(text)} is not a way in which trust money moves.",
            hint=did_you_mean(word, HOLDS) or f"It is one of {', '.join(HOLDS)}.",
        )
    return word


def clears_on(ledger: Ledger, day: date, method: str | None) -> date:
    """When a receipt of that day is cleared, by the firm's own days for each method (T7)."""
    own = {
        key.removeprefix("trust.holds."): int(days)
        for key, days in settings.own(ledger).items()
        if key.startswith("trust.holds.")
    }
    return rules.clears_on(day, method, own)


def refuse_beyond(
    ledger: Ledger,
    name: str,
    moves: Sequence[TrustMove],
    cents: int,
    *,
    day: date,
    protected: bool = False,
) -> None:
    """A payment takes what was cleared by its day, and what is protected only if it says so.

    `name` is the matter's number; the sentence gives every number (T1, T7, T8).
    Refused `trust.overdraw`.
    """
    now = rules.standing(moves, day)
    if protected:
        room, there, what = rules.payable_protected(moves, day), now.protected_cents, "protected"
    else:
        room, there = rules.payable(moves, day).available_cents, now.available_cents
        what = "available"
    if cents <= room:
        return

    def words(amount: int) -> str:
        return money.grouped(amount, ledger.decimals)

    # The firm's own ledger says where it is in its name.
    where = "" if name.endswith(" in trust") else " in trust"
    sentence = f"{name} has {words(there)} {what}{where} on {day}"
    waiting = now.balance_cents - now.cleared_cents
    apart = [
        f"{words(amount)} {why}"
        for amount, why in (
            (waiting, "isn't cleared"),
            (0 if protected else now.protected_cents, "is protected"),
            (now.available_cents if protected else 0, "is not protected"),
        )
        if amount > 0
    ]
    if apart:
        sentence += f", of {words(now.balance_cents)} that is there ({', '.join(apart)})"
    if room < there:
        sentence += f"; later payments need all but {words(room)} of it"
    hint = "Ask for less, or deposit first."
    if waiting > 0:
        hint = "Wait until it is cleared; if the bank says it is: billcli trust clear TR-n"
    elif not protected and now.protected_cents > 0:
        hint = "Protected money is paid for its purpose alone: billcli trust withdraw --protected"
    raise Refused("trust.overdraw", f"{sentence}; {words(cents)} was asked for.", hint=hint)


def keep(ledger: Ledger, entry: TrustEntry) -> int:
    """Log an entry, keep it and post it; the caller holds the write lock."""
    ledger.session.flush()
    ref = f"trust TR-{trust.next_id(ledger)}"
    mark = ledger.record(ref, after=told(entry), matter_id=entry.matter_id)
    return trust.add(ledger, entry, mark)


def told(entry: TrustEntry) -> dict[str, Any]:
    """What the log says of an entry."""
    said = {name: value for name, value in asdict(entry).items() if value not in (None, 0, False)}
    days = {name: said[name].isoformat() for name in ("day", "effective_on")}
    return {name: value for name, value in (said | days).items() if name != "matter_id"}
