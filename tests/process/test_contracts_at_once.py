"""Eight processes at the same milestones: one charge for each firing, and the sum stays (B7)."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from crowd import together
from offices import TODAY, new_ledger
from practice import asked

from billcli.services.arrangement import arrangements
from billcli.services.matter import matters
from billcli.services.milestones import tasks
from billcli.services.office import clients
from billcli.services.upkeep import soundness
from billcli.store.ledger import attach

M = "2026-001"
CHARGES = "SELECT count(*), coalesce(sum(amount_cents), 0) FROM charge WHERE withdrawn_on IS NULL"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fee of 10,000.00 in two milestones and a remainder."""
    path = new_ledger(tmp_path_factory.mktemp("contract") / "ledger.db")
    ledger = attach(path, today=TODAY, actor="t", command="t")
    clients.add(ledger, "osei", "Kwame Osei")
    matters.add(ledger, M, "Formation", client="osei", opened_on=date(2026, 10, 1))
    terms = {"value_cents": 10_000_00, "bill_when": "milestones"}
    arrangements.set_(ledger, M, "fixed", terms)
    for percent in (30_0000, 40_0000):
        more = {"trigger_kind": "percent", "trigger_percent_e4": percent}
        tasks.add(ledger, M, "A part", **more)  # type: ignore[arg-type]
    tasks.add(ledger, M, "The rest", trigger_kind="remainder")
    ledger.close()
    return path


@pytest.fixture
def contract(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(prepared, tmp_path / "ledger.db"))


def test_B07_a_milestone_completed_by_eight_is_charged_once(contract: Path) -> None:
    answers = together(contract, *[[["task", "done", M, 1, "--charge"]]] * 8)
    assert {answer.code for answer in answers} <= {0, 3}
    assert asked(contract, CHARGES) == [(1, 3_000_00)]
    assert soundness.check(contract).findings == ()


def test_B07_eight_change_orders_are_all_kept(contract: Path) -> None:
    words = ["change-order", "add", M, "100.01", "--name", "More"]
    answers = together(contract, *[[words]] * 8)
    assert [answer.code for answer in answers] == [0] * 8
    (agreed,) = asked(contract, "SELECT sum(amount_cents) FROM change_order")
    amounts = "SELECT sum(trigger_cents) FROM task WHERE trigger_kind = 'amount'"
    assert asked(contract, amounts) == [agreed] == [8 * 100_01]


def test_B07_a_milestone_split_by_eight_is_parted_without_loss(contract: Path) -> None:
    answers = together(contract, *[[["task", "split", M, 2, "--approved", "50%"]]] * 8)
    won = sum(answer.code == 0 for answer in answers)
    assert won >= 1
    parts = "SELECT sum(trigger_cents) FROM task WHERE trigger_kind = 'amount'"
    assert asked(contract, parts) == [4_000_00]
    ((charges, cents),) = asked(contract, CHARGES)
    left = 4_000_00
    for _ in range(won):
        left = (left + 1) // 2
    assert (charges, cents) == (1, left)
    assert soundness.check(contract).findings == ()
