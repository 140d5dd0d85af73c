"""Where the mail of a bill stands, as lists and the bill itself tell it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from billcli.deliver.senders import Senders
from billcli.store import outbox

if TYPE_CHECKING:
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger
    from billcli.store.outbox import Mail

LOST = "the program ended while it was sent"


def state_of(mail: Mail, senders: Senders) -> tuple[str, str | None]:
    """State and reason; what a process was sending that doesn't live any more is unknown."""
    if mail.state == "sending" and not senders.at_work(mail.id):
        return "unknown", LOST
    return mail.state, mail.reason


def listed(ledger: Ledger, mails: Iterable[Mail]) -> list[dict[str, Any]]:
    """Messages in a list."""
    senders = Senders(ledger.path)
    found = []
    for mail in mails:
        state, reason = state_of(mail, senders)
        found.append(
            {
                "id": mail.ref,
                "number": mail.bill,
                "matter": mail.matter,
                "client": mail.client,
                "to": mail.recipient,
                "state": state,
                "reason": reason,
                "since": mail.queued_at[:10],
            }
        )
    return found


def of_bill(ledger: Ledger, bill: BillFacts) -> list[dict[str, Any]]:
    """The messages of a bill: whom it went to, and what became of each."""
    return [
        {key: row[key] for key in ("id", "to", "state", "reason")}
        for row in listed(ledger, outbox.of_bill(ledger, bill.id))
    ]


def sentence(ledger: Ledger, bill: BillFacts) -> str | None:
    """The same in a line, where it went by e-mail at all."""
    words = {"queued": "waits to go to", "sending": "is being sent to", "sent": "sent to",
             "failed": "failed to", "unknown": "may have gone to"}  # fmt: skip
    told = [
        f"{words[row['state']]} {row['to']} ({row['id']})"
        for row in of_bill(ledger, bill)
        if row["state"] in words
    ]
    return f"By e-mail: {', '.join(told)}." if told else None
