"""Matters: opened for a client, with their arrangement and the tasks of their case type."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.matter import in_force
from billcli.errors import Refused, UsageProblem
from billcli.services.arrangement import arrangements, standing
from billcli.services.matter.matter_views import MatterLine, MatterView, day_of, view
from billcli.services.milestones import workflows
from billcli.services.work._amend import amend
from billcli.store import changes, find, matters
from billcli.store.models import MatterRow
from billcli.values.text import read_id, read_text

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

TEXTS = {"title": 200, "case_type": 100, "practice_area": 100, "client_matter_id": 100}


def add(
    ledger: Ledger,
    number: str,
    title: str,
    *,
    client: str | None = None,
    case_type: str | None = None,
    responsible: str | None = None,
    practice_area: str | None = None,
    client_matter_id: str | None = None,
    opened_on: date | None = None,
    kind: str = "hourly",
    terms: Mapping[str, Any] | None = None,
    valid_from: date | None = None,
) -> MatterView:
    """Open a matter; the workflow of its case type gives it its tasks.

    Refused `matter.exists`, `client.archived`; UsageProblem `matter.client` without a client.
    """
    with ledger.write():
        read_id(number, "matter number")
        if matters.exists(ledger, number):
            raise Refused(
                "matter.exists",
                f"There is a matter {number} already.",
                hint=f"See `billcli matter show {number}`, or take another number.",
            )
        if client is None and kind != "internal":
            raise UsageProblem(
                "matter.client",
                "A matter needs its client.",
                hint="Give --client ID; only an internal matter has none.",
            )
        values = {
            **_texts(
                {
                    "title": title,
                    "case_type": case_type,
                    "practice_area": practice_area,
                    "client_matter_id": client_matter_id,
                }
            ),
            "client_id": None if client is None else _client(ledger, client),
            "responsible_id": _timekeeper(ledger, responsible),
            "opened_on": (opened_on or ledger.today).isoformat(),
        }
        next_id = changes.next_matter_id(ledger)
        matter_id = ledger.add(MatterRow, id=next_id, number=number, **values)
        arrangements.begin(ledger, matter_id, kind, terms or {}, valid_from)
        told = {name: value for name, value in values.items() if value is not None}
        told["arrangement"] = {"kind": kind, **(terms or {}), "valid_from": valid_from}
        ledger.record(f"matter {number}", after=told, matter_id=matter_id)
        workflow, warnings = None, []
        if values["case_type"] is not None:
            workflow = workflows.for_case_type(ledger, values["case_type"])
            if workflow is None:
                warnings.append(workflows.without(ledger, values["case_type"]))
            else:
                _apply(ledger, workflow, number)
        file = standing.file_of(ledger, matter_id)
        gap = standing.uncovered(file, ledger.today, ledger.decimals)
        front = standing.front_loaded(file, ledger.today, ledger.decimals)
        return view(
            ledger,
            find.matter(ledger, number),
            workflow=workflow,
            warnings=(*warnings, *(each for each in (gap, front) if each)),
        )


def _apply(ledger: Ledger, workflow: str, number: str) -> None:
    try:
        workflows.apply(ledger, workflow, matter=number)
    except Refused as refused:  # a workflow without tasks has nothing to give
        if refused.code != "workflow.applied":
            raise


def edit(ledger: Ledger, number: str, changes: Mapping[str, Any]) -> MatterView:
    """Change a matter's own facts; keys are those of add(), None clears.

    Refused `matter.client-billed`: another client can't take over what is billed already.
    """
    with ledger.write():
        row = find.matter(ledger, number)
        wanted = _texts({key: value for key, value in changes.items() if key in TEXTS})
        if "client" in changes:
            wanted["client_id"] = _client(ledger, changes["client"])
            if wanted["client_id"] != row.client_id and matters.in_use(ledger, row.id or 0):
                raise Refused(
                    "matter.client-billed",
                    f"Matter {number} has bills, a draft, payments or trust money of its client "
                    f"{row.client_id}.",
                    hint="Open a new matter for the other client.",
                )
        if "responsible" in changes:
            wanted["responsible_id"] = _timekeeper(ledger, changes["responsible"])
        if "opened_on" in changes:
            wanted["opened_on"] = (changes["opened_on"] or ledger.today).isoformat()
        changed = amend(row, wanted)
        ledger.session.flush()
        if changed:
            ledger.record(
                f"matter {number}",
                before=changed.before,
                after=changed.after,
                matter_id=row.id,
            )
        return view(ledger, row)


def show(ledger: Ledger, number: str) -> MatterView:
    """All there is to know about a matter."""
    return view(ledger, find.matter(ledger, number))


def list_(
    ledger: Ledger, *, client: str | None = None, closed: bool | None = None
) -> list[MatterLine]:
    """The matters by their number: all, the open ones or the closed ones, of one client or all."""
    if client is not None:
        find.client(ledger, client)
    rows = matters.listed(ledger, client=client, closed=closed)
    versions, work = matters.versions(ledger), matters.unbilled(ledger)
    return [
        MatterLine(
            number=row.number,
            title=row.title,
            client=row.client_id,
            client_name=row.client_name,
            responsible=row.responsible_id,
            practice_area=row.practice_area,
            arrangement=in_force(versions[row.id], ledger.today).kind.replace("-", "_"),
            state="open" if row.closed_on is None else "closed",
            on_hold=row.held_on is not None,
            opened_on=date.fromisoformat(row.opened_on),
            closed_on=day_of(row.closed_on),
            unbilled_cents=work[row.id].cents if row.id in work else 0,
        )
        for row in rows
    ]


def _texts(values: Mapping[str, str | None]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for key, value in values.items():
        what = {"client_matter_id": "client's matter number"}.get(key, key.replace("_", " "))
        text = value if value is not None or key != "title" else ""
        if text is None:
            read[key] = None
        else:
            read[key] = read_text(text, what, longest=TEXTS[key], required=key == "title") or None
    return read


def _client(ledger: Ledger, client: str | None) -> str:
    if client is None:
        raise UsageProblem("matter.client", "A matter needs its client.", hint="Give --client ID.")
    row = find.client(ledger, client)
    if row.archived_on is not None:
        raise Refused(
            "client.archived",
            f"Client {client} was archived on {row.archived_on}.",
            hint="Name another client.",
        )
    return row.id


def _timekeeper(ledger: Ledger, timekeeper: str | None) -> str | None:
    return None if timekeeper is None else find.timekeeper(ledger, timekeeper).id
