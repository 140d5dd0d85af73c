"""How a matter is charged: versions that are added, never changed (D-17)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core import arrangements, milestone
from billcli.core.matter import MatterFile, in_force
from billcli.errors import Refused
from billcli.services.arrangement import standing
from billcli.services.arrangement.arrangement_views import (
    ArrangementView,
    VersionView,
    arrangement_view,
    history_view,
)
from billcli.services.work import unbillable
from billcli.store import drafts, find, matters

if TYPE_CHECKING:
    from billcli.core.matter import Version
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow


def set_(
    ledger: Ledger,
    number: str,
    kind: str,
    terms: Mapping[str, Any],
    *,
    valid_from: date | None = None,
) -> ArrangementView:
    """Charge a matter another way: all its unbilled work, or work from a day on.

    Refused `arrangement.draft-open` while a draft is open (D-17), `milestone.no-value` where
    unfired percentages would lose their value, `arrangement.unbilled` where charges would never be
    billed. The same terms again change nothing.
    """
    with ledger.write():
        row = find.matter(ledger, number)
        matter_id = row.id or 0
        given = {name: value for name, value in terms.items() if value is not None}
        arrangements.read(kind, given, ledger.decimals)
        before = standing.file_of(ledger, matter_id)
        if _same(before.versions, kind, given, valid_from):
            return _view(ledger, before, row)
        draft = drafts.of_matter(ledger, matter_id)
        if draft is not None:
            raise Refused(
                "arrangement.draft-open",
                f"Matter {number} has the open draft D-{draft}, made under its present terms.",
                hint=f"Approve it or delete it first: billcli bill delete D-{draft}",
            )
        waiting = [t for t in before.triggers if t.fired_cents is None]
        milestone.check_percentages(waiting, given.get("value_cents"))
        unbillable.refuse_charges(ledger, row, kind)
        matters.add_arrangement(ledger, matter_id, kind, given, valid_from)
        unbillable.rate_again(ledger, matter_id)
        unbillable.take_as_overhead(ledger, matter_id, kind)
        ledger.record(
            f"arrangement {number}",
            before=_told(in_force(before.versions, ledger.today)),
            after={"kind": kind, **given, "valid_from": valid_from},
            matter_id=matter_id,
        )
        return _view(ledger, standing.file_of(ledger, matter_id), row)


def begin(
    ledger: Ledger,
    matter_id: int,
    kind: str,
    terms: Mapping[str, Any],
    valid_from: date | None,
) -> None:
    """Give a new matter its first arrangement; the caller holds the transaction and logs it."""
    given = {name: value for name, value in terms.items() if value is not None}
    arrangements.read(kind, given, ledger.decimals)
    matters.add_arrangement(ledger, matter_id, kind, given, valid_from)


def show(ledger: Ledger, number: str) -> ArrangementView:
    """The arrangement in force today with its position."""
    row = find.matter(ledger, number)
    return _view(ledger, standing.file_of(ledger, row.id or 0), row)


def history(ledger: Ledger, number: str) -> list[VersionView]:
    """Every version of a matter's terms, oldest first."""
    row = find.matter(ledger, number)
    return history_view(ledger, standing.file_of(ledger, row.id or 0))


def _same(
    versions: tuple[Version, ...], kind: str, terms: Mapping[str, Any], valid_from: date | None
) -> bool:
    last = versions[-1]
    return (last.kind, dict(last.terms), last.valid_from) == (kind, dict(terms), valid_from)


def _told(version: Version) -> dict[str, Any]:
    return {"kind": version.kind, **version.terms, "valid_from": version.valid_from}


def _view(ledger: Ledger, file: MatterFile, row: MatterRow) -> ArrangementView:
    return arrangement_view(ledger, file, practice_area=row.practice_area)
