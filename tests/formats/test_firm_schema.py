"""The schema and the code say the same: every key, every kind, every keyword."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from billcli.assets import sample_firm, schema_folder, templates_folder
from billcli.formats.firm import model
from billcli.formats.firm.kinds import KINDS
from billcli.formats.firm.reader import GROUPS, PARTS
from billcli.formats.firm.schema import DESCRIBING, HELD, firm_schema, stored_name

MAXIMAL = Path(__file__).with_name("maximal.toml")
RAW = json.loads((schema_folder() / "firm.schema.json").read_text(encoding="utf-8"))


def nodes(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    yield path, node
    for key, inner in node.get("properties", {}).items():
        yield from nodes(inner, f"{path}.{key}")
    if "items" in node:
        yield from nodes(node["items"], path)


def test_the_maximal_file_has_every_key_of_the_schema() -> None:
    def keys(value: Any, path: str = "") -> Iterator[str]:
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                for key, inner in each.items():
                    yield f"{path}.{key}"
                    yield from keys(inner, f"{path}.{key}")

    document = tomllib.loads(MAXIMAL.read_text(encoding="utf-8"))
    wanted = {path for path, _ in nodes(firm_schema()) if path}
    assert wanted - set(keys(document)) == set()


def test_every_keyword_of_the_schema_is_one_that_the_walk_holds() -> None:
    def keywords(node: dict[str, Any]) -> Iterator[str]:
        for key, value in node.items():
            yield key
            if key in ("properties", "$defs"):
                for inner in value.values():
                    yield from keywords(inner)
            elif isinstance(value, dict):
                yield from keywords(value)

    assert set(keywords(RAW)) <= HELD | DESCRIBING


DEFINED = {
    model.Tax: "tax",
    model.TaxRate: "tax_rate",
    model.ExpenseCategory: "expense_category",
    model.Timekeeper: "timekeeper",
    model.Trigger: "trigger",
    model.WorkflowTask: "workflow_task",
    model.Workflow: "workflow",
    model.Client: "client",
    model.Task: "matter_task",
    model.ScheduleRow: "schedule_row",
    model.TimeEntry: "time",
    model.Expense: "expense",
    model.TrustDeposit: "trust_deposit",
    model.Matter: "matter",
}


@pytest.mark.parametrize("made", [model.FirmFile, *DEFINED], ids=lambda made: made.__name__)
def test_every_key_has_a_field_and_every_field_a_key(made: type) -> None:
    node = RAW["$defs"][DEFINED[made]] if made in DEFINED else RAW
    parts = PARTS.get(made, {})
    names = set()
    for key, inner in node["properties"].items():
        if made is model.FirmFile and key in GROUPS:
            continue
        if "$ref" in inner:
            inner = {**RAW["$defs"][inner["$ref"].rsplit("/")[-1]], **inner}
        names.add(parts[key][0] if key in parts else stored_name(key, inner))
    own = {"settings", "currency"} if made is model.FirmFile else set()
    assert names | own == {field.name.removesuffix("_") for field in fields(made)}


def test_every_format_has_a_reader() -> None:
    assert {node["format"] for _, node in nodes(firm_schema()) if "format" in node} <= set(KINDS)


def test_every_key_is_described() -> None:
    bare = [path for path, node in nodes(firm_schema()) if not node.get("description")]
    assert bare == []


def test_a_word_with_a_hyphen_is_also_taken_with_an_underscore() -> None:
    for path, node in nodes(firm_schema()):
        words = node.get("enum", [])
        for word in words:
            assert word.replace("-", "_") in words, path
        assert node.get("default", words[:1] and words[0]) in words if words else True, path


def test_tables_take_no_other_keys() -> None:
    for path, node in nodes(firm_schema()):
        if node["type"] == "object":
            assert "additionalProperties" in node, path
            assert set(node.get("required", ())) <= set(node.get("properties", ())), path


def test_the_assets_are_found() -> None:
    assert (schema_folder() / "firm.schema.json").is_file()
    assert templates_folder().is_dir()
    assert sample_firm().is_file()
