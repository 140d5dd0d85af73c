"""A small firm: two timekeepers, two clients, a matter of each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

DOLLARS = 10_000


@pytest.fixture
def firm(ledger: Ledger) -> Ledger:
    """MA (350.00, responsible for 2026-001 of rivera) and JB (200.00); 2026-002 of ohm."""
    from billcli.store import rates
    from billcli.store.models import (
        ArrangementRow,
        ClientRow,
        ExpenseCategoryRow,
        MatterRow,
        TimekeeperRow,
    )

    with ledger.write() as session:
        session.add_all(
            [
                TimekeeperRow(id="MA", name="Mara Arendt"),
                TimekeeperRow(id="JB", name="Jon Bell"),
                ClientRow(id="rivera", name="Ana Rivera", address='["1 Main St"]'),
                ClientRow(id="ohm", name="Ohm Ltd", address='["2 Side St"]'),
                ExpenseCategoryRow(name="Court fees", kind="disbursement", code="E112"),
                ExpenseCategoryRow(name="Copies", kind="recharge"),
            ]
        )
        session.flush()
        session.add_all(
            [
                MatterRow(
                    id=1,
                    number="2026-001",
                    title="Rivera v. Ohm",
                    client_id="rivera",
                    responsible_id="MA",
                    opened_on="2026-01-01",
                ),
                MatterRow(
                    id=2,
                    number="2026-002",
                    title="Lease",
                    client_id="ohm",
                    opened_on="2026-01-01",
                ),
            ]
        )
        session.flush()
        session.add_all([ArrangementRow(matter_id=n, kind="hourly", terms="{}") for n in (1, 2)])
        rates.put(ledger, "MA", 350 * DOLLARS)
        rates.put(ledger, "JB", 200 * DOLLARS)
    return ledger


@pytest.fixture
def path(firm: Ledger) -> Path:
    """The file of that firm."""
    return firm.path


@pytest.fixture
def bill(firm: Ledger) -> Callable[[str], str]:
    """`bill("2026-001")` bills what is there and returns the bill's number."""

    def issue(number: str) -> str:
        from billcli.cli import main
        from billcli.store import bill_reads, find

        code = main(
            [
                "--ledger",
                str(firm.path),
                "--today",
                "2026-11-30",
                "bill",
                "create",
                number,
                "--issue",
            ]
        )
        assert code == 0
        firm.session.rollback()
        matter_id = find.matter(firm, number).id
        return bill_reads.all_(firm, matter_id=matter_id)[-1].number

    return issue
