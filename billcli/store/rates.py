"""Rates of timekeepers at the levels of D-35, each from a day on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from billcli.store import rows

if TYPE_CHECKING:
    from billcli.store.plain import PlainLedger

ALWAYS = "0001-01-01"
_CLEAR = """
    DELETE FROM rate WHERE timekeeper_id = :timekeeper AND client_id IS :client
        AND matter_id IS :matter AND activity_code IS :activity
        AND (:whole OR valid_from = :start)"""
_PUT = """
    INSERT INTO rate (timekeeper_id, client_id, matter_id, activity_code, valid_from, rate_e4)
    VALUES (:timekeeper, :client, :matter, :activity, :start, :rate)"""
# What is asked for with NULL equals nothing, so a level that wasn't named finds no row.
_IN_FORCE = """
    SELECT rate_e4 FROM rate
    WHERE timekeeper_id = :timekeeper AND valid_from <= :day
        AND (matter_id = :matter OR client_id = :client OR activity_code = :activity
            OR (matter_id IS NULL AND client_id IS NULL AND activity_code IS NULL))
    ORDER BY matter_id IS NOT NULL DESC, client_id IS NOT NULL DESC,
        activity_code IS NOT NULL DESC, valid_from DESC
    LIMIT 1"""


def put(
    ledger: PlainLedger,
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
        "timekeeper": timekeeper,
        "client": client_id,
        "matter": matter_id,
        "activity": activity_code and activity_code.upper(),
        "start": ALWAYS if valid_from is None else valid_from.isoformat(),
    }
    ledger.settle()  # a timekeeper or client added a moment ago must be there
    driver = rows.driver(ledger)
    driver.execute(_CLEAR, {**level, "whole": valid_from is None})
    driver.execute(_PUT, {**level, "rate": rate_e4})


def in_force(
    ledger: PlainLedger,
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
    asked = {
        "timekeeper": timekeeper,
        "client": client_id,
        "matter": matter_id,
        "activity": activity_code,
        "day": day.isoformat(),
    }
    rate = rows.one(ledger, _IN_FORCE, asked)
    return None if rate is None else int(rate)
