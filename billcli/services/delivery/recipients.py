"""Whom a bill goes to by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billcli.core.options import effective
from billcli.services.arrangement import standing
from billcli.store import people, settings

if TYPE_CHECKING:
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger


def recipients(ledger: Ledger, bill: BillFacts) -> tuple[str, ...]:
    """The addresses of a bill, each once; none where it goes out as a file or on paper (§6.3).

    The addresses of a matter are its own client's. Another payor's bill goes to that payor.
    """
    file = standing.file_of(ledger, bill.matter_id)
    known = settings.all_(ledger)
    own = people.party(ledger, bill.client).email
    if file.client is None or file.client.id != bill.client:
        return (own,) if own else ()
    found = list(effective("email", file.options, known))
    if own and effective("email_client", file.options, known):
        found.append(own)
    return tuple({address.casefold(): address for address in reversed(found)}.values())[::-1]


def template_of(ledger: Ledger, bill: BillFacts) -> str:
    """The template of mail with a bill: the matter's, or the firm's."""
    options = standing.file_of(ledger, bill.matter_id).options
    return str(effective("email_template", options, settings.all_(ledger)))


def way_out(ledger: Ledger, bill: BillFacts) -> str:
    """How a bill without an address gets one."""
    own = people.party(ledger, bill.client).email
    if own:
        return f"To mail it to {own}: billcli matter billing {bill.matter} --email-client"
    return f"Give the address: billcli matter billing {bill.matter} --email ADDRESS"
