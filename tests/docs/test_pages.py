"""The pages of the documentation are played: each command in them, and what it prints."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from console import desk, hold

__all__ = ["desk"]

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
# The examples of the reference are those of --help: tests/scenarios/test_docs.py reads them.
# CONTRIBUTING.md is followed by test_walkthrough.py.
PAGES = sorted({ROOT / "README.md", *DOCS.rglob("*.md")} - {DOCS / "reference.md"})
FENCED = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"^(?:\$ )?(?:\w+=\S+ )*(?:\S+/)?billcli |\bbillcli import - ", re.MULTILINE)

# Blocks with commands of ours that no test can type, by their page and first line; why not.
NOT_PLAYED = {
    ("docs/cron.md", "#!/bin/sh"): "tests/docs/test_cron.py runs these scripts",
    ("docs/month-end.md", "billcli mass review 1"): (
        "asks on a terminal; tests/process/test_review_prompt.py answers on one"
    ),
    ("docs/tutorial.md", "python3 -m venv ~/billcli"): "installs, as the README does",
    ("README.md", "python3 -m venv ~/billcli && ~/billcli/bin/pip install ."): (
        "makes a venv in the user's folder; tests/process/test_install.py installs from a wheel"
    ),
}


def blocks(page: Path) -> list[tuple[str, str]]:
    """The fenced blocks of a page: what stands after the fence, and the text."""
    return [(found[1].strip(), found[2]) for found in FENCED.finditer(page.read_text("utf-8"))]


def indented(page: Path) -> list[str]:
    """Commands in blocks without a fence, which nothing plays."""
    rest = FENCED.sub("", page.read_text("utf-8"))
    return [line for line in rest.splitlines() if line.startswith("    ") and TYPED.match(line[4:])]


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


PLAYED = [
    page for page in PAGES if any(info.partition(" ")[0] == "console" for info, _ in blocks(page))
]


@pytest.mark.parametrize("page", PLAYED, ids=name)
def test_a_page_says_what_the_program_does(
    page: Path, desk: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILLCLI_ACTOR", "lena")
    for file in (ROOT / "sample-firm.toml", DOCS / "howto" / "office.toml"):
        shutil.copy(file, desk)
    play = hold(page, update=bool(request.config.getoption("--update-scenarios")))
    assert 1 not in {code for _, _, code, _ in play.ran}, "no command may end in a fault"


def test_no_command_of_the_pages_goes_unplayed() -> None:
    unplayed = {
        (name(page), text.partition("\n")[0])
        for page in PAGES
        for info, text in blocks(page)
        if info.partition(" ")[0] != "console" and TYPED.search(text)
    }
    assert [line for page in PAGES for line in indented(page)] == []
    # Mark a block with ```console, or add it to NOT_PLAYED with the reason.
    assert unplayed == set(NOT_PLAYED)
