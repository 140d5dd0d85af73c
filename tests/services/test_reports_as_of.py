"""A report as of a past day says what it said on that day (B18)."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from offices import new_ledger

from billcli.core.ageing import BUCKETS
from billcli.errors import BillError
from billcli.services.bill import bill_reading, bills
from billcli.services.bill.request import Request
from billcli.services.matter import matters, options
from billcli.services.office import clients, timekeepers
from billcli.services.receivables import credits, payments, plans, statements, writeoffs
from billcli.services.reporting import reports, status
from billcli.services.work import charges, expenses, time
from billcli.store.ledger import Ledger, attach
from billcli.values.dates import Clock

FIRST = date(2026, 1, 5)
MATTERS = ("2026-001", "2026-002", "2026-003")
H = 10_000

actions = st.lists(
    st.tuples(
        st.sampled_from(
            ["work", "work", "cost", "charge", "bill", "bill", "approve", "issue", "draft", "void",
             "pay", "pay part", "pay over", "unapply", "apply", "refund", "plan", "plan",
             "credit", "credit all", "write off"]
        ),
        st.integers(0, 5),
        st.sampled_from([0, 0, 1, 1, 9, 31, 45]),
    ),
    max_size=25,
)  # fmt: skip


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = new_ledger(tmp_path_factory.mktemp("blank") / "ledger.db")
    ledger = attach(path, today=FIRST.isoformat(), actor="t", command="t")
    with ledger.write():
        timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=100 * H)
        clients.add(ledger, "rivera", "Ana Rivera")
        for number, terms in zip(MATTERS, (0, 14, 30), strict=True):
            matters.add(ledger, number, number, client="rivera", responsible="ma")
            options.set_options(ledger, number, {"terms": terms})
    ledger.close()
    return path


class Year:
    """A ledger whose days go by, one action after the other, never back."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def bills(self, *states: str) -> list[dict[str, Any]]:
        return [row for row in bill_reading.list_(self.ledger) if row["state"] in states]

    def act(self, what: str, n: int) -> None:
        ledger, matter, today = self.ledger, MATTERS[n % 3], self.ledger.today
        held = [row for row in payments.list_(ledger) if row["credit_cents"]]
        live = self.bills("issued", "part_paid")
        if what == "work":
            time.add(ledger, matter, (n + 1) * 1000, "Work")
        elif what == "cost":
            expenses.add(ledger, matter, 45_00 + n, "Court fee")
        elif what == "charge":
            charges.add(ledger, matter, 300_00, "Filing")
        elif what in ("bill", "approve", "draft") and self.unbilled(matter):
            ready = Request(today, today)
            approved = what != "draft"
            bills.create(ledger, matter, ready, approved=approved, issued=what == "bill")
        elif what == "issue" and (waiting := self.bills("approved")):
            # A bill that waited is posted on its own day, which would be back-dating.
            if waiting[0]["date"] == today:
                bills.issue(ledger, waiting[0]["number"])
        elif what.startswith("credit") and live:
            bill = live[n % len(live)]
            left = bill["total_cents"] if what == "credit all" else bill["balance_cents"] // 3
            with suppress(BillError):  # what was credited or written off before isn't again
                credits.add(ledger, bill["number"], left or 1, reason="correction")
        elif what == "write off" and live:
            bill = live[n % len(live)]
            cents = bill["balance_cents"] // 2 or 1
            writeoffs.add(ledger, bill["number"], cents, text="too small")
        elif what == "void" and (loose := [b for b in live if self.untouched(b)]):
            bills.void(ledger, loose[n % len(loose)]["number"], reason="wrong")
        elif what == "plan" and live:
            every = ("week", "month")[n % 2]
            plans.agree(ledger, live[n % len(live)]["number"], count=n + 1, every=every)
        elif what.startswith("pay") and live:
            bill = live[n % len(live)]
            cents = bill["balance_cents"]
            cents = {"pay part": cents // 2 or 1, "pay over": cents + 50_00}.get(what, cents)
            payments.add(ledger, bill["number"], cents)
        elif what == "unapply" and (pays := [p for p in payments.list_(ledger) if p["applied"]]):
            payments.unapply(ledger, pays[n % len(pays)]["id"])
        elif what == "apply" and held and live:
            payments.apply(ledger, held[0]["id"])
        elif what == "refund" and held:
            payments.refund(ledger, held[0]["id"])

    def untouched(self, bill: dict[str, Any]) -> bool:
        """Whether nothing was paid, credited or written off on it."""
        return bool(bill["total_cents"] == bill["balance_cents"])

    def unbilled(self, matter: str) -> bool:
        waiting = {row["matter"] for row in reports.wip(self.ledger) if row["total_cents"]}
        return matter in waiting and not any(b["matter"] == matter for b in self.bills("draft"))


@example(history=[("work", 0, 1), ("bill", 0, 31), ("pay part", 0, 31), ("unapply", 0, 31)])
@example(history=[("work", 0, 1), ("bill", 0, 31), ("void", 0, 9), ("bill", 0, 9)])
@given(history=actions)
@settings(max_examples=15, deadline=None, derandomize=True)
def test_B18_a_past_day_is_reported_as_it_was_then(
    blank: Path, history: list[tuple[str, int, int]]
) -> None:
    with tempfile.TemporaryDirectory(prefix="year-") as folder:
        path = Path(shutil.copy(blank, Path(folder) / "ledger.db"))
        ledger = attach(path, today=FIRST.isoformat(), actor="t", command="t")
        try:
            year, then = Year(ledger), {}
            for what, n, days in history:
                day = ledger.today + timedelta(days)
                if days:
                    then[ledger.today] = (reports.ageing(ledger), reports.wip(ledger))
                ledger.clock = Clock(day, ledger.clock.now)
                year.act(what, n)
                check_now(ledger)
            for day, (ageing, wip) in then.items():
                assert reports.ageing(ledger, as_of=day) == ageing
                assert reports.wip(ledger, as_of=day) == wip
            assert reports.ageing(ledger, as_of=FIRST - timedelta(1)) == []
        finally:
            ledger.close()


def check_now(ledger: Ledger) -> None:
    """The buckets sum to what is open, and a part-paid bill counts its rest alone.

    What lists and `status` call overdue is what the report has past due.
    """
    rows = reports.ageing(ledger)
    for row in rows:
        assert sum(row[f"{bucket}_cents"] for bucket in BUCKETS) == row["total_cents"]
    open_ = sum(row["balance_cents"] for row in bill_reading.list_(ledger)
                if row["state"] not in ("draft", "approved", "void"))  # fmt: skip
    assert sum(row["total_cents"] for row in rows) == open_
    check_statements(ledger, sum(row["total_cents"] for row in rows))
    late = sum(row["total_cents"] - row["current_cents"] for row in rows)
    listed = bill_reading.list_(ledger, overdue=True)
    assert sum(row["overdue_cents"] for row in listed) == late
    told = status.status(ledger)["overdue"]
    assert [(row["number"], row["overdue_cents"]) for row in told] == [
        (row["number"], row["overdue_cents"]) for row in listed
    ]


def check_statements(ledger: Ledger, open_cents: int) -> None:
    """A statement closes on what is owed by the journal, and where it ends the next begins."""
    whole = statements.statement(ledger, "rivera")
    assert whole.opening_cents == 0
    assert whole.closing_cents == open_cents == whole.ageing["total_cents"]
    assert sum(bill.balance_cents for bill in whole.open_bills) == open_cents
    held = sum(row["credit_cents"] for row in payments.list_(ledger))
    assert whole.client_credit_cents == held
    apart = [statements.statement(ledger, "rivera", matter=number) for number in MATTERS]
    assert sum(view.closing_cents for view in apart) == open_cents
    day = FIRST + (ledger.today - FIRST) / 2
    before = statements.statement(ledger, "rivera", last=day)
    after = statements.statement(ledger, "rivera", first=day + timedelta(1)) if (
        day < ledger.today) else before  # fmt: skip
    assert before.closing_cents == sum(r["total_cents"] for r in reports.ageing(ledger, as_of=day))
    assert after.closing_cents == open_cents
    if after is not before:
        assert after.opening_cents == before.closing_cents
    for view in (whole, before, after, *apart):
        assert view.closing_cents == (
            view.opening_cents + view.billed_cents - view.voided_cents - view.credited_cents
            - view.paid_cents - view.written_off_cents
        )  # fmt: skip
        assert view.paid_cents == sum(view.paid_by.values())


@pytest.mark.parametrize(
    ("late", "bucket"),
    [(-1, "current"), (0, "current"), (1, "d1_30"), (30, "d1_30"), (31, "d31_60"), (60, "d31_60"),
     (61, "d61_90"), (90, "d61_90"), (91, "d91"), (2000, "d91")],
)  # fmt: skip
def test_B18_ageing_is_by_due_date(blank: Path, tmp_path: Path, late: int, bucket: str) -> None:
    path = Path(shutil.copy(blank, tmp_path / "ledger.db"))
    ledger = attach(path, today=FIRST.isoformat(), actor="t", command="t")
    charges.add(ledger, "2026-003", 100_00, "Filing")
    made = bills.create(ledger, "2026-003", Request(FIRST, FIRST), issued=True)
    assert made["due_date"] == FIRST + timedelta(30)
    (row,) = reports.ageing(ledger, as_of=made["due_date"] + timedelta(late))
    ledger.close()
    assert {name: row[f"{name}_cents"] for name in BUCKETS if row[f"{name}_cents"]} == {
        bucket: 100_00
    }
