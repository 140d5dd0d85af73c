"""General retainers: the firm's money and a credit owed to the client; signed rows, written once.

What was asked of a client to pay in stands here too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core import journal_funds as recipes
from billcli.errors import NotFound
from billcli.store import journal, numbers, rows
from billcli.store.models import FundRequestRow, RetainerEntryRow

if TYPE_CHECKING:
    from billcli.store.audit import Mark
    from billcli.store.ledger import Ledger

_ROWS = """
    SELECT r.*, m.number AS matter, b.number AS bill
    FROM retainer_entry AS r JOIN matter AS m ON m.id = r.matter_id
    LEFT JOIN bill AS b ON b.id = r.bill_id"""
# What came in later pays it, less what of that was taken back.
_PAID = """
    SELECT coalesce(sum(amount_cents), 0) FROM {table} AS t
    WHERE t.matter_id = :matter AND t.id > :after AND (
        t.kind IN ('deposit', 'transfer') AND t.amount_cents > 0
        OR t.kind = 'reversal' AND t.reverses > :after AND t.amount_cents < 0)"""
_TABLES = {"trust": "trust_entry", "retainer": "retainer_entry"}


@dataclass(frozen=True, slots=True)
class RetainerEntry:
    """A row of a matter's general retainer; `cents` above 0 in, below 0 out."""

    kind: str
    day: date
    cents: int
    client: str
    matter_id: int
    basis: str | None = None
    note: str | None = None
    method: str | None = None
    reference: str | None = None
    bill_id: int | None = None
    reverses: int | None = None
    automatic: bool = False
    reason: str | None = None
    id: int = 0
    matter: str | None = None
    bill: str | None = None

    @property
    def ref(self) -> str:
        """Its name: RT-3."""
        return f"RT-{self.id}"


@dataclass(frozen=True, slots=True)
class FundRequest:
    """What a client was asked to pay in, and what of it came; open until paid or replaced.

    `withdrawn` with the bill that printed it, when that was voided or credited as a whole with
    its entries released: then it replaces nothing either.
    """

    id: int
    number: str
    day: date
    matter_id: int
    client: str
    account: str
    kind: str
    amount_cents: int
    paid_cents: int
    replaced: bool
    bill_id: int | None = None
    withdrawn: bool = False

    @property
    def outstanding_cents(self) -> int:
        """What is still asked for."""
        return 0 if self.replaced or self.withdrawn else max(0, self.amount_cents - self.paid_cents)


def add(ledger: Ledger, entry: RetainerEntry, mark: Mark) -> int:
    """Keep a row and post it; the database refuses what goes below zero."""
    retainer_id = rows.insert(
        ledger,
        RetainerEntryRow,
        {
            "day": entry.day.isoformat(),
            "kind": entry.kind,
            "client_id": entry.client,
            "matter_id": entry.matter_id,
            "amount_cents": entry.cents,
            "basis": entry.basis,
            "note": entry.note,
            "method": entry.method,
            "reference": entry.reference,
            "bill_id": entry.bill_id,
            "reverses": entry.reverses,
            "automatic": int(entry.automatic),
            "reason": entry.reason,
            "audit_id": mark.audit_id,
            "audit_hash": mark.audit_hash,
        },
    )
    common = {"day": entry.day, "retainer_id": retainer_id, "matter_id": entry.matter_id}
    if entry.bill_id is not None:
        posting = recipes.retainer_applied(**common, bill_id=entry.bill_id, cents=entry.cents)  # type: ignore[arg-type]
    else:
        posting = recipes.retainer_moved(**common, cents=entry.cents)  # type: ignore[arg-type]
    journal.post(ledger, posting, mark)
    return retainer_id


def undo(
    ledger: Ledger, entry: RetainerEntry, cents: int, *, day: date, reason: str, mark: Mark
) -> int:
    """Take back a row, or a part of it; `cents` is an amount."""
    reversal = replace(
        entry,
        kind="reversal",
        day=day,
        cents=-cents if entry.cents > 0 else cents,
        basis=None,
        note=None,
        method=None,
        reference=None,
        reverses=entry.id,
        automatic=False,
        reason=reason,
        id=0,
    )
    return add(ledger, reversal, mark)


def next_id(ledger: Ledger) -> int:
    """The number that the next RT- gets; the caller holds the write lock."""
    return rows.next_id(ledger, "retainer_entry")


def get(ledger: Ledger, retainer_id: int) -> RetainerEntry:
    """A row by the number behind RT-."""
    found = list(rows.named(ledger, f"{_ROWS} WHERE r.id = :id", {"id": retainer_id}))
    if not found:
        raise NotFound(
            "retainer.missing",
            f"There is no retainer entry RT-{retainer_id}.",
            hint="See `billcli retainer ledger MATTER`.",
        )
    return _entry(found[0])


