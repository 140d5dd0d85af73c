"""Money that paid a bill goes back to where it came from: trust money always to trust (D-48)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billcli.core import journal as recipes
from billcli.services.funds import trust_rules
from billcli.store import journal, receipts, retainers, trust
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger
    from billcli.store.receipts import Paying

WHERE = {"trust": "to trust", "retainer": "to the general retainer", "credit": "as client credit"}


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A sum that went back: `to` is trust, retainer or credit, `reference` the row that tells it.

    `undoes` is what had paid: TR-5, RT-2 or P-1.
    """

    to: str
    reference: str
    undoes: str
    amount_cents: int


def give_back(ledger: Ledger, bill: BillFacts, cents: int, *, reason: str) -> tuple[GivenBack, ...]:
    """Give a sum of what paid a bill back to its sources, the newest first; within a write.

    Trust and general retainer get a reversal of today, also where the bank's transfer was
    confirmed; what a payment brought becomes that payment's credit. What trust paid straight to a
    payee is not here to be given. Refused `trust.future`, `trust.locked`.
    """
    given, rest = [], cents
    for source in receipts.of_bill(ledger, bill.id):
        part = min(rest, source.cents)
        if source.kind == "cost" or part <= 0:
            continue
        rest -= part
        given.append(_returned(ledger, bill, source, part, reason))
    if rest:
        raise AssertionError(f"{rest} of {cents} can't be given back on {bill.number}")
    return tuple(given)


def told(given: Iterable[Mapping[str, Any]], decimals: int) -> str:
    """What went back where, in a few words, of views: '500.00 to trust (TR-7)'."""
    return ", ".join(
        f"{money.grouped(each['amount_cents'], decimals)} {WHERE[each['to']]} ({each['reference']})"
        for each in given
    )


def _returned(
    ledger: Ledger, bill: BillFacts, source: Paying, cents: int, reason: str
) -> GivenBack:
    if source.kind == "trust":
        return _to_trust(ledger, source.id, cents, reason)
    if source.kind == "retainer":
        return _to_retainer(ledger, source.id, cents, reason)
    return _to_credit(ledger, bill, source.id, cents, reason)


def _to_trust(ledger: Ledger, trust_id: int, cents: int, reason: str) -> GivenBack:
    entry = trust.get(ledger, trust_id)
    day = trust_rules.entry_day(ledger, max(ledger.today, entry.day))
    ref = f"TR-{trust.next_id(ledger)}"
    after = {"reverses": entry.ref, "amount_cents": cents, "reason": reason, "bill": entry.bill}
    mark = ledger.record(f"trust {ref}", after=after, matter_id=entry.matter_id)
    trust.undo(ledger, entry, cents, day=day, reason=reason, mark=mark)
    return GivenBack("trust", ref, entry.ref, cents)


def _to_retainer(ledger: Ledger, retainer_id: int, cents: int, reason: str) -> GivenBack:
    entry = retainers.get(ledger, retainer_id)
    ref = f"RT-{retainers.next_id(ledger)}"
    after = {"reverses": entry.ref, "amount_cents": cents, "reason": reason, "bill": entry.bill}
    mark = ledger.record(f"retainer {ref}", after=after, matter_id=entry.matter_id)
    day = max(ledger.today, entry.day)
    retainers.undo(ledger, entry, cents, day=day, reason=reason, mark=mark)
    return GivenBack("retainer", ref, entry.ref, cents)


def _to_credit(
    ledger: Ledger, bill: BillFacts, payment_id: int, cents: int, reason: str
) -> GivenBack:
    ref = f"P-{payment_id}"
    day = max(ledger.today, journal.last_day(ledger, payment_id))
    parts = ((bill.id, bill.matter_id, cents),)
    after = {"unapplied": parts, "day": day.isoformat(), "reason": reason}
    mark = ledger.record(f"payment {ref}", after=after, matter_id=bill.matter_id)
    entry = recipes.credit_moved(
        day=day,
        source=journal.next_step(ledger, f"payment:{payment_id}"),
        payment_id=payment_id,
        bills=parts,
        back=True,
    )
    journal.post(ledger, entry, mark)
    return GivenBack("credit", ref, ref, cents)
