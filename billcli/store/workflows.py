"""Workflows: named lists of tasks, replaced as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete
from sqlmodel import col, func, select

from billcli.errors import NotFound
from billcli.store.models import WorkflowRow, WorkflowTaskRow
from billcli.values.text import did_you_mean, nearest, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_TASK = WorkflowTaskRow.__table__  # type: ignore[attr-defined]


def all_(ledger: Ledger) -> Sequence[WorkflowRow]:
    """The workflows by their name."""
    return ledger.session.exec(select(WorkflowRow).order_by(WorkflowRow.name)).all()


def one(ledger: Ledger, name: str) -> WorkflowRow:
    """A workflow by its name. NotFound `workflow.missing`."""
    row = ledger.session.get(WorkflowRow, name)
    if row is None:
        known = ledger.session.exec(select(WorkflowRow.name)).all()
        raise NotFound(
            "workflow.missing",
            f"There is no workflow {shown(name)}.",
            hint=did_you_mean(name, known) or "See `billcli workflow list`.",
        )
    return row


def of_case_type(ledger: Ledger, case_type: str) -> str | None:
    """The name of the workflow that matters of this case type get, whatever its capitals."""
    rows = ledger.session.exec(
        select(WorkflowRow.name, WorkflowRow.case_type).where(
            func.lower(col(WorkflowRow.case_type)) == case_type.lower()
        )
    ).all()
    exact = [name for name, kind in rows if kind == case_type]
    return next(iter(exact or [name for name, _ in rows]), None)


def near_case_type(ledger: Ledger, case_type: str) -> str | None:
    """The case type that was probably meant, of those that workflows serve."""
    served = ledger.session.exec(select(WorkflowRow.case_type)).all()
    return nearest(case_type, [kind for kind in served if kind])


def tasks(ledger: Ledger, name: str | None = None) -> dict[str, list[WorkflowTaskRow]]:
    """The tasks of every workflow in their order, or of one."""
    query = select(WorkflowTaskRow).order_by(
        WorkflowTaskRow.workflow, col(WorkflowTaskRow.position)
    )
    if name is not None:
        query = query.where(WorkflowTaskRow.workflow == name)
    found: dict[str, list[WorkflowTaskRow]] = {}
    # Rows that were replaced a moment ago are read anew.
    for row in ledger.session.exec(query.execution_options(populate_existing=True)):
        found.setdefault(row.workflow, []).append(row)
    return found


def put(
    ledger: Ledger, name: str, case_type: str | None, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Keep a workflow; one of that name is replaced, its tasks too."""
    session = ledger.session
    row = session.get(WorkflowRow, name)
    if row is None:
        session.add(WorkflowRow(name=name, case_type=case_type))
    else:
        row.case_type = case_type
        session.connection().execute(delete(_TASK).where(_TASK.c.workflow == name))
    session.flush()
    ledger.add_all(
        WorkflowTaskRow,
        [{"workflow": name, "position": n, **values} for n, values in enumerate(rows, start=1)],
    )
