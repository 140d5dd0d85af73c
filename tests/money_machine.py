"""Clients' money under any sequence of commands, held against a model of it after each."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from money_model import FIRM_LIMIT, Bill, Card, Matter, Payment, Practice, Row, business_days
from money_model import HOLDS as DAYS_TO_CLEAR
from offices import new_ledger

from billcli.errors import BillError
from billcli.services.bill import bills, disputes
from billcli.services.bill.request import Request
from billcli.services.funds import (
    drawing,
    general_retainers,
    reconciling,
    trust,
    trust_firm,
    trust_reversal,
    trust_views,
)
from billcli.services.matter import closing, matters, options
from billcli.services.office import clients, firm
from billcli.services.receivables import credits, payments, writeoffs
from billcli.services.reporting import reports
from billcli.services.upkeep import soundness
from billcli.services.work import charges, expenses
from billcli.store import bill_reads, journal
from billcli.store.ledger import Ledger, attach

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 15)
"""All of it before the real day, after which trust takes nothing."""
AGREED: dict[str, dict[str, Any]] = {
    "2026-001": {"client": "ana"},
    "2026-002": {"client": "ana", "taxed": True, "auto": False},
    "2026-003": {"client": "bo", "older": True, "retainer": True},
}
which = st.integers(0, 5)
a_matter = st.sampled_from(list(AGREED))
some_cents = st.one_of(st.integers(1, 900_00), st.sampled_from([100_00, 250_00, 500_00]))
how_much = st.sampled_from(["all", "part", "half", "more"])
days_ago = st.sampled_from([0, 0, 0, 1, 4, 15])


def part_of(cents: int, how: str) -> int:
    """Some of an amount, all of it, or a cent more."""
    return {"all": cents, "half": cents // 2, "part": cents // 3 + 1, "more": cents + 1}[how]


def blank(path: Path) -> Path:
    """A practice of two clients with three matters, each with other terms for its money."""
    from billcli.store.models import TaxCodeRow, TaxRateRow

    ledger = attach(new_ledger(path), today=FIRST.isoformat(), actor="tester", command="test")
    with ledger.write():
        ledger.add(TaxCodeRow, code="vat", label="VAT", applies_to="fees")
        ledger.add(TaxRateRow, code="vat", valid_from="2026-01-01", percent_e4=200_000)
        ledger.record("firm", after={"tax": "vat"})
        for client in ("ana", "bo"):
            clients.add(ledger, client, client.title())
        for number, terms in AGREED.items():
            matters.add(ledger, number, "Matter", client=terms["client"], opened_on=FIRST)
            chosen = {
                "tax": "vat" if terms.get("taxed") else None,
                "trust_applies": "auto" if terms.get("auto", True) else "manual",
                "trust_pays": "new-and-ar" if terms.get("older") else "new",
                "retainer": terms.get("retainer", False),
            }
            options.set_options(ledger, number, {k: v for k, v in chosen.items() if v is not None})
    ledger.close()
    return path


class ClientMoney(RuleBasedStateMachine):
    """Two clients and three matters under any sequence of commands that move their money."""

    blank: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="money-"))
        path = Path(shutil.copy(self.blank, self.folder / "ledger.db"))
        self.ledger = attach(path, today=FIRST.isoformat(), actor="tester", command="test")
        self.worth: dict[str, int] = {}
        self.told: dict[date, list[dict[str, Any]]] = {}
        made = {number: Matter(number, **terms) for number, terms in AGREED.items()}
        self.practice = Practice(made, FIRST)
        self.turn_to(FIRST)

    def teardown(self) -> None:
        self.judge(self.ledger)
        self.ledger.close()
        findings = soundness.check(self.ledger.path).findings
        shutil.rmtree(self.folder)
        assert findings == ()

    def judge(self, ledger: Ledger) -> None:
        """For those who look at the ledger with other eyes when it is done."""

    def turn_to(self, day: date) -> None:
        now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        self.ledger.clock = replace(self.ledger.clock, today=day, now=now)
        self.ledger.__dict__.pop("real_day", None)
        self.practice.today = day

    @property
    def today(self) -> date:
        return self.practice.today

    def does(self, act: Callable[[], Any], *codes: str | bool) -> Any:
        """Do it; where codes are left, it must be refused with one of them and change nothing."""
        expected = {code for code in codes if code}
        if not expected:
            return act()
        with pytest.raises(BillError) as error:
            act()
        assert error.value.code in expected, (error.value.code, error.value.sentence)
        return None

    @initialize(days=st.sampled_from([0, 0, 7]))
    def agree_on_notice(self, days: int) -> None:
        """How long clients may object before trust pays a bill (T4)."""
        firm.set_(self.ledger, "trust.notice_days", str(days))
        self.practice.notice_days = days

    # -- time ----------------------------------------------------------------------------------

    @precondition(lambda self: self.today < LAST)
    @rule(days=st.sampled_from([1, 2, 5, 20]))
    def tomorrow(self, days: int) -> None:
        """Time passes; what clients owed on a day is kept, to be asked for again (B18)."""
        self.told[self.today] = reports.ageing(self.ledger)
        self.turn_to(min(LAST, self.today + timedelta(days=days)))

    @precondition(lambda self: self.today > FIRST)
    @rule(days=days_ago, off=st.sampled_from([0, 0, 0, 1, -100]))
    def reconcile(self, days: int, off: int) -> None:
        day = max(FIRST, self.today - timedelta(days=days))
        cards = self.practice.cards()
        # The firm's own transfers are not confirmed here, so the bank knows nothing of them.
        unknown = sum(self.unconfirmed(card, day) for card in cards)
        bank = sum(card.balance(day) for card in cards) - unknown
        earlier = day <= self.practice.locked
        view = self.does(
            lambda: reconciling.reconcile(self.ledger, day=day, statement_cents=bank + off),
            earlier and "reconcile.earlier",
        )
        if not earlier:
            assert view.agreed == (off == 0)
            if off == 0:
                self.practice.locked = day

    def unconfirmed(self, card: Card, day: date) -> int:
        return sum(row.cents for row in card.rows if row.bill and row.day <= day)

    # -- trust ---------------------------------------------------------------------------------

    def on(self, days: int) -> tuple[date, str | bool]:
        """A day so long ago, and the refusal where trust is locked then."""
        day = self.today - timedelta(days=days)
        return day, day <= self.practice.locked and "trust.locked"

    @rule(
        number=a_matter,
        cents=some_cents,
        method=st.sampled_from(list(DAYS_TO_CLEAR)),
        days=days_ago,
        waits=st.sampled_from([None, None, None, 0, 2, -1]),
        kept=st.sampled_from([False, False, False, True]),
    )
    def deposit(
        self,
        number: str,
        cents: int,
        method: str | None,
        days: int,
        waits: int | None,
        kept: bool,
    ) -> None:
        matter, (day, locked) = self.practice.matters[number], self.on(days)
        counts = business_days(day, DAYS_TO_CLEAR[method])
        clears = None
        if waits is not None:
            counts = clears = day + timedelta(days=waits)
        refusals = (matter.closed and "matter.closed", locked, counts < day and "trust.clears")
        view = self.does(
            lambda: trust.deposit(
                self.ledger,
                number,
                cents,
                day=day,
                method=method,
                clears=clears,
                protect="filing fee" if kept else None,
            ),
            *refusals,
        )
        if not any(refusals):
            kept_cents = cents if kept else 0
            row = self.practice.add(
                matter.card, "deposit", day, cents, counts=counts, kept=kept_cents
            )
            assert view["id"] == row.ref

    def row(self, n: int) -> tuple[Card, Row]:
        found = [(card, row) for card in self.practice.cards() for row in card.rows]
        found.sort(key=lambda pair: int(pair[1].ref[3:]))
        return found[-1 - n % len(found)]

    @precondition(lambda self: self.practice.trust_rows)
    @rule(n=which, days=days_ago)
    def clear(self, n: int, days: int) -> None:
        _, row = self.row(n)
        day, locked = self.on(days)
        refusals = (
            locked,
            (row.kind != "deposit" or row.undone) and "trust.not-deposit",
            (row.early or row.counts <= day) and "trust.cleared",
            day < row.day and "trust.clears",
        )
        self.does(lambda: trust.clear(self.ledger, row.ref, day=day, evidence="seen"), *refusals)
        if not any(refusals):
            row.counts, row.early = day, True

    @rule(number=a_matter, how=how_much, days=days_ago, kept=st.sampled_from([False, False, True]))
    def withdraw(self, number: str, how: str, days: int, kept: bool) -> None:
        card, (day, locked) = self.practice.matters[number].card, self.on(days)
        room = card.room_kept(day) if kept else card.room(day)
        cents = max(1, part_of(room, how))
        refusals = (locked, cents > room and "trust.overdraw")
        self.does(
            lambda: trust.withdraw(
                self.ledger,
                number,
                cents,
                payee="Court",
                purpose="fee",
                day=day,
                protected=kept,
            ),
            *refusals,
        )
        if not any(refusals):
            self.practice.add(card, "withdrawal", day, -cents, kept=-cents if kept else 0)

    @rule(number=a_matter, to=a_matter, how=how_much, days=days_ago)
    def move(self, number: str, to: str, how: str, days: int) -> None:
        giving, taking = self.practice.matters[number], self.practice.matters[to]
        day, locked = self.on(days)
        room = giving.card.room(day)
        cents = max(1, part_of(room, how))
        refusals = (
            number == to and "trust.same-matter",
            giving.client != taking.client and "trust.other-client",
            taking.closed and "matter.closed",
            locked,
            cents > room and "trust.overdraw",
        )
        self.does(
            lambda: trust.move(self.ledger, number, to, cents, authority="letter", day=day),
            *refusals,
        )
        if not any(refusals):
            out = self.practice.add(giving.card, "transfer", day, -cents)
            into = self.practice.add(taking.card, "transfer", day, cents, pair=out.ref)
            out.pair = into.ref

    @rule(number=a_matter, n=which, off=st.sampled_from([0, 0, 0, 1]))
    def pay_a_cost(self, number: str, n: int, off: int) -> None:
        """A cost that waits to be billed is paid out of trust, as a whole and once (T3)."""
        matter = self.practice.matters[number]
        found = [ref for ref in matter.work if ref.startswith("E")]
        if not found:
            return
        ref = found[n % len(found)]
        cents = matter.work[ref] + off
        refusals = (
            self.on(0)[1],
            (off or ref in self.practice.straight) and "trust.expense",
            cents > matter.card.room(self.today) and "trust.overdraw",
        )
        self.does(
            lambda: trust.withdraw(
                self.ledger, number, cents, payee="Court", purpose="fee", expense=ref
            ),
            *refusals,
        )
        if not any(refusals):
            row = self.practice.add(matter.card, "withdrawal", self.today, -cents)
            self.practice.straight[ref] = row

    @rule(cents=st.integers(1, 60_00), days=days_ago, fee=st.sampled_from([False, False, True]))
    def firm_money(self, cents: int, days: int, fee: bool) -> None:
        card, (day, locked) = self.practice.firm, self.on(days)
        if fee:
            refusals = (locked, cents > card.room(day) and "trust.overdraw")
            self.does(lambda: trust_firm.fee(self.ledger, cents, day=day), *refusals)
        else:
            above = card.balance(date.max) + cents > FIRM_LIMIT
            refusals = (locked, above and "trust.firm-limit")
            self.does(lambda: trust_firm.deposit(self.ledger, cents, day=day), *refusals)
        if not any(refusals):
            self.practice.add(card, "bank_fee" if fee else "deposit", day, -cents if fee else cents)

    @precondition(lambda self: self.practice.trust_rows)
    @rule(n=which, cover=st.booleans())
    def reverse(self, n: int, cover: bool) -> None:
        card, row = self.row(n)
        own = card is self.practice.firm
        both = [(card, row)]
        if row.pair:
            both.append(self.practice.trust_row(row.pair))
        bill = self.practice.bills[row.bill] if row.bill else None
        short = 0
        for of, each in both:
            if each.cents > 0 and not each.undone:
                counts = max(self.today, each.counts)
                back = Row("", "reversal", self.today, counts, -each.cents, -each.kept)
                short = max(short, Card([*of.rows, back]).short(counts))
        left = abs(row.cents) - row.undone
        cost = next((ref for ref, of in self.practice.straight.items() if of is row), None)
        billed = any(cost in b.refs and not b.released for b in self.practice.live())
        refusals = (
            self.on(0)[1],
            billed and "trust.cost-billed",
            row.kind == "reversal" and "trust.reversal",
            (not left or (bill is not None and bill.void)) and "trust.reversed",
            (cover and (row.kind != "deposit" or own)) and "trust.cover",
            (short and not cover) and "trust.spent",
            (row.kind == "bank_fee" and card.balance(date.max) + left > FIRM_LIMIT)
            and "trust.firm-limit",
        )
        self.does(
            lambda: trust_reversal.reverse(self.ledger, row.ref, reason="returned", cover=cover),
            *refusals,
        )
        if any(refusals):
            return
        if cost:
            del self.practice.straight[cost]
        for of, each in sorted(both, key=lambda pair: -pair[1].cents):
            if each.cents > 0 and short:
                self.practice.add(of, "cover", self.today, short)
            cents = abs(each.cents) - each.undone
            self.practice.take_back(of, each, cents)
            if bill:
                bill.unpay(("trust", each.ref), cents)

    # -- bills ---------------------------------------------------------------------------------

    @rule(number=a_matter, cents=st.integers(1, 90_00))
    def add_cost(self, number: str, cents: int) -> None:
        matter = self.practice.matters[number]
        closed = matter.closed and "matter.closed"
        item = self.does(lambda: expenses.add(self.ledger, number, cents, "Court fee"), closed)
        if not closed:
            matter.work[item.id] = cents

    @rule(number=a_matter, fees=some_cents)
    def work_and_bill(self, number: str, fees: int) -> None:
        """A charge, and a bill over all that is unbilled; it is issued."""
        matter = self.practice.matters[number]
        closed = matter.closed and "matter.closed"
        item = self.does(lambda: charges.add(self.ledger, number, fees, "Advice"), closed)
        if closed:
            return
        matter.work[item.id] = fees
        asked = Request(self.today, self.today)
        self.check_bill(bills.create(self.ledger, number, asked, issued=True), matter)

    def check_bill(self, made: dict[str, Any], matter: Matter) -> None:
        work, matter.work = matter.work, {}
        fees = sum(cents for ref, cents in work.items() if ref.startswith("C"))
        costs = sum(cents for ref, cents in work.items() if ref.startswith("E"))
        tax = (fees * 20 + 50) // 100 if matter.taxed else 0
        due = self.today + timedelta(days=30)
        bill = Bill(made["number"], matter.number, due, fees, costs, tax, frozenset(work))
        self.worth |= work
        self.practice.bills[bill.number] = bill
        assert (made["total_cents"], made["due_date"]) == (bill.total, due)
        self.practice.fund(bill)

    def bill(self, n: int) -> Bill:
        found = list(self.practice.bills.values())
        return found[-1 - n % len(found)]

    def locked_today(self, bill: Bill, cents: int) -> str | bool:
        """Refused where giving back so much of what was paid would move trust, and it is locked."""
        to_trust = any(kind == "trust" for (kind, _), _ in bill.giving(cents))
        return to_trust and self.on(0)[1]

    @precondition(lambda self: self.practice.bills)
    @rule(n=which, entries=st.sampled_from(["return", "return", "write-off"]))
    def void(self, n: int, entries: str) -> None:
        bill = self.bill(n)
        paid = any(kind == "payment" for kind, _ in bill.paid)
        refusals = (
            bill.void and "bill.void",
            paid and "bill.paid",
            bill.credited and "bill.credited",
            bill.written_off and "bill.written-off",
            self.locked_today(bill, bill.paid_cents - bill.straight),
        )
        self.does(
            lambda: bills.void(self.ledger, bill.number, reason="wrong", entries=entries),
            *refusals,
        )
        if any(refusals):
            return
        self.practice.give_back(bill, bill.paid_cents - bill.straight)
        bill.void = True
        if entries == "return":
            self.return_work(bill)

    def return_work(self, bill: Bill) -> None:
        matter = self.practice.matters[bill.matter]
        matter.work |= {ref: self.worth[ref] for ref in bill.refs}

    @precondition(lambda self: self.practice.bills)
    @rule(
        n=which,
        how=how_much,
        reason=st.sampled_from(["correction", "courtesy"]),
        release=st.sampled_from([False, False, True]),
    )
    def credit(self, n: int, how: str, reason: str, release: bool) -> None:
        bill = self.bill(n)
        rest = bill.total - bill.credited
        straight = bill.straight
        most = max(0, rest - bill.written_off - (0 if release else straight))
        cents = max(1, part_of(most, how))
        above = cents > most
        over = 0 if above or bill.void else max(0, cents - bill.open - (straight if release else 0))
        refusals = (
            bill.void and "bill.void",
            above and "credit.above",
            (release and (reason != "correction" or cents != rest)) and "credit.release",
            self.locked_today(bill, over),
        )
        self.does(
            lambda: credits.add(
                self.ledger, bill.number, cents, reason=reason, release_entries=release
            ),
            *refusals,
        )
        if any(refusals):
            return
        self.practice.give_back(bill, over)
        bill.credited += cents
        if release:
            bill.released = True
            bill.paid = {of: paid for of, paid in bill.paid.items() if of[0] != "cost"}
            self.return_work(bill)

    @precondition(lambda self: self.practice.bills)
    @rule(n=which, how=how_much)
    def write_off(self, n: int, how: str) -> None:
        bill = self.bill(n)
        cents = max(1, part_of(bill.open, how))
        refusals = (
            bill.void and "writeoff.not-issued",
            cents > bill.open and "writeoff.above",
        )
        self.does(lambda: writeoffs.add(self.ledger, bill.number, cents), *refusals)
        if not any(refusals):
            bill.written_off += cents

    @precondition(lambda self: self.practice.bills)
    @rule(n=which)
    def take_back_write_offs(self, n: int) -> None:
        bill = self.bill(n)
        none = not bill.written_off and "writeoff.none"
        self.does(lambda: writeoffs.reverse(self.ledger, bill.number, reason="paid"), none)
        bill.written_off = 0

    @precondition(lambda self: self.practice.bills)
    @rule(n=which, how=how_much)
    def dispute(self, n: int, how: str) -> None:
        bill = self.bill(n)
        cents = max(1, part_of(bill.open, how))
        refusals = (
            bill.void and "dispute.not-issued",
            cents > bill.open and "dispute.above",
        )
        self.does(lambda: disputes.open_(self.ledger, bill.number, cents), *refusals)
        if not any(refusals):
            bill.disputed = cents

    @precondition(lambda self: self.practice.bills)
    @rule(n=which)
    def resolve(self, n: int) -> None:
        bill = self.bill(n)
        none = not bill.disputed and "dispute.none"
        self.does(lambda: disputes.resolve(self.ledger, bill.number), none)
        bill.disputed = 0

    # -- client money on bills -------------------------------------------------------------------

    @precondition(lambda self: self.practice.bills)
    @rule(n=which, retainer=st.booleans(), how=st.sampled_from([None, None, "all", "half", "more"]))
    def draw(self, n: int, retainer: bool, how: str | None) -> None:
        """Trust, or a general retainer, pays a bill by hand: so much, or as far as it goes."""
        bill = self.bill(n)
        matter = self.practice.matters[bill.matter]
        there = matter.retainer_cents if retainer else matter.card.room(self.today)
        free = bill.open - (0 if retainer else bill.disputed)
        asked = None if how is None else max(1, part_of(max(0, min(free, there)), how))
        cents = min(free, there) if asked is None else asked
        short = "retainer.overdraw" if retainer else "trust.overdraw"
        refusals = (
            not retainer and self.on(0)[1],
            bill.void and "apply.not-issued",
            bill.open == 0 and "apply.nothing-open",
            (not retainer and self.practice.waits(bill)) and "apply.notice",
            (asked or 1) > bill.open and "apply.beyond-bill",
            (asked or 1) > free and "apply.disputed",
            (asked or 1) > there and short,
        )
        account: Any = "retainer" if retainer else "trust"
        self.does(lambda: drawing.pay(self.ledger, account, bill.number, asked), *refusals)
        if not any(refusals):
            (self.practice.apply_retainer if retainer else self.practice.apply_trust)(bill, cents)

    @rule()
    def draw_what_waits(self) -> None:
        """Trust pays what it can on every matter whose money waits for a hand."""
        locked = self.on(0)[1]
        self.does(lambda: drawing.pay_waiting(self.ledger, "trust"), locked)
        if locked:
            return
        for matter in self.practice.matters.values():
            for bill in [] if matter.auto else self.practice.open_bills(matter.number):
                cents = min(bill.open - bill.disputed, matter.card.room(self.today))
                if cents > 0 and not self.practice.waits(bill):
                    self.practice.apply_trust(bill, cents)

    @rule()
    def draw_what_is_due(self) -> None:
        """Trust pays what bills told, once the client can't object to it any more (T4)."""
        locked = self.on(0)[1]
        self.does(lambda: drawing.pay_due(self.ledger), locked)
        if locked:
            return
        told = sorted(self.practice.notices.items(), key=lambda item: (item[1].due, item[0]))
        for number, notice in told:
            bill = self.practice.bills[number]
            card = self.practice.matters[bill.matter].card
            free = min(bill.open - bill.disputed, self.practice.coming(bill))
            cents = min(free, card.room(self.today))
            if cents > 0 and notice.due <= self.today:
                self.practice.apply_trust(bill, cents)
                notice.taken += cents

    @rule(number=a_matter, cents=some_cents)
    def retain(self, number: str, cents: int) -> None:
        matter = self.practice.matters[number]
        closed = matter.closed and "matter.closed"
        self.does(
            lambda: general_retainers.deposit(
                self.ledger, number, cents, basis="client-consent", note="clause 4"
            ),
            closed,
        )
        if not closed:
            self.practice.retain(matter, cents)

    @rule(number=a_matter, how=how_much)
    def refund_retainer(self, number: str, how: str) -> None:
        matter = self.practice.matters[number]
        cents = max(1, part_of(matter.retainer_cents, how))
        above = cents > matter.retainer_cents and "retainer.overdraw"
        self.does(lambda: general_retainers.refund(self.ledger, number, cents), above)
        if not above:
            self.practice.retain(matter, -cents)

    # -- payments ------------------------------------------------------------------------------

    @precondition(lambda self: self.practice.bills)
    @rule(n=which, how=how_much, more=st.sampled_from([0, 0, 1, 700_00]))
    def pay(self, n: int, how: str, more: int) -> None:
        bill = self.bill(n)
        cents = max(1, part_of(bill.open, how)) + more
        refused = bill.open == 0 and ("payment.not-issued" if bill.void else "payment.nothing-open")
        view = self.does(lambda: payments.add(self.ledger, bill.number, cents), refused)
        if refused:
            return
        client = self.practice.client_of(bill)
        payment = Payment(view["id"], client, bill.matter, cents, cents)
        self.practice.payments[payment.ref] = payment
        self.practice.apply_credit(bill, payment, min(cents, bill.open))

    def payment(self, n: int) -> Payment:
        found = list(self.practice.payments.values())
        return found[-1 - n % len(found)]

    @precondition(lambda self: self.practice.payments)
    @rule(n=which)
    def unapply(self, n: int) -> None:
        payment = self.payment(n)
        source = ("payment", payment.ref)
        found = [bill for bill in self.practice.bills.values() if source in bill.paid]
        self.does(
            lambda: payments.unapply(self.ledger, payment.ref), not found and "payment.unapplied"
        )
        for bill in found:
            payment.credit += bill.paid[source]
            bill.unpay(source, bill.paid[source])

    @precondition(lambda self: self.practice.payments)
    @rule(n=which)
    def apply_credit(self, n: int) -> None:
        payment = self.payment(n)
        found = [
            bill
            for matter in self.practice.matters.values()
            if matter.client == payment.client
            for bill in self.practice.open_bills(matter.number)
        ]
        refusals = (
            not payment.credit and "payment.credit",
            not found and "payment.nothing-open",
        )
        self.does(lambda: payments.apply(self.ledger, payment.ref), *refusals)
        if any(refusals):
            return
        for bill in sorted(found, key=lambda bill: (bill.due, bill.number)):
            cents = min(bill.open, payment.credit)
            if cents:
                self.practice.apply_credit(bill, payment, cents)

    @precondition(lambda self: self.practice.payments)
    @rule(n=which, how=how_much)
    def refund(self, n: int, how: str) -> None:
        payment = self.payment(n)
        cents = max(1, part_of(payment.credit, how))
        above = cents > payment.credit and "payment.credit"
        self.does(lambda: payments.refund(self.ledger, payment.ref, cents), above)
        if not above:
            payment.credit -= cents
            payment.refunded += cents

    # -- matters -------------------------------------------------------------------------------

    @rule(number=a_matter)
    def close_or_open(self, number: str) -> None:
        matter = self.practice.matters[number]
        if matter.closed:
            closing.reopen(self.ledger, number)
        else:
            busy = (
                matter.card.balance(date.max)
                or matter.work
                or self.practice.open_bills(number)
                or matter.retainer_cents
            )
            self.does(
                lambda: closing.close(self.ledger, number), bool(busy) and "matter.still-open"
            )
            if busy:
                return
        matter.closed = not matter.closed

    # -- what always holds ---------------------------------------------------------------------

    @invariant()
    def trust_holds_what_the_model_says(self) -> None:
        for day in {self.today, self.today - timedelta(days=4), LAST + timedelta(days=30)}:
            for matter in self.practice.matters.values():
                view = trust_views.balance(self.ledger, matter.number, day=day)
                card = matter.card
                found = (view.balance_cents, view.cleared_cents, view.available_cents)
                assert found == (card.balance(day), card.cleared(day), card.free(day)), day

    @invariant()
    def no_ledger_of_trust_is_below_zero_on_any_day(self) -> None:
        for card in self.practice.cards():
            for day in card.days_from(FIRST - timedelta(days=20)):
                assert card.cleared(day) >= 0
        rows = self.ledger.session.connection().exec_driver_sql("""
            SELECT d.matter_id, d.day, (
                SELECT sum(t.amount_cents) FROM trust_entry AS t
                LEFT JOIN trust_clearing AS c ON c.receipt_id = t.id
                WHERE t.matter_id IS d.matter_id AND coalesce(c.day, t.effective_on) <= d.day
            ) AS cents FROM (
                SELECT DISTINCT matter_id, effective_on AS day FROM trust_entry) AS d""")
        assert [row for row in rows if (row.cents or 0) < 0] == []

    @invariant()
    def bills_stand_as_the_model_says(self) -> None:
        found = {
            bill.number: (
                bill.paid_cents,
                bill.credited_cents,
                bill.written_off_cents,
                bill.balance_cents,
            )
            for bill in bill_reads.all_(self.ledger)
            if bill.state != "void"
        }
        live = [bill for bill in self.practice.bills.values() if not bill.void]
        model = {b.number: (b.paid_cents, b.credited, b.written_off, b.open) for b in live}
        assert found == model, [
            (n, each, model[n]) for n, each in found.items() if each != model[n]
        ]
        assert all(bill.open >= 0 for bill in live)
        credit = {
            payment.ref: payment.credit
            for payment in self.practice.payments.values()
            if payment.credit
        }
        assert {f"P-{id}": cents for id, cents in journal.credits_(self.ledger).items()} == credit

    @invariant()
    def test_B08_bills_less_what_reduced_them_are_what_is_owed(self) -> None:
        live = [bill for bill in self.practice.bills.values() if not bill.void]
        owed = sum(b.total - b.paid_cents - b.written_off - b.credited for b in live)
        assert owed == sum(row["total_cents"] for row in reports.ageing(self.ledger))
        sums = self.posted()
        assert sums.get("receivable", 0) == owed
        received = sum(p.cents - p.refunded for p in self.practice.payments.values())
        credit = sum(payment.credit for payment in self.practice.payments.values())
        assert sums.get("client_credit", 0) == -credit
        cards = [card.balance(date.max) for card in self.practice.cards()]
        assert sums.get("trust_bank", 0) == sum(cards)
        assert sums.get("trust_liability", 0) == -sum(cards[1:])
        covers = sum(
            r.cents - r.undone for c in self.practice.cards() for r in c.rows if r.kind == "cover"
        )
        from_trust = sum(
            cents
            for b in self.practice.bills.values()
            for (kind, _), cents in b.paid.items()
            if kind == "trust"
        )
        own = self.practice.firm
        lent = sum(
            r.cents - (r.undone if r.cents > 0 else -r.undone)
            for r in own.rows
            if r.kind == "deposit"
        )
        retained = sum(matter.retainer_cents for matter in self.practice.matters.values())
        assert sums.get("retainer_liability", 0) == -retained
        retained += sum(
            cents
            for b in self.practice.bills.values()
            for (kind, _), cents in b.paid.items()
            if kind == "retainer"
        )
        operating = received + from_trust + retained - covers - lent
        assert sums.get("operating_bank", 0) == operating

    def posted(self) -> dict[str, int]:
        rows = self.ledger.session.connection().exec_driver_sql("""
            SELECT account, sum(cents) AS cents FROM (
                SELECT debit AS account, amount_cents AS cents FROM move
                UNION ALL SELECT credit, -amount_cents FROM move) GROUP BY account""")
        return {row.account: row.cents for row in rows}

    @invariant()
    def test_B18_what_was_owed_on_a_day_is_told_alike_later(self) -> None:
        if self.told:
            day = list(self.told)[len(self.practice.bills) % len(self.told)]
            assert reports.ageing(self.ledger, as_of=day) == self.told[day]


def play(machine: type[ClientMoney], folder: Path, *, games: int, steps: int, same: bool) -> None:
    """Games of chance against the model; `same` ones every time."""
    machine.blank = blank(folder / "blank.db")
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=games,
            stateful_step_count=steps,
            derandomize=same,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
