"""Taking a firm file in: wholly or not at all, and a second time without any change.

What the file leaves out stays as it is in the ledger; nothing is ever removed by an import.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from billcli.errors import Refused
from billcli.formats.firm import model
from billcli.formats.firm.place import Place
from billcli.services.funds.trust_firm import refuse_limit_below_held
from billcli.services.milestones import workflows
from billcli.services.office import clients, timekeepers
from billcli.services.office.firm_faults import at, matter_place, names, refuse, wrong
from billcli.services.office.firm_matters import Rates, take_matter
from billcli.store import firm, people, settings
from billcli.store.models import ClientRow, TimekeeperRow
from billcli.values.contact import plain_line
from billcli.values.text import shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

COMMAND = "email.password_command"


@dataclass(frozen=True, slots=True)
class ImportView:
    """How much of each kind was new or changed."""

    settings: int = 0
    taxes: int = 0
    expense_categories: int = 0
    timekeepers: int = 0
    workflows: int = 0
    clients: int = 0
    matters: int = 0
    tasks: int = 0
    schedule: int = 0
    time: int = 0
    expenses: int = 0
    trust_deposits: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything was."""
        return any(getattr(self, field.name) for field in fields(self))


def import_(
    ledger: Ledger, file: model.FirmFile, *, password_command: str | None = None
) -> ImportView:
    """Take in a whole firm file; opening work only for matters that the ledger doesn't have.

    `password_command` is the one that a person confirmed; any other new one is refused.
    UsageProblem `firm-file.reference`, `firm-file.value`;
    Refused `currency.fixed` (B11).
    """
    with ledger.write():
        refuse_other_currency(ledger, file.currency)
        refuse(wrong(file, names(ledger, file)))
        count: Counter[str] = Counter()
        count["settings"] = _settings(ledger, file.settings, password_command)
        count["taxes"] = sum(_tax(ledger, tax) for tax in file.taxes)
        count["expense_categories"] = sum(_category(ledger, c) for c in file.expense_categories)
        known = {rate[:4]: rate.rate_e4 for rate in people.rates_on(ledger, ledger.today)}
        for index, timekeeper in enumerate(file.timekeepers):
            with at(Place(key="timekeeper").item(index, {"id": timekeeper.id})):
                count["timekeepers"] += _timekeeper(ledger, timekeeper, known)
        for index, workflow in enumerate(file.workflows):
            with at(Place(key="workflow").item(index, {"name": workflow.name})):
                count["workflows"] += workflows.save(ledger, workflow).changed
        for index, client in enumerate(file.clients):
            with at(Place(key="client").item(index, {"id": client.id})):
                count["clients"] += _client(ledger, client, known)
        for index, matter in enumerate(file.matters):
            count.update(take_matter(ledger, matter, matter_place(index, matter), known))
        _put_away(ledger, file, count)
        return ImportView(**count)


def refuse_other_currency(ledger: Ledger, currency: str) -> None:
    """A ledger that holds money keeps its currency (B11). Refused `currency.fixed`."""
    if currency == ledger.currency:
        return
    held = firm.money_held(ledger)
    if held is not None:
        raise Refused(
            "currency.fixed",
            f"This ledger counts in {ledger.currency} and holds {held}; "
            f"{currency} can't come into it.",
            hint="Give it a ledger of its own: billcli --ledger PATH init --firm FILE",
        )


def forget_currency(ledger: Ledger) -> None:
    """Read the currency anew when it is next asked for."""
    ledger.__dict__.pop("currency", None)
    ledger.__dict__.pop("decimals", None)


def _settings(ledger: Ledger, given: model.Options, confirmed: str | None) -> int:
    own = settings.own(ledger)
    wanted = {key: _plain(value) for key, value in given.items()}
    changes = {key: value for key, value in wanted.items() if own.get(key) != value}
    if COMMAND in changes and changes[COMMAND] != confirmed:
        raise Refused(
            "firm-file.password-command",
            f"The file brings a command to run, {shown(str(changes[COMMAND]))}, "
            "and nobody confirmed it.",
            hint="Look at it; --yes confirms it, or take it out of the file.",
        )
    for key, value in changes.items():
        settings.put(ledger, key, value)
    if changes:
        before = {key: own[key] for key in changes if key in own}
        ledger.record("firm", before=before or None, after=changes)
        forget_currency(ledger)
        refuse_limit_below_held(ledger)
    return len(changes)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _tax(ledger: Ledger, tax: model.Tax) -> int:
    was = next((t for t in firm.taxes(ledger) if t.code == tax.code), None)
    label = tax.label or (was.label if was else tax.code)
    rates = dict(was.rates if was else ()) | {rate.from_: rate.percent_e4 for rate in tax.rates}
    wanted = firm.Tax(tax.code, label, tax.on, tuple(sorted(rates.items())))
    if wanted == was:
        return 0
    firm.put_tax(ledger, wanted)
    ledger.record(
        f"tax {tax.code}", before=_told_tax(was) if was else None, after=_told_tax(wanted)
    )
    return 1


