"""Runs as they are kept: what each one did, and where its bills stand now."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.errors import NotFound
from billcli.store import bill_reads, drafts, find, runs
from billcli.values.text import shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def runs_(ledger: Ledger) -> list[dict[str, Any]]:
    """Every run that made a bill, newest first."""
    return [
        {
            "run": row.id,
            "key": row.key,
            "date": date.fromisoformat(row.day),
            "through": date.fromisoformat(row.through),
            "bills": row.bills,
            "finished": row.report is not None,
        }
        for row in runs.all_(ledger)
    ]


def one(ledger: Ledger, reference: str) -> dict[str, Any]:
    """A run with its bills as they stand; without a report it was stopped on its way."""
    row = next((r for r in runs.all_(ledger) if str(r.id) == reference.strip()), None)
    if row is None:
        raise NotFound(
            "run.missing", f"There is no run {shown(reference)}.", hint="See `billcli mass status`."
        )
    report = json.loads(row.report) if row.report else {}
    left = {each["id"]: each["reason"] for each in report.get("left_as_draft", [])}
    bills = [_bill(ledger, bill_id, left) for bill_id in runs.bills_of(ledger, row.id)]
    return {
        "run": row.id,
        "key": row.key,
        "date": date.fromisoformat(row.day),
        "through": date.fromisoformat(row.through),
        "state": "finished" if row.report else "interrupted",
        "created": len(bills),
        "skipped": report.get("skipped", []),
        "left_as_draft": report.get("left_as_draft", []),
        "to_deliver": report.get("to_deliver", []),
        "to_print": report.get("to_print", []),
        "failed": report.get("failed", []),
        "bills": bills,
        "states": dict(Counter(bill["state"] for bill in bills)),
        "total_cents": sum(bill["total_cents"] for bill in bills),
    }


def _bill(ledger: Ledger, bill_id: int, left: Mapping[str, str]) -> dict[str, Any]:
    """A bill or draft of a run as it stands, and what a draft waits for."""
    facts = bill_reads.one(ledger, bill_id)
    waits = None
    if facts is not None:
        matter, number, state, total = facts.matter, facts.number, facts.state, facts.total_cents
    else:
        draft = drafts.get(ledger, bill_id)
        row = find.matter_by_id(ledger, draft.matter_id)
        held = f"on a billing hold since {row.held_on}" if row.held_on else None
        waits = held or left.get(draft.ref) or ("changed by hand" if draft.edits else None)
        matter, number, state, total = row.number, None, "draft", draft.bill.total_cents
    return {
        "matter": matter,
        "id": f"D-{bill_id}",
        "number": number,
        "state": state,
        "total_cents": total,
        "held": bool(waits and waits.startswith("on a billing hold")),
        "note": waits,
    }
