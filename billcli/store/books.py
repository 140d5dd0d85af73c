"""The journal with the names of clients, matters and documents, in the order of its days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from billcli.core.books import Account, Leg, Transaction
from billcli.store import rows

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_MOVES = """
    SELECT e.id, e.day, e.what, e.source, e.reason, v.debit, v.credit, v.amount_cents,
        v.matter_id, b.number AS bill, b.client_id AS bill_client, bm.number AS bill_matter,
        v.payment_id, p.client_id AS payment_client,
        v.trust_id, t.kind AS trust_kind, t.client_id AS trust_client, tm.number AS trust_matter,
        v.retainer_id, r.client_id AS retainer_client, rm.number AS retainer_matter,
        n.number AS credit_note, c.name AS client_name
    FROM journal_entry AS e JOIN move AS v ON v.entry_id = e.id
    LEFT JOIN bill AS b ON b.id = v.bill_id LEFT JOIN matter AS bm ON bm.id = b.matter_id
    LEFT JOIN payment AS p ON p.id = v.payment_id
    LEFT JOIN trust_entry AS t ON t.id = v.trust_id LEFT JOIN matter AS tm ON tm.id = t.matter_id
    LEFT JOIN retainer_entry AS r ON r.id = v.retainer_id
    LEFT JOIN matter AS rm ON rm.id = r.matter_id
    LEFT JOIN credit_note AS n ON n.id = v.credit_id
    LEFT JOIN matter AS vm ON vm.id = v.matter_id
    LEFT JOIN client AS c
        ON c.id = coalesce(p.client_id, t.client_id, r.client_id, b.client_id, vm.client_id)
    ORDER BY e.day, e.id, v.n"""
_TRUST = """
    SELECT t.client_id AS client, m.number AS matter, sum(t.amount_cents) AS cents
    FROM trust_entry AS t LEFT JOIN matter AS m ON m.id = t.matter_id
    GROUP BY t.client_id, t.matter_id"""
_RETAINERS = """
    SELECT r.client_id AS client, m.number AS matter, sum(r.amount_cents) AS cents
    FROM retainer_entry AS r JOIN matter AS m ON m.id = r.matter_id
    GROUP BY r.client_id, r.matter_id"""
_RECONCILED = "SELECT day, clients_cents, firm_cents FROM reconciliation ORDER BY day"


def transactions(ledger: Ledger, firm: str) -> Iterator[Transaction]:
    """Every entry of the journal by day; what is no client's carries the firm's name."""
    for key, found in groupby(rows.named(ledger, _MOVES, {}), attrgetter("id")):
        moves = tuple(found)
        first = moves[0]
        references = dict.fromkeys(name for move in moves for name in _references(move))
        yield Transaction(
            key,
            date.fromisoformat(first.day),
            first.what,
            first.source,
            next((move.client_name for move in moves if move.client_name), firm),
            tuple(references),
            first.reason,
            tuple(_legs(move) for move in moves),
        )


def client_names(ledger: Ledger) -> dict[str, str]:
    """The names of all clients, by their ids."""
    return {row.id: row.name for row in rows.named(ledger, "SELECT id, name FROM client", {})}


def trust_balances(ledger: Ledger) -> dict[Account, int]:
    """What the trust ledgers hold, by their own rows; owed, so below 0, and the bank's above."""
    sums = {Account("trust_bank_clients"): 0}
    for row in rows.named(ledger, _TRUST, {}):
        if row.matter is None:
            sums[Account("trust_bank_firm")] = row.cents
            continue
        sums[Account("trust_liability", row.client, row.matter)] = -row.cents
        sums[Account("trust_bank_clients")] += row.cents
    return sums


def retainer_balances(ledger: Ledger) -> dict[Account, int]:
    """What the general retainers hold, by their own rows; owed, so below 0."""
    return {
        Account("retainer_liability", row.client, row.matter): -row.cents
        for row in rows.named(ledger, _RETAINERS, {})
    }


def reconciled(ledger: Ledger) -> tuple[tuple[date, dict[Account, int]], ...]:
    """What the trust bank held on each reconciled day, as it was agreed then."""
    return tuple(
        (
            date.fromisoformat(row.day),
            {
                Account("trust_bank_clients"): row.clients_cents,
                Account("trust_bank_firm"): row.firm_cents,
            },
        )
        for row in rows.named(ledger, _RECONCILED, {})
    )


def _references(move: Any) -> Iterator[str]:
    if move.credit_note:
        yield move.credit_note
    if move.payment_id is not None:
        yield f"P-{move.payment_id}"
    if move.trust_id is not None:
        yield f"TR-{move.trust_id} {move.trust_kind.replace('_', ' ')}"
    if move.retainer_id is not None:
        yield f"RT-{move.retainer_id}"
    if move.bill:
        yield move.bill


def _legs(move: Any) -> tuple[Leg, Leg]:
    return (
        Leg(_account(move.debit, move), move.amount_cents, move.bill),
        Leg(_account(move.credit, move), -move.amount_cents, move.bill),
    )


def _account(kind: str, move: Any) -> Account:
    match kind:
        case "receivable":
            return Account(kind, move.bill_client, move.bill_matter)
        case "trust_liability":
            return Account(kind, move.trust_client, move.trust_matter)
        case "retainer_liability":
            return Account(kind, move.retainer_client, move.retainer_matter)
        case "client_credit":
            return Account(kind, move.payment_client)
        case "trust_bank":
            return Account("trust_bank_clients" if move.trust_matter else "trust_bank_firm")
        case _:
            return Account(kind)
