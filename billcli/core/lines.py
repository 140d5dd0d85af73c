"""The lines of a bill: entries as an arrangement prints them, and those with a reason instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from billcli.core.arrangements.terms import Fee, FeeLine
from billcli.core.work import LETTERS, Entry, Work
from billcli.values import money


class Line(NamedTuple):
    """One line; `amount_cents` is printed, `billed_cents` is what the entry brought in (D-15).

    A named tuple, because a bill is mostly made of lines and they are made in half the time.
    """

    kind: str
    class_: str
    description: str
    standard_cents: int
    amount_cents: int
    billed_cents: int
    entry_id: int | None = None
    source: str | None = None
    day: date | None = None
    timekeeper: str | None = None
    timekeeper_name: str | None = None
    hours_e4: int | None = None
    logged_e4: int | None = None
    rate_e4: int | None = None
    behavior: str | None = None
    note: str | None = None
    reason: str | None = None
    task_code: str | None = None
    activity_code: str | None = None
    expense_code: str | None = None
    category: str | None = None
    tax_code: str | None = None
    task_number: int | None = None

    @property
    def printed(self) -> bool:
        """Hidden entries are on the bill, but not on paper (D-12)."""
        return self.behavior != "hide"


def standard_taken(work: Work, fee: Fee) -> int:
    """The standard value of the entries that the bill takes."""
    pairs = zip(work.entries, fee.amounts, strict=True)
    return sum(entry.standard_cents for entry, cents in pairs if entry.counts and cents is not None)


def fee_lines(work: Work, fee: Fee, code: str | None) -> list[Line]:
    """The entries as the arrangement prints them, then the lines that stand for no entry."""
    taken = [
        (entry, cents, rate)
        for entry, cents, rate in zip(
            work.entries, fee.amounts, fee.rates or (None,) * len(work.entries), strict=True
        )
        if cents is not None
    ]
    shares = _shares([entry for entry, _, _ in taken], [cents for _, cents, _ in taken], fee)
    lines = []
    for (entry, cents, rate), share in zip(taken, shares, strict=True):
        note = None
        if entry.behavior == "no-charge":
            note = "no charge"
        elif fee.included and not (entry.kind == "charge" and cents):
            note = "included"
        shown = entry if rate is None else replace(entry, rate_e4=rate)
        lines.append(_entry_line(shown, "fee", cents, share, note=note, code=code))
    lines.extend(
        _own_line(
            extra, code, billed=0 if sum(shares) == fee.charged_cents or not taken else extra.cents
        )
        for extra in fee.lines
        if extra.class_ == "fee"
    )
    return lines


def cost_changes(fee: Fee, code: str | None) -> list[Line]:
    """What a value takes off the costs (D-16), or a quote puts on them, taxed as a recharge."""
    return [
        _own_line(extra, code if extra.cents > 0 else None, billed=extra.cents)
        for extra in fee.lines
        if extra.class_ == "cost"
    ]


def _own_line(extra: FeeLine, code: str | None, *, billed: int) -> Line:
    return Line(
        extra.kind,
        extra.class_,
        extra.description,
        standard_cents=0,
        amount_cents=extra.cents,
        billed_cents=billed,
        entry_id=extra.row,
        source=None if extra.row is None else f"{LETTERS['schedule']}-{extra.row}",
        reason=extra.reason,
        tax_code=code,
    )


def _shares(entries: Sequence[Entry], amounts: Sequence[int], fee: Fee) -> list[int]:
    """What each entry brought in: the fee pro rata of standard value (D-15)."""
    if fee.shares:
        return list(fee.shares)
    if sum(amounts) == fee.charged_cents:
        return list(amounts)
    weights = [entry.standard_cents if entry.counts else 0 for entry in entries]
    if not any(weights):
        return [0] * len(weights)
    return money.allocate(fee.charged_cents, weights)


def cost_line(entry: Entry, code: str | None) -> Line:
    """A cost at what was laid out; only a taxable one carries the code."""
    cents = entry.standard_cents
    code = code if entry.taxable else None
    return _entry_line(entry, "cost", cents, cents, note=None, code=code)


def _entry_line(
    entry: Entry, class_: str, amount: int, share: int, *, note: str | None, code: str | None
) -> Line:
    # By place, in the order of the fields: by name it takes twice as long, for every entry billed.
    return Line(
        entry.kind,
        class_,
        entry.description,
        entry.standard_cents,
        amount,
        share,
        entry.id,
        entry.ref,
        entry.day,
        entry.timekeeper,
        entry.timekeeper_name,
        entry.hours_e4,
        entry.logged_e4,
        entry.rate_e4,
        entry.behavior,
        note,
        None,
        entry.task_code,
        entry.activity_code,
        entry.expense_code,
        entry.category,
        code,
        entry.task_number,
    )


def taxable_costs(lines: Sequence[Line]) -> list[int]:
    """Costs that carry a tax code, less their part of what was written down of all costs.

    A mark-up is nothing that was laid out for the client: it is taxed as a recharge is (§4.4).
    """
    laid_out = [line for line in lines if line.entry_id is not None]
    own = [line for line in lines if line.entry_id is None]
    less = -sum(line.amount_cents for line in own if line.amount_cents < 0)
    amounts = [line.amount_cents for line in laid_out]
    off = money.allocate(less, amounts) if less > 0 and any(amounts) else [0] * len(amounts)
    pairs = zip(laid_out, off, strict=True)
    taxed = [line.amount_cents - cents for line, cents in pairs if line.tax_code]
    return taxed + [line.amount_cents for line in own if line.tax_code and line.amount_cents > 0]


def fee_amounts(fee: Fee) -> list[int]:
    """What the lines of a fee print, in their order and without making them."""
    own = [extra.cents for extra in fee.lines if extra.class_ == "fee"]
    return [cents for cents in fee.amounts if cents is not None] + own


def net_amounts(fees: Sequence[int], discount: int) -> list[int]:
    """Fees net of the discount, each line bearing its share (for tax by line)."""
    amounts = [cents for cents in fees if cents]
    if not discount or not amounts:
        return amounts
    if any(amount < 0 for amount in amounts):
        return [sum(amounts) - discount]
    return [a - d for a, d in zip(amounts, money.allocate(discount, amounts), strict=True)]
