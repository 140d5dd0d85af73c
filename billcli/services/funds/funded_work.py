"""The funded-work gauge: what clients' money leaves over bills and work (§7.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from billcli.services.funds import client_funds
from billcli.store import matters, reports, trust_reports
from billcli.store.rows import undisturbed

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Gauge:
    """Trust available and general retainer, less owed and unbilled; below 0 it is unsecured.

    `wip_cents` is without costs that trust paid straight: their money is gone from trust already.
    """

    trust_available_cents: int
    retainer_cents: int
    receivable_cents: int
    wip_cents: int
    funded_cents: int
    unsecured: bool


class FundedLine(NamedTuple):
    """A matter with its gauge, in one line."""

    matter: str
    title: str
    client: str | None
    client_name: str | None
    trust_available_cents: int
    retainer_cents: int
    receivable_cents: int
    wip_cents: int
    funded_cents: int
    unsecured: bool


@undisturbed
def report(ledger: Ledger, *, as_of: date | None = None) -> list[FundedLine]:
    """The gauge of each matter that has money, open bills or work on that day (B18)."""
    day = as_of or ledger.today
    listed = matters.listed(ledger)
    found = _gauges(ledger, listed, day)
    return [
        FundedLine(
            matter=row.number,
            title=row.title,
            client=row.client_id,
            client_name=row.client_name,
            trust_available_cents=now.trust_available_cents,
            retainer_cents=now.retainer_cents,
            receivable_cents=now.receivable_cents,
            wip_cents=now.wip_cents,
            funded_cents=now.funded_cents,
            unsecured=now.unsecured,
        )
        for row in listed
        if (now := found.get(row.number)) and _something(now)
    ]


def gauges(ledger: Ledger, day: date) -> dict[str, Gauge]:
    """The gauge of every matter on a day, by its number.

    What other payors owe is left out: the client's money can't pay it (T6).
    """
    return _gauges(ledger, matters.listed(ledger), day)


def _gauges(ledger: Ledger, listed: Sequence[Any], day: date) -> dict[str, Gauge]:
    clients = {row.number: row.client_id for row in listed}
    held = client_funds.standings(ledger, day)
    kept = trust_reports.retainer_balances(ledger, day)
    paid = trust_reports.costs_paid(ledger, day)
    owed: dict[str, int] = {}
    for bill in reports.open_receivables(ledger, day):
        if bill.client_id == clients.get(bill.matter):
            owed[bill.matter] = owed.get(bill.matter, 0) + bill.cents
    work = {
        row.matter: row.time_cents + row.charges_cents + row.costs_cents
        for row in reports.work_in_progress(ledger, day)
    }
    return {
        row.number: gauge(
            held[row.id].available_cents if row.id in held else 0,
            kept.get(row.id, 0),
            owed.get(row.number, 0),
            work.get(row.number, 0) - paid.get(row.id, 0),
        )
        for row in listed
    }


def gauge(trust_cents: int, retainer_cents: int, receivable_cents: int, wip_cents: int) -> Gauge:
    """The gauge of one matter, from what is available, kept, owed and unbilled."""
    funded = trust_cents + retainer_cents - receivable_cents - wip_cents
    return Gauge(trust_cents, retainer_cents, receivable_cents, wip_cents, funded, funded < 0)


def _something(now: Gauge) -> bool:
    return bool(
        now.trust_available_cents or now.retainer_cents or now.receivable_cents or now.wip_cents
    )
