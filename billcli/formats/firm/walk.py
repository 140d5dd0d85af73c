"""Holds a TOML document against the schema and gives it back with every value read."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from billcli.errors import UsageProblem
from billcli.formats.firm.kinds import KINDS, Kind
from billcli.formats.firm.place import Fault, Place
from billcli.formats.firm.schema import Node, stored_name
from billcli.values.text import did_you_mean, shown

_WHOLE = re.compile(r"(-?\d{1,18})(?:\.0+)?", re.ASCII)
_LONGEST_BITS = 256
_WANTED = {
    "date": "a date",
    "object": "a table",
    "array": "a list",
    "string": "text in quotes",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}
_BROKEN = re.compile(r"[\t\r\n]")
MISSING = object()
"""Stands for a value that has a fault, which is already noted."""


class Walk:
    """One pass over a document; `faults` holds everything that is wrong, in its order."""

    def __init__(self, decimals: int) -> None:
        self.decimals = decimals
        self.faults: list[Fault] = []

    def note(self, code: str, sentence: str, hint: str | None = None) -> object:
        """Notes a fault and gives the mark of a value that can't be used."""
        self.faults.append(Fault(f"firm-file.{code}", sentence, hint))
        return MISSING

    def value(self, value: Any, node: Node, place: Place) -> Any:
        """The value as it is kept, or MISSING where it has a fault."""
        if isinstance(value, int) and value.bit_length() > _LONGEST_BITS:
            return self.note("value", f"{place} has too many digits.", node.get("description"))
        if not any(_is_a(value, name) for name in _types(node)):
            wanted = " or ".join(_WANTED[name] for name in _types(node))
            return self.note(
                "value", f"{place} is {_told(value)}; {wanted} is wanted.", _hint(node)
            )
        kind = KINDS.get(node.get("format", ""))
        if kind is not None:
            value = self._read(value, kind, node, place)
            if value is MISSING or not isinstance(value, list):
                return value
        if isinstance(value, dict):
            return self._table(value, node, place)
        if isinstance(value, list):
            return self._list(value, node, place)
        if isinstance(value, str):
            return self._text(value, node, place)
        if isinstance(value, bool):
            if node.get("const", value) is not value:
                return self.note("value", f"{place} can only be true.", "Leave it out instead.")
            return value
        return self._limits(int(_WHOLE.fullmatch(str(value))[1]), node, place)  # type: ignore[index]

    def _read(self, value: Any, kind: Kind, node: Node, place: Place) -> Any:
        try:
            kept = kind.read(value, self.decimals)
        except UsageProblem as problem:
            sentence = problem.sentence[:1].lower() + problem.sentence[1:]
            return self.note("value", f"{place}: {sentence}", problem.hint)
        if kind.scale is None or not isinstance(kept, int):
            return kept
        return self._limits(kept, node, place, shift=10 ** kind.scale(self.decimals))

    def _limits(self, value: int, node: Node, place: Place, *, shift: int = 1) -> Any:
        low, high, above = (node.get(key) for key in ("minimum", "maximum", "exclusiveMinimum"))
        if above is not None and value <= above * shift:
            return self.note("value", f"{place} isn't above {above}.", _hint(node))
        if low is not None and value < low * shift:
            return self.note("value", f"{place} is below {low}.", _hint(node))
        if high is not None and value > high * shift:
            return self.note("value", f"{place} is above {high}.", _hint(node))
        return value

    def _table(self, table: dict[str, Any], node: Node, place: Place) -> dict[str, Any]:
        known: dict[str, Node] = node.get("properties", {})
        others = node.get("additionalProperties")
        kept: dict[str, Any] = {}
        for key, value in table.items():
            here = place.under(key)
            inner = known.get(key)
            if inner is None and isinstance(others, dict):
                if self.value(key, node.get("propertyNames", {"type": "string"}), here) is MISSING:
                    continue
                inner = others
            if inner is None:
                hint = _near(key, known) or f"Known here: {', '.join(known)}."
                self.note("unknown-key", f"{here} isn't a key of the firm file.", hint)
                continue
            if (read := self.value(value, inner, here)) is not MISSING:
                kept[stored_name(key, inner) if known else key] = read
        for key in node.get("required", ()):
            if key not in table:
                self.note("missing-key", f"{place.under(key)} is missing.", _hint(known[key]))
        if len(table) > node.get("maxProperties", len(table)):
            self.note(
                "value",
                f"{place} has {len(table)} keys; {node['maxProperties']} may stand.",
            )
        return kept

    def _list(self, values: list[Any], node: Node, place: Place) -> Any:
        fewest, most = node.get("minItems", 0), node.get("maxItems", len(values))
        if not fewest <= len(values) <= most:
            limit = f"at least {fewest}" if len(values) < fewest else f"at most {most}"
            return self.note("value", f"{place} has {len(values)} entries; {limit} may stand.")
        item: Node = node["items"]
        kept = [
            self.value(each, item, place.item(index, each)) for index, each in enumerate(values)
        ]
        if item["type"] == "object":
            # A place is kept for a table with a fault, so that later ones keep their index.
            return [{} if each is MISSING else each for each in kept]
        return [each for each in kept if each is not MISSING]

    def _text(self, typed: str, node: Node, place: Place) -> Any:
        text = typed.strip()
        if "\0" in text:
            return self.note("value", f"{place} holds a NUL character.", "Remove it.")
        if len(text) > node.get("maxLength", len(text)):
            return self.note(
                "value",
                f"{place} has {len(text):,} characters; at most {node['maxLength']:,} may stand.",
                "Shorten it.",
            )
        if len(text) < node.get("minLength", 0):
            return self.note("value", f"{place} is {_told(text)}, too short.", _hint(node))
        if "enum" in node:
            return self._word(text, node["enum"], place)
        if "pattern" in node and not re.fullmatch(node["pattern"], text):
            if _BROKEN.search(text):
                sentence = f"{place} holds a tab or a line break: {shown(text)}."
                return self.note("value", sentence, "Write it on one line, with blanks.")
            return self.note("value", f"{place} can't be {shown(text)}.", _hint(node))
        return text

    def _word(self, text: str, words: list[str], place: Place) -> Any:
        """A word of a list, with hyphens whichever way it was written."""
        hyphened = text.replace("_", "-")
        if text in words and hyphened in words:
            return hyphened
        listed = [word for word in words if word.replace("_", "-") == word]
        return self.note(
            "value",
            f"{place} can't be {shown(text)}; it is one of {', '.join(listed)}.",
            did_you_mean(text, listed),
        )


def _near(key: str, known: Node) -> str | None:
    """The hint with the known key that was meant; one that only lacks a word comes first."""
    for choice in known:
        if choice.startswith(f"{key}_") or key.startswith(f"{choice}_"):
            return f'Did you mean "{choice}"?'
    return did_you_mean(key, known)


def _types(node: Node) -> list[str]:
    if node.get("format") == "date":
        # JSON has no dates, so the schema can only call them text.
        return ["date", "string"]
    named = node["type"]
    return named if isinstance(named, list) else [named]


def _is_a(value: Any, name: str) -> bool:
    match name:
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "date":
            return isinstance(value, date)
    if isinstance(value, bool | str | list | dict | date | time):
        return False
    return name == "number" or _WHOLE.fullmatch(str(value)) is not None


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return shown(value) if isinstance(value, str) else str(value)[:40]


def _hint(node: Node) -> str | None:
    description: str | None = node.get("description")
    examples = node.get("examples")
    if description and examples:
        sample = examples[0]
        written = f'"{sample}"' if isinstance(sample, str) else str(sample)
        return f"{description} Such as {written}."
    return description
