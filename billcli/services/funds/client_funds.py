"""What clients have in trust and what waits there, on any day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from billcli.core.options import effective
from billcli.core.reconciliation import months_open
from billcli.core.trust import Standing, standing
from billcli.services.funds import transfers
from billcli.store import matters, settings, trust_reads, trust_reports
from billcli.store.rows import undisturbed

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Day = date


class TrustLine(NamedTuple):
    """A matter in the report on trust; minimum and trigger are those agreed today."""

    matter: str
    title: str
    client: str | None
    client_name: str | None
    balance_cents: int
    cleared_cents: int
    protected_cents: int
    available_cents: int
    minimum_cents: int | None
    trigger_cents: int | None
    request: str | None
    requested_cents: int | None
    late_transfers_cents: int
    late_since: Day | None
    reconciled_through: Day | None
    days_since_reconciled: int | None


@dataclass(frozen=True, slots=True)
class Watched:
    """A balance with an agreed minimum: the general retainer where there is one, else trust."""

    matter_id: int
    matter: str
    client: str | None
    account: str
    available_cents: int
    minimum_cents: int
    trigger_cents: int

    @property
    def below(self) -> bool:
        """Whether it is below the minimum."""
        return self.available_cents < self.minimum_cents


@undisturbed
def trust_report(ledger: Ledger, *, as_of: date | None = None) -> list[TrustLine]:
    """Trust of each matter that has some, a minimum or a request, on that day (T14, T18, B18)."""
    day = as_of or ledger.today
    held = standings(ledger, day)
    wanted = watched(ledger, day, held=held)
    agreed = {each.matter_id: each for each in wanted if each.account == "trust"}
    asked = {row.matter_id: row for row in trust_reports.open_requests(ledger, day)}
    asked = {key: row for key, row in asked.items() if row.account == "trust"}
    late: dict[str, list[transfers.SheetLine]] = {}
    for transfer in transfers.late(ledger, day):
        late.setdefault(transfer.matter or "", []).append(transfer)
    last = last_reconciled(ledger, day)
    since = (day - last).days if last else None
    lines = []
    # A late transfer has its entry in trust, and so its matter among those that have something.
    for row in matters.listed(ledger, ids={*held, *agreed, *asked}):
        has, wants, open_ = held.get(row.id), agreed.get(row.id), asked.get(row.id)
        overdue = late.get(row.number)
        there = has is not None and (has.balance_cents or _is_open(row, day))
        if not (there or wants or open_ or overdue):
            continue
        now = has or Standing()
        lines.append(
            TrustLine(
                matter=row.number,
                title=row.title,
                client=row.client_id,
                client_name=row.client_name,
                balance_cents=now.balance_cents,
                cleared_cents=now.cleared_cents,
                protected_cents=max(0, now.protected_cents),
                available_cents=now.available_cents,
                minimum_cents=wants.minimum_cents if wants else None,
                trigger_cents=wants.trigger_cents if wants else None,
                request=open_.number if open_ else None,
                requested_cents=open_.open_cents if open_ else None,
                late_transfers_cents=sum(each.amount_cents for each in overdue) if overdue else 0,
                late_since=min(each.date for each in overdue) if overdue else None,
                reconciled_through=last,
                days_since_reconciled=since,
            )
        )
    return lines


def standings(ledger: Ledger, day: date) -> dict[int, Standing]:
    """What each matter with trust entries up to a day held on it, by the matter's id."""
    return {
        matter_id: standing(moves, day)
        for matter_id, moves in trust_reads.moves_by(ledger, day).items()
        if any(move.day <= day for move in moves)
    }


def watched(
    ledger: Ledger, day: date, *, held: Mapping[int, Standing] | None = None
) -> list[Watched]:
    """The balances with an agreed minimum, of matters open on that day (§3.4).

    `held` is what standings() says of the day, where it is known.
    """
    own, known = trust_reports.agreed_minimums(ledger), settings.all_(ledger)
    everywhere = effective("replenish", {}, known)
    if not (everywhere or any("replenish" in each for each in own.values())):
        return []
    held = standings(ledger, day) if held is None else held
    retainers = trust_reports.retainer_balances(ledger, day)
    found = []
    for row in matters.listed(ledger, ids=None if everywhere else own):
        wanted = _agreed(own.get(row.id, {}), known)
        if wanted is None or row.client_id is None or not _is_open(row, day):
            continue
        account, minimum, trigger = wanted
        now = held[row.id].available_cents if row.id in held else 0
        if account == "retainer":
            now = retainers.get(row.id, 0)
        found.append(Watched(row.id, row.number, row.client_id, account, now, minimum, trigger))
    return found


def last_reconciled(ledger: Ledger, day: date) -> date | None:
    """The last day that had been reconciled when that day ended (T18)."""
    found = None
    for row in trust_reports.reconciliations(ledger):
        prepared = json.loads(row.details).get("prepared_on") or row.day
        if prepared <= day.isoformat():
            found = date.fromisoformat(row.day)
    return found


def unreconciled_months(ledger: Ledger, day: date) -> list[date]:
    """The last days of the months that are over and not reconciled, oldest first (T18)."""
    first = trust_reports.first_day(ledger)
    if first is None or first > day:
        return []
    return months_open(first, last_reconciled(ledger, day), day)


def _agreed(own: Mapping[str, Any], known: Mapping[str, Any]) -> tuple[str, int, int] | None:
    """The account that is watched, its minimum and its trigger."""
    wanted = effective("replenish", own, known)
    if not wanted:
        return None
    general = known.get("billing.general_retainers") is not False
    account = "retainer" if general and effective("retainer", own, known) else "trust"
    return account, wanted["minimum_cents"], wanted["trigger_cents"]


def _is_open(row: Any, day: date) -> bool:
    on = day.isoformat()
    return row.opened_on <= on and (row.closed_on is None or row.closed_on > on)
