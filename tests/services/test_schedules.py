"""Schedules, steps and progress on a ledger: each row on one live bill, whatever happens."""

from __future__ import annotations

import threading
from datetime import date
from typing import TYPE_CHECKING

import pytest

from billcli.errors import BillError, Refused, UsageProblem
from billcli.services.arrangement import arrangements, schedules
from billcli.services.arrangement import progress as marks
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.milestones import steps, tasks, triggers
from billcli.services.month_end import mass
from billcli.services.month_end.batch import Batch
from billcli.services.receivables import payments
from billcli.services.upkeep import soundness
from billcli.services.work import time as worked

if TYPE_CHECKING:
    from billcli.services.arrangement.schedule_views import RowView
    from billcli.store.ledger import Ledger

M = "2026-001"
DAY = date(2026, 11, 30)
NOW = Request(DAY, DAY)
BATCH = Batch(DAY, DAY, approved=True, issued=True)


@pytest.fixture
def fee(firm: Ledger) -> Ledger:
    """2026-001 for 1,000.00 by schedule."""
    arrangements.set_(firm, M, "fixed", {"value_cents": 1_000_00, "bill_when": "schedule"})
    return firm


def rows(ledger: Ledger) -> list[RowView]:
    return schedules.list_(ledger, M)


def states(ledger: Ledger) -> list[str]:
    return [row.state for row in rows(ledger)]


def refused(code: str, call, *args, **more) -> None:
    with pytest.raises(BillError) as problem:
        call(*args, **more)
    assert problem.value.code == code


def test_V19_autofill_by_month_keeps_the_months_end(fee: Ledger) -> None:
    view = schedules.autofill(fee, M, 300_00, every="month", start=date(2026, 10, 31))
    assert [(r.amount_cents, str(r.date)) for r in view.rows] == [
        (300_00, "2026-10-31"),
        (300_00, "2026-11-30"),
        (300_00, "2026-12-31"),
        (100_00, "2027-01-31"),
    ]
    assert view.warnings == ()


def test_autofill_divides_what_billed_rows_left(fee: Ledger) -> None:
    schedules.autofill(fee, M, 300_00)
    bills.create(fee, M, NOW, issued=True)
    refused("schedule.exists", schedules.autofill, fee, M, 250_00)
    schedules.autofill(fee, M, 250_00, replace=True)
    assert [(r.row, r.amount_cents, r.state) for r in rows(fee)] == [
        (1, 300_00, "billed"),
        (2, 250_00, "unbilled"),
        (3, 250_00, "unbilled"),
        (4, 200_00, "unbilled"),
    ]


@pytest.mark.parametrize("amount", [0, -100])
def test_an_amount_is_above_zero(fee: Ledger, amount: int) -> None:
    refused("schedule.amount", schedules.autofill, fee, M, amount)
    refused("schedule.amount", schedules.add, fee, M, amount)
    schedules.add(fee, M, 100)
    refused("schedule.amount", schedules.edit, fee, "S-1", {"amount_cents": amount})


def test_a_row_of_a_draft_keeps_it_and_makes_it_stale(fee: Ledger) -> None:
    schedules.add(fee, M, 400_00, day=DAY)
    schedules.add(fee, M, 600_00, day=DAY)
    draft = bills.create(fee, M, NOW)
    assert (draft["total_cents"], states(fee)) == (1_000_00, ["in_draft", "in_draft"])
    refused("schedule.in-draft", schedules.remove, fee, "S-1")
    refused("schedule.in-draft", schedules.autofill, fee, M, 100_00, replace=True)
    view = schedules.edit(fee, "S-1", {"amount_cents": 300_00})
    assert "draft D-1 is stale" in view.warnings[0]
    refused("draft.stale", bills.approve, fee, "D-1")
    assert bills.refresh(fee, "D-1")["total_cents"] == 900_00
    bills.delete(fee, "D-1")
    assert states(fee) == ["unbilled", "unbilled"]


def test_a_row_that_falls_due_later_leaves_a_draft_as_it_is(fee: Ledger) -> None:
    schedules.add(fee, M, 400_00, day=DAY)
    bills.create(fee, M, NOW)
    schedules.add(fee, M, 600_00, day=DAY)
    assert bills.approve(fee, "D-1")["total_cents"] == 400_00
    assert states(fee) == ["billed", "unbilled"]


def test_a_void_gives_the_rows_back_and_a_write_off_does_not(fee: Ledger) -> None:
    schedules.add(fee, M, 400_00, day=DAY)
    schedules.add(fee, M, 600_00, day=date(2026, 12, 31))
    number = bills.create(fee, M, NOW, issued=True)["number"]
    refused("schedule.billed", schedules.remove, fee, "S-1")
    refused("schedule.billed", schedules.edit, fee, "S-1", {"amount_cents": 1})
    bills.void(fee, number, reason="wrong")
    assert states(fee) == ["unbilled", "unbilled"]
    number = bills.create(fee, M, NOW, issued=True)["number"]
    bills.void(fee, number, reason="a gift", entries="write-off")
    assert states(fee) == ["written_off", "unbilled"]
    assert [r.bill for r in rows(fee)] == [number, None]


