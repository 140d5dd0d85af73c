"""Write-offs: entries of the journal alone, each undone by the same the other way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.core import journal as recipes
from billcli.store import journal, rows

if TYPE_CHECKING:
    from billcli.store.audit import Mark
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger

_ROWS = """
    SELECT e.id, e.day, e.source, e.reason, b.number AS bill, m.number AS matter,
        b.client_id AS client, v.amount_cents AS cents, r.day AS reversed_on
    FROM journal_entry AS e JOIN move AS v ON v.entry_id = e.id
    JOIN bill AS b ON b.id = v.bill_id JOIN matter AS m ON m.id = b.matter_id
    LEFT JOIN journal_entry AS r ON r.reverses = e.id
    WHERE e.source > 'writeoff:' AND e.source < 'writeoff;' AND e.reverses IS NULL
        AND (:bill IS NULL OR b.id = :bill) AND (:matter IS NULL OR b.matter_id = :matter)
    ORDER BY e.id"""


@dataclass(frozen=True, slots=True)
class WriteOff:
    """A sum that won't be paid; `reason` is a word of the fixed list, then what was said."""

    source: str
    day: date
    bill: str
    matter: str
    client: str
    cents: int
    reason: str
    reversed_on: date | None


def add(ledger: Ledger, bill: BillFacts, cents: int, *, day: date, reason: str, mark: Mark) -> None:
    """Post a write-off."""
    entry = recipes.written_off(
        day=day,
        source=journal.next_step(ledger, f"writeoff:{bill.id}"),
        bill_id=bill.id,
        matter_id=bill.matter_id,
        cents=cents,
        reason=reason,
    )
    journal.post(ledger, entry, mark)


def undo(ledger: Ledger, source: str, *, reason: str, mark: Mark) -> None:
    """Reverse a write-off as of today."""
    entry_id, entry = journal.by_source(ledger, source)
    day = max(ledger.today, entry.day)
    undone = recipes.reversed_(entry, entry_id, day=day, reason=reason, source=f"{source}:void")
    journal.post(ledger, undone, mark)


def of(
    ledger: Ledger, *, bill_id: int | None = None, matter_id: int | None = None
) -> list[WriteOff]:
    """Write-offs in the order of the journal, those that were taken back too."""
    return [
        WriteOff(
            row.source,
            date.fromisoformat(row.day),
            row.bill,
            row.matter,
            row.client,
            row.cents,
            row.reason,
            date.fromisoformat(row.reversed_on) if row.reversed_on else None,
        )
        for row in rows.named(ledger, _ROWS, {"bill": bill_id, "matter": matter_id})
    ]
