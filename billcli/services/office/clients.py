"""Clients: the people and companies who pay."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.errors import Refused
from billcli.services.office import parting
from billcli.services.work._amend import amend
from billcli.store import find, people, rates
from billcli.store.models import ClientRow
from billcli.values.hours import plain_hours
from billcli.values.money import plain_rate
from billcli.values.text import shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

DETAILS = ("phone", "city", "region", "postcode", "country", "tax_id", "template", "ebilling")


@dataclass(frozen=True, slots=True)
class RateView:
    """What a timekeeper costs this client, and from when."""

    timekeeper: str
    rate_e4: int
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter of the client, in one line."""

    number: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class ClientView:
    """A client with rates and matters."""

    id: str
    name: str
    email: str | None
    address: tuple[str, ...]
    terms_days: int | None
    tax_exempt: bool
    matters_open: int
    archived_on: str | None
    details: Mapping[str, Any] = field(default_factory=dict)
    rates: tuple[RateView, ...] = ()
    matters: tuple[MatterLine, ...] = ()


def add(
    ledger: Ledger,
    id: str,
    name: str,
    *,
    email: str | None = None,
    address: Sequence[str] = (),
    terms_days: int | None = None,
    tax_exempt: bool = False,
    details: Mapping[str, Any] | None = None,
) -> ClientView:
    """Add a client. Refused `client.exists`."""
    with ledger.write() as session:
        if session.get(ClientRow, id) is not None:
            raise Refused(
                "client.exists",
                f"There is a client {shown(id)} already.",
                hint=f"Change it with `billcli client edit {id}`, or take another id.",
            )
        row = ClientRow(
            id=id,
            name=name,
            email=email,
            address=json.dumps(list(address)),
            terms_days=terms_days,
            tax_exempt=int(tax_exempt),
            details=_json(details or {}),
        )
        session.add(row)
        session.flush()
        ledger.record(f"client {id}", after={k: v for k, v in row.model_dump().items() if v})
        return _view(row)


def edit(ledger: Ledger, id: str, changes: Mapping[str, Any]) -> ClientView:
    """Change a client's name, email, address, terms_days, tax_exempt, details or ebilling rules.

    `details` and `ebilling` are merged into what is there; None takes one away. NotFound
    `client.missing`.
    """
    with ledger.write() as session:
        row = find.client(ledger, id)
        wanted = dict(changes)
        if "address" in wanted:
            wanted["address"] = json.dumps(list(wanted["address"]))
        if "tax_exempt" in wanted:
            wanted["tax_exempt"] = int(wanted["tax_exempt"])
        if "ebilling" in wanted:
            rules = {**json.loads(row.details).get("ebilling", {}), **wanted.pop("ebilling")}
            kept = {name: value for name, value in rules.items() if value is not None}
            wanted["details"] = {**wanted.get("details", {}), "ebilling": kept or None}
        if "details" in wanted:
            merged = {**json.loads(row.details), **wanted["details"]}
            wanted["details"] = _json({k: v for k, v in merged.items() if v is not None})
        changed = amend(row, wanted)
        if changed:
            session.flush()
            ledger.record(f"client {id}", before=changed.before, after=changed.after)
        return _view(row, people.matters_open(ledger, id))


def show(ledger: Ledger, id: str) -> ClientView:
    """One client with the rates agreed and the matters. NotFound `client.missing`."""
    row = find.client(ledger, id)
    agreed = tuple(
        RateView(rate.timekeeper, rate.rate_e4, _from(rate.valid_from))
        for rate in people.all_rates(ledger)
        if rate.client == id
    )
    matters = tuple(
        MatterLine(m.number, m.title, "closed" if m.closed_on else "open")
        for m in people.matters(ledger, id)
    )
    opened = sum(1 for m in matters if m.state == "open")
    return _view(row, opened, rates=agreed, matters=matters)