def _told_tax(tax: firm.Tax) -> dict[str, Any]:
    rates = {day.isoformat(): percent_e4 for day, percent_e4 in tax.rates}
    return {"label": tax.label, "on": tax.applies_to, "percent_e4": rates}


def _category(ledger: Ledger, category: model.ExpenseCategory) -> int:
    was = next((c for c in firm.categories(ledger) if c.name == category.name), None)
    before = {"kind": was.kind, "code": was.code} if was else None
    after = {"kind": category.kind, "code": category.code or (was.code if was else None)}
    if before == after:
        return 0
    firm.put_category(ledger, category.name, after["kind"] or "", after["code"])
    ledger.record(f"expense category {category.name}", before=before, after=after)
    return 1


def _timekeeper(ledger: Ledger, given: model.Timekeeper, known: Rates) -> int:
    facts = {
        "name": given.name,
        "surname": given.surname,
        "first_name": given.first_name,
        "email": given.email,
        "classification": given.classification,
    }
    row = ledger.session.get(TimekeeperRow, given.id)
    changed = row is None
    if row is None:
        new = {k: v for k, v in facts.items() if k != "name"}
        timekeepers.add(ledger, given.id, given.name, rate_e4=given.rate_e4, **new)
    else:
        changes: dict[str, Any] = differing(row, facts)
        if given.rate_e4 != known.get((given.id, None, None, None)):
            changes["rate_e4"] = given.rate_e4
        if changes:
            changed = True
            timekeepers.edit(ledger, given.id, changes)
    for activity, rate_e4 in given.activity_rates.items():
        if rate_e4 != known.get((given.id, None, None, activity)):
            changed = True
            timekeepers.rate(ledger, given.id, rate_e4, activity=activity)
    return int(changed)


def _client(ledger: Ledger, given: model.Client, known: Rates) -> int:
    details = {
        name: value
        for name in clients.DETAILS
        if (value := _json(getattr(given, name))) not in (None, {})
    }
    row = ledger.session.get(ClientRow, given.id)
    changed = row is None
    if row is None:
        clients.add(
            ledger,
            given.id,
            given.name,
            email=given.email,
            address=given.address,
            terms_days=given.terms_days,
            tax_exempt=given.tax_exempt,
            details=details,
        )
    else:
        changes = _client_changes(row, given, details)
        if changes:
            changed = True
            clients.edit(ledger, given.id, changes)
    for timekeeper, rate_e4 in given.rates.items():
        if rate_e4 != known.get((timekeeper, given.id, None, None)):
            changed = True
            clients.rate(ledger, given.id, timekeeper, rate_e4)
    return int(changed)


def _client_changes(
    row: ClientRow, given: model.Client, details: Mapping[str, Any]
) -> dict[str, Any]:
    from billcli.services.office.firm_export import details_of

    facts = {"name": given.name, "email": given.email, "terms_days": given.terms_days}
    changes: dict[str, Any] = differing(row, facts)
    view = clients.lines_of(row)
    if given.address and tuple(plain_line(line) for line in view) != given.address:
        changes["address"] = given.address
    if given.tax_exempt and not row.tax_exempt:
        changes["tax_exempt"] = True
    was = details_of(row)
    other = {
        name: value
        for name, value in details.items()
        if (plain_line(was[name]) if isinstance(was.get(name), str) else was.get(name)) != value
    }
    if other:
        changes["details"] = other
    return changes


def _put_away(ledger: Ledger, file: model.FirmFile, count: Counter[str]) -> None:
    """Archive at the end, because what is archived takes no matters and no work."""
    for index, client in enumerate(file.clients):
        row = ledger.session.get(ClientRow, client.id)
        if client.archived and row is not None and row.archived_on is None:
            with at(Place(key="client").item(index, {"id": client.id}).under("archived")):
                clients.archive(ledger, client.id)
                count["clients"] += 1
    for timekeeper in file.timekeepers:
        who = ledger.session.get(TimekeeperRow, timekeeper.id)
        if timekeeper.archived and who is not None and who.archived_on is None:
            timekeepers.edit(ledger, timekeeper.id, {"archived": True})
            count["timekeepers"] += 1


def differing(row: Any, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the file gives and the row has otherwise; control characters make no difference."""
    changes = {}
    for name, value in facts.items():
        was = getattr(row, name)
        if value is not None and (plain_line(was) if isinstance(was, str) else was) != value:
            changes[name] = value
    return changes


def _json(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return value
