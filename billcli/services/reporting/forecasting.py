"""The forecast of what comes in: open bills, instalments, milestones, schedules, periods (D-62)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from statistics import median_low
from typing import TYPE_CHECKING, Any

from billcli.core import forecast as rules
from billcli.core.arrangements.periods import Calendar
from billcli.core.forecast import PLANNED_E4, Expected, Planned, Span
from billcli.core.matter import MatterFile, agreed_value, in_force
from billcli.core.options import effective
from billcli.core.plan import open_parts
from billcli.errors import UsageProblem
from billcli.services.funds import client_funds
from billcli.services.reporting import stages
from billcli.store import forecast_reads, gather, plans, reports
from billcli.store.rows import undisturbed
from billcli.values.text import meant

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

EVERY = ("week", "month")
MOST_SPANS = 260


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that is to come, as the rules see it."""

    items: tuple[Expected, ...]
    milestones: tuple[Planned, ...]
    values: dict[str, int]


@undisturbed
def report(
    ledger: Ledger,
    *,
    every: str = "month",
    count: int = 6,
    weight_e4: int = PLANNED_E4,
) -> dict[str, Any]:
    """What is expected in each of the next weeks or months, and what could be planned better.

    `weight_e4` is how much of a planned milestone counts.
    """
    if every not in EVERY:
        raise UsageProblem(
            "forecast.every", "A forecast goes by week or by month.", hint=meant(every, EVERY)
        )
    if not 1 <= count <= MOST_SPANS:
        raise UsageProblem("forecast.count", f"A forecast has 1 to {MOST_SPANS} periods.")
    known = outlook(ledger, until=ledger.today + timedelta(31 * count + 31), weight_e4=weight_e4)
    spans = rules.spans(known.items, ledger.today, every=every, count=count)
    weeks = rules.spans(known.items, ledger.today, every="week", count=13)
    undated = [item for item in known.items if item.day is None]
    return {
        "date": ledger.today,
        "every": every,
        "planned_weight_percent_e4": weight_e4,
        "periods": [_span(span) for span in spans],
        "expected_cents": sum(span.expected_cents for span in spans),
        "undated_cents": sum(item.cents for item in undated),
        "undated": [_item(item) for item in undated],
        "warnings": rules.warnings(weeks, known.milestones, known.values),
    }


@undisturbed
def outlook(ledger: Ledger, *, until: date, weight_e4: int = PLANNED_E4) -> Outlook:
    """Everything that is to come in from today on; disputed sums and reserves are left out."""
    facts = gather.firm(ledger)
    ids = reports.planned_matters(ledger)
    files = gather.matters(ledger, facts, ids, ledger.today, hours=False)
    versions = {key: file.versions for key, file in files.items() if file.triggers}
    reached = stages.of_matters(ledger, versions)
    items = list(_bills(ledger))
    milestones: list[Planned] = []
    values: dict[str, int] = {}
    for file in files.values():
        if file.client is None:
            continue
        terms = _terms(file, facts)
        version = in_force(file.versions, ledger.today)
        value = agreed_value(file, ledger.today)
        if value and file.triggers and version.kind == "fixed":
            values[file.number] = value
        if file.triggers:
            found = reached.get(file.id, [])
            items += _milestones(ledger, file, found, terms, weight_e4)
            milestones += _planned(file, found, terms)
        items += _flat_charges(ledger, file, terms)
        items += _schedule(ledger, file, terms)
        if version.kind == "fixed-recurring" and value:
            items += _recurring(ledger, file, value, terms, until)
    trust = client_funds.standings(ledger, ledger.today)
    held = {
        file.number: trust[file.id].available_cents
        for file in files.values()
        if file.id in trust and effective("trust_applies", file.options, facts.settings) == "auto"
    }
    items = rules.funded(items, held)
    items.sort(key=lambda item: (item.day or date.max, item.matter, item.what))
    return Outlook(tuple(items), tuple(milestones), values)


def _bills(ledger: Ledger) -> Iterator[Expected]:
    """Open bills when their client usually pays; under a plan, on the days of its instalments."""
    agreed = plans.in_force(ledger, ledger.today)
    late = _days_late(ledger)
    days = cache(date.fromisoformat)  # bills share few of them
    for bill in reports.owed(ledger):
        plan = agreed.get(bill.id, ())
        parts = open_parts(days(bill.due_on), bill.cents, paid_cents=bill.paid_cents, plan=plan)
        disputed = bill.disputed_cents
        for part in reversed(parts):
            taken = min(disputed, part.cents)
            disputed -= taken
            if part.cents > taken:
                late_by = 0 if plan else late.get(bill.client, 0)
                yield Expected(
                    bill.matter,
                    bill.client,
                    "instalment" if plan else "bill",
                    f"Bill {bill.number}",
                    part.cents - taken,
                    part.due_on + timedelta(late_by),
                    days(bill.day),
                )


