"""What a reviewer is told beside a draft: long days, receipts, milestones that nobody billed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from billcli.store import rows

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_HOURS = """
    SELECT timekeeper_id, day, sum(hours_e4) AS hours_e4 FROM time_entry
    WHERE timekeeper_id = :timekeeper AND day IN (SELECT value FROM json_each(:days))
    GROUP BY timekeeper_id, day"""
_RECEIPTS = """
    SELECT id FROM expense
    WHERE id IN (SELECT value FROM json_each(:ids)) AND receipt IS NOT NULL"""
# Done, and neither waived nor on a bill or in the draft that is looked at.
_MILESTONES = """
    SELECT t.number, t.name FROM task AS t
    WHERE t.matter_id = :matter AND t.done_on IS NOT NULL AND t.done_on <= :through
        AND t.trigger_kind IS NOT NULL AND t.archived_on IS NULL
        AND coalesce(t.decision, '') <> 'waived' AND NOT EXISTS (
            SELECT 1 FROM charge AS c WHERE c.task_id = t.id AND c.withdrawn_on IS NULL AND (
                EXISTS (SELECT 1 FROM claim
                    WHERE kind = 'charge' AND entry_id = c.id AND released_on IS NULL)
                OR EXISTS (SELECT 1 FROM draft_source WHERE kind = 'charge' AND entry_id = c.id)))
    ORDER BY t.number"""


def hours_of_days(
    ledger: Ledger, wanted: Iterable[tuple[str, date]]
) -> dict[tuple[str, date], int]:
    """What timekeepers recorded on their days, on all matters together, in hours_e4."""
    days: dict[str, set[str]] = {}
    for timekeeper, day in wanted:
        days.setdefault(timekeeper, set()).add(day.isoformat())
    found = {}
    for timekeeper, of in days.items():
        asked = {"timekeeper": timekeeper, "days": json.dumps(sorted(of))}
        for row in rows.named(ledger, _HOURS, asked):
            found[row.timekeeper_id, date.fromisoformat(row.day)] = row.hours_e4
    return found


def with_receipt(ledger: Ledger, expenses: Iterable[int]) -> frozenset[int]:
    """Those of the expenses whose receipt is there."""
    asked = {"ids": json.dumps(list(expenses))}
    return frozenset(row.id for row in rows.named(ledger, _RECEIPTS, asked))


def unbilled_milestones(
    ledger: Ledger, matter_id: int, through: date
) -> tuple[tuple[int, str], ...]:
    """Milestones done up to a day whose charge is on no bill and in no draft, by number."""
    asked = {"matter": matter_id, "through": through.isoformat()}
    return tuple((row.number, row.name) for row in rows.named(ledger, _MILESTONES, asked))
