"""Payments: part, over, across bills; taken off again, applied again, refunded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core import journal as recipes
from billcli.errors import NotFound, Refused, UsageProblem
from billcli.store import bill_reads, find, journal, payments
from billcli.store.bill_reads import BillFacts
from billcli.store.payments import Payment
from billcli.values import money
from billcli.values.text import shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Applied = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Applying:
    """How an amount falls on open bills: (bill, matter, cents), and what is over."""

    parts: Applied
    over_cents: int


def add(
    ledger: Ledger,
    target: str,
    amount_cents: int,
    *,
    day: date | None = None,
    method: str | None = None,
    reference: str | None = None,
) -> dict[str, Any]:
    """Receive a payment for a bill, or for the open bills of a matter by due date (D-43).

    What is over becomes the client's credit.
    """
    with ledger.write():
        on = day or ledger.today
        bills, client_id, matter_id = _targets(ledger, target)
        _refuse_day(ledger, on, bills, target)
        open_bills = [b for b in bills if b.balance_cents > 0 and b.day <= on]
        if not open_bills:
            raise Refused(
                "payment.nothing-open",
                f"Nothing is open on {target}, so the payment has nothing to pay.",
                hint="Money in advance is a trust deposit, not a payment.",
            )
        applying = _spread(amount_cents, open_bills)
        payment = Payment(
            payments.next_id(ledger),
            on,
            client_id,
            matter_id,
            None,
            amount_cents,
            method,
            reference,
        )
        mark = ledger.record(
            f"payment {payment.ref}",
            after={"amount_cents": amount_cents, "applied": applying.parts, "day": on.isoformat()},
            matter_id=matter_id,
        )
        payments.add(ledger, payment, mark)
        entry = recipes.payment_received(
            day=on,
            payment_id=payment.id,
            matter_id=matter_id,
            applied=applying.parts,
            credit_cents=applying.over_cents,
        )
        journal.post(ledger, entry, mark)
    return view(ledger, payment.id)


def unapply(ledger: Ledger, reference: str, *, day: date | None = None) -> dict[str, Any]:
    """Take a payment off its bills; the money is the client's credit until applied or refunded."""
    with ledger.write():
        payment = _payment(ledger, reference)
        parts = journal.applied(ledger, payment.id)
        if not parts:
            raise Refused("payment.unapplied", f"{payment.ref} pays no bill now.")
        _move(ledger, payment, parts, day=_moving_day(ledger, payment, day), back=True)
    return view(ledger, payment.id)


def apply(
    ledger: Ledger, reference: str, bill: str | None = None, amount_cents: int | None = None
) -> dict[str, Any]:
    """Apply what a payment holds as credit to a bill, or to the client's open bills by due date."""
    with ledger.write():
        payment = _payment(ledger, reference)
        credit = journal.credit_of(ledger, payment.id)
        wanted = credit if amount_cents is None else amount_cents
        _refuse_above(payment, wanted, credit, ledger.decimals, "apply")
        bills = bill_reads.of_client(ledger, payment.client)
        if bill is not None:
            one = find.bill(ledger, bill)
            bills = [b for b in bills if b.id == one.id]
            if not bills:
                raise Refused(
                    "payment.other-client",
                    f"{payment.ref} is {payment.client}'s money; bill {one.number} is "
                    f"{one.client}'s.",
                )
        on = _moving_day(ledger, payment, None)
        applying = _spread(wanted, [b for b in bills if b.balance_cents > 0 and b.day <= on])
        if not applying.parts or (amount_cents is not None and applying.over_cents):
            raise Refused(
                "payment.nothing-open",
                f"{money.grouped(wanted, ledger.decimals)} can't be applied: "
                f"{money.grouped(wanted - applying.over_cents, ledger.decimals)} is open.",
                hint="Apply less, or refund it: billcli payment refund " + payment.ref,
            )
        _move(ledger, payment, applying.parts, day=on, back=False)
    return view(ledger, payment.id)


def refund(
    ledger: Ledger, reference: str, amount_cents: int | None = None, *, day: date | None = None
) -> dict[str, Any]:
    """Pay credit back to the client; what pays a bill is unapplied first."""
    with ledger.write():
        payment = _payment(ledger, reference)
        credit = journal.credit_of(ledger, payment.id)
        wanted = credit if amount_cents is None else amount_cents
        _refuse_above(payment, wanted, credit, ledger.decimals, "refund")
        on = _moving_day(ledger, payment, day)
        mark = ledger.record(
            f"payment {payment.ref}",
            after={"refunded_cents": wanted, "day": on.isoformat()},
            matter_id=payment.matter_id,
        )
        entry = recipes.credit_refunded(
            day=on,
            source=journal.next_step(ledger, f"payment:{payment.id}"),
            payment_id=payment.id,
            matter_id=payment.matter_id,
            cents=wanted,
        )
        journal.post(ledger, entry, mark)
    return view(ledger, payment.id)


def list_(ledger: Ledger, *, matter: str | None = None) -> list[dict[str, Any]]:
    """All payments, with what each pays and what of it is credit."""
    matter_id = find.matter(ledger, matter).id if matter else None
    credits_ = journal.credits_(ledger)
    pays = journal.all_applied(ledger)
    return [
        _view(payment, pays.get(payment.id, ()), credits_.get(payment.id, 0))
        for payment in payments.all_(ledger)
        if matter_id in (None, payment.matter_id)
    ]


