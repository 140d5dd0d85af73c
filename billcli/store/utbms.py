"""Clients' own lists of codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from billcli.core.utbms import Code
from billcli.store import rows

if TYPE_CHECKING:
    from billcli.store.plain import PlainLedger

_ALL = """
    SELECT set_name, code, title, phase, confirmed FROM utbms_code ORDER BY set_name, code"""
_CLEAR = "DELETE FROM utbms_code WHERE set_name = ?"
_PUT = """
    INSERT INTO utbms_code (set_name, code, title, phase, confirmed) VALUES (?, ?, ?, ?, ?)"""


def all_(ledger: PlainLedger) -> tuple[Code, ...]:
    """Every code that was imported, by set and code."""
    found = rows.driver(ledger).execute(_ALL)
    return tuple(
        Code(set_, code, title, phase, bool(confirmed))
        for set_, code, title, phase, confirmed in found
    )


def replace(ledger: PlainLedger, set_: str, codes: Sequence[Code]) -> None:
    """Put a list in the place of the one of that name."""
    driver = rows.driver(ledger)
    driver.execute(_CLEAR, (set_,))
    kept = [(set_, code.code, code.title, code.phase, int(code.confirmed)) for code in codes]
    driver.executemany(_PUT, kept)
