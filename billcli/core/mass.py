"""Mass billing: whether a matter is billed in a run, and if not, why (§6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from billcli.core import arrangements
from billcli.core.bill import Bill
from billcli.core.matter import MatterFile, in_force, progress
from billcli.core.options import effective
from billcli.values import money


@dataclass(frozen=True, slots=True)
class Skip:
    """A matter that this run leaves alone; `quiet` ones are worth no mention."""

    reason: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Breakers:
    """What stops a run from approving a bill: its total, or what it writes up, in cents (D-58)."""

    max_total_cents: int | None = None
    max_writeup_cents: int | None = None

    def tripped(self, bill: Bill, decimals: int) -> str | None:
        """Why the bill is left as a draft; a bill of just as much passes."""
        for limit, cents, what in (
            (self.max_total_cents, bill.total_cents, "its total of {} is over the limit of {}"),
            (
                self.max_writeup_cents,
                bill.fee_adjustment_cents,
                "it writes up {}, which is over the limit of {}",
            ),
        ):
            if limit is not None and cents > limit:
                return what.format(money.grouped(cents, decimals), money.grouped(limit, decimals))
        return None


def skipped(
    file: MatterFile, settings: Mapping[str, Any], *, picked: bool, through: date = date.max
) -> Skip | None:
    """Why a matter is not looked at: picking it by hand overrides exclusion, nothing else.

    Internal matters, and non-billable ones without costs, are never listed (§6.3).
    """
    kind = in_force(file.versions, through).kind
    if kind == "internal":
        return Skip("it is the firm's own project", quiet=not picked)
    if kind == "non-billable" and not file.costs and len(file.versions) == 1:
        return Skip("its time is not billable", quiet=not picked)
    idle = not picked and not file.fees and not file.costs
    if file.client is None:
        return Skip("no client to bill", quiet=not picked)
    if not effective("billing", file.options, settings):
        return Skip("billing is off", quiet=idle)
    if file.billable_status == "closed":
        return Skip("closed for billing", quiet=idle)
    if file.held:
        return Skip("on a billing hold", quiet=idle)
    if effective("exclude_from_mass", file.options, settings) and not picked:
        return Skip("excluded from mass billing", quiet=idle)
    return None


def below_minimum(
    file: MatterFile, bill: Bill, settings: Mapping[str, Any], decimals: int
) -> Skip | None:
    """Why a bill is too small for a run: fees and costs below the least bill (D-57).

    A final bill is made whatever it comes to.
    """
    least = effective("min_bill_cents", file.options, settings) or 0
    cents = bill.fees_cents + bill.costs_cents
    if cents >= least or final(file, bill, decimals):
        return None
    amounts = money.grouped(cents, decimals), money.grouped(least, decimals)
    return Skip("below minimum: {} of {}".format(*amounts))


def final(file: MatterFile, bill: Bill, decimals: int) -> bool:
    """Whether it is the matter's last bill, as far as one can tell.

    The matter is closed, its outcome is billed, or the last of a fixed fee is.
    """
    if file.closed_on is not None and file.closed_on <= bill.day:
        return True
    if bill.outcome is not None:
        return True
    version = in_force(file.versions, bill.through)
    if version.kind != "fixed":
        return False
    fee = arrangements.read(version.kind, version.terms, decimals)
    billed = file.billed.since(version.id) if version.terms.get("fresh") else file.billed
    left = fee.position(billed, progress(file, through=bill.through)).headroom_cents
    return left is not None and 0 < left <= bill.fees_cents