def view(ledger: Ledger, payment_id: int) -> dict[str, Any]:
    """One payment as it stands."""
    payment = payments.get(ledger, payment_id)
    pays = journal.all_applied(ledger, payment_id).get(payment_id, ())
    return _view(payment, pays, journal.credit_of(ledger, payment_id))


def _view(payment: Payment, pays: Iterable[tuple[str, int]], credit_cents: int) -> dict[str, Any]:
    applied = [{"bill": number, "amount_cents": cents} for number, cents in pays]
    used = sum(cents for _, cents in pays)
    return {
        "id": payment.ref,
        "date": payment.day,
        "client": payment.client,
        "matter": payment.matter,
        "amount_cents": payment.amount_cents,
        "method": payment.method,
        "reference": payment.reference,
        "applied": applied,
        "applied_cents": used,
        "credit_cents": credit_cents,
        "refunded_cents": payment.amount_cents - used - credit_cents,
    }


def _targets(ledger: Ledger, target: str) -> tuple[list[BillFacts], str, int | None]:
    facts = find.approved(ledger, target)
    if facts is not None:
        if facts.state in ("approved", "void"):
            raise Refused(
                "payment.not-issued",
                f"Bill {facts.number} is {facts.state}; only an issued bill takes a payment.",
                hint=f"Issue it first: billcli bill issue {facts.number}",
            )
        return [facts], facts.client, facts.matter_id
    if re.fullmatch(r"[Dd]-[0-9]+", target):
        find.bill(ledger, target)  # refuses a draft with the way out
    try:
        row = find.matter(ledger, target)
    except NotFound as missing:
        raise NotFound(
            "payment.target",
            f"There is no bill and no matter {shown(target)}.",
            hint=missing.hint,
        ) from None
    if row.client_id is None:
        raise Refused("bill.no-client", f"Matter {row.number} has no client.")
    bills = [b for b in bill_reads.of_client(ledger, row.client_id) if b.matter_id == row.id]
    return bills, row.client_id, row.id


def _refuse_day(ledger: Ledger, on: date, bills: list[BillFacts], target: str) -> None:
    if on > ledger.today:
        raise UsageProblem(
            "date.future", f"A payment can't be dated {on}, which is after today, {ledger.today}."
        )
    open_ = [bill for bill in bills if bill.balance_cents > 0]
    if open_ and all(bill.day > on for bill in open_):
        first = min(open_, key=lambda bill: bill.day)
        raise Refused(
            "payment.early",
            f"Bill {first.number} is dated {first.day}; a payment dated {on} comes before it.",
            hint="Money in advance is a trust deposit; or date it from the bill on.",
        )


def _moving_day(ledger: Ledger, payment: Payment, day: date | None) -> date:
    """The day on which a payment moves again: not ahead, and not before what it did last."""
    on, last = day or ledger.today, journal.last_day(ledger, payment.id)
    if on > ledger.today:
        raise UsageProblem("date.future", f"{on} is after today, {ledger.today}.")
    if on < last:
        raise Refused(
            "payment.early",
            f"{payment.ref} moved on {last}; it can't move on {on}, before that.",
            hint=f"Date it {last} or later.",
        )
    return on


def _spread(amount_cents: int, bills: Iterable[BillFacts]) -> Applying:
    parts, rest = [], amount_cents
    for bill in bills:
        part = min(rest, bill.balance_cents)
        if part > 0:
            parts.append((bill.id, bill.matter_id, part))
            rest -= part
    return Applying(tuple(parts), rest)


def _move(ledger: Ledger, payment: Payment, parts: Applied, *, day: date, back: bool) -> None:
    mark = ledger.record(
        f"payment {payment.ref}",
        after={"unapplied" if back else "applied": parts, "day": day.isoformat()},
        matter_id=payment.matter_id,
    )
    entry = recipes.credit_moved(
        day=day,
        source=journal.next_step(ledger, f"payment:{payment.id}"),
        payment_id=payment.id,
        bills=parts,
        back=back,
    )
    journal.post(ledger, entry, mark)


def _refuse_above(payment: Payment, wanted: int, credit: int, decimals: int, verb: str) -> None:
    if wanted <= 0 or wanted > credit:
        held = money.grouped(credit, decimals)
        asked = "nothing" if wanted <= 0 else money.grouped(wanted, decimals)
        raise Refused(
            "payment.credit",
            f"{payment.ref} holds {held} of credit; {asked} can't be taken from it to {verb}.",
            hint=f"Take it off its bills first: billcli payment unapply {payment.ref}",
        )


def _payment(ledger: Ledger, reference: str) -> Payment:
    match = re.fullmatch(r"[Pp]-([1-9][0-9]{0,15})", reference.strip(), re.ASCII)
    if not match:
        raise UsageProblem(
            "payment.reference",
            f"{shown(reference)} is not a payment.",
            hint="A payment is written P-2; see `billcli payment list`.",
        )
    return payments.get(ledger, int(match[1]))
