"""Clients' own lists of codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from billcli.core.utbms import Code
from billcli.store.models import UtbmsCodeRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_TABLE = UtbmsCodeRow.__table__  # type: ignore[attr-defined]


def all_(ledger: Ledger) -> tuple[Code, ...]:
    """Every code that was imported, by set and code."""
    found = ledger.session.connection().execute(
        select(_TABLE).order_by(_TABLE.c.set_name, _TABLE.c.code)
    )
    return tuple(
        Code(row.set_name, row.code, row.title, row.phase, bool(row.confirmed)) for row in found
    )


def replace(ledger: Ledger, set_: str, codes: Sequence[Code]) -> None:
    """Put a list in the place of the one of that name."""
    connection = ledger.session.connection()
    connection.execute(delete(_TABLE).where(_TABLE.c.set_name == set_))
    connection.execute(
        insert(_TABLE),
        [
            {
                "set_name": set_,
                "code": code.code,
                "title": code.title,
                "phase": code.phase,
                "confirmed": int(code.confirmed),
            }
            for code in codes
        ],
    )
