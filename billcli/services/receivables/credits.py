"""Credit notes: what was billed is taken back, in a series of its own (§4.2)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from billcli.core.credit import Sums, credit, in_proportion, left
from billcli.errors import Refused, UsageProblem
from billcli.services.arrangement import reserve
from billcli.services.funds import giving_back
from billcli.store import bill_reads, credits, find, receipts, settings
from billcli.values import money
from billcli.values.text import meant

if TYPE_CHECKING:
    from billcli.services.funds.giving_back import GivenBack
    from billcli.store.bill_reads import BillFacts
    from billcli.store.credits import CreditNote
    from billcli.store.ledger import Ledger

REASONS = ("correction", "courtesy")


@dataclass(frozen=True, slots=True)
class Split:
    """What of the amount is for fees, costs and tax; what is not named is nothing."""

    fees_cents: int | None = None
    costs_cents: int | None = None
    tax_cents: int | None = None

    @property
    def given(self) -> bool:
        """Whether any of them was named."""
        return not (self.fees_cents is self.costs_cents is self.tax_cents is None)

    @property
    def sums(self) -> Sums:
        """As amounts."""
        return Sums(self.fees_cents or 0, self.costs_cents or 0, self.tax_cents or 0)


def add(
    ledger: Ledger,
    reference: str,
    amount_cents: int,
    *,
    reason: str,
    split: Split | None = None,
    release_entries: bool = False,
    note: str | None = None,
) -> dict[str, Any]:
    """Credit an issued bill, also above what is open: then what paid it goes back (D-48).

    Without a split the amount is shared over net fees, costs and tax in proportion. A correction
    lowers the fees already invoiced, a courtesy doesn't (D-14). Refused `credit.not-issued`,
    `credit.above`, `credit.part`, `credit.release`; UsageProblem `credit.reason`, `credit.split`.
    """
    if reason not in REASONS:
        raise UsageProblem(
            "credit.reason",
            "A credit note is a correction or a courtesy.",
            hint=meant(reason, REASONS),
        )
    with ledger.write():
        bill = find.bill(ledger, reference)
        _refuse_state(bill)
        whole, taken = credits.whole(ledger, bill.id), credits.taken(ledger, bill.id)
        rest = left(whole, taken)
        if release_entries:
            _refuse_release(ledger, bill, reason, amount_cents, rest)
        _refuse_above(ledger, bill, amount_cents, released=release_entries)
        sums = _sums(ledger, bill, amount_cents, split, rest)
        made = credit(whole, taken, sums, correction=reason == "correction")
        given: tuple[GivenBack, ...] = ()
        if amount_cents > bill.balance_cents:
            over = amount_cents - bill.balance_cents
            if release_entries:
                # What trust paid straight comes off the bill with the entries, to nobody's hand.
                over -= _straight(ledger, bill)
            given = giving_back.give_back(ledger, bill, over, reason=f"credit note: {reason}")
        kept = credits.add(
            ledger,
            bill,
            made,
            day=max(ledger.today, bill.day),
            reason=reason,
            note=note,
            releases=release_entries,
            number_format=str(settings.get(ledger, "billing.credit_format")),
        )
    return _told(ledger, kept, given)


def list_(ledger: Ledger, *, matter: str | None = None) -> list[dict[str, Any]]:
    """The register of credit notes, by their numbers."""
    matter_id = find.matter(ledger, matter).id if matter else None
    return [view(note) for note in credits.of(ledger, matter_id=matter_id)]


def view(note: CreditNote) -> dict[str, Any]:
    """A credit note as the interface shows it; `fees` are net of `discount`."""
    return {
        "number": note.number,
        "bill": note.bill,
        "matter": note.matter,
        "client": note.client,
        "date": note.day,
        "reason": note.reason,
        "note": note.note,
        "amount_cents": note.amount_cents,
        "fees_cents": note.fees_cents,
        "discount_cents": note.discount_cents,
        "costs_cents": note.costs_cents,
        "tax_cents": note.tax_cents,
        "released_entries": note.releases,
    }


def _told(ledger: Ledger, note: CreditNote, given: tuple[GivenBack, ...]) -> dict[str, Any]:
    bill = bill_reads.one(ledger, note.bill_id)
    assert bill is not None
    return view(note) | {
        "given_back": [asdict(each) for each in given],
        "bill_state": bill.state,
        "balance_cents": bill.balance_cents,
    }


def _refuse_state(bill: BillFacts) -> None:
    if bill.state == "void":
        raise Refused("bill.void", f"Bill {bill.number} is void already.")
    if bill.state == "approved":
        raise Refused(
            "credit.not-issued",
            f"Bill {bill.number} is not issued yet, so there is nothing to credit.",
            hint=f"Void it instead: billcli bill void {bill.number} --reason …",
        )


def _refuse_above(ledger: Ledger, bill: BillFacts, cents: int, *, released: bool) -> None:
    """At most what the bill came to, less what was credited, written off or paid straight."""
    straight = 0 if released else _straight(ledger, bill)
    most = bill.total_cents - bill.credited_cents - bill.written_off_cents - straight
    if cents <= most:
        return

    def say(value: int) -> str:
        return money.grouped(value, ledger.decimals)

    gone = [
        f"{say(value)} {what}"
        for value, what in (
            (bill.credited_cents, "is credited"),
            (bill.written_off_cents, "is written off"),
            (straight, "is a cost that trust paid straight"),
        )
        if value
    ]
    hint = "Credit less."
    if bill.written_off_cents:
        hint = f"Take the write-off back first: billcli writeoff reverse {bill.number} --reason …"
    raise Refused(
        "credit.above",
        f"Bill {bill.number} came to {say(bill.total_cents)}"
        + (f", of which {' and '.join(gone)}" if gone else "")
        + f": {say(max(0, most))} can be credited, {say(cents)} was asked for.",
        hint=hint,
    )


def _sums(ledger: Ledger, bill: BillFacts, cents: int, split: Split | None, rest: Sums) -> Sums:
    if split is None or not split.given:
        return in_proportion(cents, rest)
    sums = split.sums

    def say(value: int) -> str:
        return money.grouped(value, ledger.decimals)

    if sums.total_cents != cents:
        raise UsageProblem(
            "credit.split",
            f"Fees, costs and tax make {say(sums.total_cents)}; the amount is {say(cents)}.",
            hint="Let --fees, --costs and --tax add up to the amount, or leave them all out.",
        )
    for what, part, most in (
        ("fees", sums.fees_cents, rest.fees_cents),
        ("costs", sums.costs_cents, rest.costs_cents),
        ("tax", sums.tax_cents, rest.tax_cents),
    ):
        if part > most:
            raise Refused(
                "credit.part",
                f"Of the {what} on bill {bill.number}, {say(most)} is not credited yet; "
                f"{say(part)} was asked for.",
                hint="Fees are net of the discount here. Credit less of them.",
            )
    return sums


def _refuse_release(ledger: Ledger, bill: BillFacts, reason: str, cents: int, rest: Sums) -> None:
    """Entries come back only when the whole bill is taken back, as by a void."""
    if reason != "correction":
        why = "A courtesy leaves the work billed"
    elif cents != rest.total_cents:
        told = money.grouped(rest.total_cents, ledger.decimals)
        why = f"Bill {bill.number} would not be credited whole: {told} of it is left"
    elif receipts.shared(ledger, bill.id):
        why = f"Bill {bill.number} is one payor's share of work that others were billed for too"
    else:
        reserve.refuse_used(ledger, bill)
        return
    raise Refused(
        "credit.release",
        f"{why}, so its entries can't be released.",
        hint="Leave --release-entries out, or credit all that is left with --reason correction.",
    )


def _straight(ledger: Ledger, bill: BillFacts) -> int:
    """Costs on the bill that trust paid straight to their payee (T3)."""
    return sum(each.cents for each in receipts.of_bill(ledger, bill.id) if each.kind == "cost")
