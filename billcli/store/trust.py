"""The trust ledger: signed rows, written once, each with its posting; balances are sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core import journal_funds as recipes
from billcli.core.journal import Entry
from billcli.core.trust import TrustMove
from billcli.errors import NotFound
from billcli.store import journal, rows
from billcli.store.models import (
    ReconciliationRow,
    TrustClearingRow,
    TrustConfirmationRow,
    TrustEntryRow,
    TrustNoticeRow,
)

if TYPE_CHECKING:
    from billcli.store.audit import Mark
    from billcli.store.ledger import Ledger

_ROWS = """
    SELECT t.*, m.number AS matter, b.number AS bill, c.day AS cleared_on,
        f.day AS confirmed_on, f.reference AS bank_reference, a.actor, a.at
    FROM trust_entry AS t LEFT JOIN audit AS a ON a.id = t.audit_id
    LEFT JOIN matter AS m ON m.id = t.matter_id
    LEFT JOIN bill AS b ON b.id = t.bill_id
    LEFT JOIN trust_clearing AS c ON c.receipt_id = t.id
    LEFT JOIN trust_confirmation AS f ON f.trust_id = t.id"""


@dataclass(frozen=True, slots=True)
class TrustEntry:
    """A row of the trust ledger; without a matter it is the firm's own nominal ledger's.

    `cents` are above 0 in, below 0 out. `effective_on` is when it counts, an early clearing
    (`cleared_on`) included. `id` is 0 until it is kept.
    """

    kind: str
    day: date
    cents: int
    effective_on: date
    client: str | None = None
    matter_id: int | None = None
    protected_cents: int = 0
    party: str | None = None
    purpose: str | None = None
    method: str | None = None
    number: str | None = None
    reference: str | None = None
    bill_id: int | None = None
    expense_id: int | None = None
    pair_id: int | None = None
    reverses: int | None = None
    automatic: bool = False
    reason: str | None = None
    id: int = 0
    matter: str | None = None
    bill: str | None = None
    cleared_on: date | None = None
    confirmed_on: date | None = None
    bank_reference: str | None = None
    by: str | None = None
    recorded_at: str | None = None

    @property
    def ref(self) -> str:
        """Its name: TR-5."""
        return f"TR-{self.id}"

    @property
    def move(self) -> TrustMove:
        """The row as the rules see it."""
        return TrustMove(self.day, self.effective_on, self.cents, self.protected_cents)


def add(ledger: Ledger, entry: TrustEntry, mark: Mark, *, undoes: TrustEntry | None = None) -> int:
    """Keep a row and post it; the database refuses what goes below the floor.

    `undoes` is the row that a reversal takes back, which says how it posts.
    """
    trust_id = rows.insert(
        ledger,
        TrustEntryRow,
        {
            "day": entry.day.isoformat(),
            "kind": entry.kind,
            "client_id": entry.client,
            "matter_id": entry.matter_id,
            "amount_cents": entry.cents,
            "effective_on": entry.effective_on.isoformat(),
            "protected_cents": entry.protected_cents,
            "party": entry.party,
            "purpose": entry.purpose,
            "method": entry.method,
            "number": entry.number,
            "reference": entry.reference,
            "bill_id": entry.bill_id,
            "expense_id": entry.expense_id,
            "pair_id": entry.pair_id,
            "reverses": entry.reverses,
            "automatic": int(entry.automatic),
            "reason": entry.reason,
            "audit_id": mark.audit_id,
            "audit_hash": mark.audit_hash,
        },
    )
    journal.post(ledger, _posting(entry, trust_id, undoes), mark)
    return trust_id


def undo(
    ledger: Ledger, entry: TrustEntry, cents: int, *, day: date, reason: str, mark: Mark
) -> int:
    """Take back a row, or a part of what a fee took: the same posting the other way (T9).

    `cents` is an amount. A receipt that isn't cleared yet is taken back as of its clearing.
    """
    back = -cents if entry.cents > 0 else cents
    whole = cents == abs(entry.cents)
    reversal = replace(
        entry,
        kind="reversal",
        day=day,
        cents=back,
        effective_on=max(day, entry.effective_on) if entry.cents > 0 else day,
        protected_cents=back if whole and entry.protected_cents else 0,
        method=None,
        number=None,
        reference=None,
        pair_id=None,
        reverses=entry.id,
        automatic=False,
        reason=reason,
        id=0,
    )
    return add(ledger, reversal, mark, undoes=entry)


def _posting(entry: TrustEntry, trust_id: int, undoes: TrustEntry | None) -> Entry:
    kind = undoes.kind if undoes else entry.kind
    day, cents, matter_id = entry.day, entry.cents, entry.matter_id
    if kind == "fee" and matter_id and entry.bill_id:
        return recipes.trust_applied(
            day=day, trust_id=trust_id, matter_id=matter_id, bill_id=entry.bill_id, cents=cents
        )
    if kind == "bank_fee":
        return recipes.bank_charged(day=day, trust_id=trust_id, cents=cents)
    if kind == "cover" and matter_id:
        return recipes.trust_covered(day=day, trust_id=trust_id, matter_id=matter_id, cents=cents)
    return recipes.trust_moved(day=day, trust_id=trust_id, matter_id=matter_id, cents=cents)


def next_id(ledger: Ledger) -> int:
    """The number that the next TR- gets; the caller holds the write lock."""
    return rows.next_id(ledger, "trust_entry")


def get(ledger: Ledger, trust_id: int) -> TrustEntry:
    """A row by the number behind TR-."""
    found = list(rows.named(ledger, f"{_ROWS} WHERE t.id = :id", {"id": trust_id}))
    if not found:
        raise NotFound(
            "trust.missing",
            f"There is no trust entry TR-{trust_id}.",
            hint="See `billcli trust ledger MATTER`.",
        )
    return _entry(found[0])


def of_matter(ledger: Ledger, matter_id: int | None) -> list[TrustEntry]:
    """The ledger of a matter, or (None) the firm's own, in the order it was written."""
    found = rows.named(ledger, f"{_ROWS} WHERE t.matter_id IS :id ORDER BY t.id", {"id": matter_id})
    return [_entry(row) for row in found]


