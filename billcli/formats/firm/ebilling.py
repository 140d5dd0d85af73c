"""A client's e-billing rules one at a time, as `client edit --ebilling` names them."""

from __future__ import annotations

from functools import cache

from billcli.errors import UsageProblem
from billcli.formats.firm.kinds import KINDS
from billcli.formats.firm.place import Place
from billcli.formats.firm.schema import Node, firm_schema, stored_name
from billcli.formats.firm.settings import typed
from billcli.formats.firm.walk import MISSING, Walk
from billcli.values.money import decimals_of
from billcli.values.text import did_you_mean, shown


def read_rule(key: str, text: str, *, currency: str) -> tuple[str, object]:
    """The name a rule is kept under and its value; an empty text is None.

    Codes are parted by `;`. UsageProblem `client.ebilling`, `firm-file.value`.
    """
    name = key.strip().lower().replace("-", "_")
    known = _rules()
    if name not in known:
        raise UsageProblem(
            "client.ebilling",
            f"{shown(key)} is no rule of e-billing.",
            hint=did_you_mean(name, known) or f"They are {', '.join(known)}.",
        )
    node = known[name]
    if not text.strip():
        return stored_name(name, node), None
    walk = Walk(decimals_of(currency))
    value = walk.value(typed(text.strip(), node), node, Place(key="ebilling").under(name))
    if value is MISSING:
        fault = walk.faults[0]
        raise UsageProblem(fault.code, fault.sentence, hint=fault.hint)
    return stored_name(name, node), value


def rule_names() -> tuple[str, ...]:
    """Every rule by its key in the firm file."""
    return tuple(_rules())


def rule_text(stored: str, value: object, *, decimals: int) -> tuple[str, str]:
    """A kept rule as people type it: its key and its text."""
    key, node = next(
        ((key, node) for key, node in _rules().items() if stored_name(key, node) == stored),
        (stored, {}),
    )
    kind = KINDS.get(node.get("format", ""))
    written = kind.write(value, decimals) if kind and isinstance(value, int) else value
    if isinstance(written, bool):
        return key, "on" if written else "off"
    if isinstance(written, list | tuple):
        return key, "; ".join(str(each) for each in written)
    return key, str(written)


@cache
def _rules() -> dict[str, Node]:
    client = firm_schema()["properties"]["client"]["items"]
    rules: dict[str, Node] = client["properties"]["ebilling"]["properties"]
    return rules
