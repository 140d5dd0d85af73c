"""70, 85 and 100 % of an agreed value are told by the entry that crosses them (D-18)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from billcli.services.arrangement import arrangements

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Cli = Callable[..., Any]


@pytest.fixture
def capped(firm: Ledger) -> Path:
    """2026-001 is capped at 1,000.00; an hour at --rate 100 is a tenth of it."""
    arrangements.set_(firm, "2026-001", "capped", {"value_cents": 1_000_00})
    firm.session.rollback()
    return firm.path


def told(cli: Cli, hours: str, *more: str) -> str:
    answer = cli("t", "2026-001", hours, "x", "--rate", "100", *more)
    assert answer.code == 0
    return answer.err.partition("has passed ")[2].partition(" of")[0]


def test_each_threshold_is_told_once(capped: Path, cli: Cli) -> None:
    assert [told(cli, h) for h in ("6.9", "0.1", "1", "0.5", "1.4", "0.1", "1")] == [
        "", "70 %", "", "85 %", "", "100 %", "",
    ]  # fmt: skip


def test_one_entry_over_several_tells_the_highest(capped: Path, cli: Cli) -> None:
    assert told(cli, "12") == "100 %"


def test_gifts_and_hidden_work_use_nothing_up(capped: Path, cli: Cli) -> None:
    assert told(cli, "12", "--behavior", "no-charge") == ""
    assert told(cli, "12", "--behavior", "non-billable") == ""
    assert told(cli, "7") == "70 %"


def test_billed_fees_count_too(capped: Path, cli: Cli, bill: Callable[[str], str]) -> None:
    told(cli, "6")
    bill("2026-001")
    assert told(cli, "1") == "70 %"


def test_an_hourly_matter_has_nothing_to_use_up(path: Path, cli: Cli) -> None:
    assert told(cli, "12") == ""


def test_the_warning_leaves_json_alone(capped: Path, cli: Cli) -> None:
    answer = cli("t", "2026-001", "8", "x", "--rate", "100", "--json")
    assert json.loads(answer.out)["id"] == "T-1"
    assert "warning: 2026-001 has passed 70 %" in answer.err
