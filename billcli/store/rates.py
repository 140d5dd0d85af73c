"""Rates of timekeepers at the levels of D-35, each from a day on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select

from billcli.store.models import RateRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

ALWAYS = "0001-01-01"
_TABLE = RateRow.__table__  # type: ignore[attr-defined]


def put(
    ledger: Ledger,
    timekeeper: str,
    rate_e4: int,
    *,
    client_id: str | None = None,
    matter_id: int | None = None,
    activity_code: str | None = None,
    valid_from: date | None = None,
) -> None:
    """Set a timekeeper's rate for one client, matter or activity, or the rate for all others.

    With a day it holds from that day on; without one it takes the place of every rate of its level.
    """
    level = {
        "timekeeper_id": timekeeper,
        "client_id": client_id,
        "matter_id": matter_id,
        "activity_code": activity_code and activity_code.upper(),
    }
    start = ALWAYS if valid_from is None else valid_from.isoformat()
    here = and_(*(_TABLE.c[name].is_(None) if v is None else _TABLE.c[name] == v
                  for name, v in level.items()))  # fmt: skip
    if valid_from is not None:
        here = and_(here, _TABLE.c.valid_from == start)
    ledger.session.flush()  # a timekeeper or client added a moment ago must be there
    connection = ledger.session.connection()
    connection.execute(delete(_TABLE).where(here))
    connection.execute(insert(_TABLE).values(**level, valid_from=start, rate_e4=rate_e4))


def in_force(
    ledger: Ledger,
    timekeeper: str,
    *,
    client_id: str | None,
    matter_id: int | None,
    activity_code: str | None,
    day: date,
) -> int | None:
    """The rate of a timekeeper's work on that day, as rate_e4; None where nobody set one (D-35).

    Matter before client before activity before the timekeeper's own; within the first of these
    that has a rate by that day, the latest.
    """
    column = _TABLE.c
    wanted: list[ColumnElement[Any]] = [
        and_(column.client_id.is_(None), column.matter_id.is_(None), column.activity_code.is_(None))
    ]
    if client_id is not None:
        wanted.append(column.client_id == client_id)
    if matter_id is not None:
        wanted.append(column.matter_id == matter_id)
    if activity_code is not None:
        wanted.append(column.activity_code == activity_code)
    found = ledger.session.connection().execute(
        select(column.rate_e4)
        .where(
            column.timekeeper_id == timekeeper,
            column.valid_from <= day.isoformat(),
            or_(*wanted),
        )
        .order_by(
            column.matter_id.is_not(None).desc(),
            column.client_id.is_not(None).desc(),
            column.activity_code.is_not(None).desc(),
            column.valid_from.desc(),
        )
        .limit(1)
    )
    rate = found.scalar()
    return None if rate is None else int(rate)
