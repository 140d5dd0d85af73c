"""What a firm file can't say: rates and arrangements that hold from a later day on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billcli.services.arrangement.arrangement_views import coming
from billcli.store import matters, people

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.people import Rate


def left_out(ledger: Ledger) -> tuple[str, ...]:
    """Each rate and each arrangement that an export leaves out, because it isn't in force yet."""
    versions = matters.versions(ledger)
    found = [
        f"the {version.kind} arrangement of {row.number} from {version.valid_from}"
        for row in people.matters(ledger)
        if row.closed_on is None
        for version in coming(versions[row.id or 0], ledger.today)
    ]
    written = set(people.rates_written(ledger, ledger.today))
    return tuple(found) + tuple(
        f"the rate of {rate.timekeeper}{_level(rate)} from {rate.valid_from}"
        for rate in people.all_rates(ledger)
        if rate.valid_from > ledger.today and rate not in written
    )


def _level(rate: Rate) -> str:
    if rate.matter is not None:
        return f" on {rate.matter}"
    if rate.client is not None:
        return f" for {rate.client}"
    return f" for {rate.activity}" if rate.activity is not None else ""
