"""Bills as orders for an electronic file, with everything that receivers ask for."""

from __future__ import annotations

from typing import Any

from billcli.core.document import BillDocument
from billcli.formats.ledes.model import Order, Place, Profile, Timekeeper

PEOPLE = {
    "MA": Timekeeper("MA", "Maria Alvarez", "Alvarez", "Maria", "PARTNR"),
    "JB": Timekeeper("JB", "Jonas Berg", None, None, "ASSOC"),
}
FIRM = Place(
    "Alvarez Law PLLC", ("12 Elm Street, Suite 4", "Floor 2"), "Austin", "TX", "78701", "US",
    "12-3456789",
)  # fmt: skip
CLIENT = Place("Ana Rivera", ("88 Oak Avenue",), "Austin", "TX", "78702", "US")


def order_of(document: BillDocument, **profile: Any) -> Order:
    """A bill, to be sent to a client with these rules."""
    return Order(document, FIRM, CLIENT, PEOPLE, Profile(**profile))
