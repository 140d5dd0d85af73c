"""Whom a bill goes to by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billcli.core.options import effective
from billcli.store import find, matters, people, settings

if TYPE_CHECKING:
    from billcli.store.bill_reads import BillFacts
    from billcli.store.ledger import Ledger


def recipients(ledger: Ledger, bill: BillFacts) -> tuple[str, ...]:
    """The addresses of a bill, each once; none where it goes out as a file or on paper (§6.3).

    The addresses of a matter are its own client's. Another payor's bill goes to that payor.
    """
    own = people.party(ledger, bill.client).email
    if find.matter_by_id(ledger, bill.matter_id).client_id != bill.client:
        return (own,) if own else ()
    found = list(option(ledger, bill, "email"))
    if own and option(ledger, bill, "email_client"):
        found.append(own)
    return tuple({address.casefold(): address for address in reversed(found)}.values())[::-1]


def template_of(ledger: Ledger, bill: BillFacts) -> str:
    """The template of mail with a bill: the matter's, or the firm's."""
    return str(option(ledger, bill, "email_template"))


def option(ledger: Ledger, bill: BillFacts, name: str) -> Any:
    """A billing option of the bill's matter, or the firm's."""
    return effective(name, matters.options_of(ledger, bill.matter_id), settings.own(ledger))


def way_out(ledger: Ledger, bill: BillFacts) -> str:
    """How a bill without an address gets one."""
    own = people.party(ledger, bill.client).email
    if own:
        return f"To mail it to {own}: billcli matter billing {bill.matter} --email-client"
    return f"Give the address: billcli matter billing {bill.matter} --email ADDRESS"
