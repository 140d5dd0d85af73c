"""Whether a change can be taken back: what forbids it, and what stands on it by now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from billcli.errors import Refused
from billcli.services.undo.kinds import kind_of, way_out
from billcli.store import changes

if TYPE_CHECKING:
    from billcli.store.changes import Change
    from billcli.store.ledger import Ledger


def refusal(ledger: Ledger, change: Change, newer: Sequence[Change]) -> Refused | None:
    """Why a change stays, given all that came after it; None where it can be taken back."""
    return _by_itself(ledger, change) or _by_what_stands_on_it(ledger, change, newer)


def told(change: Change) -> str:
    """A change in a few words: 41 (time add: T-3)."""
    return f"{change.number} ({change.command}: {objects(change)})"


def objects(change: Change) -> str:
    """What a change was about, as the log names it; the first three of many."""
    names = list(dict.fromkeys(line.object for line in change.lines))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _by_itself(ledger: Ledger, change: Change) -> Refused | None:
    if change.undone:
        return Refused("undo.done", f"Change {told(change)} is undone already.")
    ways = [way for line in change.lines if (way := way_out(line))]
    if change.undoes or ways:
        way = ways[0] if ways else None
        return Refused("undo.stands", f"Change {told(change)} can't be undone.", hint=way)
    if change.unit is None:
        return Refused(
            "undo.unknown",
            f"Change {told(change)} left nothing that could be put back.",
            hint="What was written before this version of the ledger stays as it is.",
        )
    return None


def _by_what_stands_on_it(
    ledger: Ledger, change: Change, newer: Sequence[Change]
) -> Refused | None:
    passed = [each for each in newer if not each.live]
    live = [each for each in newer if each.live]
    written = changes.touched_since(ledger, change, passed)
    for other in reversed(live):
        if _wrote(other, written) or _may_stand_on(other, change):
            return Refused(
                "undo.stood-on",
                f"Change {told(other)} stands on change {told(change)}.",
                hint=f"Take that back first, if it can be: billcli undo --change {other.number}",
            )
    if written:
        return Refused(
            "undo.stood-on", f"What change {told(change)} wrote was written again from outside."
        )
    return None


def _wrote(change: Change, images: Sequence[int]) -> bool:
    return any(
        span.first_image <= image <= span.last_image for span in change.spans for image in images
    )


def _may_stand_on(later: Change, change: Change) -> bool:
    """Whether a later change may have been made because of this one.

    Entries of a matter stand beside each other. Anything else of the same matter, and whatever
    came after a change of the firm or of its people, counts as standing on it.
    """
    if not change.matters:
        return True
    if _entries_alone(change):
        return bool(change.matters & later.matters) and not _entries_alone(later)
    return not later.matters or bool(change.matters & later.matters)


def _entries_alone(change: Change) -> bool:
    return all(kind_of(line.object) == "entry" for line in change.lines)
