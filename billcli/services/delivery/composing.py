"""The letter that a bill goes out with: its text, its attachments, its sender."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from billcli.deliver.letters import Attachment, Letter, new_message_id, written
from billcli.errors import BillError, NotFound
from billcli.services.bill import bill_reading
from billcli.services.delivery import attachments
from billcli.services.delivery.recipients import template_of
from billcli.store import bill_reads, settings

if TYPE_CHECKING:
    from billcli.render.mail import MailTemplates
    from billcli.store.ledger import Ledger


@dataclass
class Composer:
    """Writes the letters of a sending; a bill's text and files are made once for its recipients."""

    ledger: Ledger
    settings: dict[str, Any] = field(init=False)
    _templates: MailTemplates | None = None
    _made: tuple[int, str, str, tuple[Attachment, ...]] | None = None

    def __post_init__(self) -> None:
        self.settings = settings.all_(self.ledger)

    def letter(
        self, bill_id: int, recipient: str, sender: str, message_id: str | None
    ) -> tuple[bytes, str]:
        """The letter whole, and its Message-ID, which it keeps when it is sent once more.

        What a template, the electronic form or an address is refused for, this is.
        """
        subject, body, files = self._contents(bill_id)
        known = message_id or new_message_id(sender)
        now = datetime.now(UTC).replace(microsecond=0)
        letter = Letter(
            sender=sender,
            recipient=recipient,
            subject=subject,
            body=body,
            message_id=known,
            at=now.astimezone(ZoneInfo(str(self.settings["firm.timezone"]))),
            reply_to=self.settings.get("email.reply_to") or None,
            attachments=files,
        )
        return written(letter), known

    def _contents(self, bill_id: int) -> tuple[str, str, tuple[Attachment, ...]]:
        if self._made is None or self._made[0] != bill_id:
            bill = bill_reads.one(self.ledger, bill_id)
            if bill is None:
                raise NotFound("bill.missing", f"There is no bill D-{bill_id}.")
            files = attachments.of_bill(self.ledger, bill)
            document, _ = bill_reading.document_of(self.ledger, bill.number)
            subject, body = self._shelf().render(
                document,
                template_of(self.ledger, bill),
                balance_cents=bill.balance_cents,
                attachments=tuple(each.name for each in files),
            )
            self._made = (bill_id, subject, body, files)
        return self._made[1:]

    def _shelf(self) -> MailTemplates:
        if self._templates is None:
            from billcli.render.mail import MailTemplates

            folder = self.ledger.path.parent / "templates"
            self._templates = MailTemplates(folder if folder.is_dir() else None)
        return self._templates


def said(fault: BillError) -> str:
    """What is wrong with a letter, with the way out, as the outbox keeps it."""
    return f"{fault.sentence} {fault.hint}" if fault.hint else fault.sentence
