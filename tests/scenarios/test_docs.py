"""What the documentation says to type can be typed, and what it links to is there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup

from billcli.cli import _lazy

ROOT = Path(__file__).parent.parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "schema" / "README.md"]
FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`(billcli [^`…]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)\)")
GLOBAL = {"--ledger", "--today", "--actor", "--no-input", "--yes", "--quiet", "--debug"}


def typed() -> Iterator[Any]:
    """Each `billcli …` of the pages, in a block or in a line."""
    for page in PAGES:
        text = page.read_text("utf-8")
        blocks = "\n".join(FENCED.findall(text)).replace("\\\n", " ").splitlines()
        lines = [line.removeprefix("$ ") for line in blocks]
        # A crontab line names the program by its path.
        lines = [re.sub(r"^[0-9*].* \S+/billcli ", "billcli ", line) for line in lines]
        for line in [line for line in lines if line.startswith("billcli ")] + SPAN.findall(text):
            yield pytest.param(line, id=f"{page.name}: {line[:60]}")


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the first words name, and the words after them."""
    found: Any = _lazy.build(words[0])
    rest = words[1:]
    while isinstance(found, TyperGroup) and rest:
        inner = found.get_command(None, rest[0])  # type: ignore[arg-type]
        assert inner is not None, f"there is no `{words[0]} {rest[0]}`"
        found, rest = inner, rest[1:]
    return found, rest


@pytest.mark.parametrize("line", list(typed()))
def test_what_the_pages_say_to_type_can_be_typed(line: str) -> None:
    words = shlex.split(line.partition("#")[0])[1:]
    words = [word for word in words if word not in ("|", "…")]
    if words[0].startswith("-"):
        return
    command, rest = command_of(words)
    known = {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
    for word in rest:
        if word.startswith("--"):
            assert word.partition("=")[0] in known | GLOBAL | {"--help"}, word


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_readme_and_ci_run_the_same_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "\nmake demo " in readme
    assert "\nmake test " in readme
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")
