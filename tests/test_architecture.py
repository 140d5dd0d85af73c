"""The house has rooms, and a direction: this holds both."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "billcli"
FILES = sorted(ROOT.rglob("*.py"))
MAY_IMPORT = {
    "cli": {"services", "render", "core", "values"},
    "services": {"store", "render", "formats", "deliver", "core", "values"},
    "store": {"core", "values"},
    "render": {"core", "values"},
    "formats": {"core", "values"},
    "deliver": {"core", "values"},
    "core": {"values"},
    "values": set(),
}
# The rooms of services, from the ground up: each asks only what stands before it.
FLOORS = (
    *("work", "arrangement", "funds", "bill", "receivables", "milestones"),
    *("reporting", "matter", "office", "exchange", "delivery", "month_end", "upkeep", "undo"),
)
# Completion reads five lists without paying for a service; one place opens the ledger.
ALSO = {("cli/_complete.py", "store"), ("cli/_ledger.py", "store")}
# Errors and assets are for everybody.
EVERYBODY = {"errors", "assets", "__version__", "_assets"}
BELONGS = {
    "typer": {"cli"},
    "rich": {"cli", "render"},
    "platformdirs": {"cli"},
    "sqlmodel": {"store"},
    "sqlalchemy": {"store"},
    "sqlite3": {"store"},
    "jinja2": {"render"},
    "markupsafe": {"render"},
    "babel": {"render"},
    "tomli_w": {"formats"},
    "smtplib": {"deliver"},
    "weasyprint": {"render"},
}
SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|PRAGMA|BEGIN)\s.*\w", re.DOTALL)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room(path: Path) -> str:
    return named(path).partition("/")[0] if "/" in named(path) else ""


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)}: imports are written in full"
            for alias in node.names:
                yield f"{node.module}.{alias.name}" if node.module == "billcli" else node.module


@pytest.mark.parametrize("path", FILES, ids=named)
def test_imports_go_one_way(path: Path) -> None:
    mine = room(path)
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "billcli":
            other = rest.partition(".")[0]
            allowed = MAY_IMPORT.get(mine, {"cli"}) | {mine} | EVERYBODY
            assert other in allowed or (named(path), other) in ALSO, f"{named(path)} → {name}"
        elif top in BELONGS:
            assert mine in BELONGS[top], f"{named(path)}: {top} belongs in {BELONGS[top]}"
        else:
            assert top in sys.stdlib_module_names, f"{named(path)}: no room is given for {top}"


@pytest.mark.parametrize("path", sorted((ROOT / "services").rglob("*.py")), ids=named)
def test_no_service_asks_one_that_stands_above_it(path: Path) -> None:
    if path.parent == ROOT / "services":
        return
    mine = FLOORS.index(path.parent.name)
    for name in imports(path):
        if name.startswith("billcli.services."):
            other = name.split(".")[2]
            assert FLOORS.index(other) <= mine, f"{named(path)} → {name}"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_money_is_rounded_in_one_place_and_never_a_float(path: Path) -> None:
    module = tree(path)
    asked = {
        id(name)
        for call in ast.walk(module)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "isinstance"
        for name in ast.walk(call)
    }
    for node in ast.walk(module):
        called = node.func if isinstance(node, ast.Call) else None
        word = getattr(called, "id", None) or getattr(called, "attr", None)
        if named(path) != "values/money.py":
            assert word not in ("round", "quantize"), f"{named(path)}:{node.lineno} rounds"
        if room(path) in ("values", "core", "services", "store", "formats"):
            is_float = isinstance(node, ast.Name) and node.id == "float" and id(node) not in asked
            assert not is_float, f"{named(path)}:{node.lineno} knows float"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_sql_is_spoken_in_the_store_alone(path: Path) -> None:
    if room(path) != "store":
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not SQL.match(node.value), f"{named(path)}:{node.lineno} holds SQL"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_module_has_one_idea(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= 300 or named(path) == "store/models.py", f"{named(path)} has {lines} lines"
