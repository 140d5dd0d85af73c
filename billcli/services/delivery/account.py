"""The firm's mail account: which server, who sends, and where the password is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from billcli.deliver.letters import address_of, sender_of
from billcli.deliver.mail import PORTS, Mailbox, Security, Server
from billcli.deliver.passwords import password
from billcli.errors import Refused
from billcli.store import settings

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Account:
    """What the firm's settings say about mail."""

    server: Server
    sender: str
    reply_to: str | None
    command: str | None
    zone: ZoneInfo

    @property
    def envelope_sender(self) -> str:
        """The bare address that refusals come back to."""
        return sender_of(self.sender).addr_spec

    def mailbox(self) -> Mailbox:
        """A way to the server, not opened yet."""
        user = self.server.username or ""
        return Mailbox(self.server, partial(password, self.command, user))


def account(ledger: Ledger) -> Account:
    """The mail account. Refused `mail.unset`, `mail.sender`, `mail.address`."""
    known = settings.all_(ledger)
    host = str(known.get("email.host") or "").strip()
    if not host:
        raise Refused(
            "mail.unset",
            "The firm has no mail server.",
            hint="billcli firm set email.host smtp.alvarez.example; then: billcli mail test",
        )
    security: Security = known.get("email.security") or "starttls"
    reply_to = known.get("email.reply_to") or None
    if reply_to:
        address_of(reply_to)
    return Account(
        server=Server(
            host,
            int(known.get("email.port") or PORTS[security]),
            security,
            known.get("email.username") or None,
        ),
        sender=sender(ledger),
        reply_to=reply_to,
        command=known.get("email.password_command") or None,
        zone=ZoneInfo(str(known["firm.timezone"])),
    )


def sender(ledger: Ledger) -> str:
    """Who sends: `email.from`, or else the firm at its address. Refused `mail.sender`."""
    given, address = (settings.get(ledger, key) for key in ("email.from", "firm.email"))
    if not given and not address:
        raise Refused(
            "mail.sender",
            "The firm has no address that mail could come from.",
            hint="billcli firm set email.from 'Alvarez Law <office@alvarez.example>'",
        )
    found = str(given or f"{settings.get(ledger, 'firm.name')} <{address}>".replace("\n", " "))
    sender_of(found)
    return found
