"""The transfer sheet: what the lawyer tells the bank to move, and its confirmation (T19, D-40)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.core.transfers import Transfer, to_make
from billcli.errors import Refused
from billcli.store import bill_reads, outbox, trust, trust_reports
from billcli.store.bill_reads import BillFacts
from billcli.values.money import grouped

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Day = date
TO_OPERATING, TO_TRUST = "to_operating", "to_trust"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One transfer: the entries that it settles, the bill, where the money goes."""

    entries: tuple[str, ...]
    date: date
    matter: str | None
    client: str | None
    bill: str | None
    direction: str
    amount_cents: int
    days: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """What to move between the two accounts; `reference` once the bank has it."""

    date: date
    transfers: tuple[SheetLine, ...]
    to_operating_cents: int
    to_trust_cents: int
    undelivered: tuple[str, ...] = ()
    reference: str | None = None
    confirmed_on: Day | None = None


def delivered(ledger: Ledger, bills: Iterable[BillFacts]) -> frozenset[int]:
    """Of these bills those that the client has, so that what they take from trust may be moved.

    A bill in the outbox is with the client once every recipient has it; any other was handed over
    as a file or on paper when it was issued.
    """
    issued = frozenset(bill.id for bill in bills if bill.issued_on is not None)
    return issued - outbox.undelivered(ledger, issued)


def sheet(ledger: Ledger) -> Sheet:
    """The transfers that the bank is to make today."""
    return _sheet(ledger, _due(ledger))


def confirm(ledger: Ledger, reference: str, *, day: date | None = None) -> Sheet:
    """The bank made what the sheet lists; all of it or nothing (D-40).

    Refused: `transfer.nothing`, `transfer.date`, `trust.locked`.
    """
    on = day or ledger.today
    with ledger.write():
        due = _due(ledger)
        found = _sheet(ledger, due)
        if not found.transfers:
            raise Refused(
                "transfer.nothing",
                "There is no transfer to confirm.",
                hint="What was confirmed stands in `billcli log`.",
            )
        ready, _ = _parted(ledger, due)
        _check_day(ledger, on, found, max(transfer.latest for transfer in ready))
        for transfer in ready:
            for row in transfer.rows:
                entry = trust.get(ledger, row)
                mark = ledger.record(
                    f"trust {entry.ref}",
                    before={"confirmed_on": None},
                    after={"confirmed_on": on.isoformat(), "bank_reference": reference},
                    matter_id=entry.matter_id,
                )
                trust.confirm(ledger, row, on, reference, mark)
        return _sheet(ledger, due, reference=reference, confirmed_on=on)


def late(ledger: Ledger, day: date) -> list[SheetLine]:
    """Transfers that the bank hadn't confirmed for more than 14 days on a day (T14)."""
    made = to_make(trust_reports.unconfirmed(ledger, day))
    return [line(ledger, transfer, day) for transfer in made if transfer.late(day)]


def line(ledger: Ledger, transfer: Transfer, day: date) -> SheetLine:
    """A transfer as sheets and reports show it, with its age on a day."""
    fee = trust.get(ledger, transfer.fee_id)
    return SheetLine(
        entries=transfer.refs,
        date=transfer.day,
        matter=fee.matter,
        client=fee.client,
        bill=fee.bill,
        direction=TO_OPERATING if transfer.cents > 0 else TO_TRUST,
        amount_cents=abs(transfer.cents),
        days=(day - transfer.day).days,
    )


def _due(ledger: Ledger) -> list[tuple[Transfer, BillFacts]]:
    """What is to be moved, each with its bill, delivered or not."""
    found = []
    for transfer in to_make(trust_reports.unconfirmed(ledger, ledger.today)):
        bill_id = trust.get(ledger, transfer.fee_id).bill_id
        bill = bill_reads.one(ledger, bill_id) if bill_id else None
        if bill is not None:
            found.append((transfer, bill))
    return found


def _sheet(
    ledger: Ledger,
    due: list[tuple[Transfer, BillFacts]],
    *,
    reference: str | None = None,
    confirmed_on: date | None = None,
) -> Sheet:
    ready, waiting = _parted(ledger, due)
    return Sheet(
        date=ledger.today,
        transfers=tuple(line(ledger, transfer, ledger.today) for transfer in ready),
        to_operating_cents=sum(t.cents for t in ready if t.cents > 0),
        to_trust_cents=-sum(t.cents for t in ready if t.cents < 0),
        undelivered=tuple(dict.fromkeys(bill.number for bill in waiting)),
        reference=reference,
        confirmed_on=confirmed_on,
    )


def _parted(
    ledger: Ledger, due: list[tuple[Transfer, BillFacts]]
) -> tuple[list[Transfer], list[BillFacts]]:
    """The transfers whose bills the client has, and the bills that the others wait for."""
    there = delivered(ledger, (bill for _, bill in due))
    return (
        [transfer for transfer, bill in due if bill.id in there],
        [bill for _, bill in due if bill.id not in there],
    )


def _check_day(ledger: Ledger, on: date, found: Sheet, newest: date) -> None:
    latest = min(ledger.today, ledger.real_day)
    if on > latest:
        raise Refused(
            "transfer.date",
            f"The transfer is dated {on}, and it is {latest}.",
            hint="Confirm it when the bank has made it.",
        )
    if on < newest:
        total = grouped(found.to_operating_cents + found.to_trust_cents, ledger.decimals)
        raise Refused(
            "transfer.date",
            f"The sheet of {total} has a transfer of {newest}; the bank can't have made it "
            f"on {on}.",
            hint=f"Give the day of the bank's statement, {newest} or later.",
        )
    locked = trust.locked_through(ledger)
    if locked and on <= locked:
        raise Refused(
            "trust.locked",
            f"Trust is reconciled through {locked}; these transfers were outstanding then, so "
            f"the bank can't have made them on {on}.",
            hint="Give a later day with --date.",
        )
