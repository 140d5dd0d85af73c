"""What is printed adds up, in both forms, to the bill's own integers (B2, B25)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cases import (
    CASES,
    VAT,
    capped_with_an_adjustment,
    document,
    draft,
    fixed_with_included_time,
    hidden_line_pricing,
    hourly_with_discount_tax_and_costs,
    milestones_reached,
    order,
    paid_in_part_with_replenishment,
    spent,
    worked,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import Page, cents, e4, of_markdown

from billcli.core.arrangements.capped import Capped
from billcli.core.arrangements.fixed import Fixed
from billcli.core.arrangements.hourly import Hourly
from billcli.core.bill import compute
from billcli.core.discount import Discount
from billcli.core.document import BillDocument
from billcli.render.bill import BillTemplates
from billcli.values import money

TEMPLATES = BillTemplates(None)


def tables_of(bill: BillDocument, form: str) -> dict[str, list[list[str]]]:
    made = TEMPLATES.render(bill, form)
    return (Page(made) if form == "html" else of_markdown(made)).tables


def check_sums(bill: BillDocument, form: str) -> None:
    """The printed lines add up to the printed sums, and those to the bill's."""
    tables, total = tables_of(bill, form), 0
    for name, stored in (("Work", bill.bill.fees_cents), ("Costs", bill.bill.costs_cents)):
        if name not in tables:
            assert stored == 0
            continue
        lines, last = tables[name][1:-1], tables[name][-1]
        assert sum(cents(line[-1]) for line in lines) == cents(last[-1]) == stored
        total += stored
    rows = {row[0].split(" ")[0]: cents(row[-1]) for row in tables["Total"] if row[0]}
    assert rows["Fees"] == bill.bill.fees_cents
    others = [cents(row[-1]) for row in tables["Total"] if row[0].startswith(("Discount", "VAT"))]
    assert total + sum(others) == rows["Total"] == bill.bill.total_cents
    if form == "md":
        made = TEMPLATES.render(bill, form)
        assert f"**Balance due: USD {money.grouped(bill.balance_cents, 2)}**" in made
    else:
        assert rows["Balance"] == bill.balance_cents


entries = st.lists(
    st.tuples(
        st.integers(1, 240_000),
        st.integers(1, 9_999_999),
        st.sampled_from(["bill", "bill", "bill", "no-charge", "hide"]),
        st.sampled_from(["MA", "JB"]),
    ),
    max_size=8,
)


@given(
    worked_on=entries,
    arrangement=st.sampled_from([Hourly(), Capped(123_456), Fixed(400_001)]),
    costs=st.lists(st.tuples(st.integers(1, 99_999), st.booleans()), max_size=3),
    discount=st.sampled_from(
        [None, Discount(percent_e4=1_000_000), Discount(percent_e4=125_000), Discount(None, 333)]
    ),
    taxed=st.booleans(),
    paid=st.integers(0, 1),
)
@settings(max_examples=60, deadline=None)
def test_B2_printed_lines_add_up_to_the_printed_total(
    worked_on: list[tuple[int, int, str, str]],
    arrangement: Hourly | Capped | Fixed,
    costs: list[tuple[int, bool]],
    discount: Discount | None,
    taxed: bool,
    paid: int,
) -> None:
    made = order(
        arrangement,
        *(
            worked(i, hours, rate, f"Work {i}", who=who, behavior=behavior)
            for i, (hours, rate, behavior, who) in enumerate(worked_on)
        ),
        costs=tuple(spent(i, c, f"Cost {i}", taxable=t) for i, (c, t) in enumerate(costs)),
    )
    made = replace(made, discount=discount, tax=VAT if taxed else made.tax)
    bill = document(compute(made))
    for form in ("md", "html"):
        check_sums(bill, form)
        for row in tables_of(bill, form).get("Work", [])[1:-1]:
            if len(row) == 6 and row[4]:
                assert money.price(e4(row[3]), e4(row[4]), 2) == cents(row[5])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_B2_golden_bills_add_up(case: object) -> None:
    bill = case()  # type: ignore[operator]
    if bill.bill.hide_line_pricing:
        pytest.skip("prints no amounts of lines")
    for form in ("md", "html"):
        check_sums(bill, form)


def test_B2_hours_print_the_decimals_that_the_amount_needs() -> None:
    bill = document(compute(order(Hourly(), worked(1, 10_050, 1_000_000, "1.005 h at 100"))))
    row = tables_of(bill, "md")["Work"][1]
    assert row[3:] == ["1.005", "100.00", "100.50"]


def test_B2_a_hundred_percent_discount_leaves_nothing() -> None:
    made = order(Hourly(), worked(1, 22_500, 642_200, "Advice"))
    bill = document(compute(replace(made, discount=Discount(percent_e4=1_000_000))))
    assert "**Balance due: USD 0.00**" in TEMPLATES.render(bill, "md")
    assert "Payment is due" not in TEMPLATES.render(bill, "md")


