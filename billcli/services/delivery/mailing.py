"""Sending what waits in the outbox: each message at most once, whatever crashes (B1).

`sending` is committed before a message goes out, and `sent` after the server's 250. What is found
in between may have gone out, so only `outbox retry` sends it again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from billcli.deliver.letters import address_of
from billcli.deliver.mail import NotSent, Uncertain
from billcli.deliver.senders import Senders
from billcli.errors import BatchFailed, BillError, LedgerProblem
from billcli.services.delivery import outbox
from billcli.services.delivery.account import account
from billcli.services.delivery.composing import Composer, said
from billcli.services.delivery.outbox import MailView, note, view
from billcli.services.delivery.recipients import recipients
from billcli.store import bill_reads
from billcli.store import outbox as kept

if TYPE_CHECKING:
    from billcli.deliver.mail import Mailbox
    from billcli.services.delivery.account import Account
    from billcli.store.ledger import Ledger
    from billcli.store.outbox import Mail, What

Tick = Callable[[int, int], None]
PATIENCE = 6
"""How often the note of a letter that went out waits for a busy ledger."""


@dataclass
class Sent:
    """What a sending came to."""

    sent: list[MailView] = field(default_factory=list)
    failed: list[MailView] = field(default_factory=list)
    unknown: list[MailView] = field(default_factory=list)
    dropped: list[MailView] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything went out that had to."""
        return not (self.failed or self.unknown)

    def view(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "sent": self.sent,
            "failed": self.failed,
            "unknown": self.unknown,
            "dropped": self.dropped,
        }


def refuse_unset(ledger: Ledger) -> None:
    """Say at once that nothing can be sent. Refused `mail.unset`, `mail.sender`."""
    account(ledger)


def send_waiting(
    ledger: Ledger, *, bills: Collection[str] | None = None, tick: Tick | None = None
) -> Sent:
    """Send what waits, of these bills or of all; what can't be sent is told, never raised.

    Refused `mail.unset`, `mail.sender` where something waits and the firm has no mail account.
    """
    waiting = [mail for mail in kept.waiting(ledger) if bills is None or mail.bill in bills]
    return send(ledger, waiting, tick=tick)


def send(
    ledger: Ledger, mails: Sequence[Mail], *, tick: Tick | None = None, asked_for: bool = False
) -> Sent:
    """Send these messages, as far as they still wait.

    Whom the matter doesn't name any more gets one only where it was asked for by its M-n.
    """
    report = Sent()
    if not mails:
        return report
    known = account(ledger)
    mailbox = known.mailbox()
    with Senders(ledger.path) as senders:
        post = _Post(ledger, known, mailbox, senders, report, asked_for)
        try:
            for n, mail in enumerate(mails, 1):
                post.send(mail)
                if tick:
                    tick(n, len(mails))
        finally:
            mailbox.close()
    return report


def raise_failures(sent: Sent) -> None:
    """End with exit code 6 where something wasn't sent; the rest was. BatchFailed `mail.failed`."""
    if sent.ok:
        return
    total = len(sent.sent) + len(sent.failed) + len(sent.unknown)
    missed = [f"{each.id} to {each.to}" for each in (*sent.failed, *sent.unknown)]
    more = f" and {len(missed) - 5} more" if len(missed) > 5 else ""
    raise BatchFailed(
        "mail.failed",
        f"{len(missed)} of {total} messages not sent: {', '.join(missed[:5])}{more}.",
        hint="See `billcli outbox list`. What may pass goes with the next `billcli outbox send`, "
        "the rest with `billcli outbox retry ID`.",
    )


@dataclass
class _Post:
    """One sending: the line to the server, and what is told of it."""

    ledger: Ledger
    account: Account
    mailbox: Mailbox
    senders: Senders
    report: Sent
    asked_for: bool
    down: NotSent | None = None
    """Why the server can't be had; later messages aren't tried on it."""

    def __post_init__(self) -> None:
        self.composer = Composer(self.ledger)

    def send(self, mail: Mail) -> None:
        """Send one message that waits; others may be sending too."""
        try:
            content, message_id = self.composer.letter(
                mail.bill_id, mail.recipient, self.account.sender, mail.message_id
            )
            if self.down is not None:
                raise self.down
            self.mailbox.open()
        except BillError as fault:
            if fault.exit_code == 5:
                raise
            # The address stands as it was queued: no later try makes it a right one.
            self._failed(mail, said(fault), again=fault.code != "mail.address")
            return
        except NotSent as fault:
            self._failed(mail, fault.reason, again=fault.again, fault=fault)
            return
        claimed = self._claim(mail, message_id)
        if claimed is None:
            return
        try:
            self._hand_in(claimed, content)
        except KeyboardInterrupt:
            self._note(claimed, "unknown", "it was interrupted")
            raise
        finally:
            self.senders.let_go(mail.id)

    def _claim(self, mail: Mail, message_id: str) -> Mail | None:
        """Commit that this process sends it; None where another one does, or did."""
        with self.ledger.write():
            now = kept.one(self.ledger, mail.id)
            if now is None or not now.waits:
                return None
            if self._dropped(now):
                return None
            note(self.ledger, now, "sending", message_id=message_id)
            self.senders.take(mail.id)
            return kept.one(self.ledger, mail.id)

    def _hand_in(self, mail: Mail, content: bytes) -> None:
        try:
            to = address_of(mail.recipient).addr_spec
            self.mailbox.send(self.account.envelope_sender, to, content)
        except NotSent as fault:
            self._note(mail, "failed", fault.reason, again=fault.again)
            if fault.server:
                self.down = fault
        except Uncertain as fault:
            self._note(mail, "unknown", fault.reason)
        else:
            self._note(mail, "sent")

    def _failed(
        self, mail: Mail, reason: str, *, again: bool, fault: NotSent | None = None
    ) -> None:
        """Note a message that wasn't even begun, unless another process has it by now."""
        if fault is not None and fault.server:
            self.down = fault
        with self.ledger.write():
            now = kept.one(self.ledger, mail.id)
            if now is None or not now.waits:
                return
            if self._dropped(now):
                return
            note(self.ledger, now, "failed", reason=reason, again=again)
        self._tell(mail)

    def _dropped(self, mail: Mail) -> bool:
        """Drop what isn't to be sent any more, unless somebody asked for just this message."""
        if mail.void:
            note(self.ledger, mail, "dropped", reason=f"bill {mail.bill} is void")
        elif self.asked_for or not self._is_stranger(mail):
            return False
        self._tell(mail)
        return True

    def _is_stranger(self, mail: Mail) -> bool:
        bill = bill_reads.one(self.ledger, mail.bill_id)
        return bill is not None and outbox.drop_stranger(
            self.ledger, mail, recipients(self.ledger, bill)
        )

    def _note(
        self, mail: Mail, what: What, reason: str | None = None, *, again: bool = False
    ) -> None:
        """Note what the server said; a busy ledger is waited for longer than usual."""
        for turn in range(PATIENCE):
            try:
                with self.ledger.write():
                    note(self.ledger, mail, what, reason=reason, again=again)
                break
            except LedgerProblem as fault:
                if fault.code != "ledger.busy" or turn == PATIENCE - 1:
                    raise
        self._tell(mail)

    def _tell(self, mail: Mail) -> None:
        now = kept.one(self.ledger, mail.id)
        if now is not None:
            getattr(self.report, now.state).append(view(now))


__all__ = ["Sent", "outbox", "raise_failures", "refuse_unset", "send", "send_waiting"]
