"""General retainers: money in the operating account that is a credit owed to the client (D-36)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.funding import BASES
from billcli.core.trust import payable
from billcli.errors import Refused, UsageProblem
from billcli.services.funds import applying, trust_rules
from billcli.store import find, purses, retainers, settings
from billcli.store.retainers import RetainerEntry
from billcli.values import money
from billcli.values.text import did_you_mean, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow


@dataclass(frozen=True, slots=True)
class EntryView:
    """A row of a general retainer; `amount_cents` above 0 in, below 0 out."""

    id: str
    date: date
    kind: str
    matter: str | None
    client: str
    amount_cents: int
    basis: str | None
    note: str | None
    method: str | None
    reference: str | None
    bill: str | None
    reverses: str | None
    reason: str | None
    balance_cents: int


@dataclass(frozen=True, slots=True)
class BalanceView:
    """What a general retainer holds, and what its client is still asked to pay in."""

    matter: str
    client: str | None
    balance_cents: int
    request: str | None
    requested_cents: int


def deposit(
    ledger: Ledger,
    number: str,
    amount_cents: int,
    *,
    basis: str,
    note: str,
    day: date | None = None,
    method: str | None = None,
    reference: str | None = None,
) -> EntryView:
    """Take a general retainer, with the basis on which it is not trust money (D-36).

    Refused `retainer.off`, `retainer.basis`, `trust.no-client`, `matter.closed`; UsageProblem
    `date.future`.
    """
    with ledger.write():
        row = trust_rules.holder(ledger, number, receiving=True)
        _refuse_off(ledger)
        word = basis.strip().lower().replace("_", "-")
        if word not in BASES:
            raise UsageProblem(
                "retainer.basis",
                f"{shown(basis)} is no basis on which an advance stays out of trust.",
                hint=did_you_mean(word, BASES) or f"It is one of {', '.join(BASES)}.",
            )
        on = entry_day(ledger, day)
        entry = RetainerEntry(
            "deposit",
            on,
            amount_cents,
            str(row.client_id),
            row.id or 0,
            basis=word,
            note=note,
            method=method,
            reference=reference,
        )
        applying.keep_retainer(ledger, entry)
        return card(ledger, number)[-1]


def refund(
    ledger: Ledger,
    number: str,
    amount_cents: int,
    *,
    day: date | None = None,
    method: str | None = None,
    reference: str | None = None,
    note: str | None = None,
) -> EntryView:
    """Pay a general retainer, or a part of it, back to the client. Refused `retainer.overdraw`."""
    with ledger.write():
        row = trust_rules.holder(ledger, number)
        on = entry_day(ledger, day)
        there = payable(_moves(ledger, row), on).available_cents
        if amount_cents > there:
            held, asked = (money.grouped(each, ledger.decimals) for each in (there, amount_cents))
            raise Refused(
                "retainer.overdraw",
                f"{row.number} has {held} in its general retainer on {on}; {asked} was asked for.",
                hint=f"See `billcli retainer ledger {row.number}`.",
            )
        entry = RetainerEntry(
            "refund",
            on,
            -amount_cents,
            str(row.client_id),
            row.id or 0,
            note=note,
            method=method,
            reference=reference,
        )
        applying.keep_retainer(ledger, entry)
        return card(ledger, number)[-1]


def card(ledger: Ledger, number: str) -> list[EntryView]:
    """The general retainer of a matter, row by row as it was written, with the balance after it."""
    row = find.matter(ledger, number)
    found, balance = [], 0
    for entry in retainers.of_matter(ledger, row.id or 0):
        balance += entry.cents
        found.append(
            EntryView(
                entry.ref,
                entry.day,
                entry.kind,
                entry.matter,
                entry.client,
                entry.cents,
                entry.basis.replace("-", "_") if entry.basis else None,
                entry.note,
                entry.method,
                entry.reference,
                entry.bill,
                f"RT-{entry.reverses}" if entry.reverses else None,
                entry.reason,
                balance,
            )
        )
    return found


def balance(ledger: Ledger, number: str) -> BalanceView:
    """What a matter's general retainer holds."""
    return _balance(ledger, find.matter(ledger, number))


def balances(ledger: Ledger) -> list[BalanceView]:
    """What every general retainer holds, by matter."""
    ids = purses.matters_with(ledger, "retainer")
    return [_balance(ledger, find.matter_by_id(ledger, matter_id)) for matter_id in ids]


def _balance(ledger: Ledger, row: MatterRow) -> BalanceView:
    held = retainers.balance(ledger, row.id or 0)
    asked = retainers.open_request(ledger, row.id or 0)
    cents = asked.outstanding_cents if asked else 0
    return BalanceView(row.number, row.client_id, held, asked.number if asked else None, cents)


def _moves(ledger: Ledger, row: MatterRow) -> Any:
    return purses.retainer_moves(ledger, row.id or 0, str(row.client_id))


def entry_day(ledger: Ledger, day: date | None) -> date:
    """The day of an entry, today if none was said. UsageProblem `date.future`."""
    on = day or ledger.today
    if on > ledger.today:
        raise UsageProblem("date.future", f"{on} is after today, {ledger.today}.")
    return on


def _refuse_off(ledger: Ledger) -> None:
    if settings.get(ledger, "billing.general_retainers") is False:
        raise Refused(
            "retainer.off",
            "The firm keeps no general retainers.",
            hint="An advance goes to trust: billcli trust deposit MATTER AMOUNT",
        )
