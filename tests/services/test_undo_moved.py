"""An entry that was moved is of two matters, and undo looks at what became of both (B30)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from offices import Answer

Cli = Callable[..., Answer]
OFFICE = """
timekeeper add LH Lena --rate 300
client add okafor Okafor
matter add 1 Lease --client okafor --responsible LH
matter add 2 Supply --client okafor --responsible LH
t 1 1 Review
expense add 1 20 Copies
"""
MOVES = ["time edit T-1 --matter 2", "expense edit E-1 --matter 2"]


@pytest.mark.parametrize("moved", MOVES)
def test_B30_undo_puts_no_work_back_on_a_matter_that_was_closed_since(
    ledger_path: Path, cli: Cli, moved: str
) -> None:
    for line in (*OFFICE.strip().splitlines(), *MOVES, "matter close 1"):
        assert cli(*line.split()).code == 0

    command = " ".join(moved.split()[:2])
    changes = json.loads(cli("undo", "--list", "--json").out)
    change = next(each for each in changes if each["command"] == command)
    assert not change["can_undo"]
    refused = cli("undo", "--change", change["change"])
    assert refused.code == 3
    assert "(matter close: matter 1) stands on change" in refused.err
    assert [json.loads(cli(kind, "list", "1", "--json").out) for kind in ("time", "expense")] == [
        [],
        [],
    ]
