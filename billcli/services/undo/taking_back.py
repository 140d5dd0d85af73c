"""`undo`: the last change is taken back, by a change that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.errors import NotFound, Refused
from billcli.services.funds.trust_firm import refuse_limit_below_held
from billcli.services.office.firm_import import forget_currency
from billcli.services.undo import standing
from billcli.store import changes, inverses

if TYPE_CHECKING:
    from billcli.store.changes import Change
    from billcli.store.ledger import Ledger

SHOWN = 20


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change of the log as undo sees it; `because` says why it stays."""

    change: int
    at: str
    day: date
    actor: str
    command: str
    what: str
    matters: tuple[str, ...]
    undone: bool
    can_undo: bool
    because: str | None


def listed(ledger: Ledger, *, limit: int = SHOWN) -> list[ChangeView]:
    """The last changes, the newest first, each with whether it can be taken back."""
    newer: list[Change] = []
    views: list[ChangeView] = []
    for change in changes.newest_first(ledger):
        if len(views) == limit:
            break
        if not change.undoes:
            views.append(_view(ledger, change, newer))
        newer.append(change)
    return views


def foreseen(ledger: Ledger, number: int | None = None) -> ChangeView:
    """The change that undo would take back now; refused as undo would refuse it."""
    change, newer = _asked(ledger, number)
    return _view(ledger, change, newer)


def undo(ledger: Ledger, number: int | None = None) -> ChangeView:
    """Take back the last change, or that of a number, if nothing later stands on it.

    Refused `undo.other-actor`, `undo.done`, `undo.stands`, `undo.stood-on`, `undo.unknown`;
    NotFound `undo.missing`. An undo is never undone.
    """
    with ledger.write():
        change, newer = _asked(ledger, number)
        view = _view(ledger, change, newer)
        images = changes.images(ledger, change)
        under = {line.matter_id for line in change.lines}
        matter_id = under.pop() if len(under) == 1 else None
        mark = ledger.record(
            f"undo {change.number}",
            before={
                "command": change.command,
                "actor": change.actor,
                "objects": [line.object for line in change.lines],
            },
            after={"rows_put_back": len(images)},
            matter_id=matter_id,
        )
        assert change.unit is not None
        changes.note_undone(ledger, change.unit, mark)
        inverses.put_back(ledger, images, standing.told(change))
        if any(image.kind == "setting" for image in images):
            forget_currency(ledger)
            refuse_limit_below_held(ledger)
        return view


def _asked(ledger: Ledger, number: int | None) -> tuple[Change, list[Change]]:
    """The change that is meant and all that came after it; refused where it has to stay."""
    newer: list[Change] = []
    for change in changes.newest_first(ledger):
        if change.live if number is None else _is(change, number):
            if number is None and change.actor != ledger.actor:
                raise Refused(
                    "undo.other-actor",
                    f"The last change is {change.actor}'s: {standing.told(change)}.",
                    hint=f"If it is to go, name it: billcli undo --change {change.number}. "
                    "Your own: billcli undo --list",
                )
            said = standing.refusal(ledger, change, newer)
            if said is not None:
                raise said
            return change, newer
        newer.append(change)
    what = "no change to take back" if number is None else f"no change {number}"
    raise NotFound("undo.missing", f"There is {what}.", hint="See `billcli undo --list`.")


def _is(change: Change, number: int) -> bool:
    return any(line.id == number for line in change.lines)


def _view(ledger: Ledger, change: Change, newer: list[Change]) -> ChangeView:
    said = standing.refusal(ledger, change, newer)
    return ChangeView(
        change.number,
        change.at,
        change.day,
        change.actor,
        change.command,
        standing.objects(change),
        tuple(sorted({line.matter for line in change.lines if line.matter})),
        change.undone,
        said is None,
        None if said is None else f"{said.sentence} {said.hint or ''}".strip(),
    )
