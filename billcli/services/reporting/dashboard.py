"""The practice on one page: every board's own numbers, gathered (§7.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.services.arrangement import caps
from billcli.services.funds import client_funds, funded_work
from billcli.services.reporting import boards, forecasting, reports
from billcli.store import matters, settings

if TYPE_CHECKING:
    from billcli.services.arrangement.caps import CapLine
    from billcli.services.funds.client_funds import TrustLine
    from billcli.services.funds.funded_work import FundedLine
    from billcli.services.reporting.boards import MilestoneLine, UnbilledLine
    from billcli.store.ledger import Ledger

WEEKS = 13


@dataclass(frozen=True, slots=True)
class Key:
    """The key figures; `unbilled_old` is what was earned more than 30 days ago.

    `expected` and `certain` are of the next 13 weeks. `unsecured` is the work that neither client
    money nor general retainers cover, in so many matters.
    """

    open_matters: int
    receivable_cents: int
    overdue_cents: int
    unbilled_cents: int
    unbilled_old_cents: int
    expected_cents: int
    certain_cents: int
    trust_cents: int
    below_minimum: int
    unsecured_cents: int
    unsecured_matters: int
    caps_passed: int
    stuck_milestones: int


@dataclass(frozen=True, slots=True)
class Minimum:
    """A balance with an agreed minimum, in trust or as a general retainer."""

    matter: str
    title: str
    client: str | None
    account: str
    available_cents: int
    minimum_cents: int
    trigger_cents: int
    below: bool


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All that the page shows; each list is that of its own report."""

    date: date
    firm: str
    currency: str
    key: Key
    milestones: list[MilestoneLine]
    forecast: dict[str, Any]
    unbilled: list[UnbilledLine]
    ageing: list[dict[str, Any]]
    caps: list[CapLine]
    minimums: list[Minimum]
    trust: list[TrustLine]
    funded: list[FundedLine]


def view(ledger: Ledger) -> Dashboard:
    """The whole practice today."""
    milestones = boards.milestones(ledger)
    forecast = forecasting.report(ledger, every="week", count=WEEKS)
    unbilled = boards.unbilled(ledger)
    ageing = reports.ageing(ledger)
    used = sorted(caps.lines(ledger), key=lambda line: (-line.used_percent_e4, line.matter))
    minimums = _minimums(ledger)
    trust = client_funds.trust_report(ledger)
    funded = funded_work.report(ledger)
    short = [row for row in funded if row.unsecured]
    return Dashboard(
        date=ledger.today,
        firm=str(settings.get(ledger, "firm.name") or ""),
        currency=ledger.currency,
        key=Key(
            open_matters=len(matters.listed(ledger, closed=False)),
            receivable_cents=sum(row["total_cents"] for row in ageing),
            overdue_cents=sum(row["total_cents"] - row["current_cents"] for row in ageing),
            unbilled_cents=sum(row.amount_cents for row in unbilled),
            unbilled_old_cents=sum(row.d31_60_cents + row.d61_cents for row in unbilled),
            expected_cents=forecast["expected_cents"],
            certain_cents=sum(span["certain_cents"] for span in forecast["periods"]),
            trust_cents=sum(row.balance_cents for row in trust),
            below_minimum=sum(row.below for row in minimums),
            unsecured_cents=-sum(row.funded_cents for row in short),
            unsecured_matters=len(short),
            caps_passed=sum(row.passed_percent is not None for row in used),
            stuck_milestones=_stuck(milestones),
        ),
        milestones=milestones,
        forecast=forecast,
        unbilled=unbilled,
        ageing=ageing,
        caps=used,
        minimums=minimums,
        trust=trust,
        funded=funded,
    )


def _minimums(ledger: Ledger) -> list[Minimum]:
    titles = {row.number: row.title for row in matters.listed(ledger)}
    found = [
        Minimum(
            matter=each.matter,
            title=titles[each.matter],
            client=each.client,
            account=each.account,
            available_cents=each.available_cents,
            minimum_cents=each.minimum_cents,
            trigger_cents=each.trigger_cents,
            below=each.below,
        )
        for each in client_funds.watched(ledger, ledger.today)
    ]
    return sorted(found, key=lambda each: (not each.below, each.matter))


def _stuck(milestones: Sequence[MilestoneLine]) -> int:
    return sum(1 for line in milestones if line.stuck_days)
