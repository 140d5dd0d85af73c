"""Eight processes after the same 1,000.00: exactly that much is used, and none of it twice."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from crowd import together
from offices import Answer, new_ledger
from practice import asked

from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.funds import trust
from billcli.services.matter import matters
from billcli.services.office import clients, timekeepers
from billcli.services.receivables import payments
from billcli.services.upkeep import soundness
from billcli.services.work import time
from billcli.store.ledger import attach

TODAY, DAY = "2026-10-31", date(2026, 10, 31)
"""Before the real day: trust takes nothing that is dated ahead."""
H = 10_000
BILLS = [f"2026-{n:04}" for n in range(1, 9)]
WHOLE, HELD = 1_000_00, "2026-001"
TRUST = f"""
    SELECT coalesce(sum(amount_cents), 0) FROM trust_entry AS t JOIN matter AS m
    ON m.id = t.matter_id WHERE m.number = '{HELD}'"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight bills of 1,000.00 on one matter, and 1,000.00 of its money in trust."""
    path = new_ledger(tmp_path_factory.mktemp("money") / "ledger.db")
    ledger = attach(path, today=TODAY, actor="t", command="t")
    with ledger.write():
        timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=500 * H)
        clients.add(ledger, "rivera", "Ana Rivera")
        for number in (HELD, "2026-002"):
            matters.add(ledger, number, "Appeal", client="rivera", opened_on=date(2026, 10, 1))
        for _ in BILLS:
            time.add(ledger, HELD, 2 * H, "Brief", day=date(2026, 10, 5), timekeeper="ma")
            bills.create(ledger, HELD, Request(DAY, DAY), issued=True)
        trust.deposit(ledger, HELD, WHOLE, day=date(2026, 10, 6), method="wire")
    ledger.close()
    return path


@pytest.fixture
def money(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(prepared, tmp_path / "ledger.db"))


def won(answers: list[Answer], code: str) -> int:
    """How many got money; each of the others is told why not, in one sentence, with exit 3."""
    for answer in answers:
        if answer.code:
            assert answer.code == 3, answer
            (error, *hint) = answer.err.splitlines()
            assert error.startswith("error: ") and code in error, answer
            assert len(hint) <= 1
    return sum(answer.code == 0 for answer in answers)


def sound(path: Path) -> None:
    assert soundness.check(path).findings == ()


@pytest.mark.parametrize(("amount", "winners"), [(1000, 1), (250, 4), (300, 3), (125, 8)])
def test_B17_trust_is_withdrawn_by_eight_at_once_and_never_twice(
    money: Path, amount: int, winners: int
) -> None:
    words = ["trust", "withdraw", HELD, amount, "--payee", "Court", "--purpose", "fee"]
    answers = together(money, *[[words]] * 8, today=TODAY)
    assert won(answers, "available in trust") == winners
    assert asked(money, TRUST) == [WHOLE - winners * amount * 100]
    sound(money)


@pytest.mark.parametrize(("amount", "winners"), [(1000, 1), (250, 4)])
def test_B17_trust_is_moved_by_eight_at_once_and_never_twice(
    money: Path, amount: int, winners: int
) -> None:
    words = ["trust", "move", HELD, "2026-002", amount, "--authority", "letter"]
    answers = together(money, *[[words]] * 8, today=TODAY)
    assert won(answers, "available in trust") == winners
    assert asked(money, TRUST) == [WHOLE - winners * amount * 100]
    assert asked(money, "SELECT sum(amount_cents) FROM trust_entry") == [WHOLE]
    sound(money)


@pytest.mark.parametrize(("amount", "winners"), [(1000, 1), (250, 4), (125, 8), (None, 1)])
def test_B17_trust_is_applied_to_eight_bills_at_once_and_never_twice(
    money: Path, amount: int | None, winners: int
) -> None:
    words = [["trust", "apply", bill, *([amount] if amount else [])] for bill in BILLS]
    answers = together(money, *[[each] for each in words], today=TODAY)
    assert won(answers, "available in trust") == winners
    assert asked(money, TRUST) == [0]
    paid = "SELECT sum(amount_cents) FROM move WHERE credit = 'receivable'"
    assert asked(money, paid) == [WHOLE]
    sound(money)


def test_B17_trust_goes_to_bills_and_to_a_payee_at_once_and_never_twice(money: Path) -> None:
    out = ["trust", "withdraw", HELD, 300, "--payee", "Court", "--purpose", "fee"]
    bills_ = [["trust", "apply", bill, 300] for bill in BILLS[:4]]
    answers = together(money, *[[each] for each in bills_], *[[out]] * 4, today=TODAY)
    assert won(answers, "available in trust") == 3
    assert asked(money, TRUST) == [100_00]
    sound(money)


@pytest.mark.parametrize(("amount", "winners"), [(1000, 1), (250, 4), (300, 3)])
def test_B17_the_credit_of_one_payment_is_applied_by_eight_at_once_and_never_twice(
    money: Path, amount: int, winners: int
) -> None:
    ledger = attach(money, today=TODAY, actor="t", command="t")
    payments.add(ledger, BILLS[0], WHOLE)
    payments.unapply(ledger, "P-1")
    ledger.close()
    answers = together(
        money, *[[["payment", "apply", "P-1", bill, amount]] for bill in BILLS], today=TODAY
    )
    assert won(answers, "of credit") == winners
    back = "SELECT sum(amount_cents) FROM move WHERE debit = 'client_credit'"
    assert asked(money, back) == [winners * amount * 100]
    sound(money)


def test_B17_a_deposit_is_taken_back_once_however_many_do_it(money: Path) -> None:
    words = ["trust", "reverse", "TR-1", "--reason", "returned"]
    answers = together(money, *[[words]] * 8, today=TODAY)
    assert won(answers, "taken back already") == 1
    assert asked(money, TRUST) == [0]
    sound(money)


def test_B22_deposits_at_once_are_all_kept(money: Path) -> None:
    queues = [
        [["trust", "deposit", HELD, f"{n}.{k:02}", "--method", "wire"] for k in range(1, 6)]
        for n in range(1, 9)
    ]
    assert {answer.code for answer in together(money, *queues, today=TODAY)} == {0}
    sums = [n * 100 + k for n in range(1, 9) for k in range(1, 6)]
    kept = asked(money, "SELECT amount_cents FROM trust_entry WHERE id > 1 ORDER BY amount_cents")
    assert kept == sorted(sums)
    assert asked(money, TRUST) == [WHOLE + sum(sums)]
    sound(money)
