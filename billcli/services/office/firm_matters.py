"""Taking one matter of a firm file in: its facts, terms, tasks, and opening work if it is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.matter import in_force
from billcli.formats.firm import model
from billcli.formats.firm.place import Place
from billcli.services.arrangement import arrangements, schedules, standing
from billcli.services.funds import trust
from billcli.services.matter import matter_rates, matters, options
from billcli.services.milestones import tasks, workflows
from billcli.services.milestones.workflow_views import trigger_fields
from billcli.services.office.firm_faults import at
from billcli.services.work import expenses, time
from billcli.store import find
from billcli.store import matters as kept
from billcli.store import schedules as kept_rows
from billcli.store.tasks import of_matter
from billcli.values.contact import plain_line

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow

Rates = Mapping[tuple[str, str | None, str | None, str | None], int]
"""(timekeeper, client, matter, activity) → the rate today."""


def take_matter(ledger: Ledger, given: model.Matter, place: Place, rates: Rates) -> Counter[str]:
    """Take in one matter; says how many matters, tasks and entries that made or changed.

    A matter that is there keeps its tasks and its work; tasks with new names are added.
    """
    new = not kept.exists(ledger, given.number)
    count: Counter[str] = Counter()
    with at(place):
        if new:
            left = _open(ledger, given)
            changed = True
        else:
            left = _missing(ledger, given)
            changed = _edit(ledger, given)
        changed |= _terms(ledger, given, rates, new=new)
    for index, task in enumerate(given.tasks):
        if left[task.name]:
            left[task.name] -= 1
            with at(place.under("task").item(index, {"name": task.name})):
                tasks.add(ledger, given.number, **_arguments(task))
                count["tasks"] += 1
    count["schedule"] = _schedule(ledger, given, place)
    if new:
        count += _work(ledger, given, place)
    count["matters"] = int(changed)
    return count


def _open(ledger: Ledger, given: model.Matter) -> Counter[str]:
    """Open the matter with its workflow; returns how often each task of the file is missing.

    A task that the file names takes the place of the workflow's of the same name.
    """
    arrangement = given.arrangement or model.Arrangement("hourly")
    terms, valid_from = _split(arrangement)
    own = Counter(task.name for task in given.tasks)
    name = workflows.for_case_type(ledger, given.case_type) if given.case_type else None
    instead = name is not None and bool(own & workflows.task_names(ledger, name))
    matters.add(
        ledger,
        given.number,
        given.title,
        client=given.client,
        case_type=None if instead else given.case_type,
        responsible=given.responsible,
        practice_area=given.practice_area,
        client_matter_id=given.client_matter_id,
        opened_on=given.opened,
        kind=arrangement.kind,
        terms=terms,
        valid_from=valid_from,
    )
    if instead and name is not None:
        matters.edit(ledger, given.number, {"case_type": given.case_type})
        workflows.apply_others(ledger, name, matter=given.number, instead=own)
    return own


def _missing(ledger: Ledger, given: model.Matter) -> Counter[str]:
    row = find.matter(ledger, given.number)
    there = Counter(plain_line(task.name) for task in of_matter(ledger, row.id or 0))
    return Counter(task.name for task in given.tasks) - there


def _edit(ledger: Ledger, given: model.Matter) -> bool:
    row = find.matter(ledger, given.number)
    facts = {
        "title": (given.title, row.title),
        "client": (given.client, row.client_id),
        "client_matter_id": (given.client_matter_id, row.client_matter_id),
        "case_type": (given.case_type, row.case_type),
        "practice_area": (given.practice_area, row.practice_area),
        "responsible": (given.responsible, row.responsible_id),
        "opened_on": (given.opened, date.fromisoformat(row.opened_on)),
    }
    changes = {
        name: wanted
        for name, (wanted, was) in facts.items()
        if wanted is not None and wanted != (plain_line(was) if isinstance(was, str) else was)
    }
    if changes:
        matters.edit(ledger, given.number, changes)
    return bool(changes)


def _terms(ledger: Ledger, given: model.Matter, rates: Rates, *, new: bool) -> bool:
    """Arrangement, billing options and rates; says whether any of them changed."""
    changed = False
    row = find.matter(ledger, given.number)
    if given.arrangement and not new and not _same(ledger, row, given.arrangement):
        terms, valid_from = _split(given.arrangement)
        kind = given.arrangement.kind
        arrangements.set_(ledger, given.number, kind, terms, valid_from=valid_from)
        changed = True
    own = standing.file_of(ledger, row.id or 0).options
    wanted = {name: _option(value) for name, value in given.billing.items()}
    options_changed = {
        name: value for name, value in wanted.items() if value != _option(own.get(name))
    }
    if options_changed:
        options.set_options(ledger, given.number, options_changed)
        changed |= standing.file_of(ledger, row.id or 0).options != own
    for timekeeper, rate_e4 in given.rates.items():
        if rates.get((timekeeper, None, given.number, None)) != rate_e4:
            matter_rates.rate(ledger, given.number, timekeeper, rate_e4)
            changed = True
    return changed


def _same(ledger: Ledger, row: MatterRow, wanted: model.Arrangement) -> bool:
    """Whether that is how the matter is charged today."""
    version = in_force(standing.file_of(ledger, row.id or 0).versions, ledger.today)
    terms, valid_from = _split(wanted)
    return (version.kind, dict(version.terms), version.valid_from) == (
        wanted.kind,
        terms,
        valid_from,
    )


def _split(arrangement: model.Arrangement) -> tuple[dict[str, Any], date | None]:
    terms = dict(arrangement.terms)
    start = terms.pop("from", None)
    return terms, date.fromisoformat(str(start)) if start else None


def _schedule(ledger: Ledger, given: model.Matter, place: Place) -> int:
    """Add the rows that the schedule lacks; says how many."""
    row = find.matter(ledger, given.number)
    there = Counter(
        (r.amount_cents, r.due_on, plain_line(r.description), r.bill_on_step, r.pay_on_step)
        for r in kept_rows.of_matter(ledger, row.id or 0)
    )
    added = 0
    for index, wanted in enumerate(given.schedule):
        words = wanted.description or f"Instalment {index + 1}"
        facts = (
            wanted.amount_cents,
            wanted.date,
            words,
            wanted.bill_on_step,
            wanted.pay_on_step,
        )
        if there[facts]:
            there[facts] -= 1
            continue
        with at(place.under("schedule").item(index)):
            schedules.add(
                ledger,
                given.number,
                wanted.amount_cents,
                description=words,
                day=wanted.date,
                bill_on_step=wanted.bill_on_step,
                pay_on_step=wanted.pay_on_step,
            )
        added += 1
    return added


def _option(value: Any) -> Any:
    """An option as the ledger keeps it: nothing off is an explicit none."""
    if isinstance(value, Mapping):
        return {} if not any(value.values()) else dict(value)
    return list(value) if isinstance(value, tuple) else value


def _arguments(task: model.Task) -> dict[str, Any]:
    return {
        "name": task.name,
        "step": task.step,
        "due_on": task.due,
        "deliverable": task.deliverable,
        "acceptance": task.acceptance,
        "terms_days": task.terms_days,
        "needs_acceptance": task.needs_acceptance,
        "accept_within": task.accept_within,
        **trigger_fields(task.trigger),
    }


def _work(ledger: Ledger, given: model.Matter, place: Place) -> Counter[str]:
    """The opening work of a new matter."""
    for index, entry in enumerate(given.time):
        with at(place.under("time").item(index)):
            time.add(
                ledger,
                given.number,
                entry.hours_e4,
                entry.description,
                day=entry.date,
                timekeeper=entry.timekeeper,
                rate_e4=entry.rate_e4,
                behavior=entry.behavior,
                task_code=entry.task_code,
                activity_code=entry.activity_code,
            )
    for index, expense in enumerate(given.expenses):
        with at(place.under("expense").item(index)):
            expenses.add(
                ledger,
                given.number,
                expense.amount_cents,
                expense.description,
                day=expense.date,
                code=expense.code,
                category=expense.category,
                bill=expense.bill,
            )
    for index, held in enumerate(given.trust_deposits):
        with at(place.under("trust_deposit").item(index)):
            trust.deposit(
                ledger,
                given.number,
                held.amount_cents,
                day=held.date,
                method=held.method,
                party=held.from_,
                reference=held.reference,
                clears=held.clears,
                protect=held.protect,
            )
    return Counter(
        time=len(given.time),
        expenses=len(given.expenses),
        trust_deposits=len(given.trust_deposits),
    )
