"""Every row of the table on client money: by the rules alone, and at an issue in a real ledger."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import Row, rows

from billcli.core.funding import FundingPlan, Purse, Rules, Target, plan
from billcli.services.bill import bills, disputes
from billcli.services.bill.request import Request
from billcli.services.funds import general_retainers, trust
from billcli.services.matter import matters, options
from billcli.services.office import clients, timekeepers
from billcli.services.receivables import payments
from billcli.services.upkeep import soundness
from billcli.services.work import charges
from billcli.store import purses, retainers, settings
from billcli.store.ledger import Ledger

M = "2026-001"
DAY = date(2026, 10, 31)
EARLIER = date(2026, 9, 30)
ROWS = list(rows("funding.md"))
MONEY = st.integers(0, 10**7)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_plan_of_a_bill(row: Row) -> None:
    older, new = (
        Target(1, 1, row.cents("old"), row.cents("disputed")),
        Target(2, 1, row.cents("new")),
    )
    credit = row.cents("credit")
    purse = Purse(((1, credit),) if credit else (), row.cents("retainer"), row.cents("trust"))
    made = plan(_rules(row), purse, [older] if older.open_cents else [], new)
    _told(row, made, older, new)


def _rules(row: Row) -> Rules:
    how = row["how"].split()
    minimum, trigger = row.amounts("replenish") or (None, 0)
    return Rules(
        trust_auto="manual" not in how,
        trust_older="ar" in how,
        retainer=bool(row["retainer"]),
        retainer_auto="manual" not in how,
        retainer_older="retainer-ar" in how,
        notice="notice" in how,
        minimum_cents=minimum,
        trigger_cents=trigger,
    )


def _told(row: Row, made: FundingPlan, older: Target, new: Target) -> None:
    for kind in ("credit", "retainer", "trust"):
        assert made.of(kind) == row.cents(f"from {kind}"), kind  # type: ignore[arg-type]
    left = {
        target.bill_id: target.open_cents - sum(u.cents for u in made.uses if u.target is target)
        for target in (older, new)
    }
    assert left == {1: row.cents("old open"), 2: row.cents("new open")}
    assert made.notice_cents == row.cents("announced")
    assert made.offered_cents == row.cents("offered")
    assert made.top_up_cents == row.cents("request")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_issue_of_a_bill(
    row: Row, blank: Path, tmp_path: Path, make_ledger: Callable[..., Ledger]
) -> None:
    """B17: what is applied is what the plan says, once, and the ledger proves it."""
    path = tmp_path / "ledger.db"
    shutil.copyfile(blank, path)
    ledger = make_ledger(path, today=DAY.isoformat())
    old = _furnish(ledger, row)
    moves = purses.trust_moves(ledger, 1, "rivera")
    request = Request(DAY, DAY, zero_bill=not row.cents("new"))
    if row.cents("new"):
        charges.add(ledger, M, row.cents("new"), "Trial", day=DAY)
    foreseen = bills.preview(ledger, M, request)[0]
    assert purses.trust_moves(ledger, 1, "rivera") == moves, "a preview moves nothing"
    made = bills.create(ledger, M, request, issued=True)
    told = ("paid_cents", "trust_applied_cents", "retainer_applied_cents", "balance_cents")
    assert {key: foreseen[key] for key in told} == {key: made[key] for key in told}
    assert made["replenishment_due_cents"] == foreseen["replenishment_due_cents"]
    shown = bills.show(ledger, made["number"])
    assert {key: shown[key] for key in told} == {key: made[key] for key in told}
    assert shown["state"] == made["state"]
    _holds(ledger, row, made, old)
    assert soundness.check(path).findings == ()


def _furnish(ledger: Ledger, row: Row) -> str | None:
    """A matter with the money and the bill of the row; returns the number of the older bill."""
    how = row["how"].split()
    timekeepers.add(ledger, "NB", "Nadia", rate_e4=100_0000)
    clients.add(ledger, "rivera", "Ana Rivera")
    matters.add(ledger, M, "Lease", client="rivera", responsible="NB")
    with ledger.write():
        settings.put(ledger, "trust.notice_days", 7 if "notice" in how else None)
    old = None
    if row["old"]:
        old = _billed(ledger, row.cents("old"))
        if row["disputed"]:
            disputes.open_(ledger, old, row.cents("disputed"))
    if row["credit"]:
        paid = _billed(ledger, 10_00)
        payments.add(ledger, paid, 10_00 + row.cents("credit"), day=EARLIER)
    if row["trust"]:
        trust.deposit(ledger, M, row.cents("trust"), day=EARLIER, method="wire")
    applies = "manual" if "manual" in how else "auto"
    changes: dict[str, Any] = {
        "trust_applies": applies,
        "trust_pays": "new-and-ar" if "ar" in how else "new",
    }
    if row["retainer"]:
        changes |= {
            "retainer": True,
            "retainer_applies": applies,
            "retainer_pays": "new-and-ar" if "retainer-ar" in how else "new",
        }
        general_retainers.deposit(
            ledger, M, row.cents("retainer"), basis="client-consent", note="Letter", day=EARLIER
        )
    if row["replenish"]:
        minimum, trigger = row.amounts("replenish")
        changes["replenish"] = {"minimum_cents": minimum, "trigger_cents": trigger}
    options.set_options(ledger, M, changes)
    return old


def _billed(ledger: Ledger, cents: int) -> str:
    """A bill of September."""
    charges.add(ledger, M, cents, "Letters", day=EARLIER)
    made = bills.create(ledger, M, Request(EARLIER, EARLIER), issued=True)
    return str(made["number"])


def _holds(ledger: Ledger, row: Row, made: dict[str, Any], old: str | None) -> None:
    left = sum(move.cents for move in purses.trust_moves(ledger, 1, "rivera"))
    assert left == row.cents("trust") - row.cents("from trust")
    assert retainers.balance(ledger, 1) == row.cents("retainer") - row.cents("from retainer")
    if old:
        assert bills.show(ledger, old)["balance_cents"] == row.cents("old open")
    assert made["balance_cents"] == row.cents("new open")
    assert (made["trust_notice"] or {}).get("amount_cents", 0) == row.cents("announced")
    asked = retainers.open_request(ledger, 1)
    assert (asked.outstanding_cents if asked else 0) == row.cents("request")
    assert (made["replenishment_due_cents"] or 0) == row.cents("request")


@given(
    credits_=st.lists(MONEY, max_size=3),
    retainer=MONEY,
    trust_cents=MONEY,
    older=st.lists(st.tuples(MONEY, MONEY), max_size=4),
    new=MONEY,
    flags=st.tuples(*[st.booleans()] * 6),
    notice=st.booleans(),
)
def test_B17_no_source_gives_more_than_it_holds_and_no_bill_gets_more_than_is_open(
    credits_: list[int],
    retainer: int,
    trust_cents: int,
    older: list[tuple[int, int]],
    new: int,
    flags: tuple[bool, ...],
    notice: bool,
) -> None:
    rules = Rules(*flags, notice, minimum_cents=5_000_00, trigger_cents=3_000_00)
    purse = Purse(tuple(enumerate(credits_, 1)), retainer, trust_cents)
    targets = [Target(n, 1, cents, min(cents, d)) for n, (cents, d) in enumerate(older, 2)]
    target = Target(1, 1, new)
    made = plan(rules, purse, targets, target)
    assert all(use.cents > 0 for use in made.uses)
    for payment, cents in purse.credits:
        used = sum(
            u.cents for u in made.uses if (u.source.kind, u.source.id) == ("credit", payment)
        )
        assert used <= cents
    assert made.of("retainer") <= (retainer if rules.retainer and rules.retainer_auto else 0)
    moves = rules.trust_auto and rules.trust_moves
    assert made.of("trust") <= (trust_cents if moves and not notice else 0)
    for each in [*targets, target]:
        paid = [use for use in made.uses if use.target is each]
        assert sum(use.cents for use in paid) <= each.open_cents
        from_trust = sum(use.cents for use in paid if use.source.kind == "trust")
        assert from_trust <= each.open_cents - each.disputed_cents
    rest = new - sum(use.cents for use in made.uses if use.target is target)
    assert 0 <= made.notice_cents <= min(rest, trust_cents)
    assert 0 <= made.offered_cents <= rest - made.notice_cents
    assert made.top_up_cents == 0 or made.top_up_cents >= 2_000_00
