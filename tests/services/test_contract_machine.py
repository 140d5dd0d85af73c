"""Whatever of a contract is changed, parted, charged and billed, its sum stays (§7, B7)."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from offices import new_ledger

from billcli.errors import Refused
from billcli.services.arrangement import arrangements
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.matter import matters
from billcli.services.milestones import acceptance, change_orders, task_splits, tasks, triggers
from billcli.services.milestones.task_views import TaskView
from billcli.services.office import clients
from billcli.store.ledger import attach

M = "2026-001"
DAY = date(2026, 11, 30)
NOW = Request(DAY, DAY)
VALUE = 9_999_97
WHICH = st.integers(0, 20)


class Contract(RuleBasedStateMachine):
    """A fixed fee in percentages and a remainder, changed in every way there is."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        path = new_ledger(self.folder / "ledger.db")
        self.ledger = attach(path, today="2026-11-30", actor="tester", command="test")
        clients.add(self.ledger, "osei", "Kwame Osei")
        matters.add(self.ledger, M, "Formation", client="osei")
        terms = {"value_cents": VALUE, "bill_when": "milestones"}
        arrangements.set_(self.ledger, M, "fixed", terms)
        for n, percent in enumerate((33_3333, 25_0000, 10_0000), 1):
            more = {"trigger_kind": "percent", "trigger_percent_e4": percent}
            tasks.add(self.ledger, M, f"Part {n}", needs_acceptance=n == 2, **more)  # type: ignore[arg-type]
        tasks.add(self.ledger, M, "The rest", trigger_kind="remainder")
        self.changed = 0
        self.frozen: dict[str, int] = {}
        self.live: list[str] = []

    def teardown(self) -> None:
        self.ledger.close()
        shutil.rmtree(self.folder)

    def tasks(self) -> list[TaskView]:
        return tasks.list_(self.ledger, M)

    def pick(self, which: int, *states: str) -> TaskView | None:
        found = [t for t in self.tasks() if t.trigger and t.trigger.state in states]
        return found[which % len(found)] if found else None

    @rule(which=WHICH, charge=st.booleans())
    def complete(self, which: int, charge: bool) -> None:
        task = self.pick(which, "planned")
        if task is None or task.state == "done":
            return
        if task.needs_acceptance and charge:
            with pytest.raises(Refused):
                triggers.done(self.ledger, M, task.task, charge=True)
            charge = False
        if task.trigger and task.trigger.amount_cents:
            triggers.done(self.ledger, M, task.task, charge=charge)

    @rule(which=WHICH)
    def accept(self, which: int) -> None:
        task = self.pick(which, "ready", "declined")
        if task is None:
            return
        if task.accepted_on is None and task.needs_acceptance:
            with pytest.raises(Refused):
                triggers.fire(self.ledger, M, task.task)
            acceptance.approve(self.ledger, M, task.task, by="Kwame Osei", charge=True)
        else:
            triggers.fire(self.ledger, M, task.task)

    @rule(which=WHICH)
    def reopen(self, which: int) -> None:
        task = self.pick(which, "ready", "declined", "charged")
        if task is not None and task.state == "done":
            triggers.reopen(self.ledger, M, task.task)

    @rule(which=WHICH, percent_e4=st.integers(1_0000, 99_0000))
    def split(self, which: int, percent_e4: int) -> None:
        task = self.pick(which, "planned", "ready", "charged")
        if task is None or not task.trigger or (task.trigger.amount_cents or 0) < 200:
            return
        whole = task.trigger.charge_amount_cents or task.trigger.amount_cents
        made = task_splits.split(self.ledger, M, task.task, percent_e4=percent_e4)
        assert made.approved.trigger is not None
        assert made.rest.trigger is not None
        approved, rest = made.approved.trigger, made.rest.trigger
        assert (approved.charge_amount_cents or 0) + (rest.amount_cents or 0) == whole
        assert (approved.state, rest.state) == ("charged", "planned")

    @rule(cents=st.integers(-3_000_00, 3_000_00).filter(bool), which=WHICH, alone=st.booleans())
    def change(self, cents: int, which: int, alone: bool) -> None:
        task = None if alone else self.pick(which, "planned", "ready", "charged", "billed")
        before = self.tasks()
        try:
            change_orders.add(
                self.ledger, M, cents, name="A change", task=task.task if task else None
            )
        except Refused:
            assert self.tasks() == before, "what is refused changes nothing"
        else:
            self.changed += cents

    @precondition(lambda self: self.pick(0, "charged"))
    @rule()
    def bill(self) -> None:
        made = bills.create(self.ledger, M, NOW, issued=True)
        self.live.append(made["number"])
        for task in self.tasks():
            if task.trigger and task.trigger.bill == made["number"]:
                self.frozen[f"{made['number']}/{task.task}"] = task.trigger.charge_amount_cents or 0

    @precondition(lambda self: self.live)
    @rule(which=WHICH)
    def void(self, which: int) -> None:
        number = self.live.pop(which % len(self.live))
        bills.void(self.ledger, number, reason="again")
        self.frozen = {k: v for k, v in self.frozen.items() if not k.startswith(f"{number}/")}

    @invariant()
    def milestones_come_to_what_is_agreed(self) -> None:
        found = [task.trigger for task in self.tasks() if task.trigger]
        amounts = [t.charge_amount_cents or t.amount_cents or 0 for t in found]
        assert sum(amounts) == VALUE + self.changed
        listed = change_orders.list_(self.ledger, M)
        assert sum(order.amount_cents for order in listed) == self.changed
        charges = [t.charge for t in found if t.charge]
        assert len(charges) == len(set(charges)), "one charge for each firing"

    @invariant()
    def what_is_billed_stays(self) -> None:
        now = {
            f"{t.trigger.bill}/{t.task}": t.trigger.charge_amount_cents
            for t in self.tasks()
            if t.trigger and t.trigger.bill
        }
        assert now == self.frozen


class TestContract(Contract.TestCase):  # type: ignore[misc]
    """The machine, under the name of its failures."""

    settings = settings(max_examples=4, stateful_step_count=20, deadline=None, database=None)

    def test_B07_milestones_come_to_what_is_agreed(self) -> None:
        self.runTest()

    # pytest would run the machine a second time under its own name.
    test_run = None
