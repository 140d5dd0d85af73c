"""A reconciliation as people and scripts read it, made now or kept long ago."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.reconciliation import (
    Booked,
    Item,
    LedgerLine,
    Reconciliation,
    hints,
    maybe_swapped,
)
from billcli.values.money import grouped

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Day = date
KINDS = {
    "deposit": "deposit",
    "withdrawal": "withdrawal",
    "fee": "fee transfer",
    "fee_return": "return of fees",
    "bank_fee": "bank charge",
    "cover": "firm's cover",
    "reversal": "reversal",
}


@dataclass(frozen=True, slots=True)
class ReconciliationView:
    """A = adjusted bank, B = journal, C = ledgers; `agreed` where all are equal, none below 0."""

    date: date
    agreed: bool
    statement_cents: int
    in_transit_cents: int
    outstanding_cents: int
    adjusted_bank_cents: int
    journal_cents: int
    client_ledgers_cents: int
    firm_ledger_cents: int
    ledgers_total_cents: int
    difference_cents: int
    ledger_difference_cents: int
    below_zero: tuple[str, ...]
    in_transit_items: tuple[Item, ...]
    outstanding_items: tuple[Item, ...]
    old_items: tuple[Item, ...]
    ledgers: tuple[LedgerLine, ...]
    preparer: str
    prepared_on: Day | None
    hints: tuple[str, ...] = ()


def view(
    found: Reconciliation, ledger: Ledger, *, hints: tuple[str, ...] = ()
) -> ReconciliationView:
    """What was compared today, by the actor of this run."""
    return _told(found, ledger.actor, ledger.today, hints)


def kept_view(row: Any) -> ReconciliationView:
    """A reconciliation as it was kept; its lists are those of that day."""
    details = json.loads(row.details)
    prepared = details.get("prepared_on")
    found = Reconciliation(
        date=date.fromisoformat(row.day),
        statement_cents=row.statement_cents,
        in_transit=tuple(_item(item) for item in details.get("in_transit", ())),
        outstanding=tuple(_item(item) for item in details.get("outstanding", ())),
        journal_cents=row.journal_cents,
        ledgers=tuple(LedgerLine(**line) for line in details.get("ledgers", ())),
        firm_cents=row.firm_cents,
    )
    on = date.fromisoformat(prepared) if prepared else None
    return replace(
        _told(found, row.preparer, on, ()),
        agreed=True,
        in_transit_cents=row.in_transit_cents,
        outstanding_cents=row.outstanding_cents,
        client_ledgers_cents=row.clients_cents,
    )


def _told(
    found: Reconciliation, preparer: str, prepared_on: date | None, hints: tuple[str, ...]
) -> ReconciliationView:
    return ReconciliationView(
        date=found.date,
        agreed=found.agrees,
        statement_cents=found.statement_cents,
        in_transit_cents=found.in_transit_cents,
        outstanding_cents=found.outstanding_cents,
        adjusted_bank_cents=found.bank_cents,
        journal_cents=found.journal_cents,
        client_ledgers_cents=found.clients_cents,
        firm_ledger_cents=found.firm_cents,
        ledgers_total_cents=found.ledgers_cents,
        difference_cents=found.difference_cents,
        ledger_difference_cents=found.ledger_difference_cents,
        below_zero=found.below_zero,
        in_transit_items=found.in_transit,
        outstanding_items=found.outstanding,
        old_items=found.old,
        ledgers=found.ledgers,
        preparer=preparer,
        prepared_on=prepared_on,
        hints=hints,
    )


def _item(kept: dict[str, Any]) -> Item:
    day, entries = date.fromisoformat(kept["date"]), tuple(kept["entries"])
    return Item(**{**kept, "date": day, "entries": entries})


def explained(
    found: Reconciliation, entries: list[Booked], before: Sequence[str], decimals: int
) -> tuple[str, ...]:
    """Sentences on what could explain the differences; `before` was outstanding last time."""
    told = []
    if found.difference_cents:
        likely = hints(found.difference_cents, entries, found.date)
        told += [_sentence(entry, why, found.date, decimals) for entry, why in likely]
        if before:
            were = "was" if len(before) == 1 else "were"
            told.append(
                f"{', '.join(before)} {were} outstanding at the last reconciliation and "
                f"{'is' if len(before) == 1 else 'are'} not named now."
            )
        if not told and maybe_swapped(found.difference_cents):
            told.append("The difference is a multiple of 9: two digits may have changed places.")
    if found.ledger_difference_cents:
        amount = grouped(found.ledger_difference_cents, decimals)
        told.append(f"Journal and ledgers differ by {amount}: run `billcli check`.")
    told += [
        f"The ledger of {name} is below zero: run `billcli check`." for name in found.below_zero
    ]
    return tuple(told)


def _sentence(entry: Booked, why: str, day: date, decimals: int) -> str:
    kind = KINDS.get(entry.kind, entry.kind)
    what = f"{entry.ref}, a {kind} of {grouped(abs(entry.cents), decimals)} on {entry.day},"
    if why == "missing":
        return f"{what} is just that: if it isn't on the statement, add --outstanding {entry.ref}."
    if why == "named":
        return f"{what} was named and is just that: if it is on the statement, leave it out."
    if why == "transfer":
        return (
            f"{what} is just that: if the bank has made it, confirm it with "
            "`billcli trust transfer-sheet --confirm REF --date DAY`."
        )
    if why == "ahead":
        return f"{what} is just that: the bank may have had it on {day} already."
    if why == "twice":
        return f"{what} is just that: it may be on the statement twice, or another is missing here."
    return f"{what} is half of that: it may be entered the wrong way round."
