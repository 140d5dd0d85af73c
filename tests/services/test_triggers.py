"""Triggers: one charge each, whatever is done, undone and redone (§7, D-59, D-60)."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from billcli.errors import BillError, Refused, UsageProblem
from billcli.services.arrangement import arrangements
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.milestones import tasks, triggers
from billcli.services.receivables import payments
from billcli.services.work import charges

if TYPE_CHECKING:
    from billcli.services.milestones.task_views import TaskView
    from billcli.store.ledger import Ledger

M = "2026-001"
DAY = date(2026, 11, 30)
NOW = Request(DAY, DAY)
FIXED = {"value_cents": 4500_00, "bill_when": "milestones"}


def milestone(ledger: Ledger, amount: int = 1500_00, name: str = "Submit") -> TaskView:
    return tasks.add(ledger, M, name, trigger_kind="amount", trigger_cents=amount)


def percent(ledger: Ledger, whole: int, name: str = "Part") -> TaskView:
    return tasks.add(ledger, M, name, trigger_kind="percent", trigger_percent_e4=whole * 10_000)


def state(ledger: Ledger, task: int = 1) -> str:
    found = tasks.show(ledger, M, task).trigger
    assert found is not None
    return found.state


def live_charges(ledger: Ledger) -> list[tuple[str, int]]:
    return [
        (item.id, item.amount_cents)
        for item in charges.list_(ledger, M)
        if item.state != "withdrawn"
    ]


def test_yes_makes_one_charge_dated_the_completion(firm: Ledger) -> None:
    milestone(firm)
    triggers.done(firm, M, 1, day=date(2026, 11, 20), charge=True)
    [charge] = charges.list_(firm, M)
    assert (charge.date, charge.amount_cents, charge.description, charge.task) == (
        date(2026, 11, 20),
        1500_00,
        "Submit",
        1,
    )
    assert state(firm) == "charged"


def test_no_is_kept_as_declined_until_it_is_fired_or_waived(firm: Ledger) -> None:
    for _ in range(2):
        milestone(firm)
    triggers.done(firm, M, 1, charge=False)
    triggers.done(firm, M, 2, charge=False)
    assert (state(firm, 1), state(firm, 2)) == ("declined", "declined")
    triggers.fire(firm, M, 1)
    triggers.waive(firm, M, 2, reason="a gift")
    assert (state(firm, 1), state(firm, 2)) == ("charged", "waived")
    assert live_charges(firm) == [("C-1", 1500_00)]


def test_without_an_answer_the_trigger_is_pending(firm: Ledger) -> None:
    milestone(firm)
    outcome = triggers.done(firm, M, 1)
    assert outcome.task.state == "done"
    assert state(firm) == "ready"
    assert live_charges(firm) == []


def test_V31_completing_again_says_already_charged(firm: Ledger) -> None:
    milestone(firm)
    triggers.done(firm, M, 1, charge=True)
    again = triggers.done(firm, M, 1, charge=True)
    assert not again.changed
    assert "already charged: C-1" in again.sentence
    triggers.reopen(firm, M, 1, keep=True)
    kept = triggers.done(firm, M, 1, charge=True)
    assert "already charged: C-1" in kept.sentence
    assert live_charges(firm) == [("C-1", 1500_00)]


def test_V31_a_withdrawn_charge_is_made_anew_once(firm: Ledger) -> None:
    milestone(firm)
    triggers.done(firm, M, 1, charge=True)
    triggers.reopen(firm, M, 1)
    assert (state(firm), live_charges(firm)) == ("planned", [])
    triggers.done(firm, M, 1, charge=True)
    assert live_charges(firm) == [("C-2", 1500_00)]


def test_V32_a_void_takes_the_milestone_back_to_earned_and_unbilled(firm: Ledger) -> None:
    milestone(firm)
    triggers.done(firm, M, 1, charge=True)
    bill = bills.create(firm, M, NOW, issued=True)
    shown = tasks.show(firm, M, 1).trigger
    assert shown is not None
    assert (shown.state, shown.bill) == ("billed", bill["number"])
    bills.void(firm, bill["number"], reason="wrong client")
    assert state(firm) == "charged"
    again = bills.create(firm, M, NOW, issued=True)
    payments.add(firm, again["number"], 1500_00)
    assert state(firm) == "paid"


def test_B07_reopening_a_billed_task_keeps_its_charge(firm: Ledger) -> None:
    milestone(firm)
    triggers.done(firm, M, 1, charge=True)
    bills.create(firm, M, NOW, issued=True)
    said = triggers.reopen(firm, M, 1).sentence
    assert "C-1 stays on bill" in said
    assert "already charged: C-1 on bill" in triggers.done(firm, M, 1, charge=True).sentence
    with pytest.raises(BillError, match="nothing to bill"):
        bills.create(firm, M, NOW)


def test_B07_a_charge_withdrawn_from_a_draft_is_not_billed(firm: Ledger) -> None:
    milestone(firm)
    charges.add(firm, M, 100_00, "Filing service")
    triggers.done(firm, M, 1, charge=True)
    draft = bills.create(firm, M, NOW)
    assert (draft["total_cents"], state(firm)) == (1600_00, "in_draft")
    assert draft["id"] in triggers.reopen(firm, M, 1).sentence
    with pytest.raises(BillError):  # the draft is stale: it is never approved as it was
        assert bills.approve(firm, draft["id"])["total_cents"] == 1600_00
    bills.delete(firm, draft["id"])
    assert bills.create(firm, M, NOW, issued=True)["total_cents"] == 100_00


def test_a_charge_edited_before_billing_leaves_the_trigger_as_it_was(firm: Ledger) -> None:
    milestone(firm)
    triggers.done(firm, M, 1, charge=True)
    charges.edit(firm, "C-1", amount_cents=1400_00)
    shown = tasks.show(firm, M, 1).trigger
    assert shown is not None
    assert (shown.amount_cents, shown.charge_amount_cents) == (1500_00, 1400_00)


def test_a_fired_trigger_is_edited_through_its_charge_alone(firm: Ledger) -> None:
    milestone(firm)
    tasks.edit(firm, M, 1, {"trigger_kind": "amount", "trigger_cents": 900_00})
    triggers.done(firm, M, 1, charge=True)
    for change in (
        {"trigger_kind": "amount", "trigger_cents": 1_00},
        {"trigger_kind": None},
        {"trigger_description": "other words"},
    ):
        with pytest.raises(Refused) as unbilled:
            tasks.edit(firm, M, 1, change)
        assert (unbilled.value.code, "charge edit C-1" in str(unbilled.value.hint)) == (
            "trigger.charged",
            True,
        )
    bills.create(firm, M, NOW, issued=True)
    with pytest.raises(Refused) as billed:
        tasks.edit(firm, M, 1, {"trigger_kind": None})
    assert billed.value.code == "trigger.billed"
    tasks.edit(firm, M, 1, {"name": "Submitted", "due_on": DAY})
    assert live_charges(firm) == [("C-1", 900_00)]


@pytest.mark.parametrize("order", [*permutations((1, 2, 3))])
def test_V30_percentages_close_on_the_value_in_any_order(
    firm: Ledger, order: tuple[int, ...]
) -> None:
    arrangements.set_(firm, M, "fixed", {"value_cents": 9999_99, "bill_when": "milestones"})
    for whole in (30, 40, 30):
        percent(firm, whole)
    for task in order:
        triggers.done(firm, M, task, charge=True)
    assert [t.trigger and t.trigger.charge_amount_cents for t in tasks.list_(firm, M)] == [
        3000_00,
        3999_99,
        3000_00,
    ]


def test_D60_percentages_need_a_value_and_are_at_most_the_whole(firm: Ledger) -> None:
    with pytest.raises(Refused) as missing:
        percent(firm, 30)
    assert missing.value.code == "milestone.no-value"
    assert tasks.list_(firm, M) == []
    arrangements.set_(firm, M, "fixed", FIXED)
    percent(firm, 60)
    with pytest.raises(Refused) as above:
        percent(firm, 41)
    assert above.value.code == "milestone.above-whole"
    percent(firm, 30)
    with pytest.raises(Refused):
        tasks.edit(firm, M, 2, {"trigger_kind": "percent", "trigger_percent_e4": 41 * 10_000})
    tasks.add(firm, M, "Rest", trigger_kind="remainder")
    with pytest.raises(Refused) as second:
        tasks.add(firm, M, "Rest again", trigger_kind="remainder")
    assert second.value.code == "milestone.two-remainders"
    assert [t.trigger and t.trigger.amount_cents for t in tasks.list_(firm, M)] == [
        2700_00,
        1350_00,
        450_00,
    ]


def test_uncovered_milestones_are_warned_of_and_never_refused(firm: Ledger) -> None:
    arrangements.set_(firm, M, "fixed", FIXED)
    [warning] = milestone(firm, 1500_00).warnings
    assert "1,500.00" in warning
    assert "3,000.00 short" in warning
    assert milestone(firm, 3000_00, "Hearing").warnings == ()
    [over] = milestone(firm, 200_00, "Extra").warnings
    assert "200.00 over" in over
    assert triggers.done(firm, M, 1, charge=True).task.warnings == ()
    assert triggers.done(firm, M, 2, charge=True).task.warnings == ()
    assert triggers.done(firm, M, 3, charge=True).task.warnings == (over,)


def test_a_number_is_never_given_twice(firm: Ledger) -> None:
    assert [milestone(firm).task for _ in range(3)] == [1, 2, 3]
    tasks.remove(firm, M, 3)
    tasks.remove(firm, M, 2)
    assert milestone(firm).task == 4
    assert [task.task for task in tasks.list_(firm, M)] == [1, 4]


def test_a_task_with_a_charge_is_archived_and_keeps_it(firm: Ledger) -> None:
    milestone(firm)
    triggers.done(firm, M, 1, charge=True)
    with pytest.raises(Refused) as refused:
        tasks.remove(firm, M, 1)
    assert refused.value.code == "task.charged"
    tasks.remove(firm, M, 1, archive=True)
    assert tasks.list_(firm, M) == []
    assert bills.create(firm, M, NOW, issued=True)["total_cents"] == 1500_00


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (lambda ledger: triggers.fire(ledger, M, 1), "task.open"),
        (lambda ledger: triggers.waive(ledger, M, 1, reason="x"), "task.open"),
        (lambda ledger: triggers.reopen(ledger, M, 1), "task.open"),
        (lambda ledger: triggers.fire(ledger, M, 2), "trigger.missing"),
        (lambda ledger: triggers.done(ledger, M, 9), "task.missing"),
        (lambda ledger: triggers.done(ledger, M, 1, day=date(2026, 12, 1)), "date.future"),
        (lambda ledger: tasks.add(ledger, M, " "), "text.empty"),
        (
            lambda ledger: tasks.add(ledger, M, "x", trigger_kind="amount", trigger_cents=0),
            "trigger.amount",
        ),
    ],
)
def test_what_can_not_be_done_is_said(
    firm: Ledger, words: Callable[[Ledger], Any], code: str
) -> None:
    milestone(firm)
    tasks.add(firm, M, "No trigger")
    with pytest.raises(BillError) as problem:
        words(firm)
    assert problem.value.code == code


def test_settling_a_charged_or_waived_trigger_is_refused(firm: Ledger) -> None:
    milestone(firm)
    milestone(firm)
    triggers.done(firm, M, 1, charge=True)
    triggers.done(firm, M, 2)
    with pytest.raises(Refused) as pending:
        triggers.done(firm, M, 2, charge=True)
    assert "task fire" in str(pending.value.hint)
    triggers.waive(firm, M, 2, reason="agreed")
    codes = []
    for task, act in ((1, triggers.fire), (2, triggers.fire)):
        with pytest.raises(Refused) as refused:
            act(firm, M, task)
        codes.append(refused.value.code)
    assert codes == ["trigger.charged", "trigger.waived"]
    triggers.reopen(firm, M, 2)
    assert state(firm, 2) == "planned"


def test_nothing_left_of_the_value_makes_no_charge(firm: Ledger) -> None:
    arrangements.set_(firm, M, "fixed", FIXED)
    milestone(firm, 4500_00)
    tasks.add(firm, M, "Rest", trigger_kind="remainder")
    with pytest.raises(Refused) as nothing:
        triggers.done(firm, M, 2, charge=True)
    assert nothing.value.code == "trigger.nothing"
    assert tasks.show(firm, M, 2).state == "open"


def test_what_changed_between_question_and_answer_is_refused(firm: Ledger) -> None:
    milestone(firm)
    asked = triggers.question(firm, M, 1)
    assert asked is not None
    tasks.edit(firm, M, 1, {"trigger_kind": "amount", "trigger_cents": 9_00})
    with pytest.raises(Refused) as changed:
        triggers.done(firm, M, 1, charge=True, asked=asked)
    assert changed.value.code == "trigger.changed"
    assert tasks.show(firm, M, 1).state == "open"


def test_a_task_that_needs_acceptance_waits_for_it(firm: Ledger) -> None:
    tasks.add(firm, M, "Report", trigger_kind="amount", trigger_cents=1_00, needs_acceptance=True)
    assert triggers.question(firm, M, 1) is None
    with pytest.raises(Refused, match="accepted"):
        triggers.done(firm, M, 1, charge=True)
    triggers.done(firm, M, 1)
    assert state(firm) == "ready"


def at_once(path: Path, act: Callable[[Ledger], Any], times: int) -> list[str]:
    """Run it on so many connections at the same moment; the error codes, or `done`."""
    from billcli.store.ledger import attach

    start, results = threading.Barrier(times), list[str]()

    def one() -> None:
        ledger = attach(path, today="2026-11-30", actor="tester", command="test")
        start.wait()
        try:
            act(ledger)
            results.append("done")
        except BillError as error:
            results.append(error.code)
        finally:
            ledger.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


def test_B07_percentages_stay_within_the_whole_under_parallel_adds(firm: Ledger) -> None:
    arrangements.set_(firm, M, "fixed", FIXED)
    firm.session.rollback()
    results = at_once(firm.path, lambda ledger: percent(ledger, 30), 6)
    assert results == ["done"] * 3 + ["milestone.above-whole"] * 3
    assert sorted(task.task for task in tasks.list_(firm, M)) == [1, 2, 3]


def test_B07_completing_at_once_makes_one_charge(firm: Ledger) -> None:
    milestone(firm)
    firm.session.rollback()
    at_once(firm.path, lambda ledger: triggers.done(ledger, M, 1, charge=True), 6)
    assert live_charges(firm) == [("C-1", 1500_00)]


def test_B30_the_ledger_itself_refuses_a_second_charge_of_a_trigger(firm: Ledger) -> None:
    milestone(firm)
    triggers.done(firm, M, 1, charge=True)
    firm.close()
    shell = sqlite3.connect(firm.path)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        shell.execute(
            "INSERT INTO charge (matter_id, task_id, day, amount_cents, description)"
            " SELECT matter_id, task_id, day, amount_cents, description FROM charge"
        )
    shell.close()


def test_B30_without_the_check_in_the_code_the_index_still_holds(firm: Ledger) -> None:
    from billcli.store import tasks as kept

    milestone(firm)
    triggers.done(firm, M, 1, charge=True)
    with pytest.raises(Refused) as refused, firm.write():
        kept.add_charge(firm, 1, 1, day=DAY, cents=1, description="again")
    assert refused.value.code == "trigger.charged"


def test_firing_on_a_closed_matter_is_refused(firm: Ledger) -> None:
    from billcli.services.matter import closing

    milestone(firm)
    closing.close(firm, M)
    assert triggers.question(firm, M, 1) is None
    with pytest.raises(Refused) as closed:
        triggers.done(firm, M, 1, charge=True)
    assert closed.value.code == "matter.closed"
    triggers.done(firm, M, 1)
    assert state(firm) == "ready"


def test_a_hand_written_number_is_read_or_refused() -> None:
    from billcli.cli._tasks import read_task, read_trigger

    assert read_task(" 12 ") == 12
    for text in ("0", "-1", "1.5", "x", "", "9" * 30, "１"):
        with pytest.raises(UsageProblem):
            read_task(text)
    assert read_trigger("12.5%", 2) == {"trigger_kind": "percent", "trigger_percent_e4": 125_000}
    assert read_trigger("1,500", 2) == {"trigger_kind": "amount", "trigger_cents": 150_000}
    assert read_trigger("Remainder", 2) == {"trigger_kind": "remainder"}
    for text in ("", "0", "-5", "abc", "101%", "1e3"):
        with pytest.raises(UsageProblem):
            read_trigger(text, 2)
