"""Reading matters as the rules want them: many at once, in a fixed number of queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from billcli.core.document import Milestone
from billcli.core.matter import ClientFile, MatterFile, Version
from billcli.core.milestone import Trigger
from billcli.core.tax import TaxCode
from billcli.core.work import Billed, BilledPart, Entry
from billcli.store.rows import named

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class FirmFacts:
    """What holds for the whole firm: settings, taxes, and which cost categories are recharges."""

    settings: dict[str, Any]
    taxes: dict[str, TaxCode]
    recharges: frozenset[str]
    names: dict[str, str]


def _many(sql: str) -> str:
    return sql.replace("IN :ids", "IN (SELECT value FROM json_each(:ids))")


_MATTERS = _many("""
    SELECT m.id, m.number, m.title, m.client_id, m.client_matter_id, m.responsible_id,
        m.opened_on, m.closed_on,
        m.held_on, c.name, c.address, c.email, c.terms_days, c.tax_exempt
    FROM matter AS m LEFT JOIN client AS c ON c.id = m.client_id WHERE m.id IN :ids""")
_OPTIONS = _many("SELECT matter_id, name, value FROM matter_option WHERE matter_id IN :ids")
_VERSIONS = _many("""
    SELECT id, matter_id, kind, terms, valid_from FROM arrangement WHERE matter_id IN :ids
    ORDER BY id""")
_TIME = _many("""
    SELECT e.id, e.matter_id, e.day, e.description, e.standard_cents, e.behavior, e.timekeeper_id,
        e.hours_e4, e.logged_e4, e.rate_e4, e.task_code, e.activity_code
    FROM time_entry AS e
    WHERE e.matter_id IN :ids AND e.day <= :through AND e.held_on IS NULL
        AND e.behavior <> 'non-billable' AND NOT EXISTS (
            SELECT 1 FROM claim WHERE kind = 'time' AND entry_id = e.id AND released_on IS NULL)
    ORDER BY e.matter_id, e.day, e.id""")
_CHARGES = _many("""
    SELECT e.id, e.matter_id, e.day, e.description, e.amount_cents, e.timekeeper_id,
        t.number, t.terms_days
    FROM charge AS e LEFT JOIN task AS t ON t.id = e.task_id
    WHERE e.matter_id IN :ids AND e.day <= :through AND e.held_on IS NULL
        AND e.withdrawn_on IS NULL AND NOT EXISTS (
            SELECT 1 FROM claim WHERE kind = 'charge' AND entry_id = e.id AND released_on IS NULL)
    ORDER BY e.matter_id, e.day, e.id""")
_EXPENSES = _many("""
    SELECT e.id, e.matter_id, e.day, e.description, e.amount_cents, e.timekeeper_id, e.category,
        e.expense_code, e.taxable
    FROM expense AS e
    WHERE e.matter_id IN :ids AND e.day <= :through AND e.held_on IS NULL
        AND e.behavior = 'bill' AND NOT EXISTS (
            SELECT 1 FROM claim WHERE kind = 'expense' AND entry_id = e.id AND released_on IS NULL)
    ORDER BY e.matter_id, e.day, e.id""")
_BILLED = _many("""
    SELECT b.matter_id, p.arrangement_id, p.charged_cents, p.standard_cents, p.reserved_cents,
        p.costs_cents, p.period_start
    FROM bill AS b JOIN bill_part AS p ON p.bill_id = b.id
    WHERE b.matter_id IN :ids AND NOT EXISTS (
        SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'voided')""")
_PERIODS = _many("""
    SELECT matter_id, period_start FROM period_claim
    WHERE matter_id IN :ids AND released_on IS NULL""")
_TASKS = _many("""
    SELECT t.matter_id, t.number, t.done_on, t.trigger_kind, t.trigger_cents, t.trigger_percent_e4,
        c.amount_cents
    FROM task AS t LEFT JOIN charge AS c ON c.task_id = t.id AND c.withdrawn_on IS NULL
    WHERE t.matter_id IN :ids AND (t.archived_on IS NULL OR c.id IS NOT NULL)
    ORDER BY t.matter_id, t.number""")


def firm(ledger: Ledger) -> FirmFacts:
    """The firm's part, read once for a whole run."""
    from billcli.store import settings

    connection = ledger.session.connection()
    rates: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for row in connection.execute(text("SELECT code, valid_from, percent_e4 FROM tax_rate")):
        rates[row.code].append((date.fromisoformat(row.valid_from), row.percent_e4))
    taxes = {
        row.code: TaxCode(row.code, row.label, row.applies_to, tuple(sorted(rates[row.code])))
        for row in connection.execute(text("SELECT code, label, applies_to FROM tax_code"))
    }
    recharges = connection.execute(
        text("SELECT name FROM expense_category WHERE kind = 'recharge'")
    ).scalars()
    names = connection.execute(text("SELECT id, name FROM timekeeper"))
    return FirmFacts(
        settings.all_(ledger),
        taxes,
        frozenset(recharges),
        {row.id: row.name for row in names},
    )


