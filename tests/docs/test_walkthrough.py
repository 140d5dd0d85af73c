"""A newcomer follows CONTRIBUTING.md and adds an arrangement, in a copy of the house."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "CONTRIBUTING.md"
WALK = re.compile(r"^## Add an arrangement.*?(?=^## Add a test)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> Iterator[tuple[str, str]]:
    """The blocks of the walk-through of one kind: where they belong, and their text."""
    walk = WALK.search(PAGE.read_text("utf-8"))
    assert walk is not None
    return ((found[2], found[3]) for found in BLOCK.finditer(walk[0]) if found[1] == kind)


def patched(text: str, diff: str) -> str:
    """The text with the lines that a diff adds after the lines that it shows."""
    old = "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] == " ")
    new = "".join(line[1:] for line in diff.splitlines(keepends=True))
    assert text.count(old) == 1, f"{old!r} is not there, or not once"
    return text.replace(old, new)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the walk-through touches and runs, with its steps taken."""
    copy = tmp_path_factory.mktemp("house")
    for name in ("billcli", "schema", "templates", "docs", "tests/vectors"):
        # What is compiled goes along, with the times that say of which files it is.
        shutil.copytree(ROOT / name, copy / name)
    for path in (ROOT / "pyproject.toml", *(ROOT / "tests").glob("*.py")):
        shutil.copy(path, copy / path.relative_to(ROOT))
    number = max(int(path.name[:4]) for path in (ROOT / "schema").glob("0*.sql")) + 1
    for kind in ("python", "sql"):
        for name, text in blocks(kind):
            path = copy / name.replace("NNNN", f"{number:04}")
            assert not path.exists(), "a step that is already taken"
            path.write_text(
                text.replace("user_version = NNNN", f"user_version = {number}"), "utf-8"
            )
    for name, text in blocks("diff"):
        path = copy / name
        path.write_text(patched(path.read_text("utf-8"), text), "utf-8")
    for name, text in blocks("markdown"):
        with (copy / name.removeprefix(">> ")).open("a", encoding="utf-8") as file:
            file.write(text)
    return copy


def ran(house: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=house,
        env=os.environ | {"PYTHONPATH": str(house)} | more,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_new_arrangement_keeps_its_vectors(house: Path) -> None:
    cases = [line for _, text in blocks("markdown") for line in text.splitlines()
             if "| shared-overrun " in line]  # fmt: skip
    words = ("-m", "pytest", "-p", "no:cacheprovider", "tests/vectors", "-k", "overrun")
    done = ran(house, *words)
    assert f"{len(cases)} passed" in done.stdout, done.stdout + done.stderr
    assert len(cases) == 4 and done.returncode == 0


def test_the_new_arrangement_is_one_of_the_program(house: Path) -> None:
    """Its commands in one process: a ledger, a matter, and the arithmetic of its bill."""
    typed = [
        line.removeprefix("$ billcli ")
        for _, text in blocks("console")
        for line in text.splitlines()
    ]
    script = (
        "import shlex, sys; from billcli.cli import main\n"
        "for line in sys.argv[1:]: assert main(shlex.split(line)) == 0, line"
    )
    day = {"BILLCLI_LEDGER": str(house / "ledger.db"), "BILLCLI_TODAY": "2026-10-31"}
    kept = ("bill preview 2026-001 --json", "check", "firm export a.toml", "firm import a.toml")
    done = ran(house, "-c", script, *typed, *kept, **day)
    assert done.returncode == 0, done.stderr
    told = done.stdout
    bill, _ = json.JSONDecoder().raw_decode(told[told.index("{") :])
    assert (bill["arrangement"], bill["fees"]) == ("shared_overrun", "4400.00")
    assert "Half of the overrun" in told and "The ledger is sound" in told
