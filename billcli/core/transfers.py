"""Transfers between trust and operating account that the bank still has to make (D-40).

Applying trust to a bill is a record; the money moves when the lawyer tells the bank.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

PROMPTLY = timedelta(days=14)
"""Earned money that stays in trust for longer is commingled with the clients' (T14)."""


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A fee, or a return of one, that the bank hasn't confirmed; `cents` as in the ledger."""

    id: int
    fee_id: int
    day: date
    cents: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """What is left to move for one fee: above 0 from trust to operating, below 0 back.

    It settles the rows, of which `day` is the oldest's and `latest` the newest's.
    """

    fee_id: int
    rows: tuple[int, ...]
    day: date
    latest: date
    cents: int

    @property
    def refs(self) -> tuple[str, ...]:
        """The rows by their names: TR-5, and TR-8 that gave some of it back."""
        return tuple(f"TR-{row}" for row in self.rows)

    def late(self, day: date) -> bool:
        """Whether it should long have been made (T14)."""
        return day - self.day > PROMPTLY


def to_make(rows: Iterable[Unconfirmed]) -> list[Transfer]:
    """The transfers that settle these rows, oldest first.

    A fee that was given back before the bank moved it cancels: there is nothing to transfer.
    """
    by_fee: dict[int, list[Unconfirmed]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        by_fee.setdefault(row.fee_id, []).append(row)
    made = [
        Transfer(
            fee_id,
            tuple(row.id for row in found),
            min(row.day for row in found),
            max(row.day for row in found),
            -sum(row.cents for row in found),
        )
        for fee_id, found in by_fee.items()
    ]
    return sorted((t for t in made if t.cents), key=lambda t: (t.day, t.rows))
