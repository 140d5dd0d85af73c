"""Every rate at once, for work by the thousand: the same answers as rates.in_force."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from billcli.store import people

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_Level = tuple[str, str | None, str | None, str | None]


class RateBook:
    """The rates of all levels, each level's oldest first (D-35)."""

    def __init__(self, ledger: Ledger) -> None:
        self._levels: dict[_Level, list[tuple[date, int]]] = {}
        for rate in people.all_rates(ledger):
            level = (rate.timekeeper, rate.client, rate.matter, rate.activity)
            self._levels.setdefault(level, []).append((rate.valid_from, rate.rate_e4))

    def in_force(
        self,
        timekeeper: str,
        *,
        client: str | None,
        matter: str,
        activity: str | None,
        day: date,
    ) -> int | None:
        """The rate of work on that day, as rate_e4; None where nobody set one.

        Matter before client before activity before the timekeeper's own; within the first of these
        that has a rate by that day, the latest.
        """
        own: _Level = (timekeeper, None, None, None)
        levels: list[_Level] = [(timekeeper, None, matter, None)]
        if client is not None:
            levels.append((timekeeper, client, None, None))
        if activity is not None:
            levels.append((timekeeper, None, None, activity))
        for level in (*levels, own):
            begun = [rate for start, rate in self._levels.get(level, ()) if start <= day]
            if begun:
                return begun[-1]
        return None
