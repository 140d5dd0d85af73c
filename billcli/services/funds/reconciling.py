"""Three-way reconciliation of trust: proved, kept for good, and the month locked (§3.3, T18)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billcli.core.reconciliation import Booked, Item, LedgerLine, Reconciliation
from billcli.core.transfers import to_make
from billcli.deliver import files
from billcli.errors import NotFound, Refused, UsageProblem
from billcli.services.funds import transfers
from billcli.services.funds.reconciliation_views import (
    ReconciliationView,
    explained,
    kept_view,
    view,
)
from billcli.services.funds.trust_rules import entry_of
from billcli.store import settings, trust, trust_reports
from billcli.store.trust import TrustEntry

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def reconcile(
    ledger: Ledger,
    *,
    day: date,
    statement_cents: int,
    outstanding: Sequence[str] = (),
    out: str | None = None,
) -> ReconciliationView:
    """Compare bank, journal and ledgers on a day; where they agree, keep it and lock the day.

    Where they don't, nothing is kept, and the view has the difference and what could explain it.
    Either way the page is written to `out`; where it can't be, nothing is kept either.
    Refused: `reconcile.ahead`, `reconcile.earlier`, `reconcile.later-entry`, `reconcile.no-bank`.
    """
    with ledger.write():
        _check_day(ledger, day)
        named = _named(ledger, outstanding, day)
        found = _compared(ledger, day, statement_cents, named)
        if not found.agrees:
            failed = view(found, ledger, hints=_hints(ledger, found, named))
            save(ledger, failed, out)
            return failed
        made = view(found, ledger)
        mark = ledger.record(
            f"reconciliation {day}",
            after={
                "statement_cents": statement_cents,
                "in_transit_cents": found.in_transit_cents,
                "outstanding_cents": found.outstanding_cents,
                "journal_cents": found.journal_cents,
            },
        )
        kept = {
            "day": day.isoformat(),
            "statement_cents": statement_cents,
            "in_transit_cents": found.in_transit_cents,
            "outstanding_cents": found.outstanding_cents,
            "journal_cents": found.journal_cents,
            "clients_cents": found.clients_cents,
            "firm_cents": found.firm_cents,
            "details": json.dumps(_details(ledger, made, named), ensure_ascii=False),
            "preparer": ledger.actor,
        }
        trust.keep_reconciliation(ledger, kept, mark)
        save(ledger, made, out)
        return made


def list_(ledger: Ledger) -> list[ReconciliationView]:
    """The reconciliations that were kept, oldest first."""
    return [kept_view(row) for row in trust_reports.reconciliations(ledger)]


def show(ledger: Ledger, day: date) -> ReconciliationView:
    """A reconciliation as it was kept. NotFound `reconcile.missing`."""
    for row in trust_reports.reconciliations(ledger):
        if row.day == day.isoformat():
            return kept_view(row)
    raise NotFound(
        "reconcile.missing",
        f"Trust was not reconciled on {day}.",
        hint="See `billcli trust reconcile --list`.",
    )


def page(ledger: Ledger, made: ReconciliationView, form: str) -> bytes:
    """The reconciliation on paper, as Markdown or HTML."""
    from billcli.core.document import letterhead
    from billcli.render.reconciliation import report

    head = letterhead(settings.all_(ledger))
    return report(made, head, form, decimals=ledger.decimals, currency=ledger.currency).encode()


def save(ledger: Ledger, made: ReconciliationView, out: str | None) -> None:
    """Write the page to a file whose name tells its form; complete or not at all."""
    if out is not None:
        files.write(Path(out).expanduser(), page(ledger, made, form_of(out)))


def form_of(out: str) -> str:
    """What a file's name says it is, md or html. UsageProblem `reconcile.format`."""
    form = out.rpartition(".")[2].lower()
    if form not in ("md", "html"):
        raise UsageProblem(
            "reconcile.format",
            "The name of the report doesn't tell what it is.",
            hint="End it with .md or .html.",
        )
    return form


def _check_day(ledger: Ledger, day: date) -> None:
    latest = min(ledger.today, ledger.real_day)
    if day > latest:
        raise Refused(
            "reconcile.ahead",
            f"Trust can't be reconciled on {day}; it is {latest}.",
            hint="Reconcile at the end of a month that is over.",
        )
    locked = trust.locked_through(ledger)
    if locked and day <= locked:
        raise Refused(
            "reconcile.earlier",
            f"Trust is reconciled through {locked} already; {day} isn't later.",
            hint=f"See it with `billcli trust reconcile --show {locked}`.",
        )


