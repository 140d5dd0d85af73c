"""The JSON Schema of the firm file, read once: what keys there are and what each may hold."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from billcli.assets import schema_folder
from billcli.formats.firm.kinds import KINDS

Node = dict[str, Any]

# Keywords that say something about a value; all others of the schema only describe.
HELD = frozenset(
    {
        "$ref",
        "type",
        "properties",
        "required",
        "additionalProperties",
        "propertyNames",
        "items",
    }
    | {
        "format",
        "enum",
        "const",
        "pattern",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
    }
    | {"maxProperties", "minimum", "maximum", "exclusiveMinimum"}
)
DESCRIBING = frozenset({"$schema", "$defs", "title", "description", "default", "examples"})


@cache
def firm_schema() -> Node:
    """The schema with every reference already put in its place."""
    import json

    path = schema_folder() / "firm.schema.json"
    raw: Node = json.loads(path.read_text(encoding="utf-8"))
    return _inline({key: value for key, value in raw.items() if key != "$defs"}, raw["$defs"])


def stored_name(key: str, node: Mapping[str, Any]) -> str:
    """The name a value has once it is read: the key and its unit, as `value_cents`."""
    kind = KINDS.get(node.get("format", ""))
    return key + kind.suffix if kind else key


def _inline(node: Node, defs: Mapping[str, Node]) -> Node:
    if "$ref" in node:
        beside = {key: value for key, value in node.items() if key != "$ref"}
        node = {**defs[node["$ref"].removeprefix("#/$defs/")], **beside}
    flat = dict(node)
    if "properties" in node:
        flat["properties"] = {key: _inline(each, defs) for key, each in node["properties"].items()}
    for inner in ("items", "additionalProperties", "propertyNames"):
        if isinstance(node.get(inner), dict):
            flat[inner] = _inline(node[inner], defs)
    return flat
