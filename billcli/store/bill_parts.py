"""The rows of an approved bill, and its frozen words, as the rules know them."""

from __future__ import annotations

from datetime import date
from typing import Any

from billcli.core.bill import Part
from billcli.core.document import Milestone
from billcli.core.lines import Line
from billcli.core.work import LETTERS


def line(row: Any) -> Line:
    """A line of an approved bill, from its row by the names of the columns."""
    kind = "schedule" if row["kind"] == "fixed_fee" else row["kind"]
    source = f"{LETTERS[kind]}-{row['entry_id']}" if row["entry_id"] else None
    return Line(
        kind=row["kind"],
        class_=row["class"],
        description=row["description"],
        standard_cents=row["standard_cents"],
        amount_cents=row["amount_cents"],
        billed_cents=row["billed_cents"],
        entry_id=row["entry_id"],
        source=source,
        day=date.fromisoformat(row["day"]) if row["day"] else None,
        timekeeper=row["timekeeper_id"],
        timekeeper_name=row["timekeeper_name"],
        hours_e4=row["hours_e4"],
        logged_e4=row["logged_e4"],
        rate_e4=row["rate_e4"],
        behavior=row["behavior"],
        note=row["note"],
        reason=row["reason"],
        task_code=row["task_code"],
        activity_code=row["activity_code"],
        expense_code=row["expense_code"],
        category=row["category"],
        tax_code=row["tax_code"],
        task_number=row["task_number"],
    )


def part(row: Any) -> Part:
    """What a bill charged under one arrangement."""
    return Part(
        row.arrangement_id,
        row.standard_cents,
        row.charged_cents,
        row.reserved_cents,
        row.costs_cents,
        date.fromisoformat(row.period_start) if row.period_start else None,
        date.fromisoformat(row.period_end) if row.period_end else None,
    )


def tupled(data: dict[str, Any]) -> dict[str, Any]:
    """Frozen words with the lists of JSON as tuples."""
    return {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}


def milestone(data: dict[str, Any]) -> Milestone:
    """A milestone as it was told when the bill was approved."""
    days = {
        name: date.fromisoformat(data[name])
        for name in ("done_on", "accepted_on")
        if data.get(name)
    }
    return Milestone(**{**data, **days, "documents": tuple(data.get("documents", ()))})
