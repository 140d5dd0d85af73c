"""Quotes and fee shares in a real ledger: options, precedence of the firm's, what is frozen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from billcli.errors import BillError
from billcli.services.arrangement import arrangements
from billcli.services.bill import bills, quotes
from billcli.services.bill.request import Request
from billcli.services.matter import options, outcomes
from billcli.services.month_end import mass
from billcli.services.office import firm as firms
from billcli.services.receivables import payments
from billcli.services.reporting import fee_reports
from billcli.services.work import expenses, time

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

M = "2026-001"
DAY = date(2026, 11, 30)
NOW = Request(DAY, DAY)
H = 10_000


def work(ledger: Ledger, cents: int, who: str = "MA", behavior: str = "bill") -> None:
    time.add(ledger, M, H, "Work", timekeeper=who, rate_e4=cents * 100, behavior=behavior, day=DAY)


def shares(view: dict[str, Any]) -> dict[str, int]:
    return {share["timekeeper"]: share["amount_cents"] for share in view["allocation"]}


def test_V40_the_firm_s_quote_never_touches_a_fixed_fee(firm: Ledger) -> None:
    for key, value in (
        ("billing.quote", "1000"),
        ("billing.below_quote", "quote-plus-wip"),
        ("billing.above_quote", "wip"),
    ):
        firms.set_(firm, key, value)
    arrangements.set_(firm, M, "fixed", {"value_cents": 4000_00})
    work(firm, 5200_00)
    bill = bills.preview(firm, M, NOW)[0]
    assert (bill["fees_cents"], bill["fee_adjustment_cents"]) == (4000_00, -1200_00)
    assert bill["quote_rule"] is None
    assert quotes.question(firm, M, NOW) is None


def test_D63_a_fixed_matter_s_own_rules_apply_to_what_is_left_of_it(firm: Ledger) -> None:
    arrangements.set_(firm, M, "fixed", {"value_cents": 1000_00})
    work(firm, 1300_00)
    options.set_options(firm, M, {"above_quote": "quote-plus-wip"})
    assert bills.preview(firm, M, NOW)[0]["fees_cents"] == 2300_00
    options.set_options(firm, M, {"above_quote": "wip"})
    asked = quotes.question(firm, M, NOW)
    assert asked is not None
    assert asked.default == "wip"
    assert [choice.fees_cents for choice in asked.choices] == [1000_00, 2300_00, 1300_00]
    assert bills.preview(firm, M, NOW)[0]["fees_cents"] == 1300_00


def test_the_firm_s_quote_rules_govern_an_hourly_matter(firm: Ledger) -> None:
    firms.set_(firm, "billing.above_quote", "quote")
    options.set_options(firm, M, {"quote_cents": 1000_00})
    work(firm, 1300_00)
    row = next(r for r in mass.preview(firm, mass.Batch(DAY, DAY)) if r["matter"] == M)
    assert (row["fees_cents"], row["quote_rule"]) == (1000_00, "quote")
    draft = bills.create(firm, M, NOW)
    assert draft["quote_rule"] == "quote"
    approved = bills.approve(firm, draft["id"])
    assert bills.show(firm, approved["number"])["quote_rule"] == "quote"


def test_a_capped_matter_has_no_quote_logic(firm: Ledger) -> None:
    options.set_options(firm, M, {"quote_cents": 1000_00, "below_quote": "quote"})
    arrangements.set_(firm, M, "capped", {"value_cents": 4000_00})
    work(firm, 700_00)
    assert bills.preview(firm, M, NOW)[0]["fees_cents"] == 700_00


@pytest.mark.parametrize(
    ("when", "by_run", "by_hand"),
    [
        ("never", (700_00, 90_00), (700_00, 90_00)),
        ("mass", (0, 90_00), (700_00, 90_00)),
        ("mass-and-single", (0, 90_00), (0, 90_00)),
    ],
)
def test_D06_costs_alone(
    firm: Ledger, when: str, by_run: tuple[int, int], by_hand: tuple[int, int]
) -> None:
    work(firm, 700_00)
    expenses.add(firm, M, 90_00, "Court fee", day=DAY)
    options.set_options(firm, M, {"expenses_only": when})
    row = next(r for r in mass.preview(firm, mass.Batch(DAY, DAY)) if r["matter"] == M)
    assert (row["fees_cents"], row["costs_cents"]) == by_run
    bill = bills.preview(firm, M, NOW)[0]
    assert (bill["fees_cents"], bill["costs_cents"]) == by_hand
    fees = bills.preview(firm, M, Request(DAY, DAY, only="fees"))[0]
    assert (fees["fees_cents"], fees["costs_cents"]) == (700_00, 0)


def test_shares_are_frozen_with_the_bill(firm: Ledger) -> None:
    work(firm, 3000_00)
    work(firm, 1000_00, "JB")
    changes = {"originator": "JB", "origination_e4": 100_000, "discount": {"percent_e4": 200_000}}
    options.set_options(firm, M, changes)
    assert shares(bills.preview(firm, M, NOW)[0]) == {"MA": 2160_00, "JB": 1040_00}
    number = bills.create(firm, M, NOW, issued=True)["number"]
    options.set_options(firm, M, {"allocate": "JB", "originator": None, "origination_e4": None})
    assert shares(bills.show(firm, number)) == {"MA": 2160_00, "JB": 1040_00}
    payments.add(firm, number, 1600_00)
    assert {
        row["timekeeper"]: (row["billed_cents"], row["origination_cents"], row["collected_cents"])
        for row in fee_reports.allocation(firm)
    } == {"MA": (2160_00, 0, 1080_00), "JB": (1040_00, 320_00, 520_00)}


def test_a_void_bill_is_in_no_report(firm: Ledger) -> None:
    work(firm, 5200_00)
    arrangements.set_(firm, M, "capped", {"value_cents": 4000_00})
    number = bills.create(firm, M, NOW, issued=True)["number"]
    [row] = fee_reports.realization(firm)
    assert (row["realization_percent_e4"], row["fee_adjustment_cents"]) == (769_000, -1200_00)
    bills.void(firm, number, reason="wrong")
    assert fee_reports.realization(firm) == fee_reports.allocation(firm) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"allocate": "XX"}, "timekeeper.missing"),
        ({"allocate_adjustments": "pro-rata"}, "timekeeper.missing"),
        ({"originator": "MA"}, "option.origination"),
        ({"origination_e4": 50_000}, "option.origination"),
        ({"originator": "MA", "origination_e4": 1_000_000}, "option.value"),
        ({"quote_includes": "tax"}, "option.value"),
        ({"quote_cents": -1}, "option.value"),
    ],
)
def test_what_an_option_does_not_take(firm: Ledger, changes: dict[str, Any], code: str) -> None:
    before = options.show_options(firm, M)
    with pytest.raises(BillError) as refused:
        options.set_options(firm, M, changes)
    assert refused.value.code == code
    assert options.show_options(firm, M) == before


def test_D54_a_success_line_goes_to_those_whose_work_made_the_reserve(firm: Ledger) -> None:
    """Work of 3,000 and 1,000 leaves 2,000 in reserve, whoever bears adjustments."""
    terms = {"value_cents": 2000_00, "every": "month", "agreement": "letter"}
    arrangements.set_(firm, M, "capped-recurring-reserve", terms)
    work(firm, 3000_00)
    work(firm, 1000_00, "JB")
    number = bills.create(firm, M, NOW, issued=True)["number"]
    assert shares(bills.show(firm, number)) == {"MA": 1500_00, "JB": 500_00}
    options.set_options(firm, M, {"allocate_adjustments": "MA"})
    outcomes.record(firm, M, "success")
    bill = bills.preview(firm, M, NOW)[0]
    assert bill["fees_cents"] == 2000_00
    assert shares(bill) == {"MA": 1500_00, "JB": 500_00}
