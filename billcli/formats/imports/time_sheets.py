"""Time kept by other programs as CSV: a table of headers for each program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from billcli.core.code import read_code
from billcli.formats.imports import cells as read
from billcli.formats.imports.model import Counted, Named, TimeRow, hashed
from billcli.formats.imports.sheet import Cells, Headers, decoded, rows
from billcli.values.money import read_rate

_COMMON: Headers = {
    "client": ("Client",),
    "task": ("Task",),
    "tags": ("Tags", "Tag"),
    "email": ("Email", "E-mail"),
    "billable": ("Billable", "Billable?"),
}
_CLOCKED: Headers = {
    "date": ("Start date",),
    "start": ("Start time",),
    "end_date": ("End date",),
    "end": ("End time",),
    "matter": ("Project",),
    "description": ("Description",),
    "who": ("User",),
}
PRESETS: dict[str, Headers] = {
    "csv": {
        **_COMMON,
        "id": ("Id",),
        "date": ("Date", "Day", "Work date"),
        "hours": ("Hours", "Duration", "Time"),
        "matter": ("Matter", "Matter number", "Project"),
        "description": ("Description", "Narrative", "Notes"),
        "who": ("Timekeeper", "User", "Who"),
        "behavior": ("Behavior",),
        "rate": ("Rate",),
        "task_code": ("Task code",),
        "activity_code": ("Activity code",),
    },
    "toggl": {**_COMMON, **_CLOCKED, "hours": ("Duration",)},
    "clockify": {
        **_COMMON,
        **_CLOCKED,
        "hours": ("Duration (h)", "Duration", "Duration (decimal)"),
    },
    "harvest": {
        **_COMMON,
        "date": ("Date",),
        "matter": ("Project",),
        "code": ("Project code",),
        "description": ("Notes",),
        "hours": ("Hours",),
        "who": ("User", "Person"),
        "first": ("First name",),
        "last": ("Last name",),
    },
}
NEEDED = ("date", "hours", "matter", "description")
# What a row is recognised by. What the other program may change later is not among it: whether it
# was billed, at what rate, for how much.
_SAID = (
    "start", "end_date", "end", "client", "matter", "code", "task", "tags", "description", "who",
    "first", "last", "email", "task_code", "activity_code",
)  # fmt: skip


def time_rows(
    content: bytes, source: str, *, columns: Mapping[str, str], order: str | None
) -> Iterator[TimeRow]:
    """The rows of a time sheet of one of PRESETS; a row that can't be meant ends the reading.

    UsageProblem: `import.unreadable`, `import.columns`, `import.row`.
    """
    counted = Counted()
    for row in rows(decoded(content), PRESETS[source], NEEDED, columns):
        yield _row(row, order, counted)


def _row(row: Cells, order: str | None, counted: Counted) -> TimeRow:
    day, hours_e4 = read.day(row, "date", order), read.hours(row, "hours")
    own = row["id"]
    said = hashed(day.isoformat(), hours_e4, *(row[field] for field in _SAID))
    who = row["who"] or " ".join(part for part in (row["first"], row["last"]) if part)
    named = [Named(row.title(field), row[field]) for field in ("code", "matter") if row[field]]
    return TimeRow(
        place=row.place,
        key=f"id:{own}" if own else counted.key(said),
        day=day,
        hours_e4=hours_e4,
        matter=tuple(named),
        tags=tuple(
            Named(row.title(field), text.strip())
            for field in ("tags", "task", "client")
            for text in (row[field].split(",") if field == "tags" else (row[field],))
            if text.strip()
        ),
        description=row["description"],
        description_column=row.title("description"),
        task=row["task"],
        who=who,
        who_column=row.title("who" if "who" in row.titles else "first"),
        email=row["email"],
        billable=read.yes(row, "billable"),
        behavior=row["behavior"] or None,
        rate_e4=read.of(row, "rate", read_rate) if row["rate"] else None,
        task_code=_code(row, "task_code", "task code"),
        activity_code=_code(row, "activity_code", "activity code"),
    )


def _code(row: Cells, field: str, what: str) -> str | None:
    return read.of(row, field, lambda text: read_code(text, what)) if row[field] else None
