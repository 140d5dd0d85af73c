"""The question before a single bill of a quoted matter: what of the quote and the work to bill."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from billcli.cli._prompt import ask
from billcli.cli._root import run
from billcli.values import money

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.bill.request import Request

WORDS = {
    "quote": "the quoted amount",
    "quote-plus-wip": "the quoted amount and the work",
    "wip": "the work",
}
OTHER = "4"


def asked_of_quote(ledger: Ledger, matter: str, request: Request) -> Request:
    """The request with the rule, or the other amount, that a person chose on the terminal.

    Where nobody can be asked, and with --yes, the matter's own rule applies.
    """
    now = run()
    if not now.may_prompt or now.yes:
        return request
    from billcli.services.bill import quotes

    question = quotes.question(ledger, matter, request)
    if question is None:
        return request
    answers: dict[str, str] = {}
    print(f"A quote applies to {matter}. Bill:", file=sys.stderr)
    for n, choice in enumerate(question.choices, 1):
        if choice.fees_cents is None:
            told = f"refused: {choice.refused}"
        else:
            fees = money.grouped(choice.fees_cents, ledger.decimals)
            costs = money.grouped(choice.costs_cents or 0, ledger.decimals)
            told = f"fees {fees}, costs {costs}"
        print(f"  {n}  {WORDS[choice.rule]} ({told})", file=sys.stderr)
        answers |= {str(n): choice.rule, choice.rule: choice.rule}
    print(f"  {OTHER}  Other…", file=sys.stderr)
    default = next(n for n, rule in answers.items() if rule == question.default)
    while True:
        answer = ask("Which", option="--quote-rule", default=default).strip().lower()
        rule = answers.get(answer.replace("_", "-"))
        if rule:
            return request if rule == question.default else replace(request, quote_rule=rule)
        if answer == OTHER or answer.startswith("other"):
            typed = ask("Fees", option="--amount")
            cents = money.read_positive_cents(typed, ledger.decimals, what="amount")
            return replace(request, amount_cents=cents)
        print("Please answer 1, 2, 3 or 4.", file=sys.stderr)
