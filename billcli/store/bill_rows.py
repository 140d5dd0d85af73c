"""An approved bill as the rows that it is kept in: made and sealed first, written after.

They are made of the bill alone, so that a process which knows no ledger can make them. A row is
its values in the order of its columns here; a bill has ten of them and more, and a mapping each
takes twice as long.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from billcli.core.bill import Part
from billcli.core.document import BillDocument
from billcli.core.lines import Line
from billcli.store import frozen
from billcli.store.audit import sealed

SERIES = "bill"
FROZEN = (
    "firm", "client", "matter_number", "matter_title", "client_matter_id",
    "arrangement_value_cents", "previously_billed_cents", "terms_days", "milestones", "note",
    "responsible",
)  # fmt: skip
FROZEN_OF_BILL = ("because", "warnings", "discount_label", "hide_line_pricing", "quote_rule")

BILL = (
    "id", "number", "series", "year", "seq", "matter_id", "client_id", "arrangement", "day",
    "due_on", "through", "period_start", "period_end", "standard_fees_cents",
    "fee_adjustment_cents", "fees_cents", "discount_cents", "costs_cents", "tax_cents",
    "total_cents", "reserve_accrued_cents", "template", "template_set", "details", "approved_on",
)  # fmt: skip
LINE = (
    "bill_id", "line", "kind", "class", "entry_id", "day", "timekeeper_id", "timekeeper_name",
    "description", "hours_e4", "logged_e4", "rate_e4", "standard_cents", "amount_cents",
    "billed_cents", "behavior", "note", "reason", "task_code", "activity_code", "expense_code",
    "category", "tax_code", "task_number",
)  # fmt: skip
TAX = ("bill_id", "code", "label", "percent_e4", "base_cents", "tax_cents")
PART = (
    "bill_id", "part", "arrangement_id", "period_start", "period_end", "standard_cents",
    "charged_cents", "reserved_cents", "costs_cents",
)  # fmt: skip
SHARE = ("bill_id", "n", "timekeeper_id", "amount_cents", "origination")
CLAIM = ("bill_id", "kind", "entry_id")
PERIOD = ("bill_id", "matter_id", "period_start")

Row = tuple[Any, ...]


class Heading(NamedTuple):
    """What a bill is given when it is approved."""

    bill_id: int
    matter_id: int
    year: int
    seq: int
    number: str
    template: str
    template_set: str
    approved_on: str


class BillRows(NamedTuple):
    """The rows of a bill, and the hash of all that they say."""

    heading: Heading
    bill: Row
    lines: tuple[Row, ...]
    taxes: tuple[Row, ...]
    parts: tuple[Row, ...]
    shares: tuple[Row, ...]
    claims: tuple[Row, ...]
    periods: tuple[Row, ...]
    seal: str


def rows_of(heading: Heading, document: BillDocument) -> BillRows:
    """The rows that a bill has under this heading."""
    bill, id_ = document.bill, heading.bill_id
    details = {name: frozen.dumped(getattr(document, name)) for name in FROZEN}
    details |= {name: frozen.dumped(getattr(bill, name)) for name in FROZEN_OF_BILL}
    if document.share:
        details["share"] = frozen.dumped(document.share)
    row = (
        id_,
        heading.number,
        SERIES,
        heading.year,
        heading.seq,
        heading.matter_id,
        document.client.id,
        bill.arrangement,
        bill.day.isoformat(),
        bill.due_on.isoformat(),
        bill.through.isoformat(),
        _day(bill.period_start),
        _day(bill.period_end),
        bill.standard_fees_cents,
        bill.fee_adjustment_cents,
        bill.fees_cents,
        bill.discount_cents,
        bill.costs_cents,
        bill.tax_cents,
        bill.total_cents,
        bill.reserve_accrued_cents,
        heading.template,
        heading.template_set,
        json.dumps(details, ensure_ascii=False),
        heading.approved_on,
    )
    lines = tuple(_line(id_, n, line) for n, line in enumerate(bill.lines, 1))
    taxes = tuple(
        (id_, tax.code, tax.label, tax.percent_e4, tax.base_cents, tax.tax_cents)
        for tax in sorted(bill.taxes, key=lambda tax: tax.code)
    )
    parts = tuple(_part(id_, n, part) for n, part in enumerate(bill.parts, 1))
    shares = tuple(
        (id_, n, share.timekeeper, share.amount_cents, int(share.origination))
        for n, share in enumerate(document.allocation, 1)
    )
    told = ((BILL, (row,)), (LINE, lines), (TAX, taxes), (PART, parts), (SHARE, shares))
    return BillRows(
        heading,
        row,
        lines,
        taxes,
        parts,
        shares,
        tuple((id_, kind, entry_id) for kind, entry_id in bill.claims),
        tuple((id_, heading.matter_id, start.isoformat()) for start in bill.periods),
        sealed([kept for names, rows in told for kept in _named(names, rows)]),
    )


def _named(names: tuple[str, ...], rows: tuple[Row, ...]) -> Iterator[dict[str, Any]]:
    """Rows by the names of their columns, as far as these have a value."""
    for row in rows:
        yield {name: value for name, value in zip(names, row, strict=True) if value is not None}


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _line(bill_id: int, n: int, line: Line) -> Row:
    return (
        bill_id,
        n,
        line.kind,
        line.class_,
        line.entry_id,
        line.day.isoformat() if line.day else None,
        line.timekeeper,
        line.timekeeper_name,
        line.description,
        line.hours_e4,
        line.logged_e4,
        line.rate_e4,
        line.standard_cents,
        line.amount_cents,
        line.billed_cents,
        line.behavior,
        line.note,
        line.reason,
        line.task_code,
        line.activity_code,
        line.expense_code,
        line.category,
        line.tax_code,
        line.task_number,
    )


def _part(bill_id: int, n: int, part: Part) -> Row:
    return (
        bill_id,
        n,
        part.arrangement_id,
        _day(part.period_start),
        _day(part.period_end),
        part.standard_cents,
        part.charged_cents,
        part.reserved_cents,
        part.costs_cents,
    )