def _named(ledger: Ledger, references: Sequence[str], day: date) -> list[TrustEntry]:
    """The entries that the user says the bank hasn't booked, each once."""
    found: dict[int, TrustEntry] = {}
    for reference in references:
        entry = entry_of(ledger, reference)
        if entry.day > day:
            raise Refused(
                "reconcile.later-entry",
                f"{entry.ref} is dated {entry.day}, after {day}; the journal of that day is "
                "without it.",
                hint=f"Leave --outstanding {entry.ref} out.",
            )
        undone = trust.get(ledger, entry.reverses) if entry.reverses else entry
        if undone.kind == "transfer":
            raise Refused(
                "reconcile.no-bank",
                f"{entry.ref} moves money between two matters; the bank doesn't see it.",
                hint=f"Leave --outstanding {entry.ref} out.",
            )
        found[entry.id] = entry
    return list(found.values())


def _compared(
    ledger: Ledger, day: date, statement_cents: int, named: list[TrustEntry]
) -> Reconciliation:
    pending = trust_reports.unconfirmed(ledger, day)
    items = [
        (transfer.cents < 0, _transfer_item(transfers.line(ledger, transfer, day)))
        for transfer in to_make(pending)
    ]
    by_itself = {row.id for row in pending}
    items += [
        (entry.cents > 0, _entry_item(entry, day)) for entry in named if entry.id not in by_itself
    ]
    items.sort(key=lambda each: each[1].date)
    return Reconciliation(
        date=day,
        statement_cents=statement_cents,
        in_transit=tuple(item for incoming, item in items if incoming),
        outstanding=tuple(item for incoming, item in items if not incoming),
        journal_cents=trust_reports.bank_balance(ledger, day),
        ledgers=tuple(
            LedgerLine(row.client, row.client_name, row.matter, row.title, row.balance_cents)
            for row in trust_reports.ledgers(ledger, day)
            if row.balance_cents
        ),
        firm_cents=trust_reports.firm_nominal(ledger, day),
    )


def _transfer_item(line: transfers.SheetLine) -> Item:
    back = line.direction == transfers.TO_TRUST
    return Item(
        entries=line.entries,
        date=line.date,
        kind="fee_return" if back else "fee",
        matter=line.matter,
        client=line.client,
        description=f"Bill {line.bill}" if line.bill else "",
        amount_cents=line.amount_cents,
        days=line.days,
    )


def _entry_item(entry: TrustEntry, day: date) -> Item:
    told = (entry.party, entry.purpose, entry.number and f"no. {entry.number}", entry.reason)
    return Item(
        entries=(entry.ref,),
        date=entry.day,
        kind=entry.kind,
        matter=entry.matter,
        client=entry.client,
        description=", ".join(text for text in told if text),
        amount_cents=abs(entry.cents),
        days=(day - entry.day).days,
    )


def _hints(ledger: Ledger, found: Reconciliation, named: list[TrustEntry]) -> tuple[str, ...]:
    """What could explain that bank, journal and ledgers differ."""
    pending = trust_reports.unconfirmed(ledger, found.date)
    ids = {entry.id for entry in named}
    settled = {row.id for row in pending}
    entries = [
        Booked(transfer.refs[0], transfer.day, "fee", -transfer.cents, "transfer")
        for transfer in to_make(pending)
    ]
    every = {entry.id: entry for entry in trust.all_(ledger)}
    for entry in every.values():
        kind = every[entry.reverses].kind if entry.reverses in every else entry.kind
        if entry.id not in settled and kind != "transfer":
            how = "named" if entry.id in ids else "ahead" if entry.day > found.date else ""
            entries.append(Booked(entry.ref, entry.day, entry.kind, entry.cents, how))
    before = _named_before(ledger) - {entry.ref for entry in named}
    return explained(found, entries, sorted(before), ledger.decimals)


def _named_before(ledger: Ledger) -> set[str]:
    """The entries that the last reconciliation named as not yet booked by the bank."""
    last = trust_reports.reconciliations(ledger)[-1:]
    return {ref for row in last for ref in json.loads(row.details).get("named", ())}


def _details(ledger: Ledger, made: ReconciliationView, named: list[TrustEntry]) -> dict[str, Any]:
    """What the snapshot keeps beside its sums: the lists, and the names of that day."""
    from dataclasses import asdict

    def rows(items: Sequence[Any]) -> list[dict[str, Any]]:
        return [
            {key: v.isoformat() if isinstance(v, date) else v for key, v in asdict(item).items()}
            for item in items
        ]

    return {
        "firm": settings.get(ledger, "firm.name"),
        "prepared_on": ledger.today.isoformat(),
        "in_transit": rows(made.in_transit_items),
        "outstanding": rows(made.outstanding_items),
        "ledgers": rows(made.ledgers),
        "named": [entry.ref for entry in named],
        "differences": [made.difference_cents, made.ledger_difference_cents],
    }
