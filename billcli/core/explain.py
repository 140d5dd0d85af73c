"""A bill as a calculation: every step of the pipeline in words and numbers (D-13).

The rows that add make the bill's total, one after the other; the others say how a figure came
about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from billcli.core.bill import Bill
from billcli.core.lines import Line
from billcli.core.work import ENTRIES, Step
from billcli.values.hours import plain_hours
from billcli.values.money import plain_percent

ADJUSTED = {
    "quote": ("quote", "D-32"),
    "outcome": ("outcome", "D-22"),
    "fixed_fee": ("arrange", "1.6"),
    "cap": ("arrange", "D-15"),
    "reserve_limit": ("arrange", "D-03"),
    "schedule": ("arrange", "D-33"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `adds` to the total, which stands at `running` after it.

    `step` is gather, arrange, quote, outcome, edit, discount, costs, tax or total.
    """

    step: str
    rule: str
    words: str
    amount_cents: int
    adds: bool = False
    running_cents: int | None = None


def explained(bill: Bill) -> tuple[Row, ...]:
    """The rows, in the order of the pipeline; the last one is the total."""
    rows: list[Row] = []
    running = 0
    for row in _rows(bill):
        if row.adds:
            running += row.amount_cents
            row = Row(row.step, row.rule, row.words, row.amount_cents, True, running)
        rows.append(row)
    return tuple(rows)


def _rows(bill: Bill) -> Iterator[Row]:
    fees = [line for line in bill.lines if line.class_ == "fee"]
    entries = [line for line in fees if line.entry_id is not None and line.kind in ENTRIES]
    own = [line for line in fees if line not in entries]
    yield from _because(bill.because, "split")
    yield _adds("gather", "D-13", _work(entries, bill), bill.standard_fees_cents)
    # A step that is a line of the bill stands once, where it adds.
    lines = {(line.description, line.amount_cents) for line in own}
    rules = {(step.words, step.cents): step.rule for step in bill.because}
    told = [step for step in bill.because if (step.words, step.cents) not in lines]
    yield from _because(told, "arrange")
    by_hand = {line.source for line in entries if line.reason is not None}
    edits = [step for step in bill.because if step.phase == "edit"]
    moved = sum(step.cents for step in edits if _of(step) in by_hand)
    different = sum(line.amount_cents for line in entries) - bill.standard_fees_cents - moved
    if different:
        included = any(line.note == "included" for line in entries)
        words = "Time included in the agreed fee" if included else "Above the agreed rate"
        yield _adds("arrange", "1.6" if included else "1.5", words, different)
    for line in own:
        phase, rule = ADJUSTED.get(line.reason or "", ("arrange", "4.2"))
        rule = rules.get((line.description, line.amount_cents), rule)
        yield _adds(phase, rule, line.description, line.amount_cents)
    yield from _because(told, "quote")
    yield from _because(told, "outcome")
    for step in edits:
        # A changed line of the arrangement stands above as it is now.
        yield Row("edit", step.rule, step.words, step.cents, adds=_of(step) in by_hand)
    yield Row("arrange", "D-13", "= Fees", bill.fees_cents)
    if bill.reserve_accrued_cents:
        words = "Held in the contingent reserve, not on this bill"
        yield Row("arrange", "D-21", words, bill.reserve_accrued_cents)
    if bill.discount_cents:
        words = f"{bill.discount_label or 'Discount'}, off the fees"
        yield _adds("discount", "D-10", words, -bill.discount_cents)
        net = bill.fees_cents - bill.discount_cents
        yield Row("discount", "D-10", "= Fees net of the discount", net)
    costs = [line for line in bill.lines if line.class_ == "cost"]
    if costs:
        laid_out = [line for line in costs if line.entry_id is not None]
        total = sum(line.amount_cents for line in laid_out)
        yield _adds("costs", "D-13", f"Costs: {_count(len(laid_out), 'expense')}", total)
        for line in costs:
            if line.entry_id is None:
                yield _adds("costs", "D-16", line.description, line.amount_cents)
    for tax in bill.taxes:
        rate = plain_percent(tax.percent_e4)
        yield Row("tax", "4.4", f"{tax.label} is charged on", tax.base_cents)
        yield _adds("tax", "4.4", f"{tax.label} {rate} % of it", tax.tax_cents)
    yield Row("total", "D-13", "= Total", bill.total_cents)


def _because(steps: Sequence[Step], phase: str) -> Iterator[Row]:
    for step in steps:
        if step.phase == phase:
            yield Row(phase, step.rule, step.words, step.cents)


def _of(step: Step) -> str:
    """The line that an edit changed."""
    return step.words.partition(" written ")[0]


def _adds(phase: str, rule: str, words: str, cents: int) -> Row:
    return Row(phase, rule, words, cents, adds=True)


def _work(entries: Sequence[Line], bill: Bill) -> str:
    time = [line for line in entries if line.kind == "time"]
    hours = plain_hours(sum(line.hours_e4 or 0 for line in time))
    found = f"Work up to {bill.through}: {_count(len(time), 'time entry')}, {hours} h"
    charges = len(entries) - len(time)
    found += f", {_count(charges, 'charge')}" if charges else ""
    free = sum(1 for line in entries if line.behavior in ("no-charge", "hide"))
    return found + (f" ({free} without a charge)" if free else "")


def _count(n: int, what: str) -> str:
    if n == 1:
        return f"1 {what}"
    return f"{n} {what[:-1]}ies" if what.endswith("y") else f"{n} {what}s"
