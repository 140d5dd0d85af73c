"""What a quote's rules would make of the next bill, for a person to choose from (§2.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from billcli.core.matter import in_force
from billcli.core.options import QUOTE_RULES
from billcli.errors import Refused
from billcli.services.bill import billing
from billcli.services.bill.desk import Desk
from billcli.store import find

if TYPE_CHECKING:
    from billcli.services.bill.request import Request
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Choice:
    """One rule, with the fees and costs that it bills; or why it would be refused."""

    rule: str
    fees_cents: int | None
    costs_cents: int | None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """The rules to choose from, with the one that applies unless another is chosen."""

    default: str
    choices: tuple[Choice, ...]
    quote_cents: int


def question(ledger: Ledger, number: str, request: Request) -> Question | None:
    """What to ask before a single bill is made; None where no rule of a quote applies (D-30)."""
    if request.amount_cents is not None or request.quote_rule is not None:
        return None
    desk = Desk(ledger)
    row = find.matter(ledger, number)
    file = desk.file(row.id or 0, request)
    billing.refuse_unbillable(file)
    version = in_force(file.versions, request.through)
    own = {"below_quote", "above_quote"} & set(file.options)
    order = billing.order(file, desk.facts, request, ledger.decimals)
    if order.quote is None or (version.kind != "hourly" and not own):
        return None
    choices = []
    for rule in QUOTE_RULES:
        try:
            asked = replace(request, quote_rule=rule)
            bill = billing.bill_of(file, desk.facts, asked, ledger.decimals)
            choices.append(Choice(rule, bill.fees_cents, bill.costs_cents))
        except Refused as refused:
            choices.append(Choice(rule, None, None, refused.sentence))
    try:
        chosen = billing.bill_of(file, desk.facts, request, ledger.decimals).quote_rule
    except Refused:
        chosen = order.quote.rule(order.segments[-1].work, order.asked)
    if chosen is None:
        return None
    return Question(chosen, tuple(choices), order.quote.cents)
