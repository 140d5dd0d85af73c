"""The mail account tried out: the line, its certificate, the login, and a letter if wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from billcli.deliver.letters import Letter, address_of, new_message_id, written
from billcli.deliver.mail import NotSent, Uncertain
from billcli.errors import BatchFailed
from billcli.services.delivery.account import account
from billcli.store import settings

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried, step by step."""

    host: str
    port: int
    security: str
    sender: str
    steps: tuple[str, ...]
    to: str | None = None
    message_id: str | None = None


def attempt(ledger: Ledger, *, to: str | None = None) -> Trial:
    """Call the server and log in; with an address, send it a letter. Nothing is kept.

    Refused `mail.unset`, `mail.sender`, `mail.address`; BatchFailed `mail.failed`.
    """
    known = account(ledger)
    recipient = address_of(to).addr_spec if to else None
    mailbox = known.mailbox()
    message_id = new_message_id(known.sender)
    try:
        steps = mailbox.open()
        if recipient:
            firm = str(settings.get(ledger, "firm.name"))
            letter = Letter(
                sender=known.sender,
                recipient=recipient,
                subject=f"{firm}: mail works",
                body="This is a test of the mail account that bills are sent from.\n",
                message_id=message_id,
                at=datetime.now(UTC).replace(microsecond=0).astimezone(known.zone),
                reply_to=known.reply_to,
            )
            mailbox.send(known.envelope_sender, recipient, written(letter))
            steps.append(f"sent a letter to {recipient}")
    except (NotSent, Uncertain) as fault:
        raise BatchFailed(
            "mail.failed",
            f"Mail doesn't work: {fault.reason}.",
            hint="Name the file of your own authority in SSL_CERT_FILE, if the server is yours."
            if "certificate" in fault.reason
            else "The settings are those of `billcli firm show`, email.host and the rest.",
        ) from fault
    finally:
        mailbox.close()
    server = known.server
    return Trial(
        host=server.host,
        port=server.port,
        security=server.security,
        sender=known.sender,
        steps=tuple(steps),
        to=recipient,
        message_id=message_id if recipient else None,
    )
