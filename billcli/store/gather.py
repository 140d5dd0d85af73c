"""Reading matters as the rules want them: many at once, in a fixed number of queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.closings import Closing
from billcli.core.matter import ClientFile, MatterFile, Version
from billcli.core.milestone import Trigger
from billcli.core.steps import steps_of
from billcli.core.tax import TaxCode
from billcli.core.work import Billed, BilledPart, Entry, Outcome, Row
from billcli.store import gather_sql as sql
from billcli.store.rows import named

if TYPE_CHECKING:
    from billcli.core.document import Milestone
    from billcli.store.ledger import Ledger
    from billcli.store.plain import PlainLedger


@dataclass(frozen=True, slots=True)
class FirmFacts:
    """What holds for the whole firm: settings, taxes, and which cost categories are recharges."""

    settings: dict[str, Any]
    taxes: dict[str, TaxCode]
    recharges: frozenset[str]
    names: dict[str, str]


def firm(ledger: PlainLedger) -> FirmFacts:
    """The firm's part, read once for a whole run."""
    from billcli.store import settings

    rates: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for row in named(ledger, "SELECT code, valid_from, percent_e4 FROM tax_rate", {}):
        rates[row.code].append((date.fromisoformat(row.valid_from), row.percent_e4))
    taxes = {
        row.code: TaxCode(row.code, row.label, row.applies_to, tuple(sorted(rates[row.code])))
        for row in named(ledger, "SELECT code, label, applies_to FROM tax_code", {})
    }
    recharges = named(ledger, "SELECT name FROM expense_category WHERE kind = 'recharge'", {})
    names = named(ledger, "SELECT id, name FROM timekeeper", {})
    return FirmFacts(
        settings.all_(ledger),
        taxes,
        frozenset(row.name for row in recharges),
        {row.id: row.name for row in names},
    )


def matters(
    ledger: PlainLedger,
    facts: FirmFacts,
    ids: Iterable[int],
    through: date,
    *,
    only_charges: Sequence[int] | None = None,
    hours: bool = True,
) -> dict[int, MatterFile]:
    """The matters by their ids, each with its unbilled work up to the cutoff.

    Without `hours`, and where certain charges are asked for, time and costs stay out.
    """
    wanted = json.dumps(list(ids))

    def rows(query: str, **more: Any) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in named(ledger, query, {"ids": wanted, **more}):
            found[row.matter_id].append(row)
        return found

    until = {"through": through.isoformat()}
    options, versions, tasks = rows(sql.OPTIONS), rows(sql.VERSIONS), rows(sql.TASKS)
    charges = rows(sql.CHARGES, **until)
    whole = hours and only_charges is None
    time = rows(sql.TIME, **until) if whole else {}
    costs = rows(sql.EXPENSES, **until) if whole else {}
    billed, periods = rows(sql.BILLED), rows(sql.PERIODS)
    schedule, marks = rows(sql.ROWS), rows(sql.MARKS)
    closings = rows(sql.CLOSINGS)
    outcomes, reserve = rows(sql.OUTCOMES), rows(sql.RESERVE)
    result = {}
    for row in named(ledger, sql.MATTERS, {"ids": wanted}):
        picked = [
            r for r in charges.get(row.id, ()) if only_charges is None or r.id in only_charges
        ]
        fees = [_time(r, facts) for r in time.get(row.id, ())]
        fees += [_charge(r, row.responsible_id, facts) for r in picked]
        fees.sort(key=lambda e: (e.day, e.kind != "time", e.id))
        live = _billed(billed.get(row.id, ()), periods.get(row.id, ()))
        ended = outcomes.get(row.id, ())
        result[row.id] = MatterFile(
            id=row.id,
            number=row.number,
            title=row.title,
            client=_client(row),
            versions=tuple(_version(r) for r in versions.get(row.id, ())),
            options={r.name: json.loads(r.value) for r in options.get(row.id, ())},
            client_matter_id=row.client_matter_id,
            responsible=row.responsible_id,
            opened_on=date.fromisoformat(row.opened_on),
            closed_on=date.fromisoformat(row.closed_on) if row.closed_on else None,
            closings=tuple(
                Closing(_day(r.closed_on), _day(r.reopened_on)) for r in closings.get(row.id, ())
            ),
            held=row.held_on is not None,
            fees=tuple(fees),
            costs=tuple(_cost(r, facts) for r in costs.get(row.id, ())),
            billed=live,
            marks=tuple((_day(r.day), r.percent_e4) for r in marks.get(row.id, ())),
            rows=_schedule(schedule.get(row.id, ()), tasks.get(row.id, ()), row.step),
            reserve_cents=live.reserved_cents + sum(r.cents for r in reserve.get(row.id, ())),
            reserving=not any(o.billed or o.result == "failure" for o in ended),
            outcome=_outcome(ended),
            triggers=tuple(_trigger(r) for r in tasks.get(row.id, ()) if r.trigger_kind),
            tasks=sum(1 for r in tasks.get(row.id, ()) if r.archived_on is None),
            tasks_open=sum(
                1 for r in tasks.get(row.id, ()) if r.done_on is None and r.archived_on is None
            ),
        )
    return result


