"""The clock of a run where the firm is."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from billcli.errors import UsageProblem
from billcli.store import settings
from billcli.values import moments
from billcli.values.dates import zone_of

if TYPE_CHECKING:
    from billcli.store.plain import PlainLedger


def zone_here(ledger: PlainLedger) -> tzinfo:
    """The firm's time zone."""
    return zone_of(str(settings.get(ledger, "firm.timezone")))


def moment(ledger: PlainLedger) -> datetime:
    """The moment of the run, in whole seconds of UTC.

    Where the day of the run was given, it is that day at the time given with it, or else at the
    time that clocks show now.
    """
    now, zone = ledger.clock.now.replace(microsecond=0), zone_here(ledger)
    if ledger.clock.at is not None:
        return moments.placed(ledger.today, ledger.clock.at, zone)
    local = now.astimezone(zone)
    if local.date() == ledger.today:
        return now
    return moments.placed(ledger.today, local.time(), zone)


def refuse_future(wanted: datetime, now: datetime, zone: tzinfo) -> None:
    """Nothing begins or ends later than now. UsageProblem `timer.future`."""
    if wanted > now:
        told, today = wanted.astimezone(zone), now.astimezone(zone)
        raise UsageProblem(
            "timer.future",
            f"{told:%Y-%m-%d %H:%M} is still to come; it is {today:%Y-%m-%d %H:%M} now.",
            hint="Name the day where it isn't today: --at 'yesterday 18:30'.",
        )
