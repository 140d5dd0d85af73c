"""The steps of a bill, one by one: arrangement, discount, tax, terms, shares (D-13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import Any

import pytest

from billcli.core.allocation import Rule, allocate
from billcli.core.arrangements import KINDS, read
from billcli.core.arrangements.capped import Capped
from billcli.core.arrangements.fixed import Fixed
from billcli.core.arrangements.hourly import Hourly
from billcli.core.arrangements.terms import Arrangement
from billcli.core.bill import Bill, compute
from billcli.core.discount import Discount
from billcli.core.order import Order, Segment
from billcli.core.tax import TaxCode, TaxRules
from billcli.core.work import Asked, Billed, Entry, Progress, Work
from billcli.errors import BillError

DAY = date(2026, 11, 30)
VAT = TaxCode("VAT", "VAT", "both", ((date(2020, 1, 1), 200_000), (date(2026, 12, 1), 210_000)))


def entry(number: int, cents: int, **more: Any) -> Entry:
    more.setdefault("timekeeper", "ma")
    return Entry(more.pop("kind", "time"), number, DAY, f"Work {number}", cents, **more)


def order(arrangement: Arrangement, *entries: Entry, billed: int = 0, **more: Any) -> Order:
    segment = Segment(arrangement, 1, Work(entries), Billed.of(billed))
    return Order(DAY, DAY, 30, (segment,), **more)


def sums(bill: Bill) -> tuple[int, int, int, int, int]:
    return (
        bill.fees_cents, bill.discount_cents, bill.costs_cents, bill.tax_cents, bill.total_cents,
    )  # fmt: skip


def test_D10_discount_after_the_arrangement_and_before_tax() -> None:
    made = order(
        Capped(4000_00), entry(1, 4800_00), discount=Discount(percent_e4=100_000),
        tax=TaxRules(VAT), costs=(entry(2, 100_00, kind="expense", taxable=True),),
    )  # fmt: skip
    assert sums(compute(made)) == (4000_00, 400_00, 100_00, 740_00, 4440_00)
    assert compute(made).parts[0].charged_cents == 4000_00, "consumption is before the discount"


def test_B28_a_discount_never_exceeds_the_fees_nor_touches_costs() -> None:
    made = order(
        Hourly(), entry(1, 100_00), discount=Discount(amount_cents=500_00),
        costs=(entry(2, 70_00, kind="expense"),),
    )  # fmt: skip
    bill = compute(made)
    assert sums(bill) == (100_00, 100_00, 70_00, 0, 70_00)
    assert bill.warnings == ("the discount was cut to the fees",)
    assert bill.discount_label == "Discount"
    assert compute(order(Hourly(), discount=Discount(amount_cents=5))).discount_cents == 0


def test_B28_costs_are_untaxed_unless_marked() -> None:
    costs = (
        entry(1, 100_00, kind="expense"),
        entry(2, 50_00, kind="expense", taxable=True),
    )
    bill = compute(order(Hourly(), costs=costs, tax=TaxRules(VAT)))
    assert [(tax.base_cents, tax.tax_cents) for tax in bill.taxes] == [(50_00, 10_00)]
    assert [line.tax_code for line in bill.lines] == [None, "VAT"]


def test_the_tax_rate_is_that_of_the_bill_s_date() -> None:
    made = order(Hourly(), entry(1, 100_00), tax=TaxRules(VAT))
    assert compute(made).tax_cents == 20_00
    assert compute(replace(made, day=date(2026, 12, 1))).tax_cents == 21_00
    assert compute(replace(made, day=date(2019, 12, 31))).tax_cents == 0


def test_the_shortest_terms_of_its_milestones_set_the_due_date() -> None:
    work = (
        entry(1, 10_00, kind="charge", terms_days=14),
        entry(2, 10_00, kind="charge", terms_days=7),
        entry(3, 10_00, kind="charge"),
    )
    assert compute(order(Hourly(), *work)).due_on == date(2026, 12, 7)
    assert compute(order(Hourly(), work[2])).due_on == date(2026, 12, 30)
    assert compute(replace(order(Hourly(), work[2]), terms_days=0)).due_on == DAY


@pytest.mark.parametrize(
    ("first", "second", "fresh", "charged"),
    [
        (Hourly(), Capped(300_00), False, 300_00),
        (Capped(600_00), Capped(900_00), False, 400_00),
        (Capped(600_00), Capped(900_00), True, 800_00),
        (Capped(600_00), Capped(500_00), False, 0),
    ],
)
def test_D17_parts_under_two_arrangements_on_one_bill(
    first: Arrangement, second: Arrangement, fresh: bool, charged: int
) -> None:
    """Each alone, but two versions of a cap share what is billed, unless one starts afresh."""
    old = Segment(first, 1, Work((entry(1, 500_00),)))
    new = Segment(second, 2, Work((entry(2, 800_00),)), fresh=fresh)
    bill = compute(Order(DAY, DAY, 30, (old, new)))
    assert [(p.arrangement_id, p.standard_cents, p.charged_cents) for p in bill.parts] == [
        (1, 500_00, 500_00), (2, 800_00, charged),
    ]  # fmt: skip
    assert (bill.arrangement, bill.fees_cents) == ("capped", 500_00 + charged)


def test_an_amount_by_hand_is_of_the_arrangement_in_force() -> None:
    old = Segment(Hourly(), 1, Work((entry(1, 500_00),)))
    new = Segment(Fixed(900_00), 2, Work(()))
    bill = compute(Order(DAY, DAY, 30, (old, new), asked=Asked(amount_cents=100_00)))
    assert [part.charged_cents for part in bill.parts] == [500_00, 100_00]


@pytest.mark.parametrize(
    ("asked", "change"), [(80_00, -20_00), (100_00, 0), (120_00, 20_00), (0, -100_00)]
)
def test_an_hourly_amount_by_hand_prints_its_adjustment(asked: int, change: int) -> None:
    bill = compute(order(Hourly(), entry(1, 100_00), asked=Asked(amount_cents=asked)))
    assert (bill.fees_cents, bill.fee_adjustment_cents) == (asked, change)
    extra = [(line.amount_cents, line.reason) for line in bill.lines if line.entry_id is None]
    assert extra == ([(change, "courtesy")] if change else [])
    assert sum(line.amount_cents for line in bill.lines) == asked


@pytest.mark.parametrize("arrangement", [Capped(300_00), Fixed(300_00)])
def test_an_amount_above_what_is_left_is_refused(arrangement: Arrangement) -> None:
    made = order(arrangement, entry(1, 900_00), billed=200_00, asked=Asked(amount_cents=100_01))
    with pytest.raises(BillError, match=r"100\.01 was asked for; 100\.00 is left"):
        compute(made)


def test_no_charge_hidden_and_included_work_prints_as_such() -> None:
    work = (
        entry(1, 100_00),
        entry(2, 50_00, behavior="no-charge"),
        entry(3, 30_00, behavior="hide"),
    )
    bill = compute(order(Hourly(), *work))
    assert [(line.amount_cents, line.note, line.printed) for line in bill.lines] == [
        (100_00, None, True), (0, "no charge", True), (0, None, False),
    ]  # fmt: skip
    fixed = compute(order(Fixed(900_00), *work))
    assert [line.note for line in fixed.lines] == ["included", "no charge", "included", None]
    assert fixed.lines[-1].kind == "fixed_fee"


def test_D15_what_an_entry_brought_in_adds_up_to_the_fee() -> None:
    work = (entry(1, 1500_00), entry(2, 900_00, timekeeper="jb"))
    bill = compute(order(Fixed(4000_00), *work))
    assert [line.billed_cents for line in bill.lines] == [2500_00, 1500_00, 0]
    shares = allocate(bill.lines, bill.fees_cents, "ma", rule=Rule(free=False))
    assert [(share.timekeeper, share.amount_cents) for share in shares] == [
        ("ma", 2500_00), ("jb", 1500_00),
    ]  # fmt: skip


def test_fees_nobody_worked_for_are_the_responsible_lawyer_s() -> None:
    bill = compute(order(Fixed(4000_00)))
    (share,) = allocate(bill.lines, 3600_00, "ma")
    assert (share.timekeeper, share.amount_cents) == ("ma", 3600_00)
    assert allocate(bill.lines, 3600_00, None) == ()
    assert allocate(bill.lines, 0, "ma") == ()


# -- what is due by itself (D-26) ------------------------------------------------------------------


def by_itself(arrangement: Arrangement, *entries: Entry, billed: int = 0, **progress: int) -> Bill:
    made = order(arrangement, *entries, billed=billed, asked=Asked(by_hand=False))
    return compute(replace(made, progress=Progress(**progress)))


@pytest.mark.parametrize(
    ("when", "progress", "fees", "nothing"),
    [
        ("completion", {"tasks": 3, "tasks_open": 1}, 0, "billed at completion: 2 of 3 tasks done"),
        ("completion", {"tasks": 3}, 900_00, None),
        ("completion", {}, 0, "a fixed fee without tasks is billed by hand"),
        ("start", {"tasks": 3, "tasks_open": 3}, 900_00, None),
        ("milestones", {"tasks": 3}, 0, "no milestone is waiting to be billed"),
    ],
)
def test_D26_a_run_bills_a_fixed_fee_when_it_is_due(
    when: str, progress: dict[str, int], fees: int, nothing: str | None
) -> None:
    bill = by_itself(Fixed(900_00, when), entry(1, 100_00), **progress)
    assert bill.fees_cents == fees
    assert (nothing or "") in (bill.nothing or "")
    assert bool(bill.lines) == bool(fees), "work that isn't due stays untouched"


def test_D26_by_hand_it_is_charged_at_once() -> None:
    progress = Progress(tasks=3, tasks_open=3)
    for when in ("completion", "start"):
        made = replace(order(Fixed(900_00, when), entry(1, 100_00)), progress=progress)
        assert compute(made).fees_cents == 900_00


def test_milestones_without_a_value_are_worth_their_sum() -> None:
    fired = entry(1, 500_00, kind="charge")
    bill = by_itself(Fixed(None, "milestones"), fired, entry(2, 80_00), milestones_cents=1200_00)
    assert (bill.fees_cents, bill.fee_adjustment_cents) == (500_00, -80_00)
    position = Fixed(None, "milestones").position(
        Billed.of(500_00), Progress(milestones_cents=1200_00)
    )
    assert (position.value_cents, position.headroom_cents) == (1200_00, 700_00)


# -- the table of arrangements ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "terms", "code"),
    [
        ("retainer", {}, "arrangement.kind"),
        ("capped", {}, "arrangement.value"),
        ("capped", {"value_cents": 0}, "arrangement.value"),
        ("capped", {"value_cents": -5}, "arrangement.value"),
        ("capped", {"value_cents": "5"}, "arrangement.value"),
        ("capped", {"value_cents": 5, "bill_when": "start"}, "arrangement.option"),
        ("hourly", {"value_cents": 5}, "arrangement.option"),
        ("fixed", {}, "arrangement.value"),
        ("fixed", {"value_cents": 5, "bill_when": "someday"}, "arrangement.bill-when"),
    ],
)
def test_terms_that_make_no_sense_are_refused(kind: str, terms: dict[str, Any], code: str) -> None:
    with pytest.raises(BillError) as refused:
        read(kind, terms, 2)
    assert refused.value.code == code


def test_every_kind_stands_in_its_module() -> None:
    for kind, place in KINDS.items():
        module, name = place.split(":")
        assert getattr(import_module(module), name).kind == kind
    for kind, terms in (
        ("hourly", {}),
        ("capped", {"value_cents": 5}),
        ("fixed", {"value_cents": 5}),
    ):
        assert read(kind, terms, 2).kind == kind


def test_the_explanation_ends_at_the_total() -> None:
    made = order(
        Capped(4000_00), entry(1, 4800_00), discount=Discount(percent_e4=100_000),
        tax=TaxRules(VAT), costs=(entry(2, 100_00, kind="expense", taxable=True),),
    )  # fmt: skip
    bill = compute(made)
    steps = {step.words: step.cents for step in bill.because}
    assert steps["Work at its rates"] + steps["Fee cap adjustment"] == bill.fees_cents
    closing = ("Discount, after the arrangement and before tax", "Costs", "VAT 20 %")
    assert bill.fees_cents + sum(steps[words] for words in closing) == bill.total_cents
