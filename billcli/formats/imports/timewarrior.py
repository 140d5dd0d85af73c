"""What `timew export` writes: intervals in UTC, with tags and a note."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from billcli.errors import UsageProblem
from billcli.formats.imports.model import Counted, Named, Place, TimeRow
from billcli.formats.imports.sheet import decoded
from billcli.values.dates import local_day
from billcli.values.hours import DAY_E4, of_seconds, plain_hours
from billcli.values.text import read_text, shown

_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z", re.ASCII)


def time_rows(content: bytes, *, timezone: str) -> Iterator[TimeRow | Place]:
    """The intervals, each on the day on which it began where the firm is.

    One that still runs comes as its place alone. An interval is known by its start, which no other
    of the same person can have; its `id` there changes with each new one. UsageProblem:
    `import.unreadable`, `import.row`.
    """
    counted = Counted()
    for number, item in enumerate(_intervals(decoded(content)), start=1):
        place = Place(number, "Interval")
        if not isinstance(item, dict):
            raise place.missing("as a whole", "it isn't an interval.")
        if "end" not in item:
            yield place
            continue
        began, ended = _moment(place, item, "start"), _moment(place, item, "end")
        hours_e4 = of_seconds(int((ended - began).total_seconds()))
        if not 0 < hours_e4 <= DAY_E4:
            took = plain_hours(hours_e4)
            raise place.missing(
                "end", f"it takes {took} hours; an entry takes more than 0 and at most 24."
            )
        tags = item.get("tags") or []
        if not isinstance(tags, list):
            raise place.missing("tags", "they aren't a list.")
        named = tuple(Named("tags", tag) for each in tags if (tag := _text(place, each, "tags")))
        yield TimeRow(
            place=place,
            key=counted.key(began.isoformat()),
            day=local_day(began, timezone),
            hours_e4=hours_e4,
            matter=(),
            tags=named,
            description=_text(place, item.get("annotation") or "", "annotation"),
            description_column="annotation",
        )


def _intervals(text: str) -> list[Any]:
    try:
        # Its only numbers are ids that change, so none is read: neither fractions nor long ones.
        found = json.loads(text, parse_float=_none, parse_int=_none)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise UsageProblem(
            "import.unreadable",
            "The file isn't what timewarrior exports: a list of intervals in JSON.",
            hint="Make it with `timew export > time.json`.",
        )
    return found


def _none(_: str) -> None:
    return None


def _moment(place: Place, item: dict[str, Any], field: str) -> datetime:
    text = item.get(field)
    found = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    try:
        if found:
            year, month, day, hour, minute, second = (int(part) for part in found.groups())
            if 1900 <= year <= 2200:
                return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        pass
    said = shown(text) if isinstance(text, str) else "What stands there"
    raise place.missing(field, f"{said} isn't a moment such as 20261130T140000Z.")


def _text(place: Place, value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise place.missing(field, "it isn't text.")
    try:
        return read_text(value, field, longest=10_000, required=False)
    except UsageProblem as problem:
        raise place.fault(field, problem) from None
