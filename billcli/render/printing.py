"""What a bill prints, ready-made: every amount and date as text, once for all its forms.

The names of the fields are the merge fields of `docs/templates.md`: they don't change.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from billcli.core.document import BillDocument
from billcli.core.lines import Line
from billcli.render.figures import Figures, figures
from billcli.render.funds import receipt_row, sentences
from billcli.render.lines import by_timekeeper, columns, cost_row, fee_row, total_hours
from billcli.render.sandbox import WEB_ADDRESS, Fields
from billcli.render.shares import payor_rows, row_of, share_fields, wholes

NOT_ISSUED = "DRAFT — not yet issued"
_UNISSUED = ("preview", "draft", "approved")
_ARRANGEMENTS = {
    "capped": "Fee cap",
    "capped-recurring": "Fee cap per period",
    "capped-recurring-reserve": "Fee cap per period",
    "capped-rate-recurring-reserve": "Fee cap per period",
    "fixed": "Fixed fee",
    "fixed-recurring": "Fixed fee per period",
    "minimum-recurring": "Minimum fee per period",
}
_PERCENT = re.compile(r"(\d+)(?:\.(\d+))? %")


def printable(document: BillDocument) -> Fields:
    """All merge fields of a bill; what doesn't apply is the empty text."""
    say = figures(document.firm.locale, document.decimals)
    bill = document.bill
    priced = not bill.hide_line_pricing
    printed = [(n, line) for n, line in enumerate(bill.lines) if _on_paper(line)]
    taken = [(n, line) for n, line in printed if line.class_ == "fee"]
    if not priced:
        # S1: with line pricing hidden, the total alone tells an adjustment.
        taken = [(n, line) for n, line in taken if line.kind not in ("adjustment", "reserve")]
    fees = [line for _, line in taken]
    whole = wholes(document)
    milestones = {milestone.number: milestone for milestone in document.milestones}

    def fee(line: Line) -> Fields:
        return fee_row(line, milestones, say, priced=priced)

    def cost(line: Line) -> Fields:
        return cost_row(line, say)

    rows = [row_of(line, whole.get(n), say, fee) for n, line in taken]
    totals = _totals(document, say)
    discount = _discount_words(document, say)
    return Fields(
        firm=_firm(document, say),
        client=Fields(
            id=document.client.id,
            name=document.client.name,
            address=document.client.address,
            email=document.client.email or "",
        ),
        matter=Fields(
            number=document.matter_number,
            title=document.matter_title,
            client_matter_id=document.client_matter_id or "",
        ),
        bill=_facts(document, say, discount),
        fees=rows,
        costs=[
            row_of(line, whole.get(n), say, cost) for n, line in printed if line.class_ == "cost"
        ],
        shows=columns(rows, priced=priced),
        hours=total_hours(fees, say),
        timekeepers=by_timekeeper(fees, say, priced=priced and not whole),
        taxes=[
            Fields(
                code=tax.code,
                label=tax.label,
                percent=say.percent(tax.percent_e4),
                base=say.amount(tax.base_cents),
                amount=say.amount(tax.tax_cents),
            )
            for tax in bill.taxes
        ],
        receipts=[receipt_row(receipt, say) for receipt in document.receipts],
        funds=sentences(document, say),
        share=share_fields(document, say),
        payors=payor_rows(document, say),
        totals=totals,
        payment=_payment(document),
        BillRetainer_AmountDue=totals["replenishment"],
        SP_FeeDiscountDescription=discount or _reduction(bill.lines, priced=priced),
    )


def _on_paper(line: Line) -> bool:
    """Hidden entries don't print (D-12); were one to cost something, the sum needs it (B2)."""
    return line.printed or line.amount_cents != 0