def versions(ledger: Ledger, ids: Iterable[int]) -> dict[int, tuple[Version, ...]]:
    """The versions of the arrangements of these matters with their change orders, oldest first."""
    found: dict[int, list[Version]] = defaultdict(list)
    for row in named(ledger, sql.VERSIONS, {"ids": json.dumps(list(ids))}):
        found[row.matter_id].append(_version(row))
    return {matter_id: tuple(each) for matter_id, each in found.items()}


def _client(row: Any) -> ClientFile | None:
    if row.client_id is None:
        return None
    address = tuple(json.loads(row.address))
    return ClientFile(
        row.client_id, row.name, address, row.email, row.terms_days, bool(row.tax_exempt)
    )


def _version(row: Any) -> Version:
    start = date.fromisoformat(row.valid_from) if row.valid_from else None
    terms = json.loads(row.terms)
    if row.change_cents and "value_cents" in terms:
        terms["value_cents"] += row.change_cents
    return Version(row.id, row.kind, terms, start, row.change_cents)


def _billed(parts: Sequence[Any], periods: Sequence[Any]) -> Billed:
    return Billed(
        tuple(
            BilledPart(
                p.arrangement_id,
                p.charged_cents,
                p.standard_cents,
                p.reserved_cents,
                p.costs_cents,
                date.fromisoformat(p.period_start) if p.period_start else None,
            )
            for p in parts
        ),
        frozenset(date.fromisoformat(p.period_start) for p in periods),
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _schedule(rows: Sequence[Any], tasks: Sequence[Any], step: str | None) -> tuple[Row, ...]:
    """Unbilled rows; the deadline is the earlier of the steps that it names (D-33)."""
    steps = steps_of(
        ((t.step, t.done_on is not None) for t in tasks if t.archived_on is None),
        step,
        named=(s for r in rows for s in (r.bill_on_step, r.pay_on_step) if s),
    )
    return tuple(
        Row(
            r.id,
            r.number,
            r.amount_cents,
            r.description,
            _day(r.due_on) if r.due_on else None,
            has_step=bool(r.bill_on_step or r.pay_on_step),
            reached=any(steps.reached(s) for s in (r.bill_on_step, r.pay_on_step) if s),
        )
        for r in rows
    )


def _outcome(ended: Sequence[Any]) -> Outcome | None:
    """A success that no live bill has billed yet."""
    for found in ended:
        if found.result == "success" and not found.billed:
            return Outcome(found.id, found.release_e4, bool(found.discounted))
    return None


def _trigger(row: Any) -> Trigger:
    return Trigger(
        row.number, row.trigger_kind, row.trigger_cents, row.trigger_percent_e4, row.amount_cents
    )


def _time(row: Any, facts: FirmFacts) -> Entry:
    return Entry(
        "time",
        row.id,
        date.fromisoformat(row.day),
        row.description,
        row.standard_cents,
        row.behavior,
        row.timekeeper_id,
        facts.names.get(row.timekeeper_id),
        row.hours_e4,
        row.logged_e4,
        row.rate_e4,
        row.task_code,
        row.activity_code,
    )


def _charge(row: Any, responsible: str | None, facts: FirmFacts) -> Entry:
    timekeeper = row.timekeeper_id or responsible
    return Entry(
        "charge",
        row.id,
        date.fromisoformat(row.day),
        row.description,
        row.amount_cents,
        timekeeper=timekeeper,
        timekeeper_name=facts.names.get(timekeeper or ""),
        task_number=row.number,
        terms_days=row.terms_days,
    )


def _cost(row: Any, facts: FirmFacts) -> Entry:
    taxable = row.category in facts.recharges if row.taxable is None else bool(row.taxable)
    return Entry(
        "expense",
        row.id,
        date.fromisoformat(row.day),
        row.description,
        row.amount_cents,
        timekeeper=row.timekeeper_id,
        timekeeper_name=facts.names.get(row.timekeeper_id or ""),
        expense_code=row.expense_code,
        category=row.category,
        taxable=taxable,
    )


def milestones(ledger: Ledger, matter_id: int, numbers: Sequence[int]) -> tuple[Milestone, ...]:
    """The tasks behind milestone charges, as a bill names them."""
    if not numbers:
        return ()
    from billcli.core.document import Milestone

    found = named(ledger, sql.MILESTONES, {"ids": json.dumps(list(numbers)), "matter": matter_id})
    return tuple(
        Milestone(
            row.number,
            row.name,
            date.fromisoformat(row.done_on) if row.done_on else None,
            row.deliverable,
            row.acceptance,
            date.fromisoformat(row.accepted_on) if row.accepted_on else None,
            row.accepted_by,
            tuple(json.loads(row.documents)),
        )
        for row in found
    )
