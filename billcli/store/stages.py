"""Milestones of many matters at once: what a board or a forecast tells of each, in one query."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from billcli.store import rows

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

# A task that was removed after its charge was made still has its part of the value (D-60).
_STAGES = """
    SELECT t.matter_id, t.number, t.name, t.step, t.due_on, t.done_on, t.accepted_on,
        t.needs_acceptance, t.accept_within, t.decision, t.archived_on, t.terms_days,
        t.trigger_kind, t.trigger_cents, t.trigger_percent_e4, c.id AS charge_id,
        c.amount_cents AS charge_cents, s.draft_id, k.bill_id
    FROM task AS t LEFT JOIN charge AS c ON c.task_id = t.id AND c.withdrawn_on IS NULL
    LEFT JOIN draft_source AS s ON s.kind = 'charge' AND s.entry_id = c.id
    LEFT JOIN claim AS k ON k.kind = 'charge' AND k.entry_id = c.id AND k.released_on IS NULL
    WHERE t.matter_id IN (SELECT value FROM json_each(:ids)) AND t.trigger_kind IS NOT NULL
        AND (t.archived_on IS NULL OR c.id IS NOT NULL)
    ORDER BY t.matter_id, t.number"""


def of_matters(ledger: Ledger, ids: Iterable[int]) -> list[Any]:
    """The milestones of these matters, by matter and number, each with its charge."""
    return list(rows.named(ledger, _STAGES, {"ids": json.dumps(list(ids))}))