def _firm(document: BillDocument, say: Figures) -> Fields:
    firm = document.firm
    return Fields(
        name=firm.name,
        address=firm.address,
        email=firm.email or "",
        phone=firm.phone or "",
        website=firm.website or "",
        tax_id=firm.tax_id or "",
        # Nothing is fetched when a bill is read: a logo that isn't in the bill isn't shown.
        logo=firm.logo if firm.logo and firm.logo.startswith("data:image/") else "",
        page="A4" if firm.page.lower() == "a4" else "letter",
        language=say.language,
    )


def _facts(document: BillDocument, say: Figures, discount: str) -> Fields:
    bill = document.bill
    # Counted, because a milestone's terms may be shorter than the matter's.
    days = (bill.due_on - bill.day).days
    return Fields(
        id=document.id,
        number=document.number or document.id,
        state=document.state,
        mark=_mark(document),
        date=say.day(bill.day),
        due_date=say.day(bill.due_on),
        through=say.day(bill.through),
        terms_days=days,
        terms="on receipt" if days <= 0 else f"within {days} day{'s' if days != 1 else ''}",
        currency=document.currency,
        arrangement=_arrangement(document, say),
        discount_label=discount,
        note=document.note or "",
    )


def _mark(document: BillDocument) -> str:
    if document.state == "void":
        return "VOID"
    if document.state in _UNISSUED or document.number is None:
        return NOT_ISSUED
    return ""


def _arrangement(document: BillDocument, say: Figures) -> str:
    """What was agreed and what of it is billed already."""
    kind, value = document.bill.arrangement, document.arrangement_value_cents
    if value is None:
        return ""
    words = _ARRANGEMENTS.get(kind, "Agreed value")
    words += ", costs included," if any(p.costs_cents for p in document.bill.parts) else ""
    before = document.previously_billed_cents
    billed = f"; previously billed {say.amount(before)}" if before else ""
    return f"{words} {say.amount(value)}{billed}"


def _discount_words(document: BillDocument, say: Figures) -> str:
    """The discount's name, its percentage written as everything else on the page."""
    label = document.bill.discount_label or ("Discount" if document.bill.discount_cents else "")

    def percent(found: re.Match[str]) -> str:
        return say.percent(int(found[1]) * 10_000 + int((found[2] or "").ljust(4, "0")[:4]))

    return _PERCENT.sub(percent, label, count=1)


def _reduction(lines: tuple[Line, ...], *, priced: bool) -> str:
    """The name of a fee reduction, where it shows as a line of its own (S1)."""
    found = [ln for ln in lines if ln.kind == "adjustment" and ln.class_ == "fee"]
    less = [line.description for line in found if line.amount_cents < 0]
    return less[0] if less and priced else ""


def _totals(document: BillDocument, say: Figures) -> Fields:
    """The sums; those that don't apply to this bill are empty."""
    bill, top_up = document.bill, document.replenishment_due_cents or 0
    net = bill.fees_cents - bill.discount_cents

    def unless_zero(cents: int) -> str:
        return say.amount(cents) if cents else ""

    return Fields(
        standard_fees=say.amount(bill.standard_fees_cents),
        fee_adjustment=unless_zero(bill.fee_adjustment_cents),
        fees=say.amount(bill.fees_cents),
        discount=unless_zero(-bill.discount_cents),
        net_fees=say.amount(net),
        costs=say.amount(bill.costs_cents),
        subtotal=say.amount(net + bill.costs_cents),
        tax=unless_zero(bill.tax_cents),
        total=say.amount(bill.total_cents),
        paid=unless_zero(-document.paid_cents),
        balance=say.amount(document.balance_cents),
        replenishment=unless_zero(top_up),
        please_pay=say.amount(document.balance_cents + top_up),
        nothing_due=document.balance_cents + top_up == 0,
    )


def _payment(document: BillDocument) -> str:
    """How to pay, the bill's number in its place; within a web address, as such."""
    number = document.number or document.id
    words = WEB_ADDRESS.sub(
        lambda found: found.group().replace("{number}", quote(number, safe="")),
        document.firm.payment_instructions or "",
    )
    return words.replace("{number}", number)
