"""The catalogue of messages: one short scenario for each error code, and none forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from console import desk, hold

__all__ = ["desk"]

HERE = Path(__file__).parent
TESTS, CODE = HERE.parent, HERE.parent.parent / "billcli"
PAGES = sorted(HERE.glob("*.md"))
ERRORS = {
    "BillError",
    "UsageProblem",
    "Refused",
    "NotFound",
    "LedgerProblem",
    "BatchFailed",
    "CheckFailed",
}
SHAPE = re.compile(r"[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*")
CODED = re.compile(rf"(?<![\w.-]){SHAPE.pattern}(?![\w-])")
RAISED = re.compile(rf"\b(?:{'|'.join(ERRORS)})\(\s*f?[\"'](\w[\w-]*\.[\w.-]+)[\"']")
HEADING = re.compile(r"^## `([a-z.-]+)`$", re.MULTILINE)
# Codes that no test names, each with what stands in the way.
UNTESTED = {
    "bill.no-client": "every way to a matter asks for its client",
    "copy.differs": "SQLite's own backup would have to copy wrongly",
    "firm-file.password-command": "the command line asks first; this is the service's own guard",
    "firm.not-exportable": "the reader would have to refuse what the writer wrote",
    "ledger.migration": "there is one schema, and nothing to migrate from",
    "ledger.refused": "SQLite would have to refuse in words that nobody has met",
    "matter.fault": "a fault of the program, caught so that the other matters go on",
}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_each_code_of_the_catalogue_is_what_its_commands_end_in(
    page: Path, desk: Path, request: pytest.FixtureRequest
) -> None:
    update = bool(request.config.getoption("--update-scenarios", default=False))
    play = hold(page, update=update)
    ended: dict[str, tuple[str, int, str]] = {}
    for heading, command, code, why in play.ran:
        if code or heading not in ended:
            ended[heading] = (command, code, why)
    wrong = [
        f"{heading}: `{command}` ended in {why or 'nothing'} ({code})"
        for heading, (command, code, why) in ended.items()
        if SHAPE.fullmatch(heading) and why != heading
    ]
    assert wrong == []


def codes() -> Iterator[str]:
    """Every code that an error is raised with."""
    for path in CODE.rglob("*.py"):
        yield from RAISED.findall(path.read_text("utf-8"))


def test_no_error_code_is_without_its_test() -> None:
    known = set(codes())
    assert len(known) > 100
    named = {code for page in PAGES for code in HEADING.findall(page.read_text("utf-8"))}
    others = {
        code
        for path in TESTS.rglob("*.py")
        if path != Path(__file__)
        for code in CODED.findall(path.read_text("utf-8"))
    }
    forgotten = known - named - others
    assert sorted(forgotten - set(UNTESTED)) == []
    assert sorted(set(UNTESTED) - known) == [], "these codes are gone"
