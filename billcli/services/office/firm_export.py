"""The whole set-up as a firm file: without work, without closed matters, without history."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.matter import Version, in_force
from billcli.errors import Refused, UsageProblem
from billcli.formats.firm import model
from billcli.formats.firm.reader import GROUPS
from billcli.services.milestones import workflows
from billcli.services.milestones.workflow_views import trigger_of
from billcli.store import firm, matters, people, schedules, settings
from billcli.values.contact import plain_line

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import ClientRow, MatterRow, TaskRow, TimekeeperRow
    from billcli.store.people import Rate
    from billcli.store.schedules import ScheduleRow


def export(ledger: Ledger) -> model.FirmFile:
    """The set-up as it holds today; importing it into the same ledger changes nothing.

    Rates and arrangements are those in force today, as the file has no room for later ones.
    Closed matters are history and stay out.
    """
    rates = people.rates_written(ledger, ledger.today)
    options: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in firm.matter_options(ledger):
        options[row.matter_id][row.name] = _option(row.name, json.loads(row.value))
    tasks: dict[int, list[TaskRow]] = defaultdict(list)
    for task in firm.live_tasks(ledger):
        tasks[task.matter_id].append(task)
    rows: dict[int, list[ScheduleRow]] = defaultdict(list)
    for instalment in schedules.all_(ledger):
        rows[instalment.matter_id].append(instalment)
    versions = matters.versions(ledger)
    return model.FirmFile(
        currency=ledger.currency,
        settings={
            key: value
            for key, value in settings.own(ledger).items()
            if key.partition(".")[0] in GROUPS
        },
        taxes=tuple(_tax(tax) for tax in firm.taxes(ledger)),
        expense_categories=tuple(
            model.ExpenseCategory(row.name, row.kind, row.code) for row in firm.categories(ledger)
        ),
        timekeepers=tuple(_timekeeper(row, rates) for row in people.timekeepers(ledger)),
        workflows=workflows.models(ledger),
        clients=tuple(_client(row, rates) for row in people.clients(ledger)),
        matters=tuple(
            _matter(
                row,
                rates,
                in_force(versions[row.id or 0], ledger.today),
                options[row.id or 0],
                tasks[row.id or 0],
                rows[row.id or 0],
            )
            for row in people.matters(ledger)
            if row.closed_on is None
        ),
    )


def export_text(ledger: Ledger) -> str:
    """The set-up as the text of a firm file, which was read back to be sure of it.

    Refused `firm.not-exportable` where the ledger holds what no firm file can say.
    """
    from billcli.formats.firm import read, write

    text = write(export(ledger))
    try:
        read(text, "the export", currency=ledger.currency)
    except UsageProblem as problem:
        raise Refused(
            "firm.not-exportable",
            f"The set-up doesn't fit into a firm file: {problem.sentence}",
            hint=problem.hint,
        ) from problem
    return text


def task_of(row: TaskRow) -> model.Task:
    """A task of a matter as the firm file has it."""
    return model.Task(
        name=plain_line(row.name),
        step=_line(row.step),
        due=date.fromisoformat(row.due_on) if row.due_on else None,
        deliverable=row.deliverable,
        acceptance=row.acceptance,
        terms_days=row.terms_days,
        needs_acceptance=bool(row.needs_acceptance),
        accept_within=row.accept_within,
        trigger=trigger_of(row),
    )


def schedule_row_of(row: ScheduleRow) -> model.ScheduleRow:
    """A row of a schedule as the firm file has it."""
    return model.ScheduleRow(
        row.amount_cents,
        row.due_on,
        plain_line(row.description),
        _line(row.bill_on_step),
        _line(row.pay_on_step),
    )


def details_of(row: ClientRow) -> dict[str, Any]:
    """The details of a client, by the names of model.Client."""
    details: dict[str, Any] = json.loads(row.details)
    return {key: value for key, value in details.items() if value not in (None, "", {})}


def _tax(tax: firm.Tax) -> model.Tax:
    rates = tuple(model.TaxRate(day, percent_e4) for day, percent_e4 in tax.rates)
    label = None if tax.label == tax.code else tax.label
    return model.Tax(tax.code, rates, label, tax.applies_to)


def _timekeeper(row: TimekeeperRow, rates: tuple[Rate, ...]) -> model.Timekeeper:
    own = [r for r in rates if r.timekeeper == row.id and r.client is None and r.matter is None]
    return model.Timekeeper(
        id=row.id,
        name=plain_line(row.name),
        rate_e4=next((r.rate_e4 for r in own if r.activity is None), 0),
        surname=_line(row.surname),
        first_name=_line(row.first_name),
        email=row.email,
        classification=row.classification,
        activity_rates={r.activity: r.rate_e4 for r in own if r.activity is not None},
        archived=row.archived_on is not None,
    )


def _client(row: ClientRow, rates: tuple[Rate, ...]) -> model.Client:
    details: dict[str, Any] = {
        key: plain_line(value) if isinstance(value, str) else value
        for key, value in details_of(row).items()
    }
    return model.Client(
        id=row.id,
        name=plain_line(row.name),
        email=row.email,
        address=tuple(plain_line(line) for line in json.loads(row.address)),
        tax_exempt=bool(row.tax_exempt),
        terms_days=row.terms_days,
        rates={r.timekeeper: r.rate_e4 for r in rates if r.client == row.id},
        archived=row.archived_on is not None,
        **details,
    )


def _matter(
    row: MatterRow,
    rates: tuple[Rate, ...],
    version: Version,
    options: dict[str, Any],
    tasks: list[TaskRow],
    rows: list[ScheduleRow],
) -> model.Matter:
    terms: dict[str, Any] = dict(version.terms)
    if version.valid_from is not None:
        terms["from"] = version.valid_from.isoformat()
    return model.Matter(
        number=row.number,
        title=plain_line(row.title),
        client=row.client_id,
        client_matter_id=_line(row.client_matter_id),
        case_type=_line(row.case_type),
        practice_area=_line(row.practice_area),
        responsible=row.responsible_id,
        opened=date.fromisoformat(row.opened_on),
        rates={r.timekeeper: r.rate_e4 for r in rates if r.matter == row.number},
        arrangement=model.Arrangement(version.kind, terms),
        billing=options,
        tasks=tuple(task_of(task) for task in tasks),
        schedule=tuple(schedule_row_of(r) for r in rows),
    )


def _option(name: str, value: Any) -> Any:
    """An option as the firm file writes it; an explicit none of the ledger has its own word."""
    if name == "discount" and value == {}:
        return {"cents": 0}
    if name == "replenish" and value == {}:
        return {"minimum_cents": 0, "trigger_cents": 0}
    if name in ("tax", "originator") and value == "":
        return "none"
    return value


def _line(text: str | None) -> str | None:
    return plain_line(text) or None if text is not None else None
