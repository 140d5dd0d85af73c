"""Whatever a lawyer does, in whatever order: the ledger agrees with a model of it (B5, B7, B8)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from model import (
    CAP,
    CAPPED,
    FIXED,
    HOURLY,
    MATTERS,
    TASKS,
    VALUE,
    Bill,
    Draft,
    Office,
    Payment,
    Piece,
    Sum,
)
from offices import TODAY, new_ledger

from billcli.errors import BillError
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.matter import holds, matters, options
from billcli.services.milestones import tasks, triggers
from billcli.services.month_end import mass
from billcli.services.office import clients, timekeepers
from billcli.services.receivables import payments
from billcli.services.reporting import reports
from billcli.services.upkeep import soundness
from billcli.services.work import charges, expenses, time
from billcli.store import bill_reads, journal
from billcli.store.ledger import attach

DAY = date(2026, 11, 30)
NOW = Request(DAY, DAY)
H = 10_000
which = st.integers(0, 5)
a_matter = st.sampled_from(MATTERS)
some_cents = st.integers(1, 900_00)


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    """What happens here is refused with one of these codes, and changes nothing."""
    with pytest.raises(BillError) as error:
        yield
    assert error.value.code in codes, error.value.sentence


class OfficeLife(RuleBasedStateMachine):
    """One client with an hourly, a capped and a fixed matter, under any sequence of commands."""

    blank: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="office-"))
        path = Path(shutil.copy(self.blank, self.folder / "ledger.db"))
        self.ledger = attach(path, today=TODAY, actor="tester", command="test")
        self.office = Office()

    def teardown(self) -> None:
        self.ledger.close()
        findings = soundness.check(self.ledger.path).findings
        shutil.rmtree(self.folder)
        assert findings == ()

    # -- work ----------------------------------------------------------------------------------

    @rule(
        matter=a_matter,
        tenths=st.integers(1, 30),
        rate=st.integers(1, 400_00),
        behavior=st.sampled_from(["bill", "bill", "bill", "no-charge", "hide", "non-billable"]),
    )
    def add_time(self, matter: str, tenths: int, rate: int, behavior: str) -> None:
        item = time.add(
            self.ledger, matter, tenths * 1000, "Work", rate_e4=rate * 100, behavior=behavior
        )
        cents = (tenths * rate * 2 + 10) // 20
        assert item.amount_cents == cents
        self.office.pieces[item.id] = Piece(item.id, matter, "time", cents, behavior)

    @rule(matter=a_matter, cents=some_cents)
    def add_expense(self, matter: str, cents: int) -> None:
        item = expenses.add(self.ledger, matter, cents, "Court fee")
        self.office.pieces[item.id] = Piece(item.id, matter, "expense", cents)

    @rule(matter=st.sampled_from([HOURLY, CAPPED]), cents=some_cents)
    def add_charge(self, matter: str, cents: int) -> None:
        item = charges.add(self.ledger, matter, cents, "Filing")
        self.office.pieces[item.id] = Piece(item.id, matter, "charge", cents)

    def pick(self, n: int, kind: str | None = None) -> Piece:
        found = [p for p in self.office.pieces.values() if kind in (None, p.kind)]
        return found[-1 - n % len(found)]

    def has(self, kind: str | None = None) -> bool:
        return any(kind in (None, piece.kind) for piece in self.office.pieces.values())

    @contextmanager
    def changing(self, piece: Piece) -> Iterator[bool]:
        """Whether the piece can change; what is billed, written off or withdrawn refuses."""
        if piece.unbilled:
            yield True
            self.office.touch(piece.matter)
        else:
            with refused("entry.billed", "entry.written-off", "charge.withdrawn"):
                yield False

    @precondition(lambda self: self.has("expense"))
    @rule(n=which, cents=some_cents)
    def edit_expense(self, n: int, cents: int) -> None:
        piece = self.pick(n, "expense")
        with self.changing(piece) as free:
            expenses.edit(self.ledger, piece.ref, amount_cents=cents)
        if free:
            piece.cents = cents

    @precondition(lambda self: self.has("time"))
    @rule(n=which, behavior=st.sampled_from(["bill", "no-charge", "non-billable"]))
    def edit_time(self, n: int, behavior: str) -> None:
        piece = self.pick(n, "time")
        with self.changing(piece) as free:
            time.edit(self.ledger, piece.ref, behavior=behavior)
        if free:
            piece.behavior = behavior

    @precondition(lambda self: self.has("time"))
    @rule(n=which, to=st.sampled_from([HOURLY, CAPPED]))
    def move_time(self, n: int, to: str) -> None:
        piece = self.pick(n, "time")
        with self.changing(piece) as free:
            time.edit(self.ledger, piece.ref, matter=to)
        if free:
            piece.matter = to
            self.office.touch(to)

    @precondition(lambda self: self.has("time"))
    @rule(n=which)
    def remove_time(self, n: int) -> None:
        piece = self.pick(n, "time")
        with self.changing(piece) as free:
            time.remove(self.ledger, piece.ref)
        if free:
            del self.office.pieces[piece.ref]

    @precondition(lambda self: self.has("charge"))
    @rule(n=which)
    def withdraw_charge(self, n: int) -> None:
        piece = self.pick(n, "charge")
        with self.changing(piece) as free:
            charges.withdraw(self.ledger, piece.ref)
        if free:
            piece.withdrawn = True
            for task in self.office.tasks.values():
                if task.charge == piece.ref:
                    task.charge = None

    @precondition(lambda self: self.has())
    @rule(n=which)
    def hold_or_free(self, n: int) -> None:
        piece = self.pick(n)
        with self.changing(piece) as free:
            (holds.unhold if piece.held else holds.hold)(self.ledger, piece.ref)
        if free:
            piece.held = not piece.held

    @rule(matter=a_matter)
    def hold_or_free_a_matter(self, matter: str) -> None:
        if matter in self.office.held:
            holds.unhold(self.ledger, matter)
        else:
            holds.hold(self.ledger, matter)
        self.office.held ^= {matter}

    # -- milestones ----------------------------------------------------------------------------

    @rule(n=st.sampled_from(list(TASKS)), answer=st.sampled_from([True, True, False, None]))
    def complete(self, n: int, answer: bool | None) -> None:
        task = self.office.tasks[n]
        if task.done:
            if not task.charge and (answer or (answer is False and task.decision is None)):
                with refused("task.done"):
                    triggers.done(self.ledger, FIXED, n, charge=answer)
                return
            assert not triggers.done(self.ledger, FIXED, n, charge=answer).changed
            return
        triggers.done(self.ledger, FIXED, n, charge=answer)
        task.done = True
        if answer and not task.charge:
            self.fired(n)
        elif answer is False and not task.charge:
            task.decision = "declined"

    @rule(n=st.sampled_from(list(TASKS)), waive=st.booleans())
    def settle(self, n: int, waive: bool) -> None:
        task = self.office.tasks[n]

        def settle() -> None:
            if waive:
                triggers.waive(self.ledger, FIXED, n, reason="agreed")
            else:
                triggers.fire(self.ledger, FIXED, n)

        if task.charge or not task.done or (task.decision == "waived" and not waive):
            with refused("trigger.charged", "task.open", "trigger.waived"):
                settle()
            return
        settle()
        if waive:
            task.decision = "waived"
        else:
            task.decision = None
            self.fired(n)

    @rule(n=st.sampled_from(list(TASKS)), keep=st.booleans())
    def reopen(self, n: int, keep: bool) -> None:
        task = self.office.tasks[n]
        if not task.done:
            with refused("task.open"):
                triggers.reopen(self.ledger, FIXED, n, keep=keep)
            return
        written_off = task.charge is not None and self.office.pieces[task.charge].written_off
        triggers.reopen(self.ledger, FIXED, n, keep=keep or written_off)
        task.done, task.decision = False, None
        if task.charge and self.office.pieces[task.charge].unbilled and not keep:
            self.office.pieces[task.charge].withdrawn = True
            self.office.touch(FIXED)
            task.charge = None

    def fired(self, n: int) -> None:
        (ref,) = {item.id for item in charges.list_(self.ledger, FIXED)} - set(self.office.pieces)
        self.office.pieces[ref] = Piece(ref, FIXED, "charge", TASKS[n])
        self.office.tasks[n].charge = ref

    # -- bills ---------------------------------------------------------------------------------

    @rule(matter=a_matter, how=st.sampled_from(["draft", "approved", "issued"]))
    def make(self, matter: str, how: str) -> None:
        due = self.office.due(matter, by_hand=True)

        def create() -> dict[str, Any]:
            return bills.create(
                self.ledger, matter, NOW, approved=how == "approved", issued=how == "issued"
            )

        if matter in self.office.drafts:
            with refused("draft.exists"):
                create()
        elif matter in self.office.held:
            with refused("bill.held"):
                create()
        elif due.fees == due.costs == 0:
            with refused("bill.nothing"):
                create()
        else:
            before = self.wip()
            seen, _ = bills.preview(self.ledger, matter, NOW)
            made = create()
            self.check_bill(made, due)
            assert seen["lines"] == made["lines"]
            if how == "draft":
                assert self.wip() == before
            self.keep(matter, made, due, how, by_hand=True)

    @rule(issued=st.booleans())
    def run(self, issued: bool) -> None:
        expected: dict[str, Sum] = {}
        for matter in MATTERS:
            due = self.office.due(matter, by_hand=False)
            busy = matter in self.office.drafts or matter in self.office.held
            if not busy and (due.fees or due.costs):
                expected[matter] = due
        report = mass.run(self.ledger, mass.Batch(DAY, DAY, issued=issued))
        assert report["failed"] == []
        assert [bill["matter"] for bill in report["bills"]] == list(expected)
        for made in report["bills"]:
            due = expected[made["matter"]]
            assert made["total_cents"] == due.total
            how = "issued" if issued else "draft"
            self.keep(made["matter"], made, due, how, by_hand=False)

    def keep(self, matter: str, made: dict[str, Any], due: Sum, how: str, *, by_hand: bool) -> None:
        if how == "draft":
            self.office.drafts[matter] = Draft(made["id"], matter, due, by_hand)
        else:
            self.office.claim(Bill(made["number"], matter, due, how == "issued"))

    def check_bill(self, made: dict[str, Any], due: Sum) -> None:
        assert {line["source"] for line in made["lines"] if line["source"]} == due.refs
        found = [made[f"{key}_cents"] for key in ("fees", "discount", "costs", "total")]
        assert found == [due.fees, due.discount, due.costs, due.total]
        assert sum(line["amount_cents"] for line in made["lines"]) == due.fees + due.costs
        assert sum(share["amount_cents"] for share in made["allocation"]) in (
            0,
            due.fees - due.discount,
        )

    def draft(self, n: int) -> Draft:
        found = list(self.office.drafts.values())
        return found[n % len(found)]

    @precondition(lambda self: self.office.drafts)
    @rule(n=which)
    def approve(self, n: int) -> None:
        draft = self.draft(n)
        left = [p for p in self.office.ready(draft.matter) if p.ref in draft.sum.refs]
        now = self.office.sum_of(draft.matter, left)
        try:
            made = bills.approve(self.ledger, draft.id)
        except BillError as error:
            if draft.matter in self.office.held:
                assert error.code in ("bill.held", "draft.stale")
            else:
                assert error.code == "draft.stale"
                assert draft.touched
            return
        assert draft.matter not in self.office.held
        assert now == draft.sum, "a draft that changed was approved"
        self.check_bill(made, now)
        del self.office.drafts[draft.matter]
        self.office.claim(Bill(made["number"], draft.matter, now, issued=False))

    @precondition(lambda self: self.office.drafts)
    @rule(n=which)
    def refresh(self, n: int) -> None:
        draft = self.draft(n)
        due = self.office.due(draft.matter, by_hand=draft.by_hand)
        if draft.matter in self.office.held or due.fees == due.costs == 0:
            with refused("bill.held", "bill.nothing"):
                bills.refresh(self.ledger, draft.id)
            return
        self.check_bill(bills.refresh(self.ledger, draft.id), due)
        draft.sum, draft.touched = due, False

    @precondition(lambda self: self.office.drafts)
    @rule(n=which)
    def delete(self, n: int) -> None:
        draft = self.draft(n)
        before = self.wip()
        bills.delete(self.ledger, draft.id)
        del self.office.drafts[draft.matter]
        assert self.wip() == before

    def bill(self, n: int) -> Bill:
        found = list(self.office.bills.values())
        return found[-1 - n % len(found)]

    @precondition(lambda self: self.office.bills)
    @rule(n=which)
    def issue(self, n: int) -> None:
        bill = self.bill(n)
        if bill.issued or bill.void:
            with refused("bill.issued"):
                bills.issue(self.ledger, bill.number)
        else:
            bills.issue(self.ledger, bill.number)
            bill.issued = True

    @precondition(lambda self: self.office.bills)
    @rule(n=which, entries=st.sampled_from(["return", "return", "write-off"]))
    def void(self, n: int, entries: str) -> None:
        bill = self.bill(n)
        if bill.matter == FIXED:
            entries = "return"
        if bill.void or bill.paid:
            with refused("bill.void", "bill.paid"):
                bills.void(self.ledger, bill.number, reason="wrong", entries=entries)
            return
        bills.void(self.ledger, bill.number, reason="wrong", entries=entries)
        bill.void = True
        self.office.touch(bill.matter)
        for ref in bill.sum.refs:
            self.office.pieces[ref].bill = None
            self.office.pieces[ref].written_off = entries == "write-off"

    # -- money ---------------------------------------------------------------------------------

    @precondition(lambda self: self.office.bills)
    @rule(n=which, part=st.sampled_from([1, 2, 3]), more=st.sampled_from([0, 0, 1, 500]))
    def pay(self, n: int, part: int, more: int) -> None:
        bill = self.bill(n)
        cents = max(1, bill.open // part) + more
        if bill.open == 0:
            with refused("payment.nothing-open", "payment.not-issued"):
                payments.add(self.ledger, bill.number, cents)
            return
        made = payments.add(self.ledger, bill.number, cents)
        used = min(cents, bill.open)
        bill.paid += used
        payment = Payment(made["id"], {bill.number: used}, cents - used)
        self.office.payments[payment.ref] = payment
        self.check_payment(made, payment)

    def payment(self, n: int) -> Payment:
        found = list(self.office.payments.values())
        return found[-1 - n % len(found)]

    def check_payment(self, made: dict[str, Any], payment: Payment) -> None:
        found = {part["bill"]: part["amount_cents"] for part in made["applied"]}
        assert (found, made["credit_cents"]) == (payment.parts, payment.credit)

    @precondition(lambda self: self.office.payments)
    @rule(n=which)
    def unapply(self, n: int) -> None:
        payment = self.payment(n)
        if not payment.parts:
            with refused("payment.unapplied"):
                payments.unapply(self.ledger, payment.ref)
            return
        made = payments.unapply(self.ledger, payment.ref)
        for number, cents in payment.parts.items():
            self.office.bills[number].paid -= cents
        payment.credit += sum(payment.parts.values())
        payment.parts = {}
        self.check_payment(made, payment)

    @precondition(lambda self: self.office.payments)
    @rule(n=which)
    def apply(self, n: int) -> None:
        payment = self.payment(n)
        open_bills = [bill for bill in self.office.bills.values() if bill.open > 0]
        if not payment.credit or not open_bills:
            with refused("payment.credit", "payment.nothing-open"):
                payments.apply(self.ledger, payment.ref)
            return
        made = payments.apply(self.ledger, payment.ref)
        for bill in sorted(open_bills, key=lambda bill: bill.number):
            used = min(bill.open, payment.credit)
            if used:
                bill.paid += used
                payment.credit -= used
                payment.parts[bill.number] = payment.parts.get(bill.number, 0) + used
        self.check_payment(made, payment)

    @precondition(lambda self: self.office.payments)
    @rule(n=which, all_of_it=st.booleans())
    def refund(self, n: int, all_of_it: bool) -> None:
        payment = self.payment(n)
        cents = payment.credit if all_of_it else payment.credit // 2
        if cents == 0:
            with refused("payment.credit"):
                payments.refund(self.ledger, payment.ref, cents)
            return
        made = payments.refund(self.ledger, payment.ref, cents)
        payment.credit -= cents
        self.check_payment(made, payment)

    # -- what always holds ---------------------------------------------------------------------

    def wip(self) -> dict[str, int]:
        return {row["matter"]: row["total_cents"] for row in reports.wip(self.ledger)}

    @invariant()
    def unbilled_work_is_what_no_live_bill_holds(self) -> None:
        found = self.wip()
        for matter in MATTERS:
            assert found.get(matter, 0) == self.office.wip(matter)

    @invariant()
    def an_entry_is_on_one_live_bill_at_most(self) -> None:
        rows = self.ledger.session.connection().exec_driver_sql(
            "SELECT c.kind, c.entry_id, b.number FROM claim AS c JOIN bill AS b ON b.id = c.bill_id"
            " WHERE NOT EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'voided')"
        )
        letters = {"time": "T", "expense": "E", "charge": "C"}
        found = [(f"{letters[row.kind]}-{row.entry_id}", row.number) for row in rows]
        wanted = [(p.ref, p.bill) for p in self.office.pieces.values() if p.bill]
        assert sorted(found) == sorted(wanted)

    @invariant()
    def balances_are_bills_less_payments(self) -> None:
        known = bill_reads.all_(self.ledger)
        found = {bill.number: (bill.paid_cents, bill.balance_cents) for bill in known}
        assert found == {b.number: (b.paid, b.open) for b in self.office.bills.values()}
        owed = sum(row["total_cents"] for row in reports.ageing(self.ledger))
        assert owed == sum(bill.open for bill in self.office.bills.values())
        credit = journal.credits_(self.ledger)
        assert sum(credit.values()) == sum(p.credit for p in self.office.payments.values())

    @invariant()
    def numbers_have_no_gap(self) -> None:
        count = len(self.office.bills)
        assert list(self.office.bills) == [f"2026-{n:04}" for n in range(1, count + 1)]

    @invariant()
    def the_cap_and_the_fee_are_never_exceeded(self) -> None:
        assert self.office.billed_fees(CAPPED) <= CAP
        assert self.office.billed_fees(FIXED) <= VALUE

    @invariant()
    def milestones_are_where_their_charges_are(self) -> None:
        found = {task.task: task.trigger.state for task in tasks.list_(self.ledger, FIXED)}
        assert found == {n: self.office.trigger(n) for n in TASKS}


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office on its first day."""
    path = new_ledger(tmp_path_factory.mktemp("blank") / "ledger.db")
    ledger = attach(path, today=TODAY, actor="tester", command="test")
    with ledger.write():
        timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=100 * H)
        clients.add(ledger, "rivera", "Ana Rivera")
        for number, kind, terms in (
            (HOURLY, "hourly", {}),
            (CAPPED, "capped", {"value_cents": CAP}),
            (FIXED, "fixed", {"value_cents": VALUE, "bill_when": "milestones"}),
        ):
            matters.add(
                ledger, number, number, client="rivera", responsible="ma", kind=kind, terms=terms
            )
        options.set_options(ledger, CAPPED, {"discount": {"percent_e4": 10 * H}})
        for n, cents in TASKS.items():
            tasks.add(ledger, FIXED, f"Part {n}", trigger_kind="amount", trigger_cents=cents)
    ledger.close()
    return path


def test_B05_B07_B08_any_sequence_of_commands_keeps_the_office_in_order(
    blank: Path, monkeypatch: pytest.MonkeyPatch, torture: bool
) -> None:
    monkeypatch.setattr(OfficeLife, "blank", blank, raising=False)
    run_state_machine_as_test(
        OfficeLife,
        settings=settings(
            max_examples=400 if torture else 9,
            stateful_step_count=80 if torture else 45,
            derandomize=not torture,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
