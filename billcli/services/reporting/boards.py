"""The practice at a glance: every milestone, and what is earned and not invoiced (§7.7)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from billcli.core.matter import MatterFile, in_force
from billcli.services.reporting import stages, status
from billcli.store import find, gather, matters, reports
from billcli.store.rows import undisturbed

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

STUCK_DAYS = 14
"""After so many days, what waits is stuck (§7.7)."""


class MilestoneLine(NamedTuple):
    """A milestone on the board, or the progress of a matter that is billed by it.

    `stuck` says since how many days it waits longer than two weeks: planned past its day, or
    reached and not charged, or charged and not billed. `feedback_late` is the client's.
    """

    matter: str
    title: str
    client: str | None
    task: int | None
    name: str
    step: str | None
    state: str
    amount_cents: int | None
    percent_e4: int | None
    due: date | None
    done_on: date | None
    accepted_on: date | None
    charge: str | None
    bill: str | None
    stuck_days: int | None
    feedback_late_days: int | None


class UnbilledLine(NamedTuple):
    """What is earned and on no bill, with its age in days from the day it was earned."""

    matter: str
    client: str | None
    kind: str
    what: str
    since: date | None
    age_days: int
    current_cents: int
    d15_30_cents: int
    d31_60_cents: int
    d61_cents: int
    amount_cents: int


@undisturbed
def milestones(ledger: Ledger, *, client: str | None = None) -> list[MilestoneLine]:
    """Every milestone of the open matters, in the order of matters and tasks.

    NotFound `client.missing`.
    """
    if client is not None:
        find.client(ledger, client)
    ids = reports.planned_matters(ledger)
    rows = matters.listed(ledger, client=client, closed=False, ids=ids)
    listed = {row.id: row for row in rows}
    planned = [matter_id for matter_id in ids if matter_id in listed]
    versions = gather.versions(ledger, planned)
    found = stages.of_matters(ledger, versions)
    partly = [
        matter_id
        for matter_id in planned
        if in_force(versions[matter_id], ledger.today).terms.get("bill_when") == "progress"
    ]
    files = gather.matters(ledger, gather.firm(ledger), partly, ledger.today, hours=False)
    lines: list[MilestoneLine] = []
    for matter_id in planned:
        row = listed[matter_id]
        lines += [_line(ledger, row, stage) for stage in found.get(matter_id, ())]
        if matter_id in files:
            lines.append(_progress(ledger, row, files[matter_id]))
    return lines


@undisturbed
def unbilled(ledger: Ledger, *, client: str | None = None) -> list[UnbilledLine]:
    """Earned and not invoiced: charges, milestones reached, rows due, and work in progress.

    Work that is on hold, and matters that can't be billed now, are left out. Oldest first.
    NotFound `client.missing`.
    """
    if client is not None:
        find.client(ledger, client)
    listed = {row.number: row for row in matters.listed(ledger, closed=False)}
    facts, limited = gather.firm(ledger), reports.limited_matters(ledger)
    files = gather.matters(ledger, facts, limited, ledger.today, hours=False)
    blocked = {file.number for file in files.values() if _blocked(file)}
    earned = [
        (row["matter"], row["state"], _words(row), _day(row["since"]), row["amount_cents"] or 0)
        for row in status.earned_unbilled(ledger, facts)
    ]
    for row in reports.work_in_progress(ledger, ledger.today):
        # Charges are lines of their own.
        waits = row.held_cents - row.held_charges_cents
        cents = row.time_cents + row.costs_cents - waits
        if cents > 0 and not row.matter_held:
            earned.append((row.matter, "wip", "Work in progress", _day(row.oldest), cents))
    found = [
        _aged(ledger, listed[matter], kind, what, since, cents)
        for matter, kind, what, since, cents in earned
        if matter in listed
        and matter not in blocked
        and client in (None, listed[matter].client_id)
        and cents
    ]
    return sorted(found, key=lambda line: (-line.age_days, line.matter, line.what))


def _line(ledger: Ledger, row: Any, stage: stages.Stage) -> MilestoneLine:
    task = stage.task
    return MilestoneLine(
        matter=row.number,
        title=row.title,
        client=row.client_id,
        task=task.number,
        name=task.name,
        step=task.step,
        state=stage.state,
        amount_cents=stage.cents,
        percent_e4=task.trigger_percent_e4,
        due=stage.due,
        done_on=stage.done_on,
        accepted_on=stages.day(task.accepted_on),
        charge=None if task.charge_id is None else f"C-{task.charge_id}",
        bill=stage.bill,
        stuck_days=_stuck(stage, ledger.today),
        feedback_late_days=_feedback_late(task, ledger.today),
    )


def _progress(ledger: Ledger, row: Any, file: MatterFile) -> MilestoneLine:
    """Where a matter stands that is billed by percent complete, beside the milestones."""
    marks = sorted(mark for mark in file.marks if mark[0] <= ledger.today)
    return MilestoneLine(
        matter=row.number,
        title=row.title,
        client=row.client_id,
        task=None,
        name="Percent complete",
        step=row.step,
        state="progress",
        amount_cents=file.billed.fees_cents,
        percent_e4=marks[-1][1] if marks else 0,
        due=None,
        done_on=marks[-1][0] if marks else None,
        accepted_on=None,
        charge=None,
        bill=None,
        stuck_days=None,
        feedback_late_days=None,
    )


def _stuck(stage: stages.Stage, today: date) -> int | None:
    """Since how many days it waits, where that is too long."""
    if stage.state not in ("planned", "ready", "declined", "charged", "in_draft"):
        return None
    since = stage.due if stage.state == "planned" else stage.done_on
    if since is None:
        return None
    days = (today - since).days
    return days if days > STUCK_DAYS else None


def _feedback_late(task: Any, today: date) -> int | None:
    """By how many days the client's feedback is overdue (§7.2)."""
    if task.accept_within is None or not task.needs_acceptance or task.accepted_on is not None:
        return None
    done = stages.day(task.done_on)
    if done is None:
        return None
    days = (today - (done + timedelta(task.accept_within))).days
    return days if days > 0 else None


def _blocked(file: MatterFile) -> bool:
    """Whether the matter makes no bill now (§2.6)."""
    off = not file.options.get("billing", True)
    kind = in_force(file.versions, date.max).kind
    return off or file.held or file.billable_status == "closed" or kind == "internal"


def _aged(
    ledger: Ledger, matter: Any, kind: str, what: str, since: date | None, cents: int
) -> UnbilledLine:
    age = (ledger.today - since).days if since else 0
    return UnbilledLine(
        matter=matter.number,
        client=matter.client_id,
        kind=kind,
        what=what,
        since=since,
        age_days=age,
        current_cents=cents if age <= 14 else 0,
        d15_30_cents=cents if 15 <= age <= 30 else 0,
        d31_60_cents=cents if 31 <= age <= 60 else 0,
        d61_cents=cents if age > 60 else 0,
        amount_cents=cents,
    )


def _words(row: dict[str, Any]) -> str:
    named = row["charge"] or (f"task {row['task']}" if row["task"] else "")
    return f"{row['description']} ({named})" if named else str(row["description"])


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
