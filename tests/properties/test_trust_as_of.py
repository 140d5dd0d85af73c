"""Trust on any day of a random history: three sums agree, and the past stays as it was told."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from offices import new_ledger

from billcli.core.trust import standing
from billcli.errors import Refused
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.funds import client_funds, funded_work, transfers, trust_firm, trust_reversal
from billcli.services.funds import trust as trusting
from billcli.services.funds.reconciling import reconcile
from billcli.services.matter import matters, options
from billcli.services.office import clients, timekeepers
from billcli.services.work import expenses, time
from billcli.store import bill_reads, retainers, trust, trust_reads, trust_reports
from billcli.store.ledger import Ledger, attach
from billcli.store.retainers import RetainerEntry
from billcli.store.trust import TrustEntry

FIRST = date(2026, 1, 5)
MATTERS = ("2026-001", "2026-002", "2026-003")
CLIENTS = ("rivera", "rivera", "odum")
H = 10_000
WHAT = ("deposit", "deposit", "deposit", "clear", "withdraw", "move", "work", "cost", "bill",
        "bill", "fee", "back", "confirm", "confirm", "firm", "bank fee", "return", "retainer",
        "ask", "reconcile")  # fmt: skip

histories = st.lists(
    st.tuples(st.sampled_from(WHAT), st.integers(0, 5), st.sampled_from([0, 0, 1, 3, 9, 16, 31])),
    max_size=30,
)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = new_ledger(tmp_path_factory.mktemp("blank") / "ledger.db")
    ledger = attach(path, today=FIRST.isoformat(), actor="t", command="t")
    timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=100 * H)
    for client in dict.fromkeys(CLIENTS):
        clients.add(ledger, client, client.title())
    for number, client in zip(MATTERS, CLIENTS, strict=True):
        matters.add(ledger, number, number, client=client, responsible="ma")
    minimum = {"minimum_cents": 800_00, "trigger_cents": 300_00}
    options.set_options(ledger, "2026-001", {"replenish": minimum, "trust_applies": "manual"})
    options.set_options(ledger, "2026-003", {"trust_pays": "new-and-ar"})
    ledger.close()
    return path


class Year:
    """A ledger whose days go by, and its bank, which knows nothing of the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.bank: list[tuple[date, int]] = []
        self.moved: set[int] = set()

    def statement(self, day: date) -> int:
        """What the bank has at the end of a day."""
        return sum(cents for when, cents in self.bank if when <= day)

    def act(self, what: str, n: int) -> None:
        """Do it, or be refused."""
        try:
            self._act(what, n)
        except Refused:
            self.ledger.session.rollback()

    def _act(self, what: str, n: int) -> None:
        ledger, number, today = self.ledger, MATTERS[n % 3], self.ledger.today
        cents = (n + 1) * 110_00
        rows = [each for each in trust.all_(ledger) if each.kind == "deposit"]
        if what == "deposit":
            self.at_bank(trusting.deposit(ledger, number, cents, method=("check", "wire")[n % 2]))
        elif what == "clear" and rows:
            trusting.clear(ledger, rows[-1].ref)
        elif what == "withdraw":
            self.at_bank(trusting.withdraw(ledger, number, cents, payee="Court", purpose="fee"))
        elif what == "move":
            trusting.move(ledger, "2026-001", "2026-002", cents, authority="letter")
        elif what == "work":
            time.add(ledger, number, (n + 1) * H, "Work")
        elif what == "cost":
            expenses.add(ledger, number, 45_00 + n, "Court fee")
        elif what == "bill":
            bills.create(ledger, number, Request(today, today), issued=True)
        elif what == "fee":
            self.fee(cents)
        elif what == "back":
            self.back(n, cents)
        elif what == "confirm":
            made = transfers.confirm(ledger, f"FT {n}")
            self.bank.append((today, made.to_trust_cents - made.to_operating_cents))
        elif what == "firm":
            self.at_bank(trust_firm.deposit(ledger, 10_00))
        elif what == "bank fee":
            self.at_bank(trust_firm.fee(ledger, 3_00))
        elif what == "return" and rows:
            entry = rows[n % len(rows)]
            made_back = trust_reversal.reverse(ledger, entry.ref, reason="bounced", cover=n == 5)
            self.bank.append((today, made_back["cover_cents"] - entry.cents))
        elif what == "retainer":
            self.retainer(number, cents)
        elif what == "ask":
            self.ask(number, cents)
        elif what == "reconcile":
            self.reconcile(today - timedelta(n))

    def at_bank(self, view: dict[str, Any]) -> None:
        self.bank.append((self.ledger.today, view["amount_cents"]))

    def fee(self, cents: int) -> None:
        """Trust pays a bill by hand, as much of it as is there."""
        ledger = self.ledger
        for bill in bill_reads.all_(ledger):
            moves = trust_reads.moves_of(ledger, bill.matter_id)
            there = standing(moves, ledger.today).available_cents
            paid = min(cents, bill.balance_cents, there)
            if paid > 0:
                with ledger.write():
                    mark = ledger.record("trust", after={"fee": paid})
                    of = {"client": bill.client, "matter_id": bill.matter_id, "bill_id": bill.id}
                    row = TrustEntry("fee", ledger.today, -paid, ledger.today, **of)  # type: ignore[arg-type]
                    trust.add(ledger, row, mark)
                return

    def back(self, n: int, cents: int) -> None:
        """A fee goes back, in part or whole."""
        ledger = self.ledger
        fees = [each for each in trust.all_(ledger) if each.kind == "fee"]
        if fees:
            entry = fees[n % len(fees)]
            left = -entry.cents - trust.reversed_cents(ledger, entry.id)
            if left > 0:
                with ledger.write():
                    mark = ledger.record("trust", after={"back": cents})
                    back = min(left, cents)
                    trust.undo(ledger, entry, back, day=ledger.today, reason="wrong", mark=mark)

    def retainer(self, number: str, cents: int) -> None:
        ledger, place = self.ledger, MATTERS.index(number)
        with ledger.write():
            mark = ledger.record("retainer", after={"cents": cents})
            of = {"client": CLIENTS[place], "matter_id": place + 1}
            basis = {"basis": "client-consent", "note": "letter"}
            row = RetainerEntry("deposit", ledger.today, cents, **of, **basis)  # type: ignore[arg-type]
            retainers.add(ledger, row, mark)

    def ask(self, number: str, cents: int) -> None:
        ledger, place = self.ledger, MATTERS.index(number)
        with ledger.write():
            retainers.ask(
                ledger, matter_id=place + 1, client=CLIENTS[place], day=ledger.today,
                account="trust", kind="initial", cents=cents, bill_id=None,
                number_format="RR-{seq:04}",
            )  # fmt: skip

    def reconcile(self, day: date) -> None:
        """The bank's own statement always agrees, and is kept."""
        made = reconcile(self.ledger, day=day, statement_cents=self.statement(day))
        assert made.agreed, made.hints

    def told(self, day: date | None = None) -> list[Any]:
        """What the reports say of a day; today without one."""
        on = day or self.ledger.today
        return [
            client_funds.trust_report(self.ledger, as_of=day),
            funded_work.report(self.ledger, as_of=day),
            transfers.late(self.ledger, on),
            client_funds.unreconciled_months(self.ledger, on),
        ]


