"""Reports: what clients owe and what is not billed yet, as of any day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.ageing import BUCKETS, bucket
from billcli.core.plan import open_parts
from billcli.store import outcomes, plans, reports
from billcli.store.rows import undisturbed

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_BUCKETS = tuple(f"{name}_cents" for name in BUCKETS)


@undisturbed
def ageing(ledger: Ledger, *, as_of: date | None = None) -> list[dict[str, Any]]:
    """Open receivables of each matter by days past due, on that day (B18).

    A bill under a plan is past due by its missed instalments alone (D-61).
    """
    day = as_of or ledger.today
    agreed = plans.in_force(ledger, day)
    rows: dict[str, dict[str, Any]] = {}
    falling: dict[str, str] = {}  # bills share few due dates
    for found in reports.open_receivables(ledger, day):
        row = rows.get(found.matter)
        if row is None:
            row = rows[found.matter] = _owing(found)
        row["bills"] += 1
        row["total_cents"] += found.cents
        if found.id in agreed:
            due_on, paid = date.fromisoformat(found.due_on), found.paid_cents
            for part in open_parts(due_on, found.cents, paid_cents=paid, plan=agreed[found.id]):
                row[f"{bucket(part.due_on, day)}_cents"] += part.cents
            continue
        key = falling.get(found.due_on)
        if key is None:
            key = f"{bucket(date.fromisoformat(found.due_on), day)}_cents"
            falling[found.due_on] = key
        row[key] += found.cents
    return list(rows.values())


def _owing(found: Any) -> dict[str, Any]:
    """A matter in the report on ageing, before its bills are added."""
    return {
        "matter": found.matter,
        "title": found.title,
        "client": found.client_id,
        "client_name": found.client_name,
        "bills": 0,
        **dict.fromkeys(_BUCKETS, 0),
        "total_cents": 0,
    }


@undisturbed
def wip(ledger: Ledger, *, as_of: date | None = None) -> list[dict[str, Any]]:
    """Unbilled work and costs of each matter at standard value, on that day."""
    return [
        {
            "matter": row.matter,
            "title": row.title,
            "client": row.client_id,
            "hours_e4": row.hours_e4,
            "time_cents": row.time_cents,
            "charges_cents": row.charges_cents,
            "fees_cents": row.time_cents + row.charges_cents,
            "costs_cents": row.costs_cents,
            "total_cents": row.time_cents + row.charges_cents + row.costs_cents,
            "held_cents": row.held_cents,
            "oldest": date.fromisoformat(row.oldest),
        }
        for row in reports.work_in_progress(ledger, as_of or ledger.today)
    ]


def reserve(ledger: Ledger) -> list[dict[str, Any]]:
    """The contingent reserve of each matter that has or had one; it is no asset yet (D-21)."""
    return [
        {
            "matter": row.matter,
            "title": row.title,
            "client": row.client,
            "outcome": row.outcome,
            "accrued_cents": row.accrued_cents,
            "released_cents": row.released_cents,
            "written_off_cents": row.written_off_cents,
            "balance_cents": row.balance_cents,
        }
        for row in outcomes.sums(ledger)
    ]
