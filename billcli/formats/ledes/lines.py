"""The lines of a bill as rows in numbers: units, cost, adjustment, tax, and the total of each.

Here everything is a whole number: hours, rates and adjustments times 10^4, totals in cents.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from billcli.core.document import BillDocument
from billcli.core.lines import Line
from billcli.core.tax import TaxSum
from billcli.errors import Refused
from billcli.values import money

ONE_E4 = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row: `total_cents` is units times cost, and the adjustment, and the tax.

    `kind` is F, E, IF or IE. Without units the amount stands in the adjustment alone.
    """

    kind: str
    day: date
    words: str
    net_cents: int
    units_e4: int | None = None
    cost_e4: int | None = None
    adjustment_e4: int = 0
    tax_cents: int = 0
    tax: TaxSum | None = None
    line: Line | None = None

    @property
    def total_cents(self) -> int:
        """What the row adds to the bill."""
        return self.net_cents + self.tax_cents


def rows_of(document: BillDocument, *, flat_fee: str) -> tuple[tuple[Row, ...], int]:
    """The rows of a bill, and how many of its lines are left out because they print nowhere.

    Hidden entries and time that was rounded to nothing have no row. Refused `ledes.empty`,
    `ledes.sum`.
    """
    bill = document.bill
    shift = 10 ** (4 - document.decimals)
    made: list[Row] = []
    left_out = 0
    for line in bill.lines:
        if not line.printed or (line.kind == "time" and not (line.hours_e4 or line.amount_cents)):
            left_out += 1
        else:
            made.append(_row(line, bill.day, shift, flat_fee=flat_fee))
    if bill.discount_cents:
        label = bill.discount_label or "Discount"
        made.append(_adjustment("IF", bill.day, label, -bill.discount_cents, shift))
    taxed = list(_taxed(document, made))
    if not taxed:
        raise Refused(
            "ledes.empty",
            f"Bill {document.number} has no line that an electronic bill could show.",
        )
    total = sum(row.total_cents for row in taxed)
    if total != bill.total_cents:
        raise Refused(
            "ledes.sum",
            f"The lines of bill {document.number} come to "
            f"{money.grouped(total, document.decimals)}, and the bill to "
            f"{money.grouped(bill.total_cents, document.decimals)}.",
            hint="No file was written; billcli check says more.",
        )
    return tuple(taxed), left_out


def _row(line: Line, bill_day: date, shift: int, *, flat_fee: str) -> Row:
    day, cents = line.day or bill_day, line.amount_cents
    if line.class_ == "cost":
        if line.entry_id is None or cents <= 0:
            return replace(_adjustment("IE", day, line.description, cents, shift), line=line)
        return _priced("E", line, day, ONE_E4, cents * shift, shift)
    if line.kind == "time" and line.hours_e4:
        return _priced("F", line, day, line.hours_e4, line.rate_e4 or 0, shift)
    if line.kind == "time":
        return _priced("F", line, day, ONE_E4, cents * shift, shift)
    if flat_fee == "brightflag" and cents > 0:
        return _priced("IF", line, day, ONE_E4, cents * shift, shift)
    return replace(_adjustment("IF", day, line.description, cents, shift), line=line)


def _priced(kind: str, line: Line, day: date, units_e4: int, cost_e4: int, shift: int) -> Row:
    """Units times cost, and what makes it the line's amount: the no-charge, the spare mill."""
    product = money.round_ratio(units_e4 * cost_e4, ONE_E4)
    return Row(
        kind=kind,
        day=day,
        words=line.description,
        net_cents=line.amount_cents,
        units_e4=units_e4,
        cost_e4=cost_e4,
        adjustment_e4=line.amount_cents * shift - product,
        line=line,
    )


def _adjustment(kind: str, day: date, words: str, cents: int, shift: int) -> Row:
    return Row(kind, day, words, cents, adjustment_e4=cents * shift)


def _taxed(document: BillDocument, rows: list[Row]) -> Iterator[Row]:
    """The rows with the tax of each, and one row for what the tax of the whole bill differs.

    A bill's tax is rounded once and takes reductions of costs into account; receivers check each
    row by itself. Where the tax of the whole bill rounds to nothing, no row has any: 1998B has no
    place for it, and the bill asks for none.
    """
    taxes = [tax for tax in document.bill.taxes if tax.tax_cents or tax.base_cents]
    if not taxes or (not document.bill.tax_cents and taxes[0].percent_e4):
        yield from rows
        return
    tax = taxes[0]
    due = document.bill.tax_cents
    fees = any(row.line and row.line.class_ == "fee" and row.line.tax_code for row in rows)
    for row in rows:
        own = bool(row.line.tax_code) if row.line else fees
        if own:
            cents = money.percent_of(row.net_cents, tax.percent_e4)
            due -= cents
            yield replace(row, tax_cents=cents, tax=tax)
        else:
            yield row
    if due:
        words = f"{tax.label}: difference between the tax of the rows and of the bill"
        yield Row("IF", document.bill.day, words, 0, tax_cents=due)