def test_the_value_changed_later_never_edits_billed_rows(fee: Ledger) -> None:
    schedules.add(fee, M, 1_000_00, day=DAY)
    bills.create(fee, M, NOW, issued=True)
    view = arrangements.set_(fee, M, "fixed", {"value_cents": 1_500_00, "bill_when": "schedule"})
    assert "500.00 short" in " ".join(view.warnings)
    schedules.autofill(fee, M, 500_00)
    assert [(r.amount_cents, r.state) for r in rows(fee)] == [
        (1_000_00, "billed"),
        (500_00, "unbilled"),
    ]


def test_the_last_row_needs_rows_that_come_to_the_fee(fee: Ledger) -> None:
    schedules.add(fee, M, 400_00, day=DAY)
    schedules.add(fee, M, 500_00, day=date(2026, 12, 31))
    bills.create(fee, M, NOW, approved=True)
    late = Request(date(2026, 12, 31), date(2026, 12, 31))
    refused("schedule.mismatch", bills.create, fee, M, late, approved=True)
    assert bills.create(fee, M, late)["total_cents"] == 500_00
    refused("schedule.mismatch", bills.approve, fee, "D-2")
    approved = bills.approve(fee, "D-2", accept_schedule_mismatch=True)
    assert approved["number"] == "2026-0002"


def test_a_month_end_bills_what_is_due_and_never_the_value(fee: Ledger) -> None:
    schedules.add(fee, M, 400_00)
    worked.add(fee, M, 3 * 10_000, "Drafting", day=DAY)
    report = mass.run(fee, BATCH)
    assert report["bills"] == []
    assert report["skipped"] == [{"matter": M, "reason": "no row of the schedule is due"}]
    schedules.edit(fee, "S-1", {"day": date(2026, 11, 1)})
    schedules.add(fee, M, 600_00, day=date(2026, 12, 1))
    [billed] = mass.run(fee, BATCH)["bills"]
    assert billed["total_cents"] == 400_00
    assert mass.run(fee, BATCH)["bills"] == []


def test_one_row_is_on_one_live_bill_however_many_hurry(fee: Ledger, crowd_of) -> None:
    schedules.add(fee, M, 1_000_00, day=DAY)

    def bill(ledger: Ledger) -> None:
        bills.create(ledger, M, NOW, issued=True)

    ended = crowd_of(bill, 4)
    assert sorted(ended) == ["bill.nothing", "bill.nothing", "bill.nothing", "done"]
    assert states(fee) == ["billed"]
    assert soundness.check(fee.path).findings == ()


