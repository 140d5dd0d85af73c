"""The outbox: a bill queued for each recipient, listed, tried again, or dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from billcli.deliver.letters import BARE, address_of
from billcli.deliver.senders import Senders
from billcli.errors import NotFound, Refused, UsageProblem
from billcli.services.bill.mail_states import state_of
from billcli.services.delivery.recipients import recipients, way_out
from billcli.store import find, outbox, settings
from billcli.store.outbox import Mail, What
from billcli.values.text import shown

if TYPE_CHECKING:
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger

BILL = "bill"


@dataclass(frozen=True, slots=True)
class MailView:
    """A message of the outbox; `at` is when it came to be what it is, `tries` how often sent.

    `again` is set on a failure that the next sending tries again by itself.
    """

    id: str
    bill: str
    matter: str
    client: str
    to: str
    purpose: str
    state: str
    reason: str | None
    again: bool
    tries: int
    queued_at: str
    at: str
    message_id: str | None


@dataclass(frozen=True, slots=True)
class Queued:
    """A bill with its messages; without any it goes out as a file or on paper."""

    bill: str
    matter: str
    client: str
    mails: tuple[MailView, ...]
    hint: str | None = None

    @property
    def to_deliver(self) -> bool:
        """Whether nobody gets it by e-mail, which is no error (§6.3)."""
        return not self.mails


def queue(ledger: Ledger, reference: str) -> Queued:
    """Put an issued bill into the outbox, once for each recipient (B1); within the issue's change.

    Refused `mail.not-issued`, `mail.void`, `mail.address`.
    """
    with ledger.write():
        bill = sendable(ledger, reference)
        wanted = recipients(ledger, bill)
        there = outbox.of_bill(ledger, bill.id)
        for address in wanted:
            if address.casefold() not in {mail.recipient.casefold() for mail in there}:
                add(ledger, bill, address, BILL)
        for mail in there:
            if mail.state in ("queued", "failed"):
                drop_stranger(ledger, mail, wanted)
        mails = tuple(view(mail) for mail in outbox.of_bill(ledger, bill.id))
        hint = None if mails else way_out(ledger, bill)
        return Queued(bill.number, bill.matter, bill.client, mails, hint)


def drop_stranger(ledger: Ledger, mail: Mail, wanted: Sequence[str]) -> bool:
    """Drop a message to somebody whom the matter doesn't name any more; whether it was one.

    The caller holds the transaction.
    """
    if mail.recipient.casefold() in {address.casefold() for address in wanted}:
        return False
    note(ledger, mail, "dropped", reason=f"{mail.matter} doesn't name this address any more")
    return True


def sendable(ledger: Ledger, reference: str) -> BillFacts:
    """A bill that can go to the client. Refused `mail.not-issued`, `mail.void`."""
    bill = find.bill(ledger, reference)
    if bill.state == "approved":
        raise Refused(
            "mail.not-issued",
            f"Bill {bill.number} is not issued yet.",
            hint=f"billcli bill issue {bill.number} --send",
        )
    if bill.state == "void":
        raise Refused("mail.void", f"Bill {bill.number} is void; it isn't sent any more.")
    return bill


def add(ledger: Ledger, bill: BillFacts, address: str, purpose: str) -> None:
    """Queue one message; the caller holds the transaction. Refused `mail.address`.

    An address that is only misspelt keeps no bill from being issued: it fails when it is sent to.
    """
    if not BARE.fullmatch(address):
        address_of(address)
    after = {"bill": bill.number, "to": address, "purpose": purpose}
    mark = ledger.record(f"mail of bill {bill.number}", after=after, matter_id=bill.matter_id)
    outbox.add(ledger, bill_id=bill.id, recipient=address, purpose=purpose, at=moment(), mark=mark)


def note(
    ledger: Ledger,
    mail: Mail,
    what: What,
    *,
    reason: str | None = None,
    again: bool = False,
    message_id: str | None = None,
) -> None:
    """Note what became of a message; the caller holds the transaction."""
    after = {"state": what, "reason": reason, "message_id": message_id}
    mark = ledger.record(
        f"mail {mail.ref}",
        before={"state": mail.state},
        after={name: value for name, value in after.items() if value is not None},
        matter_id=mail.matter_id,
    )
    outbox.note(
        ledger, mail, what, at=moment(), mark=mark, message_id=message_id, reason=reason,
        again=again,
    )  # fmt: skip


def list_(
    ledger: Ledger, *, state: str | None = None, bill: str | None = None
) -> tuple[MailView, ...]:
    """The messages, oldest first; one that was being sent by a process that died is unknown."""
    bill_id = find.bill(ledger, bill).id if bill else None
    senders = Senders(ledger.path)
    views = [view(mail, senders) for mail in outbox.all_(ledger) if bill_id in (None, mail.bill_id)]
    return tuple(each for each in views if state in (None, each.state))


def retry(ledger: Ledger, references: Sequence[str]) -> tuple[Mail, ...]:
    """Let messages that failed, or that may have gone out, be sent once more.

    Refused `mail.sent`, `mail.dropped`, `mail.at-work`, `mail.void`.
    """
    with ledger.write():
        senders = Senders(ledger.path)
        found = [_again(ledger, message(ledger, reference), senders) for reference in references]
    return tuple(found)


def drop(ledger: Ledger, reference: str, *, reason: str) -> MailView:
    """Take a message out of the outbox: it isn't sent, and the bill doesn't wait for it.

    Refused `mail.sent`, `mail.dropped`, `mail.at-work`.
    """
    with ledger.write():
        mail = message(ledger, reference)
        _refuse_settled(ledger, mail)
        _refuse_at_work(mail, Senders(ledger.path))
        note(ledger, mail, "dropped", reason=reason)
        return view(message(ledger, reference))


def message(ledger: Ledger, reference: str) -> Mail:
    """A message by its M-n. UsageProblem `mail.reference`; NotFound `mail.missing`."""
    typed = re.fullmatch(r"(?:M-)?([1-9][0-9]{0,15})", reference.strip().upper(), re.ASCII)
    if typed is None:
        raise UsageProblem(
            "mail.reference",
            f"{shown(reference)} is no message of the outbox.",
            hint="It is written M-3; `billcli outbox list` has them.",
        )
    found = outbox.one(ledger, int(typed[1]))
    if found is None:
        raise NotFound(
            "mail.missing", f"There is no message M-{typed[1]}.", hint="See `billcli outbox list`."
        )
    return found


def view(mail: Mail, senders: Senders | None = None) -> MailView:
    """A message as it is told; `senders` says whether one that is being sent still is."""
    state, reason = state_of(mail, senders) if senders else (mail.state, mail.reason)
    return MailView(
        id=mail.ref,
        bill=mail.bill,
        matter=mail.matter,
        client=mail.client,
        to=mail.recipient,
        purpose=mail.purpose.replace("-", "_"),
        state=state,
        reason=reason,
        again=mail.again,
        tries=mail.tries,
        queued_at=mail.queued_at,
        at=mail.at,
        message_id=mail.message_id,
    )


def moment() -> str:
    """The moment it really is, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def told(ledger: Ledger, at: str) -> str:
    """A moment as the firm's own clock showed it."""
    zone = ZoneInfo(str(settings.get(ledger, "firm.timezone")))
    return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _again(ledger: Ledger, mail: Mail, senders: Senders) -> Mail:
    _refuse_settled(ledger, mail)
    _refuse_at_work(mail, senders)
    sendable(ledger, mail.bill)
    if mail.state != "queued":
        note(ledger, mail, "retried")
    return message(ledger, mail.ref)


def _refuse_settled(ledger: Ledger, mail: Mail) -> None:
    if mail.state == "sent":
        raise Refused(
            "mail.sent",
            f"{mail.ref} was sent to {mail.recipient} at {told(ledger, mail.at)}.",
            hint=f"To send the bill once more: billcli bill send {mail.bill} --again",
        )
    if mail.state == "dropped":
        raise Refused(
            "mail.dropped",
            f"{mail.ref} was dropped: {mail.reason}.",
            hint=f"To send the bill after all: billcli bill send {mail.bill} --again",
        )


def _refuse_at_work(mail: Mail, senders: Senders) -> None:
    if mail.state == "sending" and senders.at_work(mail.id):
        raise Refused(
            "mail.at-work",
            f"{mail.ref} is being sent right now.",
            hint="See `billcli outbox list` in a moment.",
        )
