"""The journal: appended to, summed, and reversed; never changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from billcli.core.journal import Entry, Move
from billcli.errors import Refused
from billcli.store import rows
from billcli.store.audit import Mark
from billcli.store.models import JournalEntryRow, MoveRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_ENTRY = JournalEntryRow.__table__  # type: ignore[attr-defined]
_MOVE = MoveRow.__table__  # type: ignore[attr-defined]
_CREDIT = """
    SELECT payment_id, sum(CASE credit WHEN 'client_credit' THEN amount_cents ELSE 0 END)
        - sum(CASE debit WHEN 'client_credit' THEN amount_cents ELSE 0 END) AS cents
    FROM move WHERE payment_id {which} GROUP BY payment_id HAVING cents <> 0"""
_STEPS = "SELECT count(*) FROM journal_entry WHERE source > :first AND source < :last"
_APPLIED = text("""
    SELECT bill_id, min(matter_id) AS matter_id,
        sum(CASE credit WHEN 'receivable' THEN amount_cents ELSE 0 END)
        - sum(CASE debit WHEN 'receivable' THEN amount_cents ELSE 0 END) AS cents
    FROM move WHERE payment_id = :payment AND bill_id IS NOT NULL
    GROUP BY bill_id HAVING cents > 0 ORDER BY bill_id""")


def post(ledger: Ledger, entry: Entry, mark: Mark) -> int:
    """Append an entry with its moves; the same source a second time is refused."""
    entry_id = rows.insert(
        ledger,
        JournalEntryRow,
        {
            "day": entry.day.isoformat(),
            "what": entry.what,
            "source": entry.source,
            "reverses": entry.reverses,
            "reason": entry.reason,
            "audit_id": mark.audit_id,
            "audit_hash": mark.audit_hash,
        },
    )
    rows.insert_all(
        ledger,
        MoveRow,
        [
            {
                "entry_id": entry_id,
                "n": n,
                "debit": move.debit,
                "credit": move.credit,
                "amount_cents": move.cents,
                "matter_id": move.matter_id,
                "bill_id": move.bill_id,
                "payment_id": move.payment_id,
                "trust_id": move.trust_id,
                "retainer_id": move.retainer_id,
                "credit_id": move.credit_id,
            }
            for n, move in enumerate(entry.moves, 1)
        ],
    )
    return entry_id


def by_source(ledger: Ledger, source: str) -> tuple[int, Entry]:
    """The entry that a source posted."""
    connection = ledger.session.connection()
    row = connection.execute(select(_ENTRY).where(_ENTRY.c.source == source)).one_or_none()
    if row is None:
        raise Refused("journal.missing", f"Nothing was posted for {source}.")
    found = connection.execute(select(_MOVE).where(_MOVE.c.entry_id == row.id).order_by(_MOVE.c.n))
    return row.id, _entry(row, tuple(found))


def _entry(row: Any, moves: tuple[Any, ...]) -> Entry:
    return Entry(
        date.fromisoformat(row.day),
        row.what,
        row.source,
        tuple(
            Move(
                m.debit,
                m.credit,
                m.amount_cents,
                m.matter_id,
                m.bill_id,
                m.payment_id,
                m.trust_id,
                m.retainer_id,
                m.credit_id,
            )
            for m in moves
        ),
        row.reverses,
        row.reason,
    )


def next_step(ledger: Ledger, prefix: str) -> str:
    """A source for the next thing that happens to a payment: `payment:2:apply:3`."""
    # All that begins with the prefix and a colon; of the signs, ; comes next.
    steps = rows.one(ledger, _STEPS, {"first": f"{prefix}:", "last": f"{prefix};"})
    return f"{prefix}:{int(steps) + 1}"


def credits_(ledger: Ledger) -> dict[int, int]:
    """What each payment still holds as client credit."""
    found = rows.named(ledger, _CREDIT.format(which="IS NOT NULL"), {})
    return {row.payment_id: row.cents for row in found}


def credit_of(ledger: Ledger, payment_id: int) -> int:
    """What one payment still holds as client credit."""
    found = list(rows.named(ledger, _CREDIT.format(which="= :payment"), {"payment": payment_id}))
    return found[0].cents if found else 0


def last_day(ledger: Ledger, payment_id: int) -> date:
    """The last day on which a payment moved."""
    found = ledger.session.connection().execute(
        text("""
        SELECT max(e.day) FROM journal_entry AS e JOIN move AS m ON m.entry_id = e.id
        WHERE m.payment_id = :payment"""),
        {"payment": payment_id},
    )
    return date.fromisoformat(found.scalar_one())


def applied(ledger: Ledger, payment_id: int) -> tuple[tuple[int, int, int], ...]:
    """What a payment pays now: (bill, matter, cents)."""
    found = ledger.session.connection().execute(_APPLIED, {"payment": payment_id})
    return tuple((row.bill_id, row.matter_id, row.cents) for row in found)


def all_applied(
    ledger: Ledger, payment_id: int | None = None
) -> dict[int, tuple[tuple[str, int], ...]]:
    """What each payment pays now, by payment: (bill number, cents)."""
    where = "" if payment_id is None else " AND m.payment_id = :payment"
    sums = ledger.session.connection().execute(
        text(f"""
        SELECT m.payment_id, b.number,
            sum(CASE m.credit WHEN 'receivable' THEN m.amount_cents ELSE 0 END)
            - sum(CASE m.debit WHEN 'receivable' THEN m.amount_cents ELSE 0 END) AS cents
        FROM move AS m JOIN bill AS b ON b.id = m.bill_id
        WHERE m.payment_id IS NOT NULL{where}
        GROUP BY m.payment_id, b.id HAVING cents > 0 ORDER BY b.id"""),
        {"payment": payment_id},
    )
    found: dict[int, tuple[tuple[str, int], ...]] = {}
    for row in sums:
        found[row.payment_id] = (*found.get(row.payment_id, ()), (row.number, row.cents))
    return found
