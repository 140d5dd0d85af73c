"""From when to when matters were closed, kept when they are opened again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billcli.store import rows
from billcli.store.models import ClosedSpanRow

if TYPE_CHECKING:
    from billcli.store.audit import Mark
    from billcli.store.ledger import Ledger

# A status has no day of its own: the log has it. What was undone was never so.
_CLOSED_FOR_BILLING = """
    SELECT today FROM audit AS a
    WHERE matter_id = :matter AND object LIKE 'matter %'
        AND json_extract(after, '$.status') = 'closed' AND NOT EXISTS (
            SELECT 1 FROM undone AS u JOIN change_set AS s ON s.unit = u.unit
            WHERE a.id BETWEEN s.first_audit AND s.last_audit)
    ORDER BY id DESC LIMIT 1"""


def keep(ledger: Ledger, matter_id: int, before: Mapping[str, Any], mark: Mark) -> None:
    """Keep the times that a change ended: as a closed matter, and as one closed for billing.

    `before` says how it was, as the change's row in the log does. A matter that was opened again
    on the day of its closing was never closed for a whole day, and has no such time.
    """
    found = [before.get("closed_on")]
    if before.get("status") == "closed":
        found.append(rows.one(ledger, _CLOSED_FOR_BILLING, {"matter": matter_id}))
    today = ledger.today.isoformat()
    for day in found:
        if day is not None and day < today:
            span = {"matter_id": matter_id, "closed_on": day, "reopened_on": today}
            seal = {"audit_id": mark.audit_id, "audit_hash": mark.audit_hash}
            rows.insert(ledger, ClosedSpanRow, span | seal)