@example(
    history=[("deposit", 5, 1), ("work", 1, 1), ("bill", 1, 1), ("fee", 1, 16), ("back", 0, 1)]
)
@example(
    history=[("deposit", 1, 1), ("work", 1, 1), ("bill", 1, 0), ("fee", 1, 16), ("confirm", 0, 1),
             ("reconcile", 1, 1), ("back", 0, 31), ("confirm", 1, 1), ("reconcile", 1, 1)]
)  # fmt: skip
@given(history=histories)
@settings(max_examples=20, deadline=None, derandomize=True)
def test_B18_trust_on_a_past_day_is_what_was_told_then_and_agrees(
    blank: Path, history: list[tuple[str, int, int]]
) -> None:
    with tempfile.TemporaryDirectory(prefix="year-") as folder:
        path = Path(shutil.copy(blank, Path(folder) / "ledger.db"))
        ledger = attach(path, today=FIRST.isoformat(), actor="t", command="t")
        try:
            year, then = Year(ledger), {}
            for what, n, days in history:
                if days and ledger.today + timedelta(days) < date(2026, 11, 20):
                    then[ledger.today] = year.told()
                    ledger.clock = replace(ledger.clock, today=ledger.today + timedelta(days))
                year.act(what, n)
            for day, told in then.items():
                assert year.told(day) == told, day
            for day in (*then, ledger.today):
                three_sums(ledger, day)
            locked = trust.locked_through(ledger)
            if locked is None or locked < ledger.today:
                year.reconcile(ledger.today)
        finally:
            ledger.close()


def three_sums(ledger: Ledger, day: date) -> None:
    """The journal's bank account is all ledgers and the firm's own, row by row (V: B = C)."""
    held = {row.matter_id: row.balance_cents for row in trust_reports.ledgers(ledger, day)}
    own = trust_reports.firm_nominal(ledger, day)
    assert trust_reports.bank_balance(ledger, day) == sum(held.values()) + own
    assert own >= 0
    for matter_id, moves in trust_reads.moves(ledger).items():
        now = standing(moves, day)
        assert now.balance_cents == held.get(matter_id, 0) >= now.cleared_cents >= 0
