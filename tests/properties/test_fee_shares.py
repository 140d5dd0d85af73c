"""Whatever the rule, the shares of the fees add up to them, to the cent (D-53, D-55)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billcli.core.allocation import Rule, allocate, collected, edited, merged
from billcli.core.arrangements.capped import Capped
from billcli.core.arrangements.fixed import Fixed
from billcli.core.arrangements.hourly import Hourly
from billcli.core.bill import Bill, compute
from billcli.core.discount import Discount
from billcli.core.options import OPTIONS, QUOTE_RULES
from billcli.core.order import Order, Segment
from billcli.core.quote import Quote
from billcli.core.tax import TaxCode, TaxRules
from billcli.core.work import Asked, Entry, Work
from billcli.errors import Refused
from billcli.values import money

DAY = date(2026, 11, 30)
PEOPLE = ("a", "b", "c")
amounts = st.integers(1, 999_999)
entries = st.lists(
    st.builds(
        lambda who, cents, hours, behavior: (who, cents, hours, behavior),
        st.sampled_from(PEOPLE),
        amounts,
        st.integers(1, 240_000),
        st.sampled_from(["bill", "bill", "no-charge", "hide"]),
    ),
    max_size=6,
)
arrangements = st.one_of(
    st.just(Hourly()), amounts.map(Capped), amounts.map(lambda value: Fixed(value))
)
discounts = st.none() | st.integers(0, 1_000_000).map(lambda p: Discount(percent_e4=p))
discounts |= amounts.map(lambda cents: Discount(amount_cents=cents))
quotes = st.none() | st.builds(
    Quote,
    st.integers(0, 999_999),
    st.sampled_from(OPTIONS["quote_includes"].choices),
    st.sampled_from(QUOTE_RULES),
    st.sampled_from(QUOTE_RULES),
)
rules = st.builds(
    Rule,
    st.sampled_from(["pro-rata", "pro-rata", "responsible", "c"]),
    st.sampled_from(["original", "responsible", "d"]),
    st.sampled_from([None, "a", "o"]),
    st.integers(0, 999_999),
    by=st.sampled_from(["value", "hours"]),
    free=st.booleans(),
)
VAT = TaxRules(TaxCode("VAT", "VAT", "both", ((date(2020, 1, 1), 82_500),)))


def made(arrangement, work, costs, discount, quote, *, tax=TaxRules()) -> Bill:  # type: ignore[no-untyped-def] # noqa: B008
    fees = tuple(
        Entry("time", n, DAY, "Work", cents, behavior, timekeeper=who, hours_e4=hours)
        for n, (who, cents, hours, behavior) in enumerate(work, 1)
    )
    spent = tuple(
        Entry("expense", n, DAY, "Cost", cents, taxable=taxable)
        for n, (cents, taxable) in enumerate(costs, 1)
    )
    return compute(
        Order(
            DAY, DAY, 30, (Segment(arrangement, 1, Work(fees, spent)),), costs=spent,
            asked=Asked(confirm_cost_writedown=True, confirm_cost_markup=True),
            discount=discount, quote=quote, tax=tax,
        )
    )  # fmt: skip


costs = st.lists(st.tuples(amounts, st.booleans()), max_size=3)


@given(arrangements, entries, costs, discounts, quotes, rules)
def test_shares_of_any_bill_are_its_net_fees(arrangement, work, costs, discount, quote, rule):  # type: ignore[no-untyped-def]
    bill = made(arrangement, work, costs, discount, quote)
    net = bill.fees_cents - bill.discount_cents
    shares = allocate(bill.lines, net, "a", rule=rule)
    assert sum(share.amount_cents for share in shares) == net
    together = merged(shares)
    assert len({share.timekeeper for share in together}) == len(together)
    if rule.originator and rule.origination_e4:
        off_top = sum(share.amount_cents for share in shares if share.origination)
        assert off_top == money.percent_of(net, rule.origination_e4)


@given(entries, rules, amounts, amounts)
def test_shares_with_a_success_line_close_too(work, rule, value, success):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    from billcli.core.lines import Line

    bill = made(Capped(value), work, (), None, None)
    line = Line("reserve", "fee", "Success", 0, success, success, reason="outcome")
    bill = replace(bill, lines=(*bill.lines, line), fees_cents=bill.fees_cents + success)
    shares = allocate(bill.lines, bill.fees_cents, "a", rule=rule, accrued={"b": 3, "c": 1})
    assert sum(share.amount_cents for share in shares) == bill.fees_cents


@given(entries, rules, amounts, st.lists(st.integers(0, 1_000_000), max_size=4))
def test_what_is_collected_adds_up_at_every_receipt(work, rule, value, paid_e4):  # type: ignore[no-untyped-def]
    bill = made(Fixed(value), work, (), None, None)
    shares = allocate(bill.lines, bill.fees_cents, "a", rule=rule)
    for part in sorted(paid_e4):
        paid = money.percent_of(bill.fees_cents, part)
        assert sum(collected(shares, paid).values()) == paid
    whole = {share.timekeeper: share.amount_cents for share in merged(shares)}
    assert collected(shares, bill.fees_cents) == whole


@given(entries, amounts, amounts)
def test_shares_set_by_hand_close(work, value, by_hand):  # type: ignore[no-untyped-def]
    bill = made(Fixed(value), work, (), None, None)
    shares = allocate(bill.lines, bill.fees_cents, "a")
    others = [share for share in shares if share.timekeeper != "b"]
    if not others and by_hand != bill.fees_cents:
        with pytest.raises(Refused):
            edited(shares, {"b": by_hand}, bill.fees_cents)
        return
    changed = edited(shares, {"b": by_hand}, bill.fees_cents)
    assert sum(share.amount_cents for share in changed) == bill.fees_cents
    assert next(s.amount_cents for s in changed if s.timekeeper == "b") == by_hand


@given(arrangements, entries, costs, discounts, quotes)
def test_B28_discount_and_tax_stay_within_their_bounds(arrangement, work, costs, discount, quote):  # type: ignore[no-untyped-def]
    bill = made(arrangement, work, costs, discount, quote, tax=VAT)
    assert 0 <= bill.discount_cents <= bill.fees_cents
    taxable = sum(cents for cents, taxed in costs if taxed)
    # A mark-up of costs is the firm's own charge, a recharge.
    taxable += sum(
        ln.amount_cents
        for ln in bill.lines
        if (ln.kind, ln.class_) == ("adjustment", "cost") and ln.amount_cents > 0
    )
    base = sum(tax.base_cents for tax in bill.taxes)
    assert 0 <= base <= bill.fees_cents - bill.discount_cents + taxable
    assert bill.tax_cents == money.percent_of(base, 82_500)
    assert bill.fees_cents >= 0 and bill.costs_cents >= 0
    assert sum(ln.amount_cents for ln in bill.lines) == bill.fees_cents + bill.costs_cents
