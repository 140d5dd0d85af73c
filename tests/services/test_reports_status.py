"""What needs attention: earned but unbilled, waiting bills, overdue ones, credits, caps."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from practice import DAY, H, practice

from billcli.errors import NotFound
from billcli.services.bill import bill_reading, bills
from billcli.services.bill.request import Request
from billcli.services.matter import holds, matters
from billcli.services.milestones import tasks, triggers
from billcli.services.receivables import payments
from billcli.services.reporting import boards, never_billed, reports, status
from billcli.services.work import charges, time
from billcli.store.ledger import Ledger
from billcli.values.dates import Clock

M = "2026-001"
NOW = Request(DAY, DAY)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return practice(tmp_path_factory.mktemp("month") / "ledger.db", matters=2)


@pytest.fixture
def office(prepared: Path, tmp_path: Path, make_ledger: Callable[..., Ledger]) -> Ledger:
    """An open ledger with two matters, 450.00 of fees and 45.00 of costs unbilled on each."""
    return make_ledger(Path(shutil.copy(prepared, tmp_path / "ledger.db")))


def later(ledger: Ledger, days: int) -> None:
    ledger.clock = Clock(ledger.today + timedelta(days), ledger.clock.now)


def milestone(ledger: Ledger, n: int, *, charge: bool | None) -> None:
    tasks.add(ledger, M, f"Part {n}", trigger_kind="amount", trigger_cents=100_00)
    triggers.done(ledger, M, n, charge=charge)


def test_earned_and_not_billed(office: Ledger) -> None:
    milestone(office, 1, charge=True)
    milestone(office, 2, charge=False)
    milestone(office, 3, charge=None)
    tasks.add(office, M, "Open", trigger_kind="amount", trigger_cents=100_00)
    found = status.status(office)["earned_unbilled"]
    assert [(row["task"], row["charge"], row["state"], row["amount_cents"]) for row in found] == [
        (1, "C-1", "charged", 100_00), (2, None, "declined", 100_00), (3, None, "ready", 100_00),
    ]  # fmt: skip
    triggers.waive(office, M, 2, reason="agreed")
    made = bills.create(office, M, NOW, issued=True)
    assert [row["task"] for row in status.status(office)["earned_unbilled"]] == [3]
    bills.void(office, made["number"], reason="wrong")
    assert [row["task"] for row in status.status(office)["earned_unbilled"]] == [1, 3]


def test_a_percentage_is_told_with_what_it_would_charge(office: Ledger) -> None:
    matters.add(
        office, "2026-010", "Will", client="rivera", kind="fixed",
        terms={"value_cents": 999_99, "bill_when": "milestones"},
    )  # fmt: skip
    for percent in (30, 40):
        tasks.add(
            office, "2026-010", "Part", trigger_kind="percent", trigger_percent_e4=percent * H
        )
    triggers.done(office, "2026-010", 2)
    view = status.status(office)
    assert [row["amount_cents"] for row in view["earned_unbilled"]] == [399_99]
    (gap,) = view["milestones_not_covering"]
    assert (gap["matter"], gap["value_cents"], gap["difference_cents"]) == (
        "2026-010", 999_99, 300_00,
    )  # fmt: skip


def test_what_waits_and_what_is_late(office: Ledger) -> None:
    draft = bills.create(office, M, NOW)
    approved = bills.create(office, "2026-002", NOW, approved=True)
    view = status.status(office)
    assert [row["id"] for row in view["drafts"]] == [draft["id"]]
    assert [row["number"] for row in view["to_issue"]] == [approved["number"]]
    assert view["overdue"] == []
    bills.issue(office, approved["number"])
    later(office, 30)
    assert status.status(office)["overdue"] == [], "on its due date it is not late"
    later(office, 1)
    (late,) = status.status(office)["overdue"]
    assert (late["number"], late["days_late"], late["balance_cents"]) == ("2026-0001", 1, 495_00)
    payments.add(office, "2026-0001", 495_00)
    assert status.status(office)["overdue"] == []


def test_credit_that_waits(office: Ledger) -> None:
    number = bills.create(office, M, NOW, issued=True)["number"]
    paid = payments.add(office, number, 500_00)
    (credit,) = status.status(office)["credits"]
    assert (credit["payment"], credit["credit_cents"]) == (paid["id"], 5_00)
    payments.refund(office, paid["id"])
    assert status.status(office)["credits"] == []


@pytest.mark.parametrize(
    ("cents", "passed"),
    [(699_99, None), (700_00, 70), (849_99, 70), (850_00, 85), (999_99, 85), (1000_00, 100),
     (1500_00, 100)],
)  # fmt: skip
@pytest.mark.parametrize("billed", [False, True])
def test_D18_caps_that_are_nearly_used(
    office: Ledger, cents: int, passed: int | None, billed: bool
) -> None:
    terms = {"value_cents": 1000_00}
    matters.add(office, "2026-010", "Lease", client="rivera", kind="capped", terms=terms)
    charges.add(office, "2026-010", cents, "Work", day=DAY)
    if billed:
        bills.create(office, "2026-010", NOW, issued=True)
    found = status.status(office)["caps"]
    assert [row["passed_percent"] for row in found] == ([passed] if passed else [])


def test_work_in_progress_by_matter(office: Ledger) -> None:
    time.add(office, M, H, "A gift", day=DAY, timekeeper="ma", behavior="no-charge")
    time.add(office, M, H, "Ours", day=DAY, timekeeper="ma", behavior="non-billable")
    charges.add(office, M, 80_00, "Filing", day=DAY - timedelta(40))
    holds.hold(office, "E-1")
    first, second = reports.wip(office)
    keys = ("time_cents", "charges_cents", "fees_cents", "costs_cents", "total_cents", "held_cents")
    assert [first[key] for key in keys] == [450_00, 80_00, 530_00, 45_00, 575_00, 45_00]
    assert (first["hours_e4"], first["oldest"]) == (25_000, DAY - timedelta(40))
    assert second["total_cents"] == 495_00
    assert reports.wip(office, as_of=DAY - timedelta(1))[0]["total_cents"] == 80_00


def test_what_is_on_hold_is_not_told_as_unbilled(office: Ledger) -> None:
    charges.add(office, M, 80_00, "Filing", day=DAY)
    charges.add(office, M, 20_00, "Copies", day=DAY)
    for held in ("E-1", "C-1"):
        holds.hold(office, held)
    told = {line.what: line.amount_cents for line in boards.unbilled(office) if line.matter == M}
    assert told == {"Copies (C-2)": 20_00, "Work in progress": 450_00}


# -- lists of bills --------------------------------------------------------------------------------


def test_a_client_who_is_not_there_is_no_client_without_work(office: Ledger) -> None:
    for report in (boards.milestones, boards.unbilled, never_billed.report):
        with pytest.raises(NotFound, match="There is no client"):
            report(office, client="riveras")


def test_lists_and_what_narrows_them(office: Ledger) -> None:
    first = bills.create(office, M, NOW, issued=True)["number"]
    later(office, 40)
    draft = bills.create(office, "2026-002", Request(office.today, office.today))["id"]

    def names(**asked: object) -> list[str | None]:
        return [row["number"] or row["id"] for row in bill_reading.list_(office, **asked)]  # type: ignore[arg-type]

    assert names() == [first, draft]
    assert names(state="draft") == [draft]
    assert names(state="issued") == [first]
    assert names(state="part-paid") == []
    assert names(matter="2026-002") == [draft]
    assert names(overdue=True) == [first]
    assert names(since=DAY + timedelta(1)) == [draft]
    payments.add(office, first, 1)
    assert names(state="part-paid") == names(state="part_paid") == [first]


def test_a_bill_answers_to_its_number_and_to_its_d_for_life(office: Ledger) -> None:
    draft = bills.create(office, M, NOW)["id"]
    number = bills.approve(office, draft)["number"]
    for name in (number, draft, draft.lower(), f" {number} "):
        assert bills.show(office, name)["number"] == number
    assert bill_reading.summary(office, draft) == [
        "Bill 2026-0001 (D-1) is approved: 0.00 paid, 0.00 open."
    ]


def test_pages_are_saved_under_the_number_or_the_draft(office: Ledger, tmp_path: Path) -> None:
    draft = bills.create(office, M, NOW)["id"]
    folder = tmp_path / "out"
    folder.mkdir()
    page = bill_reading.render(office, draft, form="md")
    assert bill_reading.save(office, draft, page, form="md", out=str(folder)).name == "D-1.md"
    number = bills.approve(office, draft)["number"]
    made = bill_reading.save(office, number, page, form="md", out=f"{tmp_path}/new/")
    assert made == tmp_path / "new" / "2026-0001.md"
    assert made.stat().st_mode & 0o777 == 0o600
    other = bill_reading.save(office, number, page, form="md", out=str(tmp_path / "mine.md"))
    assert other.read_bytes() == page
