"""The house has rooms, and a direction: this holds both."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent / "billcli"
FILES = sorted(ROOT.rglob("*.py"))
SERVICES = sorted((ROOT / "services").glob("*/**/*.py"))
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


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)}: imports are written in full"
            for alias in node.names:
                yield f"{node.module}.{alias.name}" if node.module == "billcli" else node.module


def faults(rule: Callable[[Path], Iterator[str]], files: list[Path]) -> list[str]:
    assert len(files) > 100, "the house is not found"
    return [f"{named(path)}{fault}" for path in files for fault in rule(path)]


def test_imports_go_one_way() -> None:
    assert faults(strays, FILES) == []


def strays(path: Path) -> Iterator[str]:
    mine = room(path)
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "billcli":
            other = rest.partition(".")[0]
            allowed = MAY_IMPORT.get(mine, {"cli"}) | {mine} | EVERYBODY
            if other not in allowed and (named(path), other) not in ALSO:
                yield f" → {name}"
        elif top in BELONGS:
            if mine not in BELONGS[top]:
                yield f": {top} belongs in {BELONGS[top]}"
        elif top not in sys.stdlib_module_names:
            yield f": no room is given for {top}"


def test_no_service_asks_one_that_stands_above_it() -> None:
    assert faults(upward, SERVICES) == []


def upward(path: Path) -> Iterator[str]:
    mine = FLOORS.index(path.parent.name)
    for name in imports(path):
        if name.startswith("billcli.services.") and FLOORS.index(name.split(".")[2]) > mine:
            yield f" → {name}"


def test_money_is_rounded_in_one_place_and_never_a_float() -> None:
    assert faults(inexact, FILES) == []


def inexact(path: Path) -> Iterator[str]:
    module, where = tree(path), room(path)
    may_round = named(path) == "values/money.py"
    exact = where in ("values", "core", "services", "store", "formats")
    asked = {
        id(name)
        for call in ast.walk(module)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "isinstance"
        for name in ast.walk(call)
    }
    for node in ast.walk(module):
        called = node.func if isinstance(node, ast.Call) else None
        word = getattr(called, "id", None) or getattr(called, "attr", None)
        if not may_round and word in ("round", "quantize"):
            yield f":{node.lineno} rounds"  # type: ignore[attr-defined]
        if exact and isinstance(node, ast.Name) and node.id == "float" and id(node) not in asked:
            yield f":{node.lineno} knows float"


def test_sql_is_spoken_in_the_store_alone() -> None:
    assert faults(sql_elsewhere, FILES) == []


def sql_elsewhere(path: Path) -> Iterator[str]:
    if room(path) != "store":
        for node in ast.walk(tree(path)):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and SQL.match(text):
                yield f":{node.lineno} holds SQL"


def test_a_module_has_one_idea() -> None:
    assert faults(crowds, FILES) == []


def crowds(path: Path) -> Iterator[str]:
    lines = len(path.read_text("utf-8").splitlines())
    if lines > 300 and named(path) != "store/models.py":
        yield f" has {lines} lines"