def list_(ledger: Ledger, *, archived: bool = False) -> list[ClientView]:
    """The clients by their id; archived ones only when asked for."""
    opened = people.open_matters(ledger)
    agreed: dict[str, list[RateView]] = {}
    for rate in people.all_rates(ledger):
        if rate.client is not None:
            view = RateView(rate.timekeeper, rate.rate_e4, _from(rate.valid_from))
            agreed.setdefault(rate.client, []).append(view)
    return [
        _view(row, opened.get(row.id, 0), rates=tuple(agreed.get(row.id, ())))
        for row in people.clients(ledger)
        if archived or row.archived_on is None
    ]


def archive(ledger: Ledger, id: str) -> ClientView:
    """Put a client away: no new matters, and out of lists.

    Refused `client.open-matters`, `client.payor`, `client.money-held`, `client.owes`.
    """
    with ledger.write() as session:
        row = find.client(ledger, id)
        opened = [m.number for m in people.matters(ledger, id) if m.closed_on is None]
        if opened:
            told = ", ".join(opened[:3]) + (" …" if len(opened) > 3 else "")
            raise Refused(
                "client.open-matters",
                f"{row.name} has {len(opened)} open "
                f"{'matter' if len(opened) == 1 else 'matters'}: {told}.",
                hint=f"Close them first: billcli matter close {opened[0]}.",
            )
        if row.archived_on is None:
            parting.refuse_unsettled(ledger, row)
            row.archived_on = ledger.today.isoformat()
            session.flush()
            ledger.record(f"client {id}", after={"archived_on": row.archived_on})
        return _view(row)


def unarchive(ledger: Ledger, id: str) -> ClientView:
    """Take an archived client up again."""
    with ledger.write() as session:
        row = find.client(ledger, id)
        if row.archived_on is not None:
            ledger.record(
                f"client {id}", before={"archived_on": row.archived_on}, after={"archived_on": None}
            )
            row.archived_on = None
            session.flush()
        return _view(row, people.matters_open(ledger, id))


def rate(
    ledger: Ledger, id: str, timekeeper: str, rate_e4: int, *, valid_from: date | None = None
) -> RateView:
    """Agree a timekeeper's rate with a client, for new entries on all its matters (D-35)."""
    with ledger.write():
        find.client(ledger, id)
        find.timekeeper(ledger, timekeeper)
        rates.put(ledger, timekeeper, rate_e4, client_id=id, valid_from=valid_from)
        ledger.record(
            f"client {id}",
            after={
                "rate": {timekeeper: plain_rate(rate_e4, ledger.decimals)},
                "from": valid_from.isoformat() if valid_from else None,
            },
        )
        return RateView(timekeeper, rate_e4, valid_from)


def _view(
    row: ClientRow,
    matters_open: int = 0,
    *,
    rates: tuple[RateView, ...] = (),
    matters: tuple[MatterLine, ...] = (),
) -> ClientView:
    return ClientView(
        id=row.id,
        name=row.name,
        email=row.email,
        address=lines_of(row),
        terms_days=row.terms_days,
        tax_exempt=bool(row.tax_exempt),
        matters_open=matters_open,
        archived_on=row.archived_on,
        details=_details(row),
        rates=rates,
        matters=matters,
    )


def lines_of(row: ClientRow) -> tuple[str, ...]:
    """The lines of a client's address."""
    return tuple(json.loads(row.address))


def _details(row: ClientRow) -> dict[str, Any]:
    """The details as a view shows them: hours of the e-billing rules in words."""
    details: dict[str, Any] = json.loads(row.details)
    rules = details.get("ebilling", {})
    for key in [key for key in rules if key.endswith("_e4") and key != "rate_cap_e4"]:
        rules[key.removesuffix("_e4")] = plain_hours(rules.pop(key))
    return details


def _from(day: date) -> date | None:
    return None if day.isoformat() == rates.ALWAYS else day


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True)
