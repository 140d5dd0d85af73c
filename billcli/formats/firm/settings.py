"""One setting of the firm at a time, as `firm set` and `firm show` name it: by its dotted key."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from billcli.errors import UsageProblem
from billcli.formats.firm.checks import check
from billcli.formats.firm.kinds import KINDS
from billcli.formats.firm.place import Place
from billcli.formats.firm.reader import GROUPS
from billcli.formats.firm.schema import Node, firm_schema, stored_name
from billcli.formats.firm.walk import MISSING, Walk
from billcli.values.money import decimals_of
from billcli.values.text import did_you_mean, shown

_YES_NO = {
    "true": True,
    "on": True,
    "yes": True,
    "false": False,
    "off": False,
    "no": False,
}


def setting_keys() -> tuple[str, ...]:
    """Every setting by its key in the firm file, such as `billing.terms_days`."""
    return tuple(_settings())


def read_setting(key: str, text: str, *, currency: str) -> tuple[str, object]:
    """The name a setting is kept under and its value, read from what was typed.

    Lines of an address are parted by `;`. UsageProblem `firm-file.unknown-key`, `firm-file.value`.
    """
    node = _node(key)
    *groups, name = key.split(".")
    place = Place(key=groups[0])
    for group in [*groups[1:], name]:
        place = place.under(group)
    walk = Walk(decimals_of(currency))
    value = walk.value(typed(text.strip(), node), node, place)
    faults = [*walk.faults]
    if value is not MISSING and groups == ["firm"]:
        faults += check({"firm": {name: value}})
    if faults:
        raise UsageProblem(faults[0].code, faults[0].sentence, hint=faults[0].hint)
    return ".".join([*groups, stored_name(name, node)]), value


def stored_setting(key: str) -> str:
    """The name a setting is kept under. UsageProblem `firm-file.unknown-key`."""
    return _stored(key, _node(key))


def word_setting(stored: str) -> bool:
    """Whether the setting is one of a few words, which JSON spells with underscores."""
    return any(_stored(key, node) == stored and "enum" in node for key, node in _settings().items())


def setting_text(stored: str, value: object, *, currency: str) -> tuple[str, str]:
    """A kept setting as people read and type it: its key in the firm file, and its text."""
    key, node = next(
        ((key, node) for key, node in _settings().items() if _stored(key, node) == stored),
        (stored, {}),
    )
    kind = KINDS.get(node.get("format", ""))
    written = kind.write(value, decimals_of(currency)) if kind else value
    if isinstance(written, bool):
        return key, "true" if written else "false"
    if isinstance(written, list | tuple):
        return key, "; ".join(str(each) for each in written)
    return key, str(written)


def _node(key: str) -> Node:
    known = _settings()
    if key not in known:
        raise UsageProblem(
            "firm-file.unknown-key",
            f"{shown(key)} isn't a setting of the firm.",
            hint=did_you_mean(key, known) or "`billcli firm show` lists them.",
        )
    return known[key]


@cache
def _settings() -> dict[str, Node]:
    top: dict[str, Node] = firm_schema()["properties"]
    return {key: node for group in GROUPS for key, node in _leaves(group, top[group])}


def _leaves(prefix: str, table: Node) -> Iterator[tuple[str, Node]]:
    for key, node in table["properties"].items():
        if "properties" in node:
            yield from _leaves(f"{prefix}.{key}", node)
        else:
            yield f"{prefix}.{key}", node


def _stored(key: str, node: Node) -> str:
    group, name = key.rsplit(".", 1)
    return f"{group}.{stored_name(name, node)}"


def typed(text: str, node: Node) -> Any:
    """The text as the type that the schema asks for; what doesn't fit is left to the walk."""
    match node["type"]:
        case "boolean":
            return _YES_NO.get(text.lower(), text)
        case "integer" if text.isascii() and text.removeprefix("-").isdigit() and len(text) < 19:
            return int(text)
        case "array" if text.startswith("["):
            return _toml_value(text)
        case "array":
            return [line.strip() for line in text.split(";") if line.strip()]
    return text


def _toml_value(text: str) -> Any:
    import tomllib

    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, ValueError):
        return text
