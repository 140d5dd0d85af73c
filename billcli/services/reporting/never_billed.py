"""`report never-billed`: the matters and the work that no bill has touched, and since when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.letters import LETTERS
from billcli.core.matter import in_force
from billcli.services.reporting import status
from billcli.store import gather, matters, never_billed

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Untouched:
    """An entry that no bill ever held, or a milestone that was reached and not charged.

    `state` is wip, held or in_draft, of a milestone ready or declined; it is today's, whatever
    the day of the report.
    """

    matter: str
    id: str
    kind: str
    date: date
    age_days: int
    timekeeper: str | None
    description: str
    hours_e4: int
    amount_cents: int
    state: str


@dataclass(frozen=True, slots=True)
class UntouchedMatter:
    """A matter with what no bill ever held of it; `never_billed` where it had no bill at all."""

    matter: str
    title: str
    client: str | None
    never_billed: bool
    oldest: date
    age_days: int
    hours_e4: int
    time_cents: int
    charges_cents: int
    milestones_cents: int
    costs_cents: int
    total_cents: int
    held_cents: int
    entries: tuple[Untouched, ...]


def report(
    ledger: Ledger,
    *,
    as_of: date | None = None,
    client: str | None = None,
    older_than: int | None = None,
) -> list[UntouchedMatter]:
    """What no bill touched by a day, oldest first, of entries older than so many days.

    Work that is never billed by its nature is left out: non-billable entries and matters of the
    firm's own. A matter that never had a bill is listed without work too, by its age.
    """
    day = as_of or ledger.today
    least = 0 if older_than is None else older_than + 1
    found: dict[str, list[Untouched]] = defaultdict(list)
    for row in never_billed.entries(ledger, day):
        found[row.matter].append(_entry(row, day))
    for row in status.waiting_milestones(ledger, gather.firm(ledger)):
        if date.fromisoformat(row["since"]) <= day:
            found[row["matter"]].append(_milestone(row, day))
    versions = matters.versions(ledger)
    views = []
    for row in never_billed.matters(ledger, day):
        opened = date.fromisoformat(row.opened_on)
        mine = [entry for entry in found.get(row.number, []) if entry.age_days >= least]
        idle = not mine and (
            not row.never or row.closed_on is not None or (day - opened).days < least
        )
        internal = in_force(versions[row.id], day).kind == "internal"
        if not idle and not internal and client in (None, row.client_id):
            views.append(_matter(row, mine, opened, day))
    return sorted(views, key=lambda view: (-view.age_days, view.matter))


def _entry(row: Any, day: date) -> Untouched:
    on = date.fromisoformat(row.day)
    held = row.held_on is not None or row.matter_held is not None
    return Untouched(
        matter=row.matter,
        id=f"{LETTERS[row.kind]}-{row.id}",
        kind=row.kind,
        date=on,
        age_days=(day - on).days,
        timekeeper=row.who,
        description=row.description,
        hours_e4=row.hours_e4,
        amount_cents=row.cents,
        state="in_draft" if row.draft_id is not None else "held" if held else "wip",
    )


def _milestone(row: dict[str, Any], day: date) -> Untouched:
    on = date.fromisoformat(row["since"])
    return Untouched(
        matter=row["matter"],
        id=f"task {row['task']}",
        kind="milestone",
        date=on,
        age_days=(day - on).days,
        timekeeper=None,
        description=row["description"],
        hours_e4=0,
        amount_cents=row["amount_cents"] or 0,
        state=row["state"],
    )


def _matter(row: Any, entries: list[Untouched], opened: date, day: date) -> UntouchedMatter:
    entries = sorted(entries, key=lambda entry: (entry.date, entry.kind, entry.id))
    oldest = entries[0].date if entries else opened
    cents = {
        kind: sum(entry.amount_cents for entry in entries if entry.kind == kind)
        for kind in ("time", "charge", "milestone", "expense")
    }
    return UntouchedMatter(
        matter=row.number,
        title=row.title,
        client=row.client_id,
        never_billed=bool(row.never),
        oldest=oldest,
        age_days=(day - oldest).days,
        hours_e4=sum(entry.hours_e4 for entry in entries),
        time_cents=cents["time"],
        charges_cents=cents["charge"],
        milestones_cents=cents["milestone"],
        costs_cents=cents["expense"],
        total_cents=sum(cents.values()),
        held_cents=sum(entry.amount_cents for entry in entries if entry.state == "held"),
        entries=tuple(entries),
    )
