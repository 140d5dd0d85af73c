"""Every row of the tables on quotes and on fee shares, as a test of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from tables import Row, cents, rows

from billcli.core.allocation import Rule, allocate, collected
from billcli.core.arrangements.hourly import Hourly
from billcli.core.bill import Bill, compute
from billcli.core.lines import Line
from billcli.core.order import Order, Segment
from billcli.core.quote import Quote
from billcli.core.tax import TaxCode, TaxRules
from billcli.core.work import Asked, Entry, Work
from billcli.errors import Refused
from billcli.values import money

DAY = date(2026, 11, 30)


def each(file: str) -> pytest.MarkDecorator:
    """One test for each row of a file."""
    return pytest.mark.parametrize("row", list(rows(file)), ids=lambda row: row.name)


def asked_by(text: str) -> Asked:
    """What a cell says was asked: a rule, an amount, a confirmation, or only one class."""
    if text in ("fees", "costs"):
        return Asked(only=text)
    if text == "confirmed":
        return Asked(confirm_cost_writedown=True)
    if text.endswith("marked up"):
        only = text.partition(" ")[0]
        return Asked(confirm_cost_markup=True, only="costs" if only == "costs" else None)
    if text and text[0].isdigit():
        return Asked(amount_cents=cents(text))
    return Asked(quote_rule=text or None)


def billed(row: Row) -> Bill:
    """The bill of an hourly matter with the row's quote."""
    entries, costs = (), ()
    if row.cents("work"):
        entries = (Entry("time", 1, DAY, "Work", row.cents("work"), timekeeper="ma"),)
    if row.cents("cost"):
        category = {"": None, "disbursement": "fee", "recharge": "fee"}[row["kind"]]
        taxable = row["kind"] == "recharge"
        cost = Entry(
            "expense", 1, DAY, "Cost", row.cents("cost"), category=category, taxable=taxable
        )
        costs = (cost,)
    quote = Quote(row.cents("Q"), row["includes"], row["below"], row["above"])
    segment = Segment(Hourly(), 1, Work(entries, costs))
    return compute(
        Order(DAY, DAY, 30, (segment,), costs=costs, asked=asked_by(row["asked"]), quote=quote)
    )


@each("quote.md")
def test_a_quote(row: Row) -> None:
    if row["refused"]:
        with pytest.raises(Refused) as refused:
            billed(row)
        assert refused.value.code == row["refused"]
        return
    bill = billed(row)
    assert (bill.fees_cents, bill.fee_adjustment_cents) == (
        row.cents("fees"),
        row.cents("adjustment"),
    )
    assert bill.costs_cents == row.cents("costs")
    assert (bill.quote_rule or "") == row["rule"]
    laid_out = [ln for ln in bill.lines if ln.class_ == "cost" and ln.entry_id is not None]
    assert sum(ln.amount_cents for ln in laid_out) in (0, row.cents("cost"))
    assert sum(line.amount_cents for line in bill.lines) == bill.fees_cents + bill.costs_cents
    if bill.quote_rule == "quote-plus-wip":
        assert any("again on every bill" in words for words in bill.warnings)


def test_D32_a_mark_up_is_taxed_as_a_recharge_and_disbursements_are_not() -> None:
    fee = Entry("expense", 1, DAY, "Court fee", 300_00, category="court-fee")
    copies = Entry("expense", 2, DAY, "Copies", 150_00, category="copies", taxable=True)
    code = TaxCode("VAT", "VAT", "both", ((date(2020, 1, 1), 200_000),))
    order = Order(
        DAY,
        DAY,
        30,
        (Segment(Hourly(), 1, Work((), (fee, copies))),),
        costs=(fee, copies),
        asked=Asked(confirm_cost_markup=True),
        quote=Quote(1_000_00, "costs", "quote", "wip"),
        tax=TaxRules(code),
    )
    bill = compute(order)
    assert bill.costs_cents == 1_000_00
    assert [tax.base_cents for tax in bill.taxes] == [700_00]  # 150 + the 550 of the mark-up
    lines = {line.description: (line.amount_cents, line.tax_code) for line in bill.lines}
    assert lines["Court fee"] == (300_00, None)
    assert lines["Costs raised to the quoted amount"] == (550_00, "VAT")
    untaxed = compute(replace(order, tax=TaxRules(replace(code, applies_to="fees"))))
    assert untaxed.taxes == ()


def worked(text: str) -> list[Line]:
    """Lines of work, as `5h:A:2,000` or `B:1,000free` tell them."""
    lines = []
    for n, word in enumerate(text.split(), 1):
        found = re.fullmatch(r"(?:(\d+)h:)?(\w+):([\d,.]+)(free)?", word)
        assert found, word
        worth = cents(found[3])
        amount = 0 if found[4] else worth
        lines.append(
            Line(
                "time",
                "fee",
                "Work",
                worth,
                amount,
                amount,
                entry_id=n,
                timekeeper=found[2],
                hours_e4=int(found[1] or 1) * 10_000,
                behavior="no-charge" if found[4] else "bill",
            )
        )
    return lines


@each("sharing.md")
def test_shares_of_the_fees(row: Row) -> None:
    originator, _, percent = row["origination"].partition(" ")
    rule = Rule(
        row["fees"],
        row["adjustments"],
        originator or None,
        money.read_percent(percent) if percent else 0,
        by="hours" if row["basis"] == "hours" else "value",
        free=row["basis"] != "paid",
    )
    shares = allocate(worked(row["work"]), row.cents("net"), "A", rule=rule)
    told = [
        f"{s.timekeeper}:{money.grouped(s.amount_cents, 2)}{'*' if s.origination else ''}"
        for s in shares
    ]
    wanted = [re.sub(r":(-?[\d,]+)(?=\*|$)", r":\1.00", word) for word in row["shares"].split()]
    assert told == wanted
    assert sum(share.amount_cents for share in shares) == row.cents("net")


def test_D55_collections_are_rounded_cumulatively() -> None:
    shares = allocate(worked("A:2,400 B:800"), cents("3,200"), "A")
    before: dict[str, int] = {}
    told = []
    for paid in ("1,000.33", "2,000.66", "3,200"):
        now = collected(shares, cents(paid))
        told.append(money.grouped(now["A"] - before.get("A", 0), 2))
        assert sum(now.values()) == cents(paid)
        before = now
    assert told == ["750.25", "750.25", "899.50"]
