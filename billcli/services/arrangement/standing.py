"""Where a matter stands: its agreed value, what is invoiced, what its milestones come to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from billcli.core import arrangements
from billcli.core.arrangements.terms import Position
from billcli.core.matter import MatterFile, agreed_value, in_force, progress, worth
from billcli.store import gather
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def file_of(ledger: Ledger, matter_id: int) -> MatterFile:
    """The matter as the rules see it, with all its unbilled work."""
    ledger.session.flush()
    return gather.matters(ledger, gather.firm(ledger), [matter_id], date.max)[matter_id]


def position(file: MatterFile, day: date, decimals: int) -> Position:
    """Value, invoiced and headroom under the arrangement in force on that day."""
    version = in_force(file.versions, day)
    arrangement = arrangements.read(version.kind, version.terms, decimals)
    done = progress(file, through=day)
    fresh = bool(version.terms.get("fresh"))
    return arrangement.position(file.billed.since(version.id) if fresh else file.billed, done)


def front_loaded(file: MatterFile, day: date, decimals: int) -> str | None:
    """The warning that the first of several milestones takes more than half of the fee (D-44)."""
    value, version = agreed_value(file, day), in_force(file.versions, day)
    if not value or version.kind != "fixed" or len(file.triggers) < 2:
        return None
    number, cents = min(worth(file, day).items())
    if not cents or 2 * cents <= value:
        return None
    return (
        f"the first milestone of {file.number}, task {number}, takes "
        f"{money.grouped(cents, decimals)} of {money.grouped(value, decimals)}: more than half of "
        "a fee that is paid in advance looks front-loaded"
    )


def uncovered(file: MatterFile, day: date, decimals: int) -> str | None:
    """The warning that a fixed fee and its milestones don't come to the same; None if they do."""
    value = agreed_value(file, day)
    if value is None or not file.triggers or in_force(file.versions, day).kind != "fixed":
        return None
    total = sum(cents or 0 for cents in worth(file, day).values())
    if total == value:
        return None
    return gap(f"the milestones of {file.number} come", total, value, decimals)


def gap(what: str, total: int, value: int, decimals: int) -> str:
    """By how much what a fixed fee is divided into misses it; `what` comes to the total."""
    missed = money.grouped(abs(value - total), decimals)
    return (
        f"{what} to {money.grouped(total, decimals)}, the agreed value is "
        f"{money.grouped(value, decimals)}: {missed} {'over' if total > value else 'short'}"
    )
