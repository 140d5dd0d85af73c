"""What needs attention today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from billcli.core.matter import MatterFile, agreed_value, in_force, progress, worth
from billcli.core.plan import missed, open_parts
from billcli.services.arrangement import caps
from billcli.services.arrangement.schedule_views import by_schedule
from billcli.services.bill import mail_states
from billcli.services.reporting import status_funds
from billcli.services.work import timer_views
from billcli.store import (
    bill_reads,
    drafts,
    find,
    gather,
    journal,
    outbox,
    payments,
    plans,
    reports,
)
from billcli.store.rows import undisturbed

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@undisturbed
def status(ledger: Ledger) -> dict[str, Any]:
    """Earned but unbilled, what waits, overdue bills, credits, clients' money, caps."""
    facts = gather.firm(ledger)
    agreed = gather.matters(ledger, facts, reports.agreed_matters(ledger), ledger.today)
    return {
        "date": ledger.today,
        "timers": timer_views.running(ledger),
        "earned_unbilled": earned_unbilled(ledger, facts, agreed),
        "drafts": [_draft(ledger, draft) for draft in drafts.all_(ledger)],
        "to_issue": [
            {
                "number": bill.number,
                "matter": bill.matter,
                "client": bill.client,
                "due_date": bill.due_on,
                "balance_cents": bill.balance_cents,
                "total_cents": bill.total_cents,
            }
            for bill in bill_reads.waiting(ledger)
        ],
        "undelivered": mail_states.listed(ledger, outbox.unsettled(ledger)),
        "overdue": list(_overdue(ledger)),
        "credits": _credits(ledger),
        **status_funds.sections(ledger),
        "milestones_not_covering": [
            row for file in agreed.values() if (row := _uncovered(ledger, file))
        ],
        "caps": [row for file in agreed.values() if (row := _cap(ledger, file))],
    }  # fmt: skip


def earned_unbilled(
    ledger: Ledger,
    facts: gather.FirmFacts | None = None,
    agreed: Mapping[int, MatterFile] | None = None,
) -> list[dict[str, Any]]:
    """Charges, milestones reached and rows due that are on no bill (§7.7)."""
    known = facts or gather.firm(ledger)
    if agreed is None:
        ids = reports.scheduled_matters(ledger)
        agreed = gather.matters(ledger, known, ids, ledger.today, hours=False)
    return [*_earned(ledger, known, agreed), *_due_rows(ledger, agreed.values())]


def _earned(
    ledger: Ledger, facts: gather.FirmFacts, known: Mapping[int, MatterFile]
) -> list[dict[str, Any]]:
    rows = [
        {
            "matter": row.matter,
            "task": row.task,
            "charge": f"C-{row.id}",
            "description": row.description,
            "since": row.day,
            "state": "charged",
            "amount_cents": row.amount_cents,
        }
        for row in reports.unbilled_charges(ledger)
    ]
    return [*rows, *waiting_milestones(ledger, facts, known)]


def waiting_milestones(
    ledger: Ledger, facts: gather.FirmFacts, known: Mapping[int, MatterFile] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """Milestones that were reached and not charged: their trigger waits, or was declined.

    `known` are matters that were read already.
    """
    waiting = reports.undecided_milestones(ledger)
    more = {row.matter_id for row in waiting} - known.keys()
    read = gather.matters(ledger, facts, more, ledger.today, hours=False) if more else {}
    wanted = {row.matter_id for row in waiting}
    files = {key: file for key, file in {**known, **read}.items() if key in wanted}
    charges = {file.number: worth(file, ledger.today) for file in files.values()}
    return [
        {
            "matter": row.matter,
            "task": row.task,
            "charge": None,
            "description": row.name,
            "since": row.done_on,
            "state": row.decision or "ready",
            "amount_cents": charges[row.matter].get(row.task),
        }
        for row in waiting
    ]


def _due_rows(ledger: Ledger, files: Iterable[MatterFile]) -> list[dict[str, Any]]:
    """Rows of schedules that are due and on no bill (§7.7)."""
    return [
        {
            "matter": file.number,
            "task": None,
            "charge": row.ref,
            "description": row.description,
            "since": row.due_on if row.due_on and row.due_on <= ledger.today else None,
            "state": "due",
            "amount_cents": row.amount_cents,
        }
        for file in files
        if by_schedule(file, ledger.today)
        for row in file.rows
        if row.due(ledger.today)
    ]


def _draft(ledger: Ledger, draft: drafts.Draft) -> dict[str, Any]:
    return {
        "id": draft.ref,
        "matter": find.matter_by_id(ledger, draft.matter_id).number,
        "date": draft.bill.day,
        "total_cents": draft.bill.total_cents,
    }


def _overdue(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """What is past due today: whole bills, or the instalments of their plans that were missed."""
    agreed = plans.in_force(ledger, ledger.today)
    days = cache(date.fromisoformat)  # bills share few of them
    for bill in reports.owed(ledger):
        due_on = days(bill.due_on)
        plan = agreed.get(bill.id, ())
        late = missed(
            open_parts(due_on, bill.cents, paid_cents=bill.paid_cents, plan=plan), ledger.today
        )
        if late:
            yield {
                "number": bill.number,
                "matter": bill.matter,
                "client": bill.client,
                "due_date": late[0].due_on,
                "balance_cents": bill.cents,
                "days_late": (ledger.today - late[0].due_on).days,
                "overdue_cents": sum(part.cents for part in late),
            }


def _credits(ledger: Ledger) -> list[dict[str, Any]]:
    held = journal.credits_(ledger)
    return [
        {"payment": p.ref, "client": p.client, "matter": p.matter, "credit_cents": held[p.id]}
        for p in (payments.get(ledger, payment_id) for payment_id in sorted(held))
    ]


def _uncovered(ledger: Ledger, file: MatterFile) -> dict[str, Any] | None:
    """A fixed fee whose milestones don't add up to it (§7.2)."""
    version = in_force(file.versions, ledger.today)
    value = agreed_value(file, ledger.today)
    if version.kind != "fixed" or value is None or not file.triggers:
        return None
    covered = progress(file, through=ledger.today).milestones_cents
    if covered == value:
        return None
    return {
        "matter": file.number,
        "value_cents": value,
        "milestones_cents": covered,
        "difference_cents": value - covered,
    }


def _cap(ledger: Ledger, file: MatterFile) -> dict[str, Any] | None:
    """A value whose work, billed or not, has passed 70, 85 or 100 %, in its period (D-18)."""
    line = caps.line_of(ledger, file)
    if line is None or line.passed_percent is None:
        return None
    return {
        "matter": line.matter,
        "arrangement": line.arrangement,
        "value_cents": line.value_cents,
        "invoiced_cents": line.invoiced_cents,
        "wip_cents": line.wip_cents,
        "passed_percent": line.passed_percent,
        "period_start": line.period_start,
    }
