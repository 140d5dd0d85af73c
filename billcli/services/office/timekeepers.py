"""Timekeepers: the people whose hours are billed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.errors import Refused
from billcli.services.work._amend import amend
from billcli.store import find, people, rates, timers
from billcli.store.models import TimekeeperRow
from billcli.values.money import plain_rate
from billcli.values.text import shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class OtherRate:
    """A rate beside the usual one: for an activity, or from another day on."""

    rate_e4: int
    activity_code: str | None
    valid_from: date | None


@dataclass(frozen=True, slots=True)
class TimekeeperView:
    """A timekeeper with the rate of the day."""

    id: str
    name: str
    rate_e4: int | None
    classification: str | None
    surname: str | None
    first_name: str | None
    email: str | None
    archived_on: str | None
    rates: tuple[OtherRate, ...] = ()


def add(
    ledger: Ledger,
    id: str,
    name: str,
    *,
    rate_e4: int,
    classification: str | None = None,
    surname: str | None = None,
    first_name: str | None = None,
    email: str | None = None,
) -> TimekeeperView:
    """Add a timekeeper with the usual rate. Refused `timekeeper.exists`."""
    with ledger.write() as session:
        if session.get(TimekeeperRow, id) is not None:
            raise Refused(
                "timekeeper.exists",
                f"There is a timekeeper {shown(id)} already.",
                hint=f"Change it with `billcli timekeeper edit {id}`, or take another id.",
            )
        row = TimekeeperRow(
            id=id,
            name=name,
            classification=classification,
            surname=surname,
            first_name=first_name,
            email=email,
        )
        session.add(row)
        session.flush()
        rates.put(ledger, id, rate_e4)
        kept = {k: v for k, v in row.model_dump().items() if v}
        ledger.record(
            f"timekeeper {id}", after={**kept, "rate": plain_rate(rate_e4, ledger.decimals)}
        )
        return _view(ledger, row)


def edit(ledger: Ledger, id: str, changes: Mapping[str, Any]) -> TimekeeperView:
    """Change a timekeeper's name, classification, surname, first_name, email, rate_e4 or archived.

    A new rate holds for entries made from now on (D-35). Refused `timekeeper.timer`; NotFound
    `timekeeper.missing`.
    """
    with ledger.write() as session:
        row = find.timekeeper(ledger, id)
        if changes.get("archived"):
            _refuse_running(ledger, row.id)
        wanted = {k: v for k, v in changes.items() if k not in ("rate_e4", "archived")}
        if "archived" in changes and bool(row.archived_on) != changes["archived"]:
            wanted["archived_on"] = ledger.today.isoformat() if changes["archived"] else None
        changed = amend(row, wanted)
        if changed:
            session.flush()
            ledger.record(f"timekeeper {id}", before=changed.before, after=changed.after)
        if "rate_e4" in changes and changes["rate_e4"] != _usual(ledger, id):
            rate(ledger, id, changes["rate_e4"])
        return _view(ledger, row)


def list_(ledger: Ledger, *, archived: bool = False) -> list[TimekeeperView]:
    """The timekeepers by their id; archived ones only when asked for."""
    known = people.all_rates(ledger)
    return [
        _view(ledger, row, known)
        for row in people.timekeepers(ledger)
        if archived or row.archived_on is None
    ]


def rate(
    ledger: Ledger,
    id: str,
    rate_e4: int,
    *,
    activity: str | None = None,
    valid_from: date | None = None,
) -> TimekeeperView:
    """Set the usual rate, or the rate of one activity, for entries made from now on (D-35).

    Without a day it holds always and replaces what was set before.
    """
    with ledger.write():
        row = find.timekeeper(ledger, id)
        was = _usual(ledger, id) if activity is None else None
        rates.put(ledger, id, rate_e4, activity_code=activity, valid_from=valid_from)
        ledger.record(
            f"timekeeper {id}",
            before=None if was is None else {"rate": plain_rate(was, ledger.decimals)},
            after={
                "rate": plain_rate(rate_e4, ledger.decimals),
                "activity": activity,
                "from": valid_from.isoformat() if valid_from else None,
            },
        )
        return _view(ledger, row)


def _usual(ledger: Ledger, id: str) -> int | None:
    return rates.in_force(
        ledger, id, client_id=None, matter_id=None, activity_code=None, day=ledger.today
    )


def _view(
    ledger: Ledger, row: TimekeeperRow, known: tuple[people.Rate, ...] | None = None
) -> TimekeeperView:
    own = [
        r
        for r in (people.all_rates(ledger) if known is None else known)
        if r.timekeeper == row.id and r.client is None and r.matter is None
    ]
    usual = [r for r in own if r.activity is None and r.valid_from <= ledger.today]
    now = max(usual, key=lambda r: r.valid_from, default=None)
    return TimekeeperView(
        id=row.id,
        name=row.name,
        rate_e4=now.rate_e4 if now else None,
        classification=row.classification,
        surname=row.surname,
        first_name=row.first_name,
        email=row.email,
        archived_on=row.archived_on,
        rates=tuple(
            OtherRate(
                r.rate_e4,
                r.activity,
                None if r.valid_from.isoformat() == rates.ALWAYS else r.valid_from,
            )
            for r in own
            if r is not now
        ),
    )


def _refuse_running(ledger: Ledger, id: str) -> None:
    """Whoever is put away records no more work, and a timer that runs would be lost."""
    for timer in timers.running(ledger, id):
        raise Refused(
            "timekeeper.timer",
            f"A timer of {id} runs on {timer.matter}.",
            hint=f"billcli time stop --tk {id}, or with --discard to drop it.",
        )
