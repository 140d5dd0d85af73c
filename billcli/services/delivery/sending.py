"""A bill sent by hand: issued and sent, sent again, or written to files for a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billcli.deliver import files
from billcli.errors import Refused
from billcli.services.bill import bills, mail_states
from billcli.services.delivery import mailing, outbox
from billcli.services.delivery.account import sender
from billcli.services.delivery.composing import Composer
from billcli.services.delivery.mailing import Sent
from billcli.services.delivery.outbox import Queued
from billcli.services.delivery.recipients import recipients, way_out
from billcli.store import find
from billcli.store import outbox as kept
from billcli.values.text import file_name

if TYPE_CHECKING:
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger
    from billcli.store.outbox import Mail


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it would go out, in a file."""

    bill: str
    to: str
    file: Path


def issue(ledger: Ledger, reference: str) -> tuple[dict[str, Any], Queued, Sent]:
    """Issue a bill and send it; where it can't be sent, it is issued all the same.

    Refused `mail.unset`, `mail.sender` before anything is done, and as `bill issue`.
    """
    with ledger.write():
        bill = find.bill(ledger, reference)
        if recipients(ledger, bill):
            mailing.refuse_unset(ledger)
        view = bills.issue(ledger, reference)
        queued = outbox.queue(ledger, reference)
    sent = mailing.send_waiting(ledger, bills=(bill.number,))
    return view | {"mail": mail_states.of_bill(ledger, bill)}, queued, sent


def send(ledger: Ledger, reference: str, *, again: bool = False) -> Sent:
    """Send an issued bill to its recipients, to each once unless `again` is asked for.

    Refused `mail.no-address`, `mail.sent`, `mail.retry` and as `outbox.queue`.
    """
    with ledger.write():
        bill = outbox.sendable(ledger, reference)
        _refuse_nobody(ledger, bill)
        mailing.refuse_unset(ledger)
        outbox.queue(ledger, reference)
        if again:
            _once_more(ledger, bill)
        waiting = [mail for mail in kept.of_bill(ledger, bill.id) if mail.waits]
        if not waiting:
            _refuse_done(ledger, bill)
    return mailing.send(ledger, waiting)


def write(
    ledger: Ledger, folder: Path, *, bill: str | None = None, again: bool = False
) -> tuple[Written, ...]:
    """Write messages to .eml files and send nothing: of a bill, or of all that waits.

    Refused `mail.sender`, `mail.no-address`, `mail.sent`, and what a letter is refused for.
    """
    who = sender(ledger)
    composer = Composer(ledger)
    found = []
    for bill_id, number, recipient, message_id in _to_write(ledger, bill, again=again):
        content, _ = composer.letter(bill_id, recipient, who, message_id)
        found.append((number, recipient, content))
    written = []
    folder.mkdir(parents=True, exist_ok=True)
    for number, recipient, content in found:
        path = folder / f"{file_name(f'{number}-{recipient}')}.eml"
        files.write(path, content)
        written.append(Written(number, recipient, path))
    files.settle(folder)
    return tuple(written)


def _to_write(
    ledger: Ledger, reference: str | None, *, again: bool
) -> list[tuple[int, str, str, str | None]]:
    if reference is None:
        waiting = [mail for mail in kept.waiting(ledger) if not mail.void]
        bills = {mail.bill_id: outbox.sendable(ledger, mail.bill) for mail in waiting}
        named = {bill_id: _named(ledger, bill) for bill_id, bill in bills.items()}
        return [
            _known(mail) for mail in waiting if mail.recipient.casefold() in named[mail.bill_id]
        ]
    bill = outbox.sendable(ledger, reference)
    _refuse_nobody(ledger, bill)
    wanted = _named(ledger, bill)
    there = kept.of_bill(ledger, bill.id)
    found = [_known(mail) for mail in there if mail.waits and mail.recipient.casefold() in wanted]
    for mail in there:
        if mail.waits or not again:
            wanted.pop(mail.recipient.casefold(), None)
    found += [(bill.id, bill.number, address, None) for address in wanted.values()]
    if not found:
        _refuse_done(ledger, bill)
    return found


def _named(ledger: Ledger, bill: BillFacts) -> dict[str, str]:
    """Whom a bill goes to, by the address in small letters."""
    return {address.casefold(): address for address in recipients(ledger, bill)}


def _known(mail: Mail) -> tuple[int, str, str, str | None]:
    return mail.bill_id, mail.bill, mail.recipient, mail.message_id


def _once_more(ledger: Ledger, bill: BillFacts) -> None:
    """A further message where the last one was sent or dropped; else that one goes again."""
    newest: dict[str, list[Mail]] = {}
    for mail in kept.of_bill(ledger, bill.id):
        newest.setdefault(mail.recipient.casefold(), []).append(mail)
    for address in recipients(ledger, bill):
        mails = newest[address.casefold()]
        if mails[-1].settled:
            outbox.add(ledger, bill, address, f"again-{len(mails)}")
        elif not mails[-1].waits:
            outbox.retry(ledger, [mails[-1].ref])


def _refuse_nobody(ledger: Ledger, bill: BillFacts) -> None:
    if not recipients(ledger, bill):
        raise Refused(
            "mail.no-address",
            f"Nobody is named who gets bill {bill.number} by e-mail; deliver it as a file or on "
            "paper.",
            hint=way_out(ledger, bill),
        )


def _refuse_done(ledger: Ledger, bill: BillFacts) -> None:
    """Nothing of a bill waits: it was sent, or somebody has to say that it goes again."""
    mails = kept.of_bill(ledger, bill.id)
    open_: Sequence[Mail] = [mail for mail in mails if not mail.settled]
    if open_:
        refs = " ".join(mail.ref for mail in open_)
        why = "; ".join(f"{mail.ref} to {mail.recipient}: {_standing(mail)}" for mail in open_)
        raise Refused(
            "mail.retry",
            f"What is left of bill {bill.number} goes only when you say so. {why}.",
            hint=f"billcli outbox retry {refs}",
        )
    told = ", ".join(
        f"{mail.recipient} at {outbox.told(ledger, mail.at)}"
        for mail in mails
        if mail.state == "sent"
    )
    raise Refused(
        "mail.sent",
        f"Bill {bill.number} was sent already: {told}." if told
        else f"The messages of bill {bill.number} were dropped.",
        hint=f"To send it once more: billcli bill send {bill.number} --again",
    )  # fmt: skip


def _standing(mail: Mail) -> str:
    return mail.reason or ("it may have gone out" if mail.state == "sending" else mail.state)