def matters(
    ledger: Ledger,
    facts: FirmFacts,
    ids: Iterable[int],
    through: date,
    *,
    only_charges: Sequence[int] | None = None,
) -> dict[int, MatterFile]:
    """The matters by their ids, each with its unbilled work up to the cutoff."""
    wanted = json.dumps(list(ids))

    def rows(query: str, **more: Any) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in named(ledger, query, {"ids": wanted, **more}):
            found[row.matter_id].append(row)
        return found

    until = {"through": through.isoformat()}
    options, versions, tasks = rows(_OPTIONS), rows(_VERSIONS), rows(_TASKS)
    charges = rows(_CHARGES, **until)
    time = {} if only_charges is not None else rows(_TIME, **until)
    costs = {} if only_charges is not None else rows(_EXPENSES, **until)
    billed, periods = rows(_BILLED), rows(_PERIODS)
    result = {}
    for row in named(ledger, _MATTERS, {"ids": wanted}):
        picked = [
            r for r in charges.get(row.id, ()) if only_charges is None or r.id in only_charges
        ]
        fees = [_time(r, facts) for r in time.get(row.id, ())]
        fees += [_charge(r, row.responsible_id, facts) for r in picked]
        fees.sort(key=lambda e: (e.day, e.kind != "time", e.id))
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
            held=row.held_on is not None,
            fees=tuple(fees),
            costs=tuple(_cost(r, facts) for r in costs.get(row.id, ())),
            billed=_billed(billed.get(row.id, ()), periods.get(row.id, ())),
            triggers=tuple(_trigger(r) for r in tasks.get(row.id, ()) if r.trigger_kind),
            tasks=len(tasks.get(row.id, ())),
            tasks_open=sum(1 for r in tasks.get(row.id, ()) if r.done_on is None),
        )
    return result


def _client(row: Any) -> ClientFile | None:
    if row.client_id is None:
        return None
    address = tuple(json.loads(row.address))
    return ClientFile(
        row.client_id, row.name, address, row.email, row.terms_days, bool(row.tax_exempt)
    )


def _version(row: Any) -> Version:
    start = date.fromisoformat(row.valid_from) if row.valid_from else None
    return Version(row.id, row.kind, json.loads(row.terms), start)


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


_MILESTONES = _many("""
    SELECT t.matter_id, t.number, t.name, t.done_on, t.deliverable, t.acceptance
    FROM task AS t WHERE t.matter_id = :matter AND t.number IN :ids ORDER BY t.number""")


def milestones(ledger: Ledger, matter_id: int, numbers: Sequence[int]) -> tuple[Milestone, ...]:
    """The tasks behind milestone charges, as a bill names them."""
    if not numbers:
        return ()
    found = named(ledger, _MILESTONES, {"ids": json.dumps(list(numbers)), "matter": matter_id})
    return tuple(
        Milestone(
            row.number,
            row.name,
            date.fromisoformat(row.done_on) if row.done_on else None,
            row.deliverable,
            row.acceptance,
        )
        for row in found
    )
