"""Trust as JSON and lists have it: an entry, a ledger card, what a matter holds."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date as Day
from typing import TYPE_CHECKING, Any

from billcli.core.trust import Standing, TrustMove, standing
from billcli.store import find, trust, trust_reads
from billcli.store.trust import TrustEntry

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with all that the journal of a trust account has to say (T10).

    `amount_cents` is above 0 in and below 0 out; `balance_cents` is what the ledger held after it.
    """

    id: str
    date: Day
    kind: str
    matter: str | None
    client: str | None
    amount_cents: int
    clears: Day
    protected_cents: int
    party: str | None
    purpose: str | None
    method: str | None
    number: str | None
    reference: str | None
    bill: str | None
    expense: str | None
    pair: str | None
    reverses: str | None
    reason: str | None
    by: str | None
    recorded_at: str | None
    balance_cents: int


@dataclass(frozen=True, slots=True)
class BalanceView:
    """What a matter holds in trust; `available` is cleared and not protected (T7, T8)."""

    matter: str
    client: str | None
    balance_cents: int
    cleared_cents: int
    protected_cents: int
    available_cents: int


def card(ledger: Ledger, number: str) -> list[EntryView]:
    """The ledger card of a matter: its entries by day, each with the balance after it."""
    return _card(trust.of_matter(ledger, find.matter(ledger, number).id))


def firm_card(ledger: Ledger) -> list[EntryView]:
    """The ledger card of the firm's own money in trust."""
    return _card(trust.of_matter(ledger, None))


def _card(entries: list[TrustEntry]) -> list[EntryView]:
    found, balance = [], 0
    for entry in sorted(entries, key=lambda each: (each.day, each.id)):
        balance += entry.cents
        found.append(entry_view(entry, balance))
    return found


def entry_view(entry: TrustEntry, balance_cents: int) -> EntryView:
    """An entry, with the balance after it."""
    return EntryView(
        id=entry.ref,
        date=entry.day,
        kind=entry.kind,
        matter=entry.matter,
        client=entry.client,
        amount_cents=entry.cents,
        clears=entry.effective_on,
        protected_cents=entry.protected_cents,
        party=entry.party or _party(entry),
        purpose=entry.purpose,
        method=entry.method,
        number=entry.number,
        reference=entry.reference,
        bill=entry.bill,
        expense=f"E-{entry.expense_id}" if entry.expense_id else None,
        pair=f"TR-{entry.pair_id}" if entry.pair_id else None,
        reverses=f"TR-{entry.reverses}" if entry.reverses else None,
        reason=entry.reason,
        by=entry.by,
        recorded_at=entry.recorded_at,
        balance_cents=balance_cents,
    )


def _party(entry: TrustEntry) -> str | None:
    """From or to whom, where nobody was named: the client, or the firm for its fees."""
    return {"deposit": entry.client, "fee": "the firm"}.get(entry.kind)


def done(ledger: Ledger, trust_id: int) -> dict[str, Any]:
    """An entry just made, and what its ledger holds today."""
    entry = trust.get(ledger, trust_id)
    held = standing(trust_reads.moves_of(ledger, entry.matter_id), ledger.today)
    view = entry_view(entry, held.balance_cents)
    told = {field.name: getattr(view, field.name) for field in fields(view)}
    return told | {
        "cleared_cents": held.cleared_cents,
        "protected_cents": held.protected_cents,
        "available_cents": held.available_cents,
    }


def balance(ledger: Ledger, number: str, *, day: Day | None = None) -> BalanceView:
    """What a matter holds in trust, today or as of a day."""
    row = find.matter(ledger, number)
    return balance_of(row, trust_reads.moves_of(ledger, row.id), day or ledger.today)


def balances(ledger: Ledger, *, day: Day | None = None) -> list[BalanceView]:
    """What every matter with trust entries holds, by number."""
    views = [
        balance_of(find.matter_by_id(ledger, matter_id), moves, day or ledger.today)
        for matter_id, moves in trust_reads.moves(ledger).items()
    ]
    return sorted(views, key=lambda view: view.matter)


def balance_of(row: MatterRow, moves: list[TrustMove], day: Day) -> BalanceView:
    """What a matter holds in trust on a day, from its rows."""
    held: Standing = standing(moves, day)
    return BalanceView(
        row.number,
        row.client_id,
        held.balance_cents,
        held.cleared_cents,
        max(0, held.protected_cents),
        held.available_cents,
    )
