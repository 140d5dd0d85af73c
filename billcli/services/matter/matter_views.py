"""Matters as lists, JSON and `matter show` have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.services.arrangement import arrangements, standing
from billcli.services.arrangement.arrangement_views import ArrangementView
from billcli.services.arrangement.schedule_views import RowView, row_view
from billcli.services.bill.overdue import overdue
from billcli.services.funds import client_funds, funded_work, trust_views
from billcli.services.funds.funded_work import Gauge, gauge
from billcli.services.funds.trust_views import BalanceView
from billcli.services.matter import options
from billcli.services.milestones import steps, task_views
from billcli.services.milestones.task_views import TaskView
from billcli.store import (
    bill_reads,
    drafts,
    matters,
    retainers,
    schedules,
    trust_reads,
    trust_reports,
)
from billcli.store.matters import EntryTotal

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter in a list; unbilled is the billable work on no bill."""

    number: str
    title: str
    client: str | None
    client_name: str | None
    responsible: str | None
    practice_area: str | None
    arrangement: str
    state: str
    on_hold: bool
    opened_on: date
    closed_on: date | None
    unbilled_cents: int


@dataclass(frozen=True, slots=True)
class BillLine:
    """A bill or the draft of a matter, in one line."""

    id: str
    number: str | None
    state: str
    date: date
    total_cents: int
    balance_cents: int
    overdue_cents: int = 0


@dataclass(frozen=True, slots=True)
class MatterView:
    """A matter with its settings, its arrangement and position, tasks, work, bills and money.

    `trust` and `general_retainer_cents` are None where there never was any.
    """

    number: str
    title: str
    client: str | None
    client_name: str | None
    client_matter_id: str | None
    case_type: str | None
    practice_area: str | None
    responsible: str | None
    state: str
    opened_on: date
    closed_on: date | None
    held_on: date | None
    arrangement: ArrangementView
    billing: Mapping[str, Any]
    step: str | None
    tasks: tuple[TaskView, ...]
    schedule: tuple[RowView, ...]
    time_and_expense: Mapping[str, EntryTotal]
    unbilled_fees_cents: int
    unbilled_costs_cents: int
    bills: tuple[BillLine, ...]
    trust: BalanceView | None = None
    general_retainer_cents: int | None = None
    funded: Gauge | None = None
    workflow: str | None = None
    warnings: tuple[str, ...] = ()


def view(
    ledger: Ledger,
    row: MatterRow,
    *,
    workflow: str | None = None,
    warnings: tuple[str, ...] = (),
) -> MatterView:
    """A matter with all that belongs to it."""
    matter_id = row.id or 0
    file = standing.file_of(ledger, matter_id)
    work = matters.unbilled_of(ledger, matter_id)
    bills = _bills(ledger, matter_id)
    trust, retainer = _trust(ledger, row), _retainer(ledger, matter_id)
    owed = sum(bill.balance_cents for bill in bills)
    unpaid = work.cents - trust_reports.costs_paid(ledger, ledger.today).get(matter_id, 0)
    return MatterView(
        number=row.number,
        title=row.title,
        client=row.client_id,
        client_name=file.client.name if file.client else None,
        client_matter_id=row.client_matter_id,
        case_type=row.case_type,
        practice_area=row.practice_area,
        responsible=row.responsible_id,
        state="open" if row.closed_on is None else "closed",
        opened_on=date.fromisoformat(row.opened_on),
        closed_on=day_of(row.closed_on),
        held_on=day_of(row.held_on),
        arrangement=arrangements.show(ledger, row.number),
        billing={
            option.name: option.value for option in options.show_options(ledger, row.number).options
        },
        step=steps.of(ledger, row).at,
        tasks=tuple(task_views.all_(ledger, row, file)),
        schedule=tuple(row_view(r) for r in schedules.of_matter(ledger, matter_id)),
        time_and_expense=matters.totals(ledger, matter_id),
        unbilled_fees_cents=work.time_cents + work.charges_cents,
        unbilled_costs_cents=work.costs_cents,
        bills=bills,
        trust=trust,
        general_retainer_cents=retainer,
        funded=gauge(trust.available_cents if trust else 0, retainer or 0, owed, unpaid),
        workflow=workflow,
        warnings=warnings,
    )


def _bills(ledger: Ledger, matter_id: int) -> tuple[BillLine, ...]:
    bills = bill_reads.all_(ledger, matter_id=matter_id)
    late = overdue(ledger, bills)
    found = [
        BillLine(
            f"D-{bill.id}",
            bill.number,
            bill.state,
            bill.day,
            bill.total_cents,
            bill.balance_cents,
            sum(part.cents for part in late.get(bill.id, ())),
        )
        for bill in bills
    ]
    draft = drafts.of_matter(ledger, matter_id)
    if draft is not None:
        bill = drafts.get(ledger, draft).bill
        found.append(BillLine(f"D-{draft}", None, "draft", bill.day, bill.total_cents, 0))
    return tuple(found)


def _trust(ledger: Ledger, row: MatterRow) -> BalanceView | None:
    moves = trust_reads.moves_of(ledger, row.id)
    return trust_views.balance_of(row, moves, ledger.today) if moves else None


def _retainer(ledger: Ledger, matter_id: int) -> int | None:
    held = retainers.of_matter(ledger, matter_id)
    return sum(entry.cents for entry in held) if held else None


def funded(ledger: Ledger, lines: Sequence[MatterLine]) -> list[dict[str, Any]]:
    """Those matters of a list that hold or held client money, each with its gauge today."""
    known = client_funds.standings(ledger, ledger.today)
    with_money = known.keys() | trust_reports.retainer_balances(ledger, ledger.today).keys()
    numbers = {row.number for row in matters.listed(ledger) if row.id in with_money}
    found = funded_work.gauges(ledger, ledger.today)
    return [asdict(line) | asdict(found[line.number]) for line in lines if line.number in numbers]


def day_of(text: str | None) -> date | None:
    """A day as the ledger keeps it."""
    return date.fromisoformat(text) if text else None
