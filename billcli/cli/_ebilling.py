"""A client's e-billing rules as they are typed and told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from typer import Option

from billcli.errors import UsageProblem
from billcli.values.text import shown


def _offer(incomplete: str) -> list[str]:
    from billcli.services.work.ebilling import rule_names

    return [f"{name}=" for name in rule_names() if name.startswith(incomplete)]


Ebilling = Annotated[
    list[str] | None,
    Option(
        "--ebilling",
        metavar="RULE=VALUE",
        help="A rule for electronic bills, such as require_task=on; RULE= for none; repeatable.",
        autocompletion=_offer,
    ),
]


def read_rules(given: list[str], currency: str) -> dict[str, Any]:
    """`require_task=on` and others. UsageProblem `client.ebilling`."""
    from billcli.services.work.ebilling import read_rule

    rules: dict[str, Any] = {}
    for word in given:
        name, equals, text = word.partition("=")
        if not equals:
            raise UsageProblem(
                "client.ebilling",
                f"{shown(word)} isn't a rule with its value.",
                hint="Write RULE=VALUE, as require_task=on or max_desc=800; RULE= for none.",
            )
        stored, value = read_rule(name, text, currency=currency)
        rules[stored] = value
    return rules


def told_rules(rules: Mapping[str, Any], decimals: int) -> str:
    """The rules of a client in a line."""
    from billcli.services.work.ebilling import rule_text

    told = (rule_text(name, value, decimals=decimals) for name, value in rules.items())
    return ", ".join(f"{name} {text}" for name, text in told)
