"""Every public name says what it is: a sentence, in underscored modules and packages too.

ruff asks the same of public modules alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
# The version stands in billcli/__init__.py, and nothing else.
FILES = sorted({*(ROOT / "billcli").rglob("*.py")} - {ROOT / "billcli" / "__init__.py"})
Named = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def public(node: ast.Module | ast.ClassDef) -> Iterator[Named]:
    """The public functions and classes of a module or class, and those in them."""
    for inner in node.body:
        if isinstance(inner, Named) and not inner.name.startswith("_"):
            if {"overload", "setter"} & {decorator(found) for found in inner.decorator_list}:
                continue
            yield inner
            if isinstance(inner, ast.ClassDef):
                yield from public(inner)


def decorator(node: ast.expr) -> str:
    """The last word of a decorator."""
    return str(getattr(node, "attr", getattr(node, "id", "")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_public_name_says_what_it_is(path: Path) -> None:
    module = ast.parse(path.read_text("utf-8"))
    silent = [] if ast.get_docstring(module) or not module.body else ["the module"]
    for node in public(module):
        said = ast.get_docstring(node) or ""
        first = said.partition("\n\n")[0].rstrip()
        if not first.endswith((".", ":", "!", "?")):
            silent.append(f"{node.name} (line {node.lineno})")
    assert silent == []
