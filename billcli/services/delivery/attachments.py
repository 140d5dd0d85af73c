"""What goes with the mail of a bill: its frozen pages, and its electronic form where agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billcli.deliver.letters import Attachment
from billcli.services.delivery.recipients import option
from billcli.store import bill_reads, settings
from billcli.values.text import file_name

if TYPE_CHECKING:
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger

TYPES = {"html": "text/html", "pdf": "application/pdf", "md": "text/markdown"}
SETTING = "email.attach"
STANDARD = ("html",)


def of_bill(ledger: Ledger, bill: BillFacts) -> tuple[Attachment, ...]:
    """The files of an issued bill, as `email.attach` names them; LEDES with e-billing on.

    What `export ledes` refuses, and what the PDF needs, is refused here too.
    """
    forms = settings.get(ledger, SETTING) or STANDARD
    found = [_page(ledger, bill, form) for form in forms]
    if option(ledger, bill, "ebilling"):
        found.append(_electronic(ledger, bill))
    return tuple(found)


def _page(ledger: Ledger, bill: BillFacts, form: str) -> Attachment:
    name = f"{file_name(bill.number)}.{form}"
    if form == "pdf":
        from billcli.services.bill import bill_reading

        return Attachment(name, bill_reading.render(ledger, bill.number, form="pdf"), TYPES[form])
    content, _ = bill_reads.pages(ledger, bill.id)[form]
    return Attachment(name, content, TYPES[form])


def _electronic(ledger: Ledger, bill: BillFacts) -> Attachment:
    from billcli.services.exchange import ledes

    made = ledes.export(ledger, [bill.number])
    name = f"{file_name(made.bills[0].invoice_number)}.txt"
    # A receiver reads its bytes: a mail program must not turn them into text of its own.
    return Attachment(name, made.content or b"", "application/octet-stream")
