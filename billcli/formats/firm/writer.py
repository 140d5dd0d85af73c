"""Writes a firm file, so that reading it gives the same values again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from billcli.formats.firm import model
from billcli.formats.firm.kinds import KINDS
from billcli.formats.firm.reader import PARTS
from billcli.formats.firm.schema import Node, firm_schema, stored_name
from billcli.values.money import decimals_of


def write(firm: model.FirmFile) -> str:
    """The firm file as TOML text, its keys in the order of the schema."""
    import tomli_w

    tree = _tree(firm)
    for key, value in firm.settings.items():
        *groups, name = key.split(".")
        table = tree
        for group in groups:
            table = table.setdefault(group, {})
        table[name] = value
    document = _document(tree, firm_schema(), decimals_of(firm.currency))
    return tomli_w.dumps(document, multiline_strings=False)


def _tree(part: Any) -> dict[str, Any]:
    """The part as nested tables, without what is at its default."""
    keys = {field: key for key, (field, _) in PARTS.get(type(part), {}).items()}
    tree: dict[str, Any] = {}
    for field in fields(part):
        value = getattr(part, field.name)
        own = field.name in ("settings", "currency") and isinstance(part, model.FirmFile)
        at_default = field.default is not MISSING and value == field.default
        if own or at_default or value in ((), {}):
            continue
        key = keys.get(field.name, field.name.removesuffix("_"))
        if isinstance(value, model.Arrangement):
            value = {"kind": value.kind, **value.terms}
        elif field.name in keys and isinstance(value, tuple):
            value = [_tree(each) for each in value]
        elif field.name in keys:
            value = _tree(value)
        tree[key] = value
    return tree


def _document(value: Any, node: Node, decimals: int) -> Any:
    kind = KINDS.get(node.get("format", ""))
    if kind is not None:
        return kind.write(value, decimals)
    if isinstance(value, Mapping):
        known: Mapping[str, Node] = node.get("properties", {})
        if not known:
            inner = node["additionalProperties"]
            return {key: _document(each, inner, decimals) for key, each in value.items()}
        named = {key: (stored_name(key, inner), inner) for key, inner in known.items()}
        return {
            key: _document(value[name], inner, decimals)
            for key, (name, inner) in named.items()
            if name in value
        }
    if isinstance(value, list | tuple):
        return [_document(each, node["items"], decimals) for each in value]
    return value
