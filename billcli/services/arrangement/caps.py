"""How much of what was agreed is used, matter by matter (D-18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.core.alerts import use_of
from billcli.core.matter import MatterFile, in_force
from billcli.store import gather, reports
from billcli.values.money import round_ratio

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

TENTH_E4 = 1_000
"""A tenth of a percent."""


@dataclass(frozen=True, slots=True)
class CapLine:
    """An agreed value with what is billed and what waits; `passed_percent` of 70, 85 and 100.

    `used_percent` is rounded to a tenth, which is for reading: what is passed goes by the amounts.
    """

    matter: str
    title: str
    client: str | None
    arrangement: str
    value_cents: int
    invoiced_cents: int
    wip_cents: int
    used_cents: int
    used_percent_e4: int
    passed_percent: int | None
    period_start: date | None


def lines(ledger: Ledger, files: Iterable[MatterFile] | None = None) -> list[CapLine]:
    """Every open matter with a value that can be used up, in the order of the files."""
    if files is None:
        ids = reports.agreed_matters(ledger)
        files = gather.matters(ledger, gather.firm(ledger), ids, ledger.today).values()
    return [line for file in files if (line := line_of(ledger, file))]


def line_of(ledger: Ledger, file: MatterFile) -> CapLine | None:
    """The use of one matter's value in its period; None where there is none."""
    use = use_of(file, ledger.today, ledger.decimals)
    if use is None:
        return None
    return CapLine(
        matter=file.number,
        title=file.title,
        client=file.client.id if file.client else None,
        arrangement=in_force(file.versions, ledger.today).kind.replace("-", "_"),
        value_cents=use.value_cents,
        invoiced_cents=use.invoiced_cents,
        wip_cents=use.wip_cents,
        used_cents=use.used_cents,
        used_percent_e4=round_ratio(use.used_cents * 1_000, use.value_cents) * TENTH_E4,
        passed_percent=use.passed(),
        period_start=use.period.start if use.period else None,
    )
