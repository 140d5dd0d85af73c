"""The question before a single bill of a quoted matter, on a terminal and without one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from terminal import on_a_terminal, pexpect


@pytest.fixture
def start(ledger_path: Path, cli: Callable[..., Any]) -> list[str]:
    """700.00 of work on a matter that was quoted 1,000.00; below it, the quote is billed."""
    for words in (
        ("timekeeper", "add", "MA", "Maria Alvarez", "--rate", "350"),
        ("client", "add", "rivera", "Ana Rivera"),
        ("matter", "add", "2026-001", "Lease", "--client", "rivera", "--responsible", "MA"),
        ("t", "2026-001", "2", "Draft of the lease"),
        ("matter", "billing", "2026-001", "--quote", "1000", "--below-quote", "quote"),
    ):
        assert cli(*words).code == 0
    ledger = str(ledger_path)
    return ["--ledger", ledger, "--today", "2026-11-30", "bill", "create", "2026-001"]


def drafted(cli: Callable[..., Any]) -> tuple[str, str | None]:
    """The fees of the draft, and the rule that made them."""
    bill = json.loads(cli("bill", "show", "D-1", "--json").out)
    return bill["fees"], bill["quote_rule"]


@pytest.mark.parametrize(
    ("answers", "fees", "rule"),
    [
        ([""], "1000.00", "quote"),
        (["2"], "1700.00", "quote_plus_wip"),
        (["wip"], "700.00", "wip"),
        (["9", "4", "850"], "850.00", None),
    ],
)
def test_B23_the_quote_is_asked_with_the_matter_s_rule_as_default(
    start: list[str], cli: Callable[..., Any], answers: list[str], fees: str, rule: str | None
) -> None:
    child = on_a_terminal(start)
    child.expect_exact("4  Other…")
    for answer in answers:
        child.expect(r"(Which \[1\]|Fees): ")
        child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert drafted(cli) == (fees, rule)


@pytest.mark.parametrize("words", [["--no-input"], ["--yes"], ["--quote-rule", "quote"]])
def test_B23_without_an_answer_the_matter_s_rule_applies(
    start: list[str], cli: Callable[..., Any], words: list[str]
) -> None:
    child = on_a_terminal([*start, *words])
    child.expect(pexpect.EOF)
    child.close()
    assert "Which" not in child.before
    assert child.exitstatus == 0
    assert drafted(cli) == ("1000.00", "quote")