def _days_late(ledger: Ledger) -> dict[str, int]:
    """By how many days each client usually pays after the due date; early counts as on time."""
    found: dict[str, list[int]] = {}
    for row in forecast_reads.days_late(ledger):
        found.setdefault(row.client_id, []).extend([row.days] * row.bills)
    return {client: max(0, median_low(days)) for client, days in found.items()}


def _terms(file: MatterFile, facts: gather.FirmFacts) -> int:
    client = file.client.terms_days if file.client else None
    return int(effective("terms", file.options, facts.settings, client_terms=client))


def _milestones(
    ledger: Ledger, file: MatterFile, found: list[stages.Stage], terms: int, weight_e4: int
) -> Iterator[Expected]:
    for stage in found:
        if stage.state in ("billed", "paid", "waived") or not stage.cents:
            continue
        task = stage.task
        days = terms if task.terms_days is None else task.terms_days
        earned = stage.state != "planned"
        billing = ledger.today if earned else stage.due and max(stage.due, ledger.today)
        yield Expected(
            file.number,
            file.client.id if file.client else "",
            "milestone",
            f"Task {task.number}: {task.name}",
            stage.cents,
            billing + timedelta(days) if billing else None,
            billing,
            rules.WHOLE_E4 if earned else weight_e4,
        )


def _planned(file: MatterFile, found: list[stages.Stage], terms: int) -> Iterator[Planned]:
    for stage in found:
        task, cents = stage.task, stage.cents or 0
        days = terms if task.terms_days is None else task.terms_days
        done = task.done_on is not None
        yield Planned(file.number, task.number, cents, stage.due, days, done)


def _flat_charges(ledger: Ledger, file: MatterFile, terms: int) -> Iterator[Expected]:
    """Charges by hand that are on no bill; those of milestones are told with their task."""
    for entry in file.fees:
        if entry.kind == "charge" and entry.task_number is None:
            yield _earned(ledger, file, "charge", entry.description, entry.standard_cents, terms)


def _schedule(ledger: Ledger, file: MatterFile, terms: int) -> Iterator[Expected]:
    for row in file.rows:
        billing = max(row.due_on, ledger.today) if row.due_on else None
        if billing is None and row.due(ledger.today):
            billing = ledger.today
        yield Expected(
            file.number,
            file.client.id if file.client else "",
            "schedule",
            row.description,
            row.amount_cents,
            billing + timedelta(terms) if billing else None,
            billing,
        )


def _recurring(
    ledger: Ledger, file: MatterFile, value: int, terms: int, until: date
) -> Iterator[Expected]:
    """The fee of each period from the current one on, billed at its end or, in advance, start."""
    version = in_force(file.versions, ledger.today)
    calendar = Calendar.from_terms(version.terms)
    ahead = version.terms.get("timing") == "advance"
    charged = set(file.billed.periods)
    period = calendar.of(ledger.today)
    while period.start <= until:
        billing = period.start if ahead else period.last
        if period.start not in charged:
            yield _earned(
                ledger, file, "recurring", f"Fee from {period.start}", value, terms, billing
            )
        period = calendar.of(period.end)


def _earned(
    ledger: Ledger,
    file: MatterFile,
    kind: rules.Kind,
    what: str,
    cents: int,
    terms: int,
    billing: date | None = None,
) -> Expected:
    on = max(billing or ledger.today, ledger.today)
    client = file.client.id if file.client else ""
    return Expected(file.number, client, kind, what, cents, on + timedelta(terms), on)


def _span(span: Span) -> dict[str, Any]:
    return {
        "start": span.period.start,
        "end": span.period.last,
        "expected_cents": span.expected_cents,
        "certain_cents": span.certain_cents,
        "items": [_item(item) for item in span.items],
    }


def _item(item: Expected) -> dict[str, Any]:
    return {
        "matter": item.matter,
        "client": item.client,
        "kind": item.kind,
        "what": item.what,
        "date": item.day,
        "amount_cents": item.cents,
        "weight_percent_e4": item.weight_e4,
        "expected_cents": item.weighted_cents,
        "from_trust": item.from_trust,
    }
