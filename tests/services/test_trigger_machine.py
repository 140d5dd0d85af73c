"""Whatever is done, undone and redone: the state of milestones never drifts (B5, B7)."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from offices import new_ledger
from sqlalchemy import text

from billcli.errors import Refused
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.matter import matters
from billcli.services.milestones import tasks, triggers
from billcli.services.office import clients
from billcli.services.receivables import payments
from billcli.services.work import charges, items
from billcli.store.ledger import Ledger, attach

M = "2026-001"
DAY = date(2026, 11, 30)
NOW = Request(DAY, DAY)
TASKS = st.sampled_from([1, 2, 3])
WHICH = st.integers(0, 2)


@dataclass
class Model:
    """What a milestone should be, told without looking at the ledger."""

    done: bool = False
    decision: str | None = None
    charge: bool = False
    on: str | None = None  # "draft", or the number of a live bill

    def state(self, paid: set[str]) -> str:
        if self.charge:
            if self.on == "draft":
                return "in_draft"
            if self.on:
                return "paid" if self.on in paid else "billed"
            return "charged"
        return self.decision or ("ready" if self.done else "planned")


def _settle(ledger: Ledger, task: int, waive: bool) -> None:
    if waive:
        triggers.waive(ledger, M, task, reason="agreed")
    else:
        triggers.fire(ledger, M, task)


class Milestones(RuleBasedStateMachine):
    """Three milestones of one hourly matter under any sequence of commands."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        path = new_ledger(self.folder / "ledger.db")
        self.ledger = attach(path, today="2026-11-30", actor="tester", command="test")
        clients.add(self.ledger, "rivera", "Ana Rivera")
        matters.add(self.ledger, M, "Petition", client="rivera")
        for n in (1, 2, 3):
            cents = n * 100_00
            tasks.add(self.ledger, M, f"Part {n}", trigger_kind="amount", trigger_cents=cents)
        self.model = {n: Model() for n in (1, 2, 3)}
        self.draft: str | None = None
        self.live: list[str] = []
        self.paid: set[str] = set()

    def teardown(self) -> None:
        self.ledger.close()
        shutil.rmtree(self.folder)

    def waiting(self) -> list[Model]:
        return [m for m in self.model.values() if m.charge and m.on in (None, "draft")]

    def pick(self, which: int, *, done: bool) -> int:
        return [n for n, m in self.model.items() if m.done is done][which % 3 % self.count(done)]

    def count(self, done: bool) -> int:
        return sum(1 for m in self.model.values() if m.done is done)

    @precondition(lambda self: self.count(False))
    @rule(which=WHICH, answer=st.sampled_from([True, True, False, None]))
    def complete(self, which: int, answer: bool | None) -> None:
        task = self.pick(which, done=False)
        m = self.model[task]
        triggers.done(self.ledger, M, task, charge=answer)
        m.done = True
        if not m.charge and answer is not None:
            m.charge, m.decision = answer, None if answer else "declined"

    @precondition(lambda self: self.count(True))
    @rule(which=WHICH, answer=st.sampled_from([True, False, None]))
    def complete_again(self, which: int, answer: bool | None) -> None:
        task = self.pick(which, done=True)
        m = self.model[task]
        if not m.charge and (answer or (answer is False and m.decision is None)):
            with pytest.raises(Refused):
                triggers.done(self.ledger, M, task, charge=answer)
        else:
            assert not triggers.done(self.ledger, M, task, charge=answer).changed

    @precondition(lambda self: self.count(True))
    @rule(which=WHICH, keep=st.booleans())
    def reopen(self, which: int, keep: bool) -> None:
        task = self.pick(which, done=True)
        m = self.model[task]
        triggers.reopen(self.ledger, M, task, keep=keep)
        m.done, m.decision = False, None
        if m.charge and m.on in (None, "draft") and not keep:
            m.charge, m.on = False, None

    @precondition(lambda self: self.count(True))
    @rule(which=WHICH, waive=st.booleans())
    def settle(self, which: int, waive: bool) -> None:
        task = self.pick(which, done=True)
        m = self.model[task]
        if m.charge or (m.decision == "waived" and not waive):
            with pytest.raises(Refused):
                _settle(self.ledger, task, waive)
            return
        _settle(self.ledger, task, waive)
        m.charge, m.decision = not waive, "waived" if waive else None

    @rule(task=TASKS, cents=st.integers(1, 900_00))
    def edit(self, task: int, cents: int) -> None:
        m = self.model[task]
        change = {"trigger_kind": "amount", "trigger_cents": cents}
        shown = tasks.show(self.ledger, M, task).trigger
        assert shown is not None
        if m.charge and cents != shown.amount_cents:
            with pytest.raises(Refused):
                tasks.edit(self.ledger, M, task, change)
            act: Any = lambda: charges.edit(  # noqa: E731
                self.ledger, shown.charge or "", amount_cents=cents
            )
            if m.on in (None, "draft"):
                act()
            else:
                with pytest.raises(Refused):
                    act()
        else:
            tasks.edit(self.ledger, M, task, change)

    def issued(self, number: str) -> None:
        """What was paid too much is the matter's credit, and pays its next bill (D-43)."""
        self.live.append(number)
        if self.paid:
            self.paid.add(number)

    @precondition(lambda self: not self.draft and self.waiting())
    @rule(issued=st.booleans())
    def bill(self, issued: bool) -> None:
        made = bills.create(self.ledger, M, NOW, issued=issued)
        name = made["number"] if issued else "draft"
        for m in self.waiting():
            m.on = name
        if issued:
            self.issued(name)
        else:
            self.draft = made["id"]

    @precondition(lambda self: self.draft)
    @rule(approve=st.booleans())
    def finish_draft(self, approve: bool) -> None:
        assert self.draft is not None
        held = [m for m in self.waiting() if m.on == "draft"]
        if approve:
            try:
                made = bills.approve(self.ledger, self.draft)
            except Refused:  # stale: it stays as it is
                return
            bills.issue(self.ledger, made["number"])
            self.issued(made["number"])
        else:
            bills.delete(self.ledger, self.draft)
        for m in held:
            m.on = self.live[-1] if approve else None
        self.draft = None

    @precondition(lambda self: set(self.live) - self.paid)
    @rule(which=WHICH, pay=st.sampled_from([True, False, False]))
    def void_or_pay(self, which: int, pay: bool) -> None:
        unpaid = [number for number in self.live if number not in self.paid]
        number = unpaid[which % len(unpaid)]
        if pay:
            payments.add(self.ledger, number, 999_999_00)
            self.paid.add(number)
            return
        bills.void(self.ledger, number, reason="again")
        self.live.remove(number)
        for m in self.model.values():
            if m.on == number:
                m.on = None

    @invariant()
    def every_state_is_as_it_should_be(self) -> None:
        found = {
            task.task: (task.state, task.trigger.state if task.trigger else None)
            for task in tasks.list_(self.ledger, M)
        }
        assert found == {
            n: ("done" if m.done else "open", m.state(self.paid)) for n, m in self.model.items()
        }

    @invariant()
    def each_trigger_has_one_live_charge_and_each_charge_one_live_bill(self) -> None:
        kept = [i for i in items.items(self.ledger, M) if i.state != "withdrawn"]
        assert sorted(i.task for i in kept) == [n for n, m in self.model.items() if m.charge]
        read = self.ledger.session.connection()
        twice = read.execute(
            text("""SELECT entry_id FROM claim WHERE released_on IS NULL
                GROUP BY kind, entry_id HAVING count(*) > 1""")
        )
        assert twice.all() == []
        billed = sum(i.amount_cents for i in kept if i.state == "billed")
        unbilled = matters.show(self.ledger, M).unbilled_fees_cents
        assert billed + unbilled == sum(i.amount_cents for i in kept)


class TestMilestones(Milestones.TestCase):  # type: ignore[misc]
    """The machine, under the name of its failures."""

    settings = settings(max_examples=4, stateful_step_count=30, deadline=None, database=None)

    def test_B07_B05_milestones_never_drift(self) -> None:
        self.runTest()

    # pytest would run the machine a second time under its own name.
    test_run = None
