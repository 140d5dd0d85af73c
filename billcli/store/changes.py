"""Changes as `undo` sees them: what one command wrote, newest first, and what was taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.store import rows
from billcli.store.audit import GONE
from billcli.store.models import UndoneRow

if TYPE_CHECKING:
    from billcli.store.audit import Mark
    from billcli.store.ledger import Ledger

_LOG = f"""
    SELECT a.id, a.at, a.today, a.actor, a.command, a.object, a.matter_id, a.before, a.after,
        coalesce(m.number, {GONE.format("a.matter_id")}) AS matter
    FROM audit AS a LEFT JOIN matter AS m ON m.id = a.matter_id"""
_BACK = _LOG + " ORDER BY a.id DESC"
_WITHIN = _LOG + " WHERE a.id BETWEEN :first AND :last ORDER BY a.id"
_SETS = "SELECT * FROM change_set ORDER BY id DESC"
_OF_UNIT = "SELECT * FROM change_set WHERE id >= :unit AND unit = :unit ORDER BY id"
_UNDONE = "SELECT unit, audit_id FROM undone"
_IMAGES = "SELECT * FROM change_image WHERE id BETWEEN :first AND :last ORDER BY id DESC"
_NEXT_MATTER = """
    SELECT 1 + coalesce(max(id), 0) FROM (
        SELECT max(id) AS id FROM matter
        UNION ALL
        SELECT max(json_extract(i.key, '$[0]'))
        FROM undone AS u JOIN change_set AS s ON s.unit = u.unit
        JOIN change_image AS i ON i.id BETWEEN s.first_image AND s.last_image
        WHERE i.kind = 'matter' AND i.what = 'added')"""
_SINCE = "SELECT id, kind, key FROM change_image WHERE id > :first ORDER BY id"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the log."""

    id: int
    object: str
    matter: str | None
    matter_id: int | None
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """What one transaction wrote: its rows of the log and its images, both from first to last."""

    id: int
    first_audit: int
    last_audit: int
    first_image: int
    last_image: int


@dataclass(frozen=True, slots=True)
class Image:
    """A row that was added, or as it was before it was changed or removed."""

    id: int
    kind: str
    what: str
    key: tuple[Any, ...]
    row: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What one command wrote; without a unit nothing is kept that could be put back."""

    unit: int | None
    at: str
    day: date
    actor: str
    command: str
    lines: tuple[Line, ...]
    spans: tuple[Span, ...] = ()
    undone: bool = False
    undoes: bool = False
    matters: frozenset[int] = field(default=frozenset())

    @property
    def number(self) -> int:
        """Its number in the log: that of its first row."""
        return self.lines[0].id

    @property
    def last(self) -> int:
        """The number of its last row in the log."""
        return self.lines[-1].id

    @property
    def live(self) -> bool:
        """Whether it stands, and is no undo itself."""
        return not (self.undone or self.undoes)


def newest_first(ledger: Ledger) -> Iterator[Change]:
    """Every change from the last one back, read as far as it is asked for."""
    undone = {row.unit: row.audit_id for row in rows.named(ledger, _UNDONE, {})}
    undoing = set(undone.values())
    sets = rows.named(ledger, _SETS, {})
    at = next(sets, None)
    seen: set[int] = set()
    loose: list[Any] = []
    for row in rows.named(ledger, _BACK, {}):
        while at is not None and at.first_audit > row.id:
            at = next(sets, None)
        unit = at.unit if at is not None and at.last_audit >= row.id else None
        if loose and (unit is not None or _run(loose[-1]) != _run(row)):
            yield _loose(loose, undoing)
            loose = []
        if unit is None:
            loose.append(row)
        elif unit not in seen:
            seen.add(unit)
            yield _of_unit(ledger, unit, undone=unit in undone, undoing=undoing)
    if loose:
        yield _loose(loose, undoing)


def images(ledger: Ledger, change: Change) -> list[Image]:
    """What the change did to rows, the last first."""
    found = []
    for span in reversed(change.spans):
        asked = {"first": span.first_image, "last": span.last_image}
        for row in rows.named(ledger, _IMAGES, asked):
            key = tuple(json.loads(row.key))
            found.append(Image(row.id, row.kind, row.what, key, json.loads(row.row or "{}")))
    return found


def touched_since(ledger: Ledger, change: Change, passed: Sequence[Change]) -> list[int]:
    """The images of whatever wrote later to the rows of a change.

    What the `passed` changes wrote doesn't count: they were undone, or undid something.
    """
    mine = {(i.kind, json.dumps(i.key)) for i in images(ledger, change)}
    aside = [span for each in (change, *passed) for span in each.spans]
    first = min(span.first_image for span in change.spans)
    return [
        row.id
        for row in rows.named(ledger, _SINCE, {"first": first})
        if (row.kind, json.dumps(json.loads(row.key))) in mine
        and not any(span.first_image <= row.id <= span.last_image for span in aside)
    ]


def next_matter_id(ledger: Ledger) -> int:
    """The id of a new matter: none by which the log knows one that was taken back."""
    return int(rows.one(ledger, _NEXT_MATTER))


def note_undone(ledger: Ledger, unit: int, mark: Mark) -> None:
    """Keep which change was taken back, and by which row of the log."""
    seal = {"audit_id": mark.audit_id, "audit_hash": mark.audit_hash}
    rows.insert(ledger, UndoneRow, {"unit": unit, **seal})


def _run(row: Any) -> tuple[str, str, str]:
    return row.at, row.actor, row.command


def _loose(found: list[Any], undoing: set[int]) -> Change:
    lines = tuple(_line(row) for row in reversed(found))
    return _change(None, found[0], lines, undoes=any(row.id in undoing for row in found))


def _of_unit(ledger: Ledger, unit: int, *, undone: bool, undoing: set[int]) -> Change:
    spans = tuple(
        Span(row.id, row.first_audit, row.last_audit, row.first_image, row.last_image)
        for row in rows.named(ledger, _OF_UNIT, {"unit": unit})
    )
    found = [
        row
        for span in spans
        for row in rows.named(ledger, _WITHIN, {"first": span.first_audit, "last": span.last_audit})
    ]
    undoes = any(row.id in undoing for row in found)
    lines = tuple(_line(row) for row in found)
    return _change(unit, found[0], lines, spans=spans, undone=undone, undoes=undoes)


def _change(unit: int | None, row: Any, lines: tuple[Line, ...], **more: Any) -> Change:
    # An entry that was moved is of both matters: the one that it left may be closed by now.
    named = (n for line in lines for n in (line.matter_id, *_moved(line)))
    matters = frozenset(n for n in named if n is not None)
    day = date.fromisoformat(row.today)
    return Change(unit, row.at, day, row.actor, row.command, lines, matters=matters, **more)


def _moved(line: Line) -> tuple[int | None, int | None]:
    return line.before.get("matter_id"), line.after.get("matter_id")


def _line(row: Any) -> Line:
    before, after = (json.loads(text or "{}") for text in (row.before, row.after))
    return Line(row.id, row.object, row.matter, row.matter_id, before, after)
