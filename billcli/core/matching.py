"""Money that came into the bank, and the open bills that it may pay: proposals, nothing more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A bill that is owed: its number, its client by name, and what is open on it."""

    number: str
    client: str
    client_name: str
    matter: str
    day: date
    open_cents: int


@dataclass(frozen=True, slots=True)
class Credit:
    """Money in, with all that the bank says of it."""

    key: str
    row: int
    day: date
    amount_cents: int
    payer: str
    memo: str
    reference: str

    @property
    def said(self) -> str:
        """The words in which a bill's number may stand."""
        return f"{self.payer} {self.memo} {self.reference}"


@dataclass(frozen=True, slots=True)
class Recorded:
    """Money that was recorded by hand: a payment, or a deposit in trust."""

    ref: str
    client: str
    day: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a credit may pay: a bill, or None and why not; `over_cents` is beyond what is open."""

    credit: Credit
    bill: OpenBill | None
    why: str
    over_cents: int = 0


NEAR_DAYS = 10
"""A payment by hand and the bank's day of it lie no further apart."""


def match(
    credits_: Iterable[Credit],
    bills: Iterable[OpenBill],
    recorded: Iterable[Recorded] = (),
) -> list[Proposal]:
    """A proposal for each credit, in their order; each takes what it would pay off the bill.

    A bill's number in the bank's words comes first, then exactly the open amount from a payer who
    is called like the client. Where two bills fit, none is proposed.
    """
    left = {bill.number: bill for bill in bills}
    hands = list(recorded)
    made: list[Proposal] = []
    for credit in credits_:
        found = _proposal(credit, [bill for bill in left.values() if bill.day <= credit.day])
        if found.bill is not None and (twin := _twin(credit, found.bill, hands)):
            hands.remove(twin)
            found = Proposal(credit, None, f"{twin.ref} may be this, recorded by hand")
        if found.bill is not None:
            bill = found.bill
            rest = max(bill.open_cents - credit.amount_cents, 0)
            left[bill.number] = replace(bill, open_cents=rest)
        made.append(found)
    return made


def _proposal(credit: Credit, bills: Sequence[OpenBill]) -> Proposal:
    named = [bill for bill in bills if _names(credit.said, bill.number)]
    if len(named) > 1:
        # 2026-0001 may stand within 2026-00012-A; only the longest of such is meant.
        named = [b for b in named if not any(b.number in o.number for o in named if o is not b)]
    if len(named) == 1:
        bill = named[0]
        if bill.open_cents == 0:
            return Proposal(credit, None, f"nothing is open on {bill.number}")
        over = max(credit.amount_cents - bill.open_cents, 0)
        return Proposal(credit, bill, "number of the bill", over)
    if named:
        return Proposal(credit, None, "it names " + " and ".join(bill.number for bill in named))
    exact = [
        bill
        for bill in bills
        if bill.open_cents == credit.amount_cents
        and (_called(credit.payer, bill.client_name) or _called(credit.memo, bill.client_name))
    ]
    if len(exact) == 1:
        return Proposal(credit, exact[0], "amount and payer")
    if exact:
        return Proposal(credit, None, "it fits " + " and ".join(bill.number for bill in exact))
    return Proposal(credit, None, "no open bill fits")


def _names(said: str, number: str) -> bool:
    """Whether the number stands there by itself."""
    pattern = rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9A-Za-z]|-[0-9])"
    return re.search(pattern, said, re.IGNORECASE) is not None


def _called(said: str, name: str) -> bool:
    """Whether all words of the client's name stand in what the bank says, in any order."""
    wanted = set(_words(name))
    return bool(wanted) and wanted <= set(_words(said))


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.casefold()) if len(word) > 1]


def _twin(credit: Credit, bill: OpenBill, recorded: Iterable[Recorded]) -> Recorded | None:
    return next(
        (
            payment
            for payment in recorded
            if payment.client == bill.client
            and payment.amount_cents == credit.amount_cents
            and abs((payment.day - credit.day).days) <= NEAR_DAYS
        ),
        None,
    )
