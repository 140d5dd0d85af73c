"""`report never-billed`: the matters and the work that no bill has touched, and since when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from billcli.core.matter import in_force
from billcli.services.reporting import status
from billcli.store import find, gather, matters, never_billed
from billcli.store.rows import undisturbed

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


class Untouched(NamedTuple):
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


@undisturbed
def report(
    ledger: Ledger,
    *,
    as_of: date | None = None,
    client: str | None = None,
    older_than: int | None = None,
) -> list[UntouchedMatter]:
    """What no bill touched by a day, oldest first, of entries older than so many days.

    Work that is never billed by its nature is left out: non-billable entries and matters of the
    firm's own. A matter that never had a bill is listed without work too, by its age. NotFound
    `client.missing`.
    """
    if client is not None:
        find.client(ledger, client)
    day = as_of or ledger.today
    least = 0 if older_than is None else older_than + 1
    found = _entries(ledger, day)
    late = [
        _milestone(row, day)
        for row in status.waiting_milestones(ledger, gather.firm(ledger))
        if date.fromisoformat(row["since"]) <= day
    ]
    for entry in late:
        found[entry.matter].append(entry)
    for number in {entry.matter for entry in late}:
        found[number].sort(key=lambda entry: (entry.date, entry.kind, entry.id))
    own = {
        matter_id
        for matter_id, versions in matters.versions(ledger, ever="internal").items()
        if in_force(versions, day).kind == "internal"
    }
    views = []
    for row in never_billed.matters(ledger, day):
        if row.id in own or client not in (None, row.client_id):
            continue
        mine = found.get(row.number, [])
        if least:
            mine = [entry for entry in mine if entry.age_days >= least]
        opened = date.fromisoformat(row.opened_on)
        waits = row.never and row.closed_on is None and (day - opened).days >= least
        if mine or waits:
            views.append(_matter(row, mine, opened, day))
    return sorted(views, key=lambda view: (-view.age_days, view.matter))


def _entries(ledger: Ledger, day: date) -> dict[str, list[Untouched]]:
    """What was recorded, by matter, in the order of days."""
    found: dict[str, list[Untouched]] = defaultdict(list)
    days: dict[str, tuple[date, int]] = {}  # a year has 366 of them, whatever it has of entries
    for matter, ref, kind, on, who, text, hours, cents, state in never_billed.entries(ledger, day):
        if on not in days:
            then = date.fromisoformat(on)
            days[on] = then, (day - then).days
        then, age = days[on]
        found[matter].append(
            Untouched(matter, ref, kind, then, age, who, text, hours, cents, state)
        )
    return found


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
    oldest = entries[0].date if entries else opened
    cents = {"time": 0, "charge": 0, "milestone": 0, "expense": 0}
    hours = held = 0
    for entry in entries:
        cents[entry.kind] += entry.amount_cents
        hours += entry.hours_e4
        held += entry.amount_cents if entry.state == "held" else 0
    return UntouchedMatter(
        matter=row.number,
        title=row.title,
        client=row.client_id,
        never_billed=bool(row.never),
        oldest=oldest,
        age_days=(day - oldest).days,
        hours_e4=hours,
        time_cents=cents["time"],
        charges_cents=cents["charge"],
        milestones_cents=cents["milestone"],
        costs_cents=cents["expense"],
        total_cents=sum(cents.values()),
        held_cents=held,
        entries=tuple(entries),
    )
