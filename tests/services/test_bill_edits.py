"""Drafts changed by hand: the sums stay whole, and what was changed outlives a refresh."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from billcli.core.discount import Discount
from billcli.errors import Refused
from billcli.services.arrangement import arrangements
from billcli.services.bill import bill_edits, bills, explaining
from billcli.services.bill.bill_edits import Amount, Changes
from billcli.services.bill.request import Request
from billcli.services.matter import matters, options
from billcli.services.month_end import mass
from billcli.services.office import clients, timekeepers
from billcli.services.reporting import reports
from billcli.services.upkeep import setup, soundness
from billcli.services.work import time
from billcli.store.ledger import Ledger, attach

DAY = date(2026, 11, 30)
COURTESY = {"reason": "courtesy"}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Work of 1,000.00, 600.00 and 400.00 by two lawyers, on an open draft D-1."""
    path = tmp_path / "ledger.db"
    setup.init(path, None, today=DAY.isoformat(), actor="tester", command="init")
    ledger = attach(path, today=DAY.isoformat(), actor="tester", command="test")
    timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=2_000_000)
    timekeepers.add(ledger, "jb", "J. Bell", rate_e4=2_000_000)
    clients.add(ledger, "rivera", "Ana Rivera")
    matters.add(ledger, "2026-001", "Rivera", client="rivera", responsible="ma")
    for who, hours in (("ma", 5), ("jb", 3), ("ma", 2)):
        time.add(ledger, "2026-001", hours * 10_000, "Work of it", day=DAY, timekeeper=who)
    return ledger


def drafted(ledger: Ledger) -> dict[str, Any]:
    return bills.create(ledger, "2026-001", Request(DAY, DAY))


def amount(line: int, cents: int, **why: str) -> Changes:
    return Changes((Amount(line, cents, **why),))


def whole(view: dict[str, Any], ledger: Ledger) -> None:
    """Σ lines = fees + costs, Σ shares = net fees, and its explanation makes the total (D-15)."""
    assert sum(line["amount_cents"] for line in view["lines"]) == (
        view["fees_cents"] + view["costs_cents"]
    )
    assert sum(share["amount_cents"] for share in view["allocation"]) == (
        view["fees_cents"] - view["discount_cents"]
    )
    steps = explaining.explain(ledger, view["number"] or view["id"]).steps
    assert sum(step.amount_cents for step in steps if step.adds) == view["total_cents"]


def test_a_line_is_written_down_and_up(ledger: Ledger) -> None:
    drafted(ledger)
    view = bill_edits.edit(ledger, "D-1", amount(1, 80_000, **COURTESY))
    assert (view["fees_cents"], view["fee_adjustment_cents"]) == (180_000, -20_000)
    assert view["lines"][0]["standard_amount_cents"] == 100_000
    assert view["lines"][0]["reason"] == "courtesy"
    whole(view, ledger)
    view = bill_edits.edit(ledger, "D-1", amount(2, 70_000, reason="error"))
    assert view["fees_cents"] == 190_000
    # A line that is changed again has its last amount alone.
    view = bill_edits.edit(ledger, "D-1", amount(1, 95_000, **COURTESY))
    assert view["fees_cents"] == 205_000
    whole(view, ledger)
    assert len(view["edits"]) == 2


@pytest.mark.parametrize(
    ("kind", "terms", "first", "fees"),
    [
        ("capped", {"value_cents": 150_000}, 60_000, 110_000),
        ("capped-recurring-reserve", {"value_cents": 150_000}, 60_000, 110_000),
        ("capped-rate-recurring-reserve", {"rate_cap_e4": 1_500_000}, 60_000, 135_000),
        ("minimum-recurring", {"value_cents": 300_000}, 60_000, 260_000),
    ],
)
def test_a_write_down_comes_off_what_the_arrangement_charges(
    ledger: Ledger, kind: str, terms: dict[str, Any], first: int, fees: int
) -> None:
    arrangements.set_(ledger, "2026-001", kind, terms)
    before = drafted(ledger)
    view = bill_edits.edit(ledger, "D-1", amount(1, first, **COURTESY))
    assert view["fees_cents"] == fees
    assert view["reserve_accrued_cents"] == before["reserve_accrued_cents"]
    whole(view, ledger)
    issued = bills.issue(ledger, bills.approve(ledger, "D-1")["number"])
    whole(issued, ledger)
    assert soundness.check(ledger.path).findings == ()


