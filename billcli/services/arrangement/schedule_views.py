"""Schedules as lists and JSON have them, and whether their rows come to the fixed fee (§2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.core.matter import agreed_value, in_force
from billcli.errors import Refused
from billcli.services.arrangement import standing
from billcli.store import schedules

if TYPE_CHECKING:
    from billcli.core.bill import Bill
    from billcli.core.matter import MatterFile
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow
    from billcli.store.schedules import ScheduleRow


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of a schedule; state is unbilled, in_draft, billed, paid or written_off."""

    id: str
    row: int
    matter: str
    amount_cents: int
    description: str
    date: date | None
    bill_on_step: str | None
    pay_on_step: str | None
    state: str
    bill: str | None
    draft: str | None


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A schedule after a change: the rows that were touched, and what is to be warned of."""

    matter: str
    rows: tuple[RowView, ...]
    total_cents: int
    value_cents: int | None
    warnings: tuple[str, ...] = ()


def by_schedule(file: MatterFile, day: date) -> bool:
    """Whether the fixed fee of a matter is billed by its schedule on that day."""
    version = in_force(file.versions, day)
    return version.kind == "fixed" and version.terms.get("bill_when") == "schedule"


def mismatch(ledger: Ledger, file: MatterFile) -> str | None:
    """The warning that the rows don't come to the fixed fee; None if they do, or there is none."""
    rows = schedules.of_matter(ledger, file.id)
    if not rows:
        return None
    if not by_schedule(file, ledger.today):
        return (
            f"matter {file.number} isn't billed by its schedule: "
            f"billcli arrangement set {file.number} fixed --value V --bill-when schedule"
        )
    value = agreed_value(file, ledger.today) or 0
    total = sum(row.amount_cents for row in rows)
    return None if total == value else _gap(file.number, total, value, ledger.decimals)


def refuse_mismatch(
    ledger: Ledger, file: MatterFile, bill: Bill, *, accepted: bool, final: bool
) -> None:
    """The last row isn't approved while the rows don't come to the fee, unless accepted (§2.3)."""
    if not bill.rows or accepted or final:
        return
    rows = schedules.of_matter(ledger, file.id)
    if any(row.bill is None and row.id not in bill.rows for row in rows):
        return
    value = agreed_value(file, bill.through) or 0
    total = sum(row.amount_cents for row in rows)
    if total != value:
        raise Refused(
            "schedule.mismatch",
            f"This bills the last row, and {_gap(file.number, total, value, ledger.decimals)}.",
            hint="Add the missing row, or approve with --accept-schedule-mismatch.",
        )


def row_view(row: ScheduleRow) -> RowView:
    """A row as lists have it."""
    return RowView(
        id=row.ref,
        row=row.number,
        matter=row.matter,
        amount_cents=row.amount_cents,
        description=row.description,
        date=row.due_on,
        bill_on_step=row.bill_on_step,
        pay_on_step=row.pay_on_step,
        state=row.state,
        bill=row.bill.number if row.bill else None,
        draft=f"D-{row.draft_id}" if row.draft_id else None,
    )


def schedule_view(
    ledger: Ledger, matter: MatterRow, ids: Sequence[int], more: tuple[str, ...] = ()
) -> ScheduleView:
    """The schedule of a matter, with the rows that were touched and what to warn of."""
    rows = schedules.of_matter(ledger, matter.id or 0)
    file = standing.file_of(ledger, matter.id or 0)
    gap = mismatch(ledger, file)
    return ScheduleView(
        matter.number,
        tuple(row_view(row) for row in rows if row.id in ids),
        sum(row.amount_cents for row in rows),
        agreed_value(file, ledger.today),
        (*more, gap) if gap else more,
    )


def _gap(number: str, total: int, value: int, decimals: int) -> str:
    return standing.gap(f"the schedule of {number} comes", total, value, decimals)
