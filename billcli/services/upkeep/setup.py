"""Making a ledger, with a firm file's set-up in it from the start."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from billcli.errors import UsageProblem
from billcli.services.office.firm_import import ImportView, forget_currency, import_
from billcli.store import migrate, refusals, settings
from billcli.store.ledger import attach
from billcli.store.making import in_the_making, refuse_existing
from billcli.values.dates import clock_of

if TYPE_CHECKING:
    from billcli.formats.firm.model import FirmFile

__all__ = ["InitView", "init", "refuse_existing"]


@dataclass(frozen=True, slots=True)
class InitView:
    """The new ledger, and what a firm file brought into it."""

    ledger: str
    schema: int
    currency: str
    timezone: str
    imported: ImportView | None


def init(
    path: Path,
    firm_file: FirmFile | None,
    *,
    today: str | None,
    actor: str,
    command: str,
    password_command: str | None = None,
) -> InitView:
    """Make a ledger that only its owner can read; where the firm file has a fault, none is left.

    Without a firm file's own, the time zone is this machine's. Refused `ledger.exists`, and as
    firm_import.import_.
    """
    given = firm_file.settings if firm_file is not None else {}
    zone = given.get("firm.timezone") or this_machines_zone()
    currency = firm_file.currency if firm_file is not None else None
    with in_the_making(path) as part, refusals.translated(path):
        ledger = attach(part, today=today, actor=actor, command=command)
        try:
            if zone is not None:
                ledger.clock = clock_of(today, str(zone))
            with ledger.write():
                first = {"firm.currency": currency or ledger.currency, "firm.timezone": zone}
                for key, value in first.items():
                    settings.put(ledger, key, value)
                forget_currency(ledger)
                ledger.record("ledger", after={"schema": migrate.newest(), **first})
                imported = None
                if firm_file is not None:
                    imported = import_(ledger, firm_file, password_command=password_command)
            return InitView(
                ledger=str(path),
                schema=migrate.newest(),
                currency=ledger.currency,
                timezone=str(settings.get(ledger, "firm.timezone")),
                imported=imported,
            )
        finally:
            ledger.close()


def this_machines_zone() -> str | None:
    """The time zone that this machine is set to, where it has a name; UTC counts as none."""
    named = os.environ.get("TZ", "").lstrip(":")
    if not named:
        try:
            named = os.readlink("/etc/localtime").partition("zoneinfo/")[2]
        except OSError:  # no such link, as on Windows
            return None
    if not named or named.upper() in ("UTC", "ETC/UTC", "GMT", "UCT", "ZULU"):
        return None
    try:
        clock_of(None, named)
    except UsageProblem:
        return None
    return named
