"""Who brought in the fees: the frozen shares of bills, and whose work made a reserve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from billcli.core.allocation import Share
from billcli.core.document import PayorShare
from billcli.store.postings import LIVE

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def of_payor(kept: dict[str, Any] | None) -> PayorShare | None:
    """The share that was frozen with a payor's bill."""
    return PayorShare(**{**kept, "lines": tuple(kept["lines"])}) if kept else None


def of_bill(ledger: Ledger, bill_id: int) -> tuple[Share, ...]:
    """The shares that were frozen when the bill was approved."""
    found = ledger.session.connection().execute(
        text(
            "SELECT timekeeper_id, amount_cents, origination FROM bill_allocation"
            " WHERE bill_id = :bill ORDER BY n"
        ),
        {"bill": bill_id},
    )
    return tuple(Share(r.timekeeper_id, r.amount_cents, bool(r.origination)) for r in found)


def accrued(ledger: Ledger, matter_id: int) -> dict[str, int]:
    """Whose work made the reserve: what live bills left out of each timekeeper's lines (D-54)."""
    found = ledger.session.connection().execute(
        text(f"""
        SELECT l.timekeeper_id AS who, sum(l.standard_cents - l.billed_cents) AS cents
        FROM bill AS b JOIN bill_line AS l ON l.bill_id = b.id
        WHERE b.matter_id = :matter AND b.reserve_accrued_cents > 0 AND l.class = 'fee'
            AND l.entry_id IS NOT NULL AND l.behavior = 'bill' AND l.timekeeper_id IS NOT NULL
            AND {LIVE}
        GROUP BY l.timekeeper_id HAVING cents > 0 ORDER BY l.timekeeper_id"""),
        {"matter": matter_id},
    )
    return {row.who: row.cents for row in found}
