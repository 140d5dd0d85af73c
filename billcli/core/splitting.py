"""Split billing: one bill, computed once, shared out to several payors to the cent (D-51).

Money is split, never hours. Net fees, discount, each cost and each tax go by largest remainder;
lines, parts and shares of timekeepers follow so that each bill adds up, and all of them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from billcli.core.allocation import Share
from billcli.core.bill import Bill
from billcli.values import money

WHOLE = 10_000
"""100 % in basis points."""


class Portion(NamedTuple):
    """What one payor is billed, and whom the net fees of it are credited to."""

    bill: Bill
    allocation: tuple[Share, ...]


def split(
    bill: Bill, allocation: Sequence[Share], basis_points: Sequence[int]
) -> tuple[Portion, ...]:
    """The bills of the payors, in their order; their sums are the bill's to the cent.

    The first holds the periods, the rows of a schedule and the outcome that the bill claims.
    ValueError unless the basis points make a whole.
    """
    if sum(basis_points) != WHOLE or min(basis_points) <= 0:
        raise ValueError("the shares of the payors make 10,000 basis points")
    shared = _Shared(bill, allocation, basis_points)
    return tuple(shared.portion(place) for place in range(len(basis_points)))


def table(rows: Sequence[int], weights: Sequence[int], totals: Sequence[int]) -> list[list[int]]:
    """Each row shared by weight, and each column adding up to its total.

    Each row goes by largest remainder; then single cents move, in the row where it is fairest.
    The totals are those of the rows together, shared in some way.
    """
    cells = [money.allocate(row, weights) for row in rows]
    gaps = [total - sum(row[place] for row in cells) for place, total in enumerate(totals)]
    while any(gaps):
        gains, loses = gaps.index(max(gaps)), gaps.index(min(gaps))
        row = max(
            range(len(rows)),
            key=lambda n: _fairness(rows[n], cells[n], weights, gains=gains, loses=loses),
        )
        cells[row][gains] += 1
        cells[row][loses] -= 1
        gaps[gains] -= 1
        gaps[loses] += 1
    return cells


def _fairness(
    row: int, cells: Sequence[int], weights: Sequence[int], *, gains: int, loses: int
) -> tuple[bool, int]:
    """How much a cent of this row should rather be the other's; the sign of the row is kept."""
    whole = sum(weights)
    kept = (cells[loses] - 1 >= 0) if row > 0 else (cells[gains] + 1 <= 0)
    over = cells[loses] * whole - row * weights[loses]
    under = row * weights[gains] - cells[gains] * whole
    return row != 0 and kept, over + under


def _closing(rows: Sequence[int], weights: Sequence[int], totals: Sequence[int]) -> list[list[int]]:
    """A table, or the rows by themselves where they don't make the totals to begin with."""
    if sum(rows) == sum(totals):
        return table(rows, weights, totals)
    return [money.allocate(row, weights) for row in rows]


class _Shared:
    """Every sum of a bill by payor."""

    def __init__(self, bill: Bill, allocation: Sequence[Share], weights: Sequence[int]) -> None:
        self.bill, self.allocation = bill, allocation
        net = money.allocate(bill.fees_cents - bill.discount_cents, weights)
        self.discount = money.allocate(bill.discount_cents, weights)
        self.fees = [part + off for part, off in zip(net, self.discount, strict=True)]
        self.standard_fees = money.allocate(bill.standard_fees_cents, weights)
        self.released = money.allocate(bill.released_cents, weights)
        self.written_off = money.allocate(bill.reserve_written_off_cents, weights)
        self._lines(weights)
        self._parts(weights)
        self.taxes = [
            (money.allocate(tax.base_cents, weights), money.allocate(tax.tax_cents, weights))
            for tax in bill.taxes
        ]
        amounts = [share.amount_cents for share in allocation]
        self.credited = table(amounts, weights, net) if sum(amounts) == sum(net) else []

    def _lines(self, weights: Sequence[int]) -> None:
        lines = self.bill.lines
        fees = [line.amount_cents for line in lines if line.class_ == "fee"]
        of_fees = iter(_closing(fees, weights, self.fees))
        self.amounts = [
            next(of_fees) if line.class_ == "fee" else money.allocate(line.amount_cents, weights)
            for line in lines
        ]
        self.standard = [money.allocate(line.standard_cents, weights) for line in lines]
        self.billed = [money.allocate(line.billed_cents, weights) for line in lines]
        costs = [n for n, line in enumerate(lines) if line.class_ == "cost"]
        self.costs = [sum(self.amounts[n][place] for n in costs) for place in range(len(weights))]

    def _parts(self, weights: Sequence[int]) -> None:
        parts = self.bill.parts
        arranged = [fees - off for fees, off in zip(self.fees, self.released, strict=True)]
        self.charged = _closing([part.charged_cents for part in parts], weights, arranged)
        standard = [part.standard_cents for part in parts]
        self.part_standard = _closing(standard, weights, self.standard_fees)
        self.reserved = [money.allocate(part.reserved_cents, weights) for part in parts]
        self.part_costs = [money.allocate(part.costs_cents, weights) for part in parts]

    def portion(self, place: int) -> Portion:
        """What the payor at this place is billed."""
        bill = self.bill
        holds = place == 0
        return Portion(
            replace(
                bill,
                lines=tuple(
                    line._replace(
                        standard_cents=self.standard[n][place],
                        amount_cents=self.amounts[n][place],
                        billed_cents=self.billed[n][place],
                    )
                    for n, line in enumerate(bill.lines)
                ),
                parts=tuple(
                    replace(
                        part,
                        standard_cents=self.part_standard[n][place],
                        charged_cents=self.charged[n][place],
                        reserved_cents=self.reserved[n][place],
                        costs_cents=self.part_costs[n][place],
                    )
                    for n, part in enumerate(bill.parts)
                ),
                taxes=tuple(
                    replace(tax, base_cents=bases[place], tax_cents=taxes[place])
                    for tax, (bases, taxes) in zip(bill.taxes, self.taxes, strict=True)
                ),
                standard_fees_cents=self.standard_fees[place],
                fees_cents=self.fees[place],
                discount_cents=self.discount[place],
                costs_cents=self.costs[place],
                periods=bill.periods if holds else (),
                rows=bill.rows if holds else (),
                released_cents=self.released[place],
                reserve_written_off_cents=self.written_off[place],
            ),
            tuple(
                replace(share, amount_cents=self.credited[n][place])
                for n, share in enumerate(self.allocation)
                if self.credited and self.credited[n][place]
            ),
        )
