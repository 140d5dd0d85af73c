"""Bills for several payors: who pays, what each is billed, and which bills belong together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from billcli.core.document import BillDocument, Payor, PayorShare
from billcli.core.options import effective
from billcli.core.splitting import split
from billcli.core.work import Step
from billcli.store import gather, people, split_bills
from billcli.values.money import plain_percent

if TYPE_CHECKING:
    from billcli.core.bill import Bill
    from billcli.core.matter import MatterFile
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger


def payors(ledger: Ledger, file: MatterFile, settings: dict[str, Any]) -> tuple[Payor, ...]:
    """Who pays the bills of a matter; nobody but its client where nothing was agreed."""
    shares = effective("split", file.options, settings)
    if not shares:
        return ()
    return tuple(
        Payor(people.party(ledger, client), percent_e4 // 100)
        for client, percent_e4 in shares.items()
    )


def foreseen(document: BillDocument, who: Sequence[Payor], *, consent: bool = True) -> BillDocument:
    """A bill that is not approved yet, with what each payor will be asked for.

    Without the client's consent on record, a payor who isn't the client is warned of (Rule 1.8(f)).
    """
    portions = split(document.bill, document.allocation, [payor.basis_points for payor in who])
    told = tuple(
        replace(payor, total_cents=portion.bill.total_cents)
        for payor, portion in zip(who, portions, strict=True)
    )
    others = [payor.party.id for payor in who if payor.party.id != document.client.id]
    if others and not consent:
        warning = (
            f"{' and '.join(others)} pays for {document.client.id}; no consent of the client is "
            "noted (matter billing --split-consent)."
        )
        bill = replace(document.bill, warnings=(*document.bill.warnings, warning))
        document = replace(document, bill=bill)
    return replace(document, payors=told)


def totals(ledger: Ledger, file: MatterFile, settings: dict[str, Any], bill: Bill) -> list[int]:
    """What each payor of a bill will be asked for; the whole of it where there is but one."""
    who = payors(ledger, file, settings)
    if not who:
        return [bill.total_cents]
    portions = split(bill, (), [payor.basis_points for payor in who])
    return [portion.bill.total_cents for portion in portions]


def share_of(ledger: Ledger, file: MatterFile, bill: Bill) -> Bill | None:
    """What of a bill its matter's own client would be asked for; None where others pay it all."""
    who = payors(ledger, file, gather.firm(ledger).settings)
    if not who:
        return bill
    portions = split(bill, (), [payor.basis_points for payor in who])
    own = (
        portion.bill
        for payor, portion in zip(who, portions, strict=True)
        if file.client is not None and payor.party.id == file.client.id
    )
    return next(own, None)


def documents(document: BillDocument) -> tuple[BillDocument, ...]:
    """The bills of the payors, each made out to one of them; the first holds the entries."""
    who, bill = document.payors, document.bill
    portions = split(bill, document.allocation, [payor.basis_points for payor in who])
    found = []
    for n, (payor, portion) in enumerate(zip(who, portions, strict=True), 1):
        share = PayorShare(
            group=document.id,
            client=document.client.id,
            n=n,
            of=len(who),
            basis_points=payor.basis_points,
            total_cents=bill.total_cents,
            lines=tuple(line.amount_cents for line in bill.lines),
        )
        words = f"{payor.party.id} is billed {percent(share)} of"
        step = Step(phase="split", rule="D-51", words=words, cents=bill.total_cents)
        found.append(
            replace(
                document,
                bill=replace(portion.bill, because=(step, *bill.because)),
                client=payor.party,
                allocation=portion.allocation,
                share=share,
                payors=(),
            )
        )
    return tuple(found)


def percent(share: PayorShare | Payor) -> str:
    """A share as people read it: `60 %`."""
    return f"{plain_percent(share.basis_points * 100)} %"


def group(ledger: Ledger, bill: BillFacts) -> list[BillFacts]:
    """All bills of the same computation, the one that holds the entries first."""
    return split_bills.group(ledger, bill.id) or [bill]


def listed(documents: Iterable[BillDocument]) -> list[dict[str, Any]]:
    """The bills of a group, each with its payor, where there is more than one payor."""
    return [
        {
            "id": document.id,
            "number": document.number,
            "bill_to": document.client.id,
            "total_cents": document.bill.total_cents,
        }
        for document in documents
    ]


def listed_facts(bills: Iterable[BillFacts]) -> list[dict[str, Any]]:
    """The same of bills as lists have them."""
    return [
        {
            "id": f"D-{bill.id}",
            "number": bill.number,
            "bill_to": bill.client,
            "total_cents": bill.total_cents,
        }
        for bill in bills
    ]