@pytest.fixture
def crowd_of(fee: Ledger):
    """`crowd_of(do, 4)` does it on four connections at once; says how each ended."""
    from billcli.store.ledger import attach

    def all_at_once(do, count: int) -> list[str]:
        ended: list[str] = []
        gate = threading.Barrier(count)

        def one() -> None:
            ledger = attach(fee.path, today="2026-11-30", actor="t", command="t")
            try:
                gate.wait(10)
                do(ledger)
                ended.append("done")
            except BillError as problem:
                ended.append(problem.code)
            finally:
                ledger.close()

        hands = [threading.Thread(target=one) for _ in range(count)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join(30)
        fee.session.rollback()
        return ended

    return all_at_once


def test_steps_hold_until_their_rows_are_billed_and_paid(fee: Ledger) -> None:
    for name in ("Intake", "Filing", "Hearing"):
        tasks.add(fee, M, f"{name} done", step=name)
    schedules.add(fee, M, 400_00, bill_on_step="Intake")
    schedules.add(fee, M, 600_00, pay_on_step="Filing")
    assert steps.show(fee, M).step == "Intake"
    refused("step.held", triggers.done, fee, M, 1)
    assert tasks.show(fee, M, 1).state == "open"
    refused("step.held", tasks.remove, fee, M, 1)
    refused("step.held", steps.move, fee, M, "Hearing")
    bills.create(fee, M, NOW, issued=True)
    triggers.done(fee, M, 1)
    assert steps.show(fee, M).step == "Filing"
    number = bills.create(fee, M, NOW, issued=True)["number"]
    refused("step.held", triggers.done, fee, M, 2)
    payments.add(fee, number, 600_00)
    triggers.done(fee, M, 2)
    assert steps.show(fee, M).step == "Hearing"
    triggers.done(fee, M, 3)
    assert steps.show(fee, M).step is None


def test_a_step_is_left_over_its_rows_for_a_reason_that_is_kept(fee: Ledger) -> None:
    tasks.add(fee, M, "Papers", step="Intake")
    schedules.add(fee, M, 1_000_00, bill_on_step="Intake")
    refused("step.held", triggers.done, fee, M, 1)
    view = steps.move(fee, M, "end", override="the client pays at the end")
    assert (view.step, view.overridden) == (None, ('S-1 is to be billed on "Intake"',))
    triggers.done(fee, M, 1)
    assert mass.run(fee, BATCH)["bills"][0]["total_cents"] == 1_000_00


def test_a_step_set_by_hand_holds_until_its_last_task_is_done(fee: Ledger) -> None:
    for step in ("A", "B", "B", "C"):
        tasks.add(fee, M, f"In {step}", step=step)
    schedules.add(fee, M, 500_00, bill_on_step="B")
    schedules.add(fee, M, 500_00)
    assert mass.run(fee, BATCH)["bills"] == []
    view = steps.move(fee, M, "B")
    assert (view.step, view.set_by_hand, view.held_by != ()) == ("B", True, True)
    triggers.done(fee, M, 2)
    refused("step.held", triggers.done, fee, M, 3)
    bills.create(fee, M, NOW, approved=True)
    triggers.done(fee, M, 3)
    assert (steps.show(fee, M).step, steps.show(fee, M).set_by_hand) == ("C", True)
    triggers.done(fee, M, 4)
    assert steps.show(fee, M).step is None
    triggers.reopen(fee, M, 4)
    assert steps.move(fee, M, "A").set_by_hand is False


def test_progress_is_what_was_last_said_of_the_newest_day(firm: Ledger) -> None:
    arrangements.set_(firm, M, "fixed", {"value_cents": 10_000_00, "bill_when": "progress"})
    refused("date.future", marks.mark, firm, M, 1, day=date(2026, 12, 1))
    assert mass.run(firm, BATCH)["bills"] == []
    marks.mark(firm, M, 90 * 10_000, day=date(2026, 11, 30))
    marks.mark(firm, M, 40 * 10_000, day=date(2026, 11, 30))
    marks.mark(firm, M, 20 * 10_000, day=date(2026, 11, 1))
    assert mass.run(firm, BATCH)["bills"][0]["total_cents"] == 4_000_00
    marks.mark(firm, M, 65 * 10_000)
    assert bills.create(firm, M, NOW, issued=True)["total_cents"] == 2_500_00
    view = arrangements.show(firm, M)
    assert (view.complete_percent_e4, view.headroom_cents) == (65 * 10_000, 3_500_00)
    assert [mark.percent_e4 // 10_000 for mark in marks.show(firm, M).history] == [20, 90, 40, 65]


def test_progress_up_to_a_day_is_that_of_the_day(firm: Ledger) -> None:
    arrangements.set_(firm, M, "fixed", {"value_cents": 10_000_00, "bill_when": "progress"})
    marks.mark(firm, M, 40 * 10_000, day=date(2026, 10, 31))
    marks.mark(firm, M, 65 * 10_000)
    early = Request(DAY, date(2026, 10, 31))
    assert bills.preview(firm, M, early)[0]["total_cents"] == 4_000_00


def test_an_interim_amount_leaves_a_milestone_to_its_own_bill(firm: Ledger) -> None:
    arrangements.set_(firm, M, "fixed", {"value_cents": 3_000_00, "bill_when": "milestones"})
    tasks.add(firm, M, "Filed", trigger_kind="amount", trigger_cents=1_500_00)
    triggers.done(firm, M, 1, charge=True)
    asked = Request(DAY, DAY, amount_cents=500_00)
    assert bills.create(firm, M, asked, issued=True)["total_cents"] == 500_00
    assert bills.create(firm, M, NOW, issued=True)["total_cents"] == 1_500_00


def test_the_guard_of_a_billed_row(fee: Ledger) -> None:
    from billcli.store import schedules as kept

    schedules.add(fee, M, 1_000_00, day=DAY)
    bills.create(fee, M, NOW, issued=True)
    for change in (lambda: kept.remove(fee, [1]), lambda: kept.change(fee, 1, {"number": 7})):
        with pytest.raises(Refused), fee.write():
            change()
    refused("schedule.reference", schedules.remove, fee, "T-1")
    with pytest.raises(UsageProblem):
        schedules.autofill(fee, M, 1, every="fortnight")


def test_two_versions_of_a_fee_on_one_bill_share_one_schedule(fee: Ledger) -> None:
    schedules.add(fee, M, 400_00, day=DAY)
    schedules.add(fee, M, 600_00, day=date(2026, 12, 31))
    worked.add(fee, M, 10_000, "Before", day=date(2026, 11, 1))
    terms = {"value_cents": 1_200_00, "bill_when": "schedule"}
    arrangements.set_(fee, M, "fixed", terms, valid_from=date(2026, 11, 15))
    worked.add(fee, M, 10_000, "After", day=DAY)
    assert bills.create(fee, M, NOW, issued=True)["total_cents"] == 400_00
    assert states(fee) == ["billed", "unbilled"]


def test_due_rows_are_earned_and_not_billed(fee: Ledger) -> None:
    from billcli.services.reporting.status import status

    schedules.add(fee, M, 400_00, day=date(2026, 11, 1))
    schedules.add(fee, M, 600_00, day=date(2026, 12, 31))
    [row] = status(fee)["earned_unbilled"]
    assert (row["charge"], row["state"], row["amount_cents"]) == ("S-1", "due", 400_00)
    bills.create(fee, M, NOW, issued=True)
    assert status(fee)["earned_unbilled"] == []
