"""From when to when matters were closed, kept when they are opened again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billcli.store import rows
from billcli.store.models import ClosedSpanRow

if TYPE_CHECKING:
    from billcli.store.audit import Mark
    from billcli.store.ledger import Ledger

# An option has no day of its own: the log has it. What was undone was never so.
_SHUT_ON = """
    SELECT today FROM audit AS a
    WHERE matter_id = :matter AND object LIKE 'matter %'
        AND json_extract(after, '$.' || :option) = :value AND NOT EXISTS (
            SELECT 1 FROM undone AS u JOIN change_set AS s ON s.unit = u.unit
            WHERE a.id BETWEEN s.first_audit AND s.last_audit)
    ORDER BY id DESC LIMIT 1"""
_SHUT = (("status", "closed"), ("billing", False))


def keep(ledger: Ledger, matter_id: int, before: Mapping[str, Any], mark: Mark) -> None:
    """Keep the times that a change ended: as a closed matter, and as one that isn't billed.

    `before` says how it was, as the change's row in the log does. A matter that was opened again
    on the day of its closing was never closed for a whole day, and has no such time.
    """
    found = [before.get("closed_on")]
    for option, value in _SHUT:
        if before.get(option) == value:
            asked = {"matter": matter_id, "option": option, "value": value}
            found.append(rows.one(ledger, _SHUT_ON, asked))
    today = ledger.today.isoformat()
    for day in found:
        if day is not None and day < today:
            span = {"matter_id": matter_id, "closed_on": day, "reopened_on": today}
            seal = {"audit_id": mark.audit_id, "audit_hash": mark.audit_hash}
            rows.insert(ledger, ClosedSpanRow, span | seal)
