"""How far a matter is, in percent, with its dated history (§7.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.core.matter import in_force
from billcli.services.arrangement import standing
from billcli.services.work import _entries
from billcli.store import find, schedules

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow


@dataclass(frozen=True, slots=True)
class MarkView:
    """How far the matter was from a day on."""

    date: date
    percent_e4: int


@dataclass(frozen=True, slots=True)
class ProgressView:
    """How far a matter is; the newest day of its history counts, on a day the last word."""

    matter: str
    percent_e4: int | None
    history: tuple[MarkView, ...]
    warnings: tuple[str, ...] = ()


def show(ledger: Ledger, number: str) -> ProgressView:
    """How far a matter is, and since when."""
    return _view(ledger, find.matter(ledger, number))


def mark(ledger: Ledger, number: str, percent_e4: int, *, day: date | None = None) -> ProgressView:
    """Say how far a matter is from a day on. UsageProblem `date.future`."""
    with ledger.write():
        matter = find.matter(ledger, number)
        on = _entries.past_day(ledger, day, hint="Say how far it is on the day it is.")
        before = _view(ledger, matter)
        schedules.mark(ledger, matter.id or 0, on, percent_e4)
        ledger.record(
            f"progress {number}",
            before={"percent_e4": before.percent_e4},
            after={"percent_e4": percent_e4, "day": on.isoformat()},
            matter_id=matter.id,
        )
        return _view(ledger, matter)


def _view(ledger: Ledger, matter: MatterRow) -> ProgressView:
    marks = schedules.marks(ledger, matter.id or 0)
    file = standing.file_of(ledger, matter.id or 0)
    version = in_force(file.versions, ledger.today)
    by_progress = version.kind == "fixed" and version.terms.get("bill_when") == "progress"
    words = (
        f"matter {matter.number} isn't billed by progress: "
        f"billcli arrangement set {matter.number} fixed --value V --bill-when progress"
    )
    return ProgressView(
        matter.number,
        marks[-1][1] if marks else None,
        tuple(MarkView(day, percent_e4) for day, percent_e4 in marks),
        () if by_progress else (words,),
    )