def test_a_cap_is_not_passed_by_hand(ledger: Ledger) -> None:
    arrangements.set_(ledger, "2026-001", "capped", {"value_cents": 150_000})
    drafted(ledger)
    with pytest.raises(Refused) as refused:
        bill_edits.edit(ledger, "D-1", amount(1, 110_000, reason="error"))
    assert refused.value.code == "edit.above"
    assert bills.show(ledger, "D-1")["edits"] == []


def test_a_dropped_entry_is_unbilled_and_may_be_billed_later(ledger: Ledger) -> None:
    drafted(ledger)
    view = bill_edits.edit(ledger, "D-1", Changes(drop=(2,)))
    assert view["total_cents"] == 140_000
    bills.approve(ledger, "D-1")
    assert reports.wip(ledger)[0]["total_cents"] == 60_000
    assert drafted(ledger)["total_cents"] == 60_000


def test_a_draft_has_its_own_discount(ledger: Ledger) -> None:
    options.set_options(ledger, "2026-001", {"discount": {"percent_e4": 100_000}})
    assert drafted(ledger)["total_cents"] == 180_000
    view = bill_edits.edit(ledger, "D-1", Changes(discount=Discount(amount_cents=50_000)))
    assert (view["discount_cents"], view["total_cents"]) == (50_000, 150_000)
    view = bill_edits.edit(ledger, "D-1", Changes(discount=Discount(amount_cents=0)))
    assert (view["discount_cents"], view["total_cents"]) == (0, 200_000)
    whole(view, ledger)


def test_shares_by_hand_are_frozen_and_logged(ledger: Ledger) -> None:
    drafted(ledger)
    view = bill_edits.edit(ledger, "D-1", Changes(shares={"jb": 150_000}))
    wanted = [
        {"timekeeper": "jb", "amount_cents": 150_000},
        {"timekeeper": "ma", "amount_cents": 50_000},
    ]
    assert view["allocation"] == wanted
    assert bills.approve(ledger, "D-1")["allocation"] == wanted
    assert bills.show(ledger, "D-1")["allocation"] == wanted


def test_edits_outlive_a_refresh_unless_they_are_discarded(ledger: Ledger) -> None:
    drafted(ledger)
    changes = Changes((Amount(1, 90_000, **COURTESY),), drop=(2,), note="Thank you.")
    bill_edits.edit(ledger, "D-1", changes)
    time.add(ledger, "2026-001", 10_000, "Later work", day=DAY, timekeeper="ma")
    view = bills.refresh(ledger, "D-1")
    assert view["total_cents"] == 90_000 + 40_000 + 20_000
    assert len(view["edits"]) == 3
    whole(view, ledger)
    view = bills.refresh(ledger, "D-1", discard_edits=True)
    assert (view["total_cents"], view["edits"]) == (220_000, [])


def test_an_edited_draft_that_no_longer_holds_is_stale(ledger: Ledger) -> None:
    drafted(ledger)
    bill_edits.edit(ledger, "D-1", amount(1, 90_000, **COURTESY))
    time.remove(ledger, "T-1")
    with pytest.raises(Refused) as refused:
        bills.approve(ledger, "D-1")
    assert refused.value.code == "draft.stale"
    with pytest.raises(Refused) as refused:
        bill_edits.edit(ledger, "D-1", Changes(note="Thank you."))
    assert refused.value.code == "draft.stale"
    view = bills.refresh(ledger, "D-1")
    assert view["warnings"] == ["the change of T-1 no longer applies"]
    assert bills.approve(ledger, "D-1")["total_cents"] == 100_000


def test_a_run_leaves_an_edited_draft_alone(ledger: Ledger) -> None:
    drafted(ledger)
    bill_edits.edit(ledger, "D-1", amount(1, 90_000, **COURTESY))
    report = mass.run(ledger, mass.Batch(DAY, DAY, issued=True))
    assert report["skipped"] == [{"matter": "2026-001", "reason": "draft D-1 exists"}]