def all_(ledger: Ledger) -> list[TrustEntry]:
    """Every row, in the order it was written."""
    return [_entry(row) for row in rows.named(ledger, f"{_ROWS} ORDER BY t.id", {})]


def reversed_cents(ledger: Ledger, trust_id: int) -> int:
    """How much of a row was taken back, as an amount."""
    sql = "SELECT coalesce(sum(abs(amount_cents)), 0) FROM trust_entry WHERE reverses = :id"
    return int(rows.one(ledger, sql, {"id": trust_id}))


def locked_through(ledger: Ledger) -> date | None:
    """The last reconciled day: nothing in trust is dated up to it any more (T13)."""
    found = rows.one(ledger, "SELECT max(day) FROM reconciliation")
    return date.fromisoformat(found) if found else None


def clear(ledger: Ledger, receipt_id: int, day: date, evidence: str, mark: Mark) -> None:
    """A receipt counts as cleared from that day on (D-38)."""
    values = {"receipt_id": receipt_id, "day": day.isoformat(), "evidence": evidence}
    rows.insert(ledger, TrustClearingRow, values | _seal(mark))


def confirm(ledger: Ledger, trust_id: int, day: date, reference: str, mark: Mark) -> None:
    """The bank made the transfer (D-40)."""
    values = {"trust_id": trust_id, "day": day.isoformat(), "reference": reference}
    rows.insert(ledger, TrustConfirmationRow, values | _seal(mark))


def notify(
    ledger: Ledger, bill_id: int, *, day: date, due_on: date, cents: int, mark: Mark
) -> None:
    """A bill told that a sum will be taken from trust (T4)."""
    values = {"bill_id": bill_id, "day": day.isoformat(), "due_on": due_on.isoformat()}
    rows.insert(ledger, TrustNoticeRow, values | {"amount_cents": cents} | _seal(mark))


def keep_reconciliation(ledger: Ledger, values: Mapping[str, Any], mark: Mark) -> int:
    """Keep a reconciliation that agreed; the day is locked by it."""
    return rows.insert(ledger, ReconciliationRow, {**values, **_seal(mark)})


def _seal(mark: Mark) -> dict[str, Any]:
    return {"audit_id": mark.audit_id, "audit_hash": mark.audit_hash}


def _entry(row: Any) -> TrustEntry:
    def day(value: str | None) -> date | None:
        return date.fromisoformat(value) if value else None

    cleared = day(row.cleared_on)
    return TrustEntry(
        kind=row.kind,
        day=date.fromisoformat(row.day),
        cents=row.amount_cents,
        effective_on=cleared or date.fromisoformat(row.effective_on),
        client=row.client_id,
        matter_id=row.matter_id,
        protected_cents=row.protected_cents,
        party=row.party,
        purpose=row.purpose,
        method=row.method,
        number=row.number,
        reference=row.reference,
        bill_id=row.bill_id,
        expense_id=row.expense_id,
        pair_id=row.pair_id,
        reverses=row.reverses,
        automatic=bool(row.automatic),
        reason=row.reason,
        id=row.id,
        matter=row.matter,
        bill=row.bill,
        cleared_on=cleared,
        confirmed_on=day(row.confirmed_on),
        bank_reference=row.bank_reference,
        by=row.actor,
        recorded_at=row.at,
    )
