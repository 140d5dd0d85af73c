"""Every row of every table beside this file, as a test of its own."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from offices import TODAY
from stories import MATTER, Story
from tables import HERE, Row, cents, rows

from billcli.core import milestone
from billcli.core.arrangements.capped import Capped
from billcli.core.arrangements.fixed import Fixed
from billcli.core.bill import Bill, compute
from billcli.core.discount import Discount
from billcli.core.lines import net_amounts
from billcli.core.milestone import Trigger
from billcli.core.order import Order, Segment
from billcli.core.tax import TaxCode, TaxRules, taxed
from billcli.core.work import Asked, Billed, Entry, Work
from billcli.services.arrangement import arrangements
from billcli.services.milestones import tasks
from billcli.services.reporting import reports
from billcli.services.upkeep import soundness
from billcli.store.ledger import attach
from billcli.values import hours, money

DAY = date(2026, 11, 30)


def each(file: str) -> pytest.MarkDecorator:
    """One test for each row of a file."""
    return pytest.mark.parametrize("row", list(rows(file)), ids=lambda row: row.name)


@each("stories.md")
def test_a_story_on_a_matter(row: Row, blank: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(blank, tmp_path / "ledger.db"))
    ledger = attach(path, today=TODAY, actor="tester", command="test")
    try:
        story = Story(ledger, row["matter"])
        for step in row["steps"].split(";"):
            story.play(step.strip())
        for column in ("fees", "adjustment", "discount", "costs", "tax", "total"):
            key = "fee_adjustment_cents" if column == "adjustment" else f"{column}_cents"
            if row[column]:
                assert story.bill[key] == row.cents(column), column
        if "numbers" in row.cells:
            assert story.numbers == row["numbers"]
        if row["left"]:
            assert arrangements.show(ledger, MATTER).headroom_cents == row.cents("left")
        if row["unbilled"]:
            waiting = reports.wip(ledger)
            assert sum(found["total_cents"] for found in waiting) == row.cents("unbilled")
        if row["milestones"]:
            armed = [task.trigger for task in tasks.list_(ledger, MATTER) if task.trigger]
            live = [trigger.charge_amount_cents for trigger in armed]
            wanted = [None if word == "-" else cents(word) for word in row["charges"].split()]
            assert [trigger.state for trigger in armed] == row["milestones"].split()
            assert live == wanted
        for column in ("accrued", "released", "written_off", "balance"):
            if row[column]:
                held = reports.reserve(ledger)
                assert sum(found[f"{column}_cents"] for found in held) == row.cents(column), column
        assert (story.refused or "") == row["refused"]
    finally:
        ledger.close()
    assert soundness.check(path).findings == ()


def entries_of(amounts: list[int]) -> tuple[Entry, ...]:
    """Work worth these amounts."""
    return tuple(
        Entry("time", n, DAY, f"Work {n}", amount, timekeeper="ma", hours_e4=10_000)
        for n, amount in enumerate(amounts, 1)
    )


def billed_by(made: Capped | Fixed, row: Row) -> Bill:
    """The bill of a row's work under its arrangement, made by hand."""
    amounts = row.amounts("work") or [row.cents("U")]
    work = Work(entries_of([amount for amount in amounts if amount]))
    asked = Asked(row.cents("asked") if row["asked"] else None)
    segment = Segment(made, 1, work, Billed.of(row.cents("F_prev")))
    return compute(Order(DAY, DAY, 30, (segment,), asked=asked))


def check_fee(bill: Bill, row: Row) -> None:
    """What a row says of the fee is what the bill charges."""
    if row["billed"]:
        shares = [line.billed_cents for line in bill.lines if line.entry_id is not None]
        assert shares == row.amounts("billed")
        return
    assert (bill.fees_cents, bill.fee_adjustment_cents) == (row.cents("A"), row.cents("adj"))
    assert sum(line.amount_cents for line in bill.lines) == bill.fees_cents
    assert row["said"] in (*bill.warnings, bill.nothing or "")
    assert row["said"] or not bill.warnings


@each("capped.md")
def test_a_capped_fee(row: Row) -> None:
    check_fee(billed_by(Capped(row.cents("V")), row), row)


@each("fixed.md")
def test_a_fixed_fee(row: Row) -> None:
    check_fee(billed_by(Fixed(row.cents("V")), row), row)


@each("discount.md")
def test_a_discount(row: Row) -> None:
    text = row["discount"]
    if text.endswith("%"):
        discount = Discount(percent_e4=money.read_percent(text))
    else:
        discount = Discount(amount_cents=cents(text))
    assert discount.off(row.cents("fees")) == row.cents("off")


@each("tax.md")
def test_a_tax(row: Row) -> None:
    code = TaxCode("T", "Tax", row["on"], ((date(2020, 1, 1), money.read_percent(row["rate"])),))
    rules = TaxRules(code, row["rounding"])
    net = net_amounts(row.amounts("fees"), row.cents("discount"))
    sums = taxed(rules, DAY, net, row.amounts("costs"))
    assert [tax.base_cents for tax in sums] == row.amounts("base")
    assert sum(tax.tax_cents for tax in sums) == row.cents("tax")


@each("milestones.md")
def test_milestones_close_on_the_value(row: Row) -> None:
    armed = []
    for n, text in enumerate(re_joined(row["rows"]), 1):
        if text.endswith("%"):
            armed.append(Trigger(n, "percent", percent_e4=money.read_percent(text)))
        elif text == "remainder":
            armed.append(Trigger(n, "remainder"))
        else:
            armed.append(Trigger(n, "amount", amount_cents=cents(text)))
    for number in row["fired"].split():
        now = milestone.amounts(armed, row.cents("V"))
        armed = [
            Trigger(t.number, t.kind, t.amount_cents, t.percent_e4, now[t.number])
            if t.number == int(number)
            else t
            for t in armed
        ]
    found = milestone.amounts(armed, row.cents("V"))
    assert [found[n] for n in sorted(found)] == row.amounts("charged")


def re_joined(text: str) -> list[str]:
    """Words, where `30 %` is one."""
    return text.replace(" %", "%").split()


@each("allocate.md")
def test_shares(row: Row) -> None:
    shares = money.allocate(row.cents("amount"), row.amounts("weights"))
    assert shares == row.amounts("shares")
    assert sum(shares) == row.cents("amount")


@each("price.md")
def test_a_price(row: Row) -> None:
    decimals = money.decimals_of(row["currency"])
    made = money.price(hours.read_hours(row["hours"]), money.read_rate(row["rate"]), decimals)
    assert made == row.cents("price", decimals)


def vectors() -> set[str]:
    """The numbers of the billing rules that some row carries."""
    named = [row.cells["case"] for file in HERE.glob("*.md") if file.name != "README.md"
             for row in rows(file.name)]  # fmt: skip
    return {name.split(",")[0].split()[0] for name in named if name.startswith("V")}


@pytest.mark.parametrize(
    "number",
    [
        1,
        2,
        "3b",
        3,
        11,
        12,
        19,
        25,
        30,
        31,
        32,
        37,
        38,
        40,
        16,
        17,
        18,
        26,
        27,
        28,
        4,
        5,
        6,
        7,
        9,
        10,
        13,
        14,
        15,
        39,
        41,
    ],
)
def test_no_vector_is_missing(number: int | str) -> None:
    assert f"V{number}" in vectors()
