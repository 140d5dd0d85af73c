"""What every command that sends mail says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billcli.cli._show import say, warn

if TYPE_CHECKING:
    from billcli.services.delivery.mailing import Sent
    from billcli.services.delivery.outbox import Queued


def tell_sent(sent: Sent) -> None:
    """A line for each message: what went out, what didn't and why."""
    for mail in sent.sent:
        say(f"Bill {mail.bill} was sent to {mail.to} ({mail.id}).")
    for mail in sent.dropped:
        say(f"{mail.id} to {mail.to} was dropped: {mail.reason}.")
    for mail in sent.failed:
        warn(f"{mail.id} with bill {mail.bill} to {mail.to} failed: {mail.reason}")
    for mail in sent.unknown:
        warn(f"{mail.id} with bill {mail.bill} to {mail.to} may have gone out: {mail.reason}")


def tell_to_deliver(queued: Queued) -> None:
    """A bill that nobody gets by e-mail."""
    if queued.to_deliver:
        say(f"To deliver: bill {queued.bill} has no e-mail address. {queued.hint or ''}".rstrip())
