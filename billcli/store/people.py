"""Clients and timekeepers: who there is, their matters, and their rates by level."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text
from sqlmodel import col, select

from billcli.core.document import Party
from billcli.store import rows
from billcli.store.models import ClientRow, MatterRow, TimekeeperRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_RATES = text("""
    SELECT r.timekeeper_id, r.client_id, m.number, r.activity_code, r.valid_from, r.rate_e4
    FROM rate AS r LEFT JOIN matter AS m ON m.id = r.matter_id
    ORDER BY r.timekeeper_id, r.client_id, m.number, r.activity_code, r.valid_from""")
_OPEN = text("""
    SELECT client_id, count(*) FROM matter
    WHERE client_id IS NOT NULL AND closed_on IS NULL GROUP BY client_id""")


class Rate(NamedTuple):
    """A rate at one level of D-35, from a day on."""

    timekeeper: str
    client: str | None
    matter: str | None
    activity: str | None
    valid_from: date
    rate_e4: int


def clients(ledger: Ledger) -> Sequence[ClientRow]:
    """All clients by their id, archived ones too."""
    return ledger.session.exec(select(ClientRow).order_by(ClientRow.id)).all()


def party(ledger: Ledger, client_id: str) -> Party:
    """A client as a bill is made out to."""
    row = ledger.session.get_one(ClientRow, client_id)
    return Party(row.id, row.name, tuple(json.loads(row.address)), row.email)


def timekeepers(ledger: Ledger) -> Sequence[TimekeeperRow]:
    """All timekeepers by their id, archived ones too."""
    return ledger.session.exec(select(TimekeeperRow).order_by(TimekeeperRow.id)).all()


def matters(ledger: Ledger, client_id: str | None = None) -> Sequence[MatterRow]:
    """The matters by their number, of one client or of all."""
    query = select(MatterRow).order_by(MatterRow.number)
    if client_id is not None:
        query = query.where(col(MatterRow.client_id) == client_id)
    return ledger.session.exec(query).all()


def open_matters(ledger: Ledger) -> dict[str, int]:
    """How many matters each client has open."""
    found = ledger.session.connection().execute(_OPEN)
    return {str(client): int(count) for client, count in found}


def matters_open(ledger: Ledger, client_id: str) -> int:
    """How many matters one client has open."""
    sql = "SELECT count(*) FROM matter WHERE client_id = :client AND closed_on IS NULL"
    return int(rows.one(ledger, sql, {"client": client_id}))


def paying_for(ledger: Ledger, client_id: str) -> list[str]:
    """The open matters whose bills are split with this client, by number."""
    sql = """
        SELECT m.number FROM matter_option AS o JOIN matter AS m ON m.id = o.matter_id,
            json_each(o.value) AS share
        WHERE o.name = 'split' AND share.key = :client AND m.closed_on IS NULL
        ORDER BY m.number"""
    return [row.number for row in rows.named(ledger, sql, {"client": client_id})]


def all_rates(ledger: Ledger) -> tuple[Rate, ...]:
    """Every rate, of every level and day, the oldest of a level first."""
    found = ledger.session.connection().execute(_RATES)
    return tuple(
        Rate(who, client, matter, activity, date.fromisoformat(start), int(rate_e4))
        for who, client, matter, activity, start, rate_e4 in found
    )


def rates_written(ledger: Ledger, day: date) -> tuple[Rate, ...]:
    """The rates that a firm file states: those that hold on that day.

    A timekeeper always has one there: the first to come, where none holds yet.
    """
    return tuple(
        rate
        for rate in rates_on(ledger, day)
        if rate.valid_from <= day or (rate.client, rate.matter, rate.activity) == (None, None, None)
    )


def rates_on(ledger: Ledger, day: date) -> tuple[Rate, ...]:
    """Of each level the rate that holds on that day; the first to come where none does yet."""
    kept: dict[tuple[str, str | None, str | None, str | None], Rate] = {}
    for rate in all_rates(ledger):
        level = rate[:4]
        if level not in kept or rate.valid_from <= day:
            kept[level] = rate
    return tuple(kept.values())
