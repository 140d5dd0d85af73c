"""What a bill prints of client money: its receipts, and what is held, announced and asked for."""

from __future__ import annotations

from billcli.core.document import BillDocument, Receipt
from billcli.render.figures import Figures
from billcli.render.sandbox import Fields

_SOURCES = {
    "direct": "Payment received",
    "credit": "Credit applied",
    "trust": "Paid from trust",
    "retainer": "Paid from general retainer",
}
_PLANNED = {
    "credit": "Credit to be applied",
    "trust": "To be paid from trust",
    "retainer": "To be paid from general retainer",
}


def receipt_row(receipt: Receipt, say: Figures) -> Fields:
    """What was paid, or will be at the issue, as the client reads it."""
    known = (_PLANNED if receipt.planned else _SOURCES).get(receipt.source)
    return Fields(
        date=say.short_day(receipt.day),
        source=receipt.source,
        words=known or receipt.source.replace("_", " ").replace("-", " ").capitalize(),
        reference=receipt.reference or "",
        amount=say.amount(-receipt.cents),
    )


def sentences(document: BillDocument, say: Figures) -> list[str]:
    """A line each: the notice (T4), what could be applied (D-41), the top-up, what is held."""
    funds = document.funds
    if funds is None or document.state == "void":
        return []

    def money(cents: int) -> str:
        return f"{document.currency} {say.amount(cents)}"

    said = []
    if funds.notice_cents and funds.notice_on:
        day = say.day(funds.notice_on)
        said.append(
            f"We will withdraw {money(funds.notice_cents)} for this bill from the money that we "
            f"hold for you in trust, on {day} or later; you need not pay that part. If you object, "
            "tell us before that day."
        )
    if funds.offered_cents:
        left = document.balance_cents - funds.offered_cents
        said.append(
            f"{money(funds.offered_cents)} that we hold for you could pay this bill; if applied, "
            f"the balance due would be {money(left)}."
        )
    top_up = document.replenishment_due_cents
    if top_up:
        what = "your general retainer" if funds.account == "retainer" else "your deposit in trust"
        named = f" {funds.request}" if funds.request else ""
        said.append(
            f"The replenishment{named} of {money(top_up)} fills {what}. It is no charge: it stays "
            "your money until it is applied to a bill."
        )
    if funds.trust_cents is not None:
        said.append(f"Held for you in trust after this bill: {money(funds.trust_cents)}.")
    if funds.retainer_cents is not None:
        said.append(f"Your general retainer after this bill: {money(funds.retainer_cents)}.")
    return said