def test_B2_an_amount_set_by_hand_prints_no_rate_that_contradicts_it() -> None:
    bill = compute(order(Hourly(), worked(1, 20_000, 3_500_000, "Advice")))
    line = bill.lines[0]._replace(amount_cents=60_000, reason="courtesy")
    shown = document(replace(bill, lines=(line,), fees_cents=60_000))
    row = tables_of(shown, "md")["Work"][1]
    assert row[1:] == ["Maria Alvarez", "Advice (Reduced from 700.00)", "2.00", "600.00"]


def test_v25_prints_its_figures() -> None:
    made = TEMPLATES.render(hourly_with_discount_tax_and_costs(), "md")
    assert "| Discount 10% | -125.00 |" in made
    assert "| VAT 20% on 1,205.00 | 241.00 |" in made
    assert "**Balance due: USD 1,746.00**" in made


def test_what_is_hidden_or_free_prints_so() -> None:
    made = TEMPLATES.render(hourly_with_discount_tax_and_costs(), "html")
    assert "Internal note" not in made and "No charge" in made
    assert "Included" in TEMPLATES.render(fixed_with_included_time(), "html")


def test_the_arrangement_says_what_was_billed_before() -> None:
    made = TEMPLATES.render(capped_with_an_adjustment(), "md")
    assert "Fee cap 4,000.00; previously billed 2,500.00" in made
    assert "Fee cap adjustment" in made and "-800.00" in made


def test_hidden_line_pricing_prints_hours_and_totals_alone() -> None:
    for form in ("md", "html"):
        made = TEMPLATES.render(hidden_line_pricing(), form)
        assert "13.75" in made and "4,300.00" in made
        for price in ("350.00", "1,400.00", "3,437.50", "adjustment"):
            assert price not in made.split("</style>")[-1]


def test_milestones_name_what_was_delivered_and_accepted() -> None:
    for form in ("md", "html"):
        made = TEMPLATES.render(milestones_reached(), form)
        assert "I-130 packet with all exhibits" in made
        assert "Completed packet submitted" in made and "I-797C" in made


def test_the_replenishment_stands_beside_the_total() -> None:
    tables = tables_of(paid_in_part_with_replenishment(), "html")
    rows = {row[0].removesuffix(" USD"): row[-1] for row in tables["Total"]}
    assert rows["Total"] == "3,500.00" and rows["Balance due"] == "2,000.00"
    assert rows["Retainer replenishment"] == "2,500.00" and rows["Please pay"] == "4,500.00"


@pytest.mark.parametrize(
    ("state", "number", "mark"),
    [
        ("draft", None, "not yet issued"),
        ("approved", "2026-0001", "not yet issued"),
        ("void", "2026-0001", "VOID"),
        ("issued", "2026-0001", None),
        ("paid", "2026-0001", None),
    ],
)
def test_a_bill_says_whether_it_counts(state: str, number: str | None, mark: str | None) -> None:
    for form in ("md", "html"):
        made = TEMPLATES.render(replace(draft(), state=state, number=number, note=None), form)
        if mark is None:
            assert "not yet issued" not in made and "VOID" not in made
        else:
            assert mark in made
        assert ("Balance due" in made) is (state != "void")


@pytest.mark.parametrize("behavior", ["no-charge", "hide", None])
def test_B25_a_bill_without_money_renders(behavior: str | None) -> None:
    work = [worked(1, 10_000, 3_500_000, "Advice", behavior=behavior)] if behavior else []
    bill = document(compute(order(Hourly(), *work)))
    for form in ("md", "html"):
        check_sums(bill, form)
        assert ("Advice" in TEMPLATES.render(bill, form)) is (behavior == "no-charge")


@pytest.mark.parametrize(
    ("locale", "currency", "decimals", "shown"),
    [
        ("de_DE", "EUR", 2, "1.234.567,89"),
        ("fr_FR", "EUR", 2, "1\u202f234\u202f567,89"),
        ("en_IN", "INR", 2, "12,34,567.89"),
        ("ja_JP", "JPY", 0, "123,456,789"),
        ("en_US", "KWD", 3, "123,456.789"),
        ("xx_nowhere", "USD", 2, "1,234,567.89"),
    ],
)
def test_amounts_are_written_as_the_firm_writes_them(
    locale: str, currency: str, decimals: int, shown: str
) -> None:
    bill = compute(order(Hourly(), costs=(spent(1, 123_456_789, "Bond"),)))
    made = document(bill)
    made = replace(
        made, currency=currency, decimals=decimals, firm=replace(made.firm, locale=locale)
    )
    for form in ("md", "html"):
        text = TEMPLATES.render(made, form)
        assert shown in text and currency in text
