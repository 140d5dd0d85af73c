"""Payments: part, over, across bills; what is taken off is credit, never lost (B8, D-43)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from practice import DAY, contents, practice

from billcli.errors import BillError
from billcli.services.bill import bill_reading, bills
from billcli.services.bill.request import Request
from billcli.services.matter import matters
from billcli.services.office import clients
from billcli.services.receivables import payments
from billcli.services.reporting import reports
from billcli.services.upkeep import soundness
from billcli.services.work import charges
from billcli.store.ledger import Ledger
from billcli.values.dates import Clock


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return practice(tmp_path_factory.mktemp("month") / "ledger.db", matters=2, entries=0)


@pytest.fixture
def office(prepared: Path, tmp_path: Path, make_ledger: Callable[..., Ledger]) -> Ledger:
    """An open ledger; each matter owes 45.00 of costs that nobody billed yet."""
    return make_ledger(Path(shutil.copy(prepared, tmp_path / "ledger.db")))


def billed(
    ledger: Ledger, cents: int, *, matter: str = "2026-001", day: date = DAY, terms: int = 30
) -> str:
    """A bill over a flat charge, and only that."""
    charge = charges.add(ledger, matter, cents, "Filing", day=day)
    asked = Request(day, day, charges=(int(charge.id[2:]),), terms_days=terms)
    return str(bills.create(ledger, matter, asked, issued=True)["number"])


def stands(ledger: Ledger, number: str) -> tuple[str, int]:
    row = next(row for row in bill_reading.list_(ledger) if row["number"] == number)
    return row["state"], row["balance_cents"]


def parts(view: dict[str, Any]) -> dict[str, int]:
    return {part["bill"]: part["amount_cents"] for part in view["applied"]}


def test_B08_a_bill_is_paid_in_parts(office: Ledger) -> None:
    number = billed(office, 100_00)
    assert stands(office, number) == ("issued", 100_00)
    for cents, state, left in ((40_00, "part_paid", 60_00), (59_99, "part_paid", 1),
                               (1, "paid", 0)):  # fmt: skip
        made = payments.add(office, number, cents)
        assert (parts(made), made["credit_cents"]) == ({number: cents}, 0)
        assert stands(office, number) == (state, left)
    assert bills.show(office, number)["paid_cents"] == 100_00
    assert reports.ageing(office) == []


def test_B08_what_is_over_is_the_client_s_credit(office: Ledger) -> None:
    number = billed(office, 100_00)
    made = payments.add(office, number, 130_00)
    assert (made["applied_cents"], made["credit_cents"]) == (100_00, 30_00)
    later = billed(office, 50_00, matter="2026-002")
    applied = payments.apply(office, made["id"])
    assert parts(applied) == {number: 100_00, later: 30_00}
    assert stands(office, later) == ("part_paid", 20_00)
    with pytest.raises(BillError) as refused:
        payments.refund(office, made["id"], 1)
    assert refused.value.code == "payment.credit"


def test_D43_a_matter_s_bills_are_paid_by_due_date_then_number(office: Ledger) -> None:
    late = billed(office, 100_00, terms=60)
    first = billed(office, 100_00, terms=10)
    second = billed(office, 100_00, terms=10)
    other = billed(office, 100_00, matter="2026-002", terms=0)
    made = payments.add(office, "2026-001", 250_00)
    assert parts(made) == {first: 100_00, second: 100_00, late: 50_00}
    assert stands(office, other) == ("issued", 100_00), "another matter's bill is left alone"
    rest = payments.add(office, "2026-001", 80_00)
    assert (parts(rest), rest["credit_cents"]) == ({late: 50_00}, 30_00)


def test_B08_a_payment_is_taken_off_and_put_on_another_bill(office: Ledger) -> None:
    wrong, right = billed(office, 100_00), billed(office, 70_00)
    made = payments.add(office, wrong, 100_00)
    with pytest.raises(BillError) as refused:
        bills.void(office, wrong, reason="wrong")
    assert refused.value.code == "bill.paid"
    off = payments.unapply(office, made["id"])
    assert (off["applied"], off["credit_cents"]) == ([], 100_00)
    bills.void(office, wrong, reason="wrong")
    on = payments.apply(office, made["id"], right)
    assert (parts(on), on["credit_cents"]) == ({right: 70_00}, 30_00)
    back = payments.refund(office, made["id"])
    assert (back["credit_cents"], back["refunded_cents"]) == (0, 30_00)
    assert stands(office, right) == ("paid", 0)
    assert soundness.check(office.path).findings == ()


def test_B08_an_amount_of_the_credit_goes_to_one_bill(office: Ledger) -> None:
    first, second = billed(office, 100_00), billed(office, 100_00)
    made = payments.add(office, first, 100_00)
    payments.unapply(office, made["id"])
    on = payments.apply(office, made["id"], second, 25_00)
    assert (parts(on), on["credit_cents"]) == ({second: 25_00}, 75_00)
    again = payments.apply(office, made["id"], second, 75_00)
    assert (parts(again), again["credit_cents"]) == ({second: 100_00}, 0)


def test_payments_that_can_t_be_are_refused_and_change_nothing(office: Ledger) -> None:
    number = billed(office, 100_00)
    paid = billed(office, 10_00)
    payments.add(office, paid, 10_00)
    draft = bills.create(office, "2026-001", Request(DAY, DAY))["id"]
    approved = bills.create(office, "2026-002", Request(DAY, DAY), approved=True)["number"]
    clients.add(office, "ohm", "Ohm Ltd")
    matters.add(office, "2026-100", "Lease", client="ohm")
    theirs = billed(office, 5_00, matter="2026-100")
    credit = payments.add(office, theirs, 9_00)["id"]
    there = contents(office.path)
    tomorrow = office.today + timedelta(1)
    for code, refused in (
        ("payment.nothing-open", lambda: payments.add(office, paid, 1)),
        ("payment.nothing-open", lambda: payments.add(office, "2026-100", 1)),
        ("bill.draft", lambda: payments.add(office, draft, 1)),
        ("payment.not-issued", lambda: payments.add(office, approved, 1)),
        ("payment.target", lambda: payments.add(office, "2026-777", 1)),
        ("date.future", lambda: payments.add(office, number, 1, day=tomorrow)),
        ("payment.early", lambda: payments.add(office, number, 1, day=date(2026, 11, 1))),
        ("payment.credit", lambda: payments.apply(office, "P-1")),
        ("payment.credit", lambda: payments.refund(office, credit, 4_01)),
        ("payment.other-client", lambda: payments.apply(office, credit, number)),
        ("payment.nothing-open", lambda: payments.apply(office, credit)),
        ("payment.missing", lambda: payments.unapply(office, "P-99")),
        ("payment.reference", lambda: payments.unapply(office, "99")),
    ):
        with pytest.raises(BillError) as error:
            refused()
        assert error.value.code == code
    payments.unapply(office, credit)
    with pytest.raises(BillError) as error:
        payments.unapply(office, credit)
    assert error.value.code == "payment.unapplied"
    assert len(contents(office.path)["payment"]) == len(there["payment"])


def test_a_payment_has_its_own_day(office: Ledger) -> None:
    number = billed(office, 100_00, day=date(2026, 11, 2))
    payments.add(office, number, 30_00, day=date(2026, 11, 10))
    for day, open_cents in ((1, 0), (2, 100_00), (9, 100_00), (10, 70_00), (30, 70_00)):
        rows = reports.ageing(office, as_of=date(2026, 11, day))
        assert sum(row["total_cents"] for row in rows) == open_cents


def test_a_refund_isn_t_dated_ahead(office: Ledger) -> None:
    made = payments.add(office, billed(office, 10_00), 15_00)
    for act in (
        lambda: payments.refund(office, made["id"], 1_00, day=office.today + timedelta(1)),
        lambda: payments.unapply(office, made["id"], day=office.today + timedelta(1)),
    ):
        with pytest.raises(BillError) as error:
            act()
        assert error.value.code == "date.future"


def test_credit_doesn_t_move_before_it_was_there(office: Ledger) -> None:
    number = billed(office, 10_00, day=date(2026, 11, 2))
    made = payments.add(office, number, 15_00, day=date(2026, 11, 20))
    for act in (
        lambda: payments.refund(office, made["id"], 1_00, day=date(2026, 11, 19)),
        lambda: payments.unapply(office, made["id"], day=date(2026, 11, 19)),
    ):
        with pytest.raises(BillError) as error:
            act()
        assert error.value.code == "payment.early"


def test_a_bill_that_is_dated_later_takes_no_credit_before(office: Ledger) -> None:
    """What was applied on a day pays bills of that day, so a past ageing never falls below 0."""
    first = billed(office, 10_00)
    made = payments.add(office, first, 80_00)
    office.clock = Clock(DAY + timedelta(10), office.clock.now)
    later = billed(office, 50_00, day=DAY + timedelta(10))
    assert stands(office, later) == ("paid", 0), "the credit of its matter pays it at issue (D-43)"
    office.clock = Clock(DAY + timedelta(5), office.clock.now)
    with pytest.raises(BillError) as error:
        payments.apply(office, made["id"])
    assert error.value.code == "payment.early"
    for days in range(12):
        for row in reports.ageing(office, as_of=DAY + timedelta(days)):
            assert row["total_cents"] >= 0