def reversed_cents(ledger: Ledger, retainer_id: int) -> int:
    """How much of an entry was taken back, as an amount."""
    sql = "SELECT coalesce(sum(abs(amount_cents)), 0) FROM retainer_entry WHERE reverses = :id"
    return int(rows.one(ledger, sql, {"id": retainer_id}))


def of_matter(ledger: Ledger, matter_id: int) -> list[RetainerEntry]:
    """The general retainer of a matter, in the order it was written."""
    found = rows.named(ledger, f"{_ROWS} WHERE r.matter_id = :id ORDER BY r.id", {"id": matter_id})
    return [_entry(row) for row in found]


def balance(ledger: Ledger, matter_id: int) -> int:
    """What a matter's general retainer holds."""
    sql = "SELECT coalesce(sum(amount_cents), 0) FROM retainer_entry WHERE matter_id = :id"
    return int(rows.one(ledger, sql, {"id": matter_id}))


def ask(
    ledger: Ledger,
    *,
    matter_id: int,
    client: str,
    day: date,
    account: str,
    kind: str,
    cents: int,
    bill_id: int | None,
    number_format: str,
) -> FundRequest:
    """Ask a client to pay in; replaces the matter's open request (D-42)."""
    year, seq, number = numbers.take(ledger, "request", number_format, day, table="fund_request")
    mark = ledger.record(
        f"request {number}",
        after={"amount_cents": cents, "account": account, "kind": kind},
        matter_id=matter_id,
    )
    after = rows.one(ledger, f"SELECT coalesce(max(id), 0) FROM {_TABLES[account]}")
    request_id = rows.insert(
        ledger,
        FundRequestRow,
        {
            "number": number,
            "series": "request",
            "year": year,
            "seq": seq,
            "matter_id": matter_id,
            "client_id": client,
            "day": day.isoformat(),
            "account": account,
            "kind": kind,
            "amount_cents": cents,
            "after_id": after,
            "bill_id": bill_id,
            "audit_id": mark.audit_id,
            "audit_hash": mark.audit_hash,
        },
    )
    return FundRequest(
        request_id, number, day, matter_id, client, account, kind, cents, 0, False, bill_id
    )


def requests(
    ledger: Ledger, matter_id: int | None = None, *, client: str | None = None
) -> list[FundRequest]:
    """What was asked for, oldest first: of one matter, of one client, or of all."""
    found = rows.named(
        ledger,
        """
        WITH asked AS (
            SELECT r.*, EXISTS (SELECT 1 FROM bill_event
                WHERE bill_id = r.bill_id AND what = 'voided'
                UNION ALL SELECT 1 FROM credit_note
                WHERE bill_id = r.bill_id AND releases = 1) AS withdrawn
            FROM fund_request AS r WHERE :matter IS NULL OR r.matter_id = :matter)
        SELECT r.*, EXISTS (SELECT 1 FROM asked
            WHERE matter_id = r.matter_id AND id > r.id AND NOT withdrawn) AS replaced
        FROM asked AS r WHERE :client IS NULL OR r.client_id = :client ORDER BY r.id""",
        {"matter": matter_id, "client": client},
    )
    return [
        FundRequest(
            row.id,
            row.number,
            date.fromisoformat(row.day),
            row.matter_id,
            row.client_id,
            row.account,
            row.kind,
            row.amount_cents,
            _paid(ledger, row),
            bool(row.replaced),
            row.bill_id,
            bool(row.withdrawn),
        )
        for row in list(found)
    ]


def open_request(ledger: Ledger, matter_id: int) -> FundRequest | None:
    """The request of a matter that is neither paid nor replaced nor void with its bill."""
    found = (each for each in requests(ledger, matter_id) if each.outstanding_cents)
    return next(found, None)


def _paid(ledger: Ledger, row: Any) -> int:
    sql = _PAID.format(table=_TABLES[row.account])
    return int(rows.one(ledger, sql, {"matter": row.matter_id, "after": row.after_id}))


def _entry(row: Any) -> RetainerEntry:
    return RetainerEntry(
        kind=row.kind,
        day=date.fromisoformat(row.day),
        cents=row.amount_cents,
        client=row.client_id,
        matter_id=row.matter_id,
        basis=row.basis,
        note=row.note,
        method=row.method,
        reference=row.reference,
        bill_id=row.bill_id,
        reverses=row.reverses,
        automatic=bool(row.automatic),
        reason=row.reason,
        id=row.id,
        matter=row.matter,
        bill=row.bill,
    )
