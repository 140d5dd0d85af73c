"""What a bill told of trust money binds no more than is open on it (T4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from offices import Answer

DAY, LATER, DUE = "2026-09-02", "2026-09-03", "2026-09-20"


@pytest.fixture
def told(ledger_path: object, cli: Callable[..., Answer]) -> Callable[..., Answer]:
    """A bill of 900.00 that will take 900.00 of 1,000.00 in trust, a week from its issue."""
    cli("timekeeper", "add", "NB", "N. Brandt", "--rate", "300")
    cli("client", "add", "rivera", "Ana Rivera")
    words = ("matter", "add", "2026-001", "Lease", "--client", "rivera", "--responsible", "NB")
    cli(*words, today="2026-09-01")
    cli("firm", "set", "trust.notice_days", "7")
    cli("trust", "deposit", "2026-001", "1000", "--method", "wire", today="2026-09-01")
    cli("t", "2026-001", "3", "Review", today=DAY)
    made = cli("bill", "create", "2026-001", "--issue", today=DAY)
    assert "From 2026-09-09 on, 900.00 may leave trust for it." in made.out
    return cli


def test_a_notice_of_a_void_bill_leaves_all_of_trust_to_the_next(
    told: Callable[..., Answer],
) -> None:
    assert told("bill", "void", "2026-0001", "--reason", "wrong", today=LATER).code == 0
    made = told("bill", "create", "2026-001", "--issue", today=LATER)
    assert "900.00 may leave trust for it." in made.out
    due = told("trust", "apply", "--due", today=DUE)
    assert "900.00 from trust for bill 2026-0002; 0.00 is still open on it." in due.out


def test_a_notice_of_a_bill_that_was_paid_in_part_promises_the_rest(
    told: Callable[..., Answer],
) -> None:
    assert told("payment", "add", "2026-0001", "700", today=LATER).code == 0
    told("t", "2026-001", "3", "More", today=LATER)
    made = told("bill", "create", "2026-001", "--issue", today=LATER)
    # 1,000.00 less the 200.00 that is still open on the first.
    assert "800.00 may leave trust for it." in made.out
