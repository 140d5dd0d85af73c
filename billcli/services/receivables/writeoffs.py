"""Write-offs: what is open on a bill and won't be paid is a bad debt; the work stays billed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billcli.errors import Refused
from billcli.store import bill_reads, find, writeoffs
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger
    from billcli.store.writeoffs import WriteOff


def add(
    ledger: Ledger,
    reference: str,
    amount_cents: int | None = None,
    *,
    reason: str = "bad_debt",
    text: str | None = None,
) -> dict[str, Any]:
    """Write off what is open on an issued bill, or a part of it; tax relief is by hand (§4.2).

    Refused `writeoff.not-issued`, `writeoff.above`.
    """
    with ledger.write():
        bill = find.bill(ledger, reference)
        if bill.state in ("approved", "void"):
            raise Refused(
                "writeoff.not-issued",
                f"Bill {bill.number} is {bill.state}; nothing on it is owed.",
                hint=f"See `billcli bill show {bill.number}`.",
            )
        cents = bill.balance_cents if amount_cents is None else amount_cents
        if cents > bill.balance_cents or not cents:
            open_, asked = (money.grouped(c, ledger.decimals) for c in (bill.balance_cents, cents))
            told = f"{asked} was asked for." if cents else "there is nothing to write off."
            raise Refused(
                "writeoff.above",
                f"On bill {bill.number} {open_} is open; {told}",
                hint="Write off less, or leave the amount out."
                if bill.balance_cents
                else "What was paid is given back with a credit note: billcli credit add.",
            )
        why = f"{reason}: {text}" if text else reason
        mark = ledger.record(
            f"bill {bill.number}",
            after={"written_off_cents": cents, "reason": why},
            matter_id=bill.matter_id,
        )
        day = max(ledger.today, bill.day)
        writeoffs.add(ledger, bill, cents, day=day, reason=why, mark=mark)
        return _told(ledger, bill) | {"amount_cents": cents, "reason": why}


def reverse(ledger: Ledger, reference: str, *, reason: str) -> dict[str, Any]:
    """Take the write-offs of a bill back: it is open again. Refused `writeoff.none`."""
    with ledger.write():
        bill = find.bill(ledger, reference)
        standing = [w for w in writeoffs.of(ledger, bill_id=bill.id) if w.reversed_on is None]
        if not standing:
            raise Refused(
                "writeoff.none",
                f"Nothing is written off on bill {bill.number}.",
                hint="See `billcli writeoff list`.",
            )
        cents = sum(each.cents for each in standing)
        mark = ledger.record(
            f"bill {bill.number}",
            before={"written_off_cents": cents},
            after={"written_off_cents": 0, "reason": reason},
            matter_id=bill.matter_id,
        )
        for each in standing:
            writeoffs.undo(ledger, each.source, reason=reason, mark=mark)
        return _told(ledger, bill) | {"amount_cents": -cents, "reason": reason}


def list_(ledger: Ledger, *, matter: str | None = None) -> list[dict[str, Any]]:
    """The register of bad debts, with those that were taken back."""
    matter_id = find.matter(ledger, matter).id if matter else None
    return [_view(each) for each in writeoffs.of(ledger, matter_id=matter_id)]


def _view(each: WriteOff) -> dict[str, Any]:
    return {
        "date": each.day,
        "bill": each.bill,
        "matter": each.matter,
        "client": each.client,
        "amount_cents": each.cents,
        "reason": each.reason,
        "reversed_on": each.reversed_on,
    }


def _told(ledger: Ledger, bill: BillFacts) -> dict[str, Any]:
    now = bill_reads.one(ledger, bill.id)
    assert now is not None
    return {
        "bill": now.number,
        "matter": now.matter,
        "client": now.client,
        "state": now.state,
        "written_off_cents": now.written_off_cents,
        "balance_cents": now.balance_cents,
    }
