"""Outcomes of matters, and the memo ledger of their contingent reserve (D-21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from billcli.store import rows
from billcli.store.audit import Mark
from billcli.store.models import OutcomeRow, ReserveMoveRow
from billcli.store.postings import LIVE

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_CURRENT = """
    SELECT o.*, (
        SELECT b.number FROM claim AS c JOIN bill AS b ON b.id = c.bill_id
        WHERE c.kind = 'outcome' AND c.entry_id = o.id AND c.released_on IS NULL) AS bill
    FROM outcome AS o WHERE o.matter_id = :matter AND o.reversed_on IS NULL"""
_SUMS = f"""
    WITH flow AS (
        SELECT b.matter_id, p.reserved_cents AS accrued, 0 AS released, 0 AS written_off
        FROM bill_part AS p JOIN bill AS b ON b.id = p.bill_id
        WHERE p.reserved_cents <> 0 AND {LIVE}
        UNION ALL
        SELECT b.matter_id, 0, r.released_cents, r.written_off_cents
        FROM bill_reserve AS r JOIN bill AS b ON b.id = r.bill_id WHERE {LIVE}
        UNION ALL
        SELECT matter_id, CASE what WHEN 'accrued' THEN amount_cents ELSE 0 END, 0,
            CASE what WHEN 'accrued' THEN 0 ELSE amount_cents END
        FROM reserve_move)
    SELECT m.number AS matter, m.title, m.client_id AS client, sum(f.accrued) AS accrued_cents,
        sum(f.released) AS released_cents, sum(f.written_off) AS written_off_cents,
        sum(f.accrued - f.released - f.written_off) AS balance_cents,
        (SELECT o.result FROM outcome AS o
            WHERE o.matter_id = m.id AND o.reversed_on IS NULL) AS outcome
    FROM flow AS f JOIN matter AS m ON m.id = f.matter_id
    WHERE :matter IS NULL OR m.id = :matter
    GROUP BY m.id
    HAVING sum(abs(f.accrued) + f.released + abs(f.written_off)) > 0 ORDER BY m.number"""
_BILLS = f"""
    SELECT b.number, b.day, b.standard_fees_cents, b.reserve_accrued_cents,
        b.fees_cents - coalesce(r.released_cents, 0) AS charged_cents,
        coalesce(r.released_cents, 0) AS released_cents
    FROM bill AS b LEFT JOIN bill_reserve AS r ON r.bill_id = b.id
    WHERE b.matter_id = :matter AND {LIVE} ORDER BY b.day, b.id"""
_OF_BILL = """
    SELECT b.reserve_accrued_cents AS accrued, coalesce(r.released_cents, 0) AS released,
        coalesce(r.written_off_cents, 0) AS written_off
    FROM bill AS b LEFT JOIN bill_reserve AS r ON r.bill_id = b.id WHERE b.id = :bill"""
_RELEASING = f"""
    SELECT b.number FROM bill AS b JOIN bill_reserve AS r ON r.bill_id = b.id
    WHERE b.matter_id = :matter AND {LIVE} ORDER BY b.id DESC"""
_MOVES = """
    SELECT what, sum(amount_cents) AS cents FROM reserve_move WHERE outcome_id = :outcome
    GROUP BY what HAVING cents <> 0"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a matter ended; `bill` is the live bill that carries its success line."""

    id: int
    day: date
    result: str
    release_e4: int
    discounted: bool
    note: str | None
    bill: str | None


def current(ledger: Ledger, matter_id: int) -> Ended | None:
    """The outcome of a matter that was not reversed."""
    for row in rows.named(ledger, _CURRENT, {"matter": matter_id}):
        day = date.fromisoformat(row.day)
        free = bool(row.discounted)
        return Ended(row.id, day, row.result, row.release_e4, free, row.note, row.bill)
    return None


def add(
    ledger: Ledger,
    matter_id: int,
    day: date,
    result: str,
    *,
    release_e4: int,
    discounted: bool,
    note: str | None,
) -> int:
    """Keep how a matter ended; returns the outcome's id."""
    values = {
        "matter_id": matter_id,
        "day": day.isoformat(),
        "result": result,
        "release_e4": release_e4,
        "discounted": int(discounted),
        "note": note,
    }
    return rows.insert(ledger, OutcomeRow, values)


def reverse(ledger: Ledger, outcome_id: int) -> None:
    """The outcome no longer counts; its row stays."""
    ledger.session.connection().execute(
        text("UPDATE outcome SET reversed_on = :day WHERE id = :id"),
        {"day": ledger.today.isoformat(), "id": outcome_id},
    )


def move(
    ledger: Ledger,
    matter_id: int,
    what: str,
    cents: int,
    mark: Mark,
    *,
    reason: str,
    outcome_id: int | None = None,
) -> None:
    """Append to the memo ledger: accrued beside any bill, or written_off; nothing for nothing."""
    if not cents:
        return
    values = {
        "matter_id": matter_id,
        "day": ledger.today.isoformat(),
        "what": what,
        "amount_cents": cents,
        "reason": reason,
        "outcome_id": outcome_id,
        "audit_id": mark.audit_id,
        "audit_hash": mark.audit_hash,
    }
    rows.insert(ledger, ReserveMoveRow, values)


def moves(ledger: Ledger, outcome_id: int) -> list[tuple[str, int]]:
    """What an outcome moved, as far as it still stands: (what, cents)."""
    found = rows.named(ledger, _MOVES, {"outcome": outcome_id})
    return [(row.what, row.cents) for row in found]


def sums(ledger: Ledger, matter_id: int | None = None) -> list[Any]:
    """Accrued, released, written off and balance, of each matter that has or had a reserve."""
    return list(rows.named(ledger, _SUMS, {"matter": matter_id}))


def billed(ledger: Ledger, matter_id: int) -> list[Any]:
    """The live bills of a matter, with what each charged, held back and released."""
    return list(rows.named(ledger, _BILLS, {"matter": matter_id}))


def of_bill(ledger: Ledger, bill_id: int) -> tuple[int, int, int]:
    """What a bill accrued, released and wrote off of the reserve."""
    row = next(iter(rows.named(ledger, _OF_BILL, {"bill": bill_id})))
    return row.accrued, row.released, row.written_off


def releasing(ledger: Ledger, matter_id: int) -> str | None:
    """The last live bill that carries a success line."""
    found = rows.one(ledger, _RELEASING, {"matter": matter_id})
    return str(found) if found else None
