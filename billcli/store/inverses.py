"""Putting rows back as their images show them: one function for each way back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlmodel import SQLModel

from billcli.errors import Refused
from billcli.store import rows
from billcli.store.changes import Image

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Inverse = Callable[["Ledger", Image], None]


def as_it_was(ledger: Ledger, image: Image) -> None:
    """An added row goes, a changed one gets its values back, a removed one returns."""
    if image.what == "added":
        _run(ledger, f"DELETE FROM {_table(image)} WHERE {_keyed(image)}", image.key)
    elif image.what == "changed":
        columns = ", ".join(f"{_quoted(name)} = ?" for name in _known(image))
        values = (*_known(image).values(), *image.key)
        _run(ledger, f"UPDATE {_table(image)} SET {columns} WHERE {_keyed(image)}", values)
    else:
        columns = ", ".join(_quoted(name) for name in _known(image))
        places = ", ".join("?" for _ in _known(image))
        statement = f"INSERT INTO {_table(image)} ({columns}) VALUES ({places})"
        _run(ledger, statement, tuple(_known(image).values()))


def task(ledger: Ledger, image: Image) -> None:
    """A task keeps its row, as its number is given once: an added one is archived."""
    if image.what == "added":
        day = ledger.today.isoformat()
        _run(ledger, "UPDATE task SET archived_on = ? WHERE id = ?", (day, *image.key))
    else:
        as_it_was(ledger, image)


def matter(ledger: Ledger, image: Image) -> None:
    """A matter that goes takes along its tasks, of which nothing but the numbers was left."""
    if image.what == "added":
        _run(ledger, "DELETE FROM task WHERE matter_id = ?", image.key)
    as_it_was(ledger, image)


def draft(ledger: Ledger, image: Image) -> None:
    """A draft that goes sets its matter free again under the key of its run."""
    if image.what == "added":
        _run(ledger, "DELETE FROM run_bill WHERE bill_id = ?", image.key)
    as_it_was(ledger, image)


# Which way back the rows of a table go; those of a table that isn't here stay as they are.
INVERSES: dict[str, Inverse] = {
    "setting": as_it_was,
    "tax_code": as_it_was,
    "tax_rate": as_it_was,
    "expense_category": as_it_was,
    "timekeeper": as_it_was,
    "client": as_it_was,
    "matter": matter,
    "matter_option": as_it_was,
    "closed_span": as_it_was,
    "rate": as_it_was,
    "arrangement": as_it_was,
    "workflow": as_it_was,
    "workflow_task": as_it_was,
    "task": task,
    "task_document": as_it_was,
    "task_split": as_it_was,
    "change_order": as_it_was,
    "schedule_row": as_it_was,
    "progress_mark": as_it_was,
    "time_entry": as_it_was,
    "time_span": as_it_was,
    "timer": as_it_was,
    "expense": as_it_was,
    "charge": as_it_was,
    "import_row": as_it_was,
    "utbms_code": as_it_was,
    "draft": draft,
    "draft_source": as_it_was,
    "run_bill": as_it_was,
}


def put_back(ledger: Ledger, images: list[Image], told: str) -> None:
    """Put rows back, the last image first; `told` names the change for a refusal `undo.stood-on`.

    The caller knows that nothing stands on them; the database has the last word on it.
    """
    ledger.session.flush()
    try:
        for image in images:
            INVERSES[image.kind](ledger, image)
    except sqlite3.IntegrityError as error:
        why = str(error).removeprefix("guard: ")
        sentence = f"Something stands on change {told}; the ledger says: {why}."
        raise Refused("undo.stood-on", sentence, hint="See `billcli undo --list`.") from error
    # The session may hold rows as they were a moment ago.
    ledger.session.expire_all()
    ledger.session.expunge_all()


def _run(ledger: Ledger, statement: str, values: tuple[Any, ...]) -> None:
    rows.driver(ledger).execute(statement, values)


def _table(image: Image) -> str:
    return str(SQLModel.metadata.tables[image.kind].name)


def _keyed(image: Image) -> str:
    keys = [column.name for column in SQLModel.metadata.tables[image.kind].primary_key]
    return " AND ".join(f"{_quoted(name)} = ?" for name in keys)


def _known(image: Image) -> dict[str, Any]:
    columns = SQLModel.metadata.tables[image.kind].columns
    return {name: value for name, value in image.row.items() if name in columns}


def _quoted(name: str) -> str:
    return f'"{name}"'
