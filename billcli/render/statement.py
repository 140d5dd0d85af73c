"""The statement of account on paper, in the firm's own template or the program's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from billcli.core.ageing import BUCKETS
from billcli.core.document import Letterhead
from billcli.errors import BillError
from billcli.render.bill import STATEMENT, BillTemplates, blame
from billcli.render.figures import Figures, figures
from billcli.render.sandbox import WEB_ADDRESS, Fields

AGES = {
    "current": "Not due",
    "d1_30": "1–30 days",
    "d31_60": "31–60 days",
    "d61_90": "61–90 days",
    "d91": "91 and more",
    "total": "Total",
}
TRUST = "Your money in trust"
RETAINER = "Your general retainer"
EXPLAINED = {
    TRUST: "Held for you in the trust account. It is yours, and not counted in the balance above.",
    RETAINER: "Paid in advance, and a credit of yours. It is not counted in the balance above.",
}
_PAID = {
    "direct": ("Payment for bill", "Payment taken off bill"),
    "credit": ("Credit applied to bill", "Credit taken off bill"),
    "trust": ("Paid from trust, bill", "Given back to trust, bill"),
    "operating": ("Paid from general retainer, bill", "Given back to general retainer, bill"),
}
_OTHER = {"bill": "Bill", "void": "Void of bill", "write_off": "Written off, bill"}
_HELD = {
    "deposit": "Deposit",
    "withdrawal": "Payment for you",
    "fee": "Applied to bill",
    "applied": "Applied to bill",
    "transfer": "Transfer between matters",
    "cover": "Made good by the firm",
    "refund": "Paid back to you",
    "reversal": "Reversal of",
}


class StatementTemplates(BillTemplates):
    """The template of statements: the user's own folder first, then the program's."""

    def page(self, view: Any, head: Letterhead, form: str, *, decimals: int) -> str:
        """The statement as md or html. UsageProblem `template.fault`."""
        name = f"{STATEMENT}.{form}.j2"
        with self._found(form, STATEMENT, name) as held:
            made = held.get_template(name)
        try:
            return made.render(printable(view, head, decimals=decimals))
        except BillError:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever goes wrong here, the template did it
            blame(fault, Path(name))


def printable(view: Any, head: Letterhead, *, decimals: int) -> Fields:
    """All fields of a statement; what doesn't apply is empty."""
    say = figures(head.locale, decimals)
    first = say.short_day(view.from_) if view.from_ else ""
    last = say.short_day(view.to)
    settled = view.paid_cents + view.credited_cents + view.written_off_cents + view.voided_cents
    return Fields(
        firm=Fields(
            name=head.name,
            address=head.address,
            email=head.email or "",
            phone=head.phone or "",
            website=head.website or "",
            tax_id=head.tax_id or "",
            logo=head.logo if head.logo and head.logo.startswith("data:image/") else "",
            page="A4" if head.page.lower() == "a4" else "letter",
            language=say.language,
        ),
        client=Fields(id=view.client, name=view.client_name, address=view.client_address),
        matter=Fields(number=view.matter, title=view.matter_title) if view.matter else "",
        statement=Fields(
            {
                "date": say.day(view.date),
                "from": first,
                "to": last,
                "period": f"{first} – {last}" if first else f"up to {last}",
                "currency": view.currency,
            }
        ),
        totals=Fields(
            opening=say.amount(view.opening_cents),
            billed=_unless_zero(view.billed_cents, say),
            settled=_unless_zero(settled, say),
            closing=say.amount(view.closing_cents),
            overdue=_unless_zero(view.overdue_cents, say),
            credit=_unless_zero(view.client_credit_cents, say),
        ),
        lines=[_line(line, say, of_all=view.matter is None) for line in view.lines],
        ageing=[
            Fields(
                name=AGES[name],
                amount=say.amount(view.ageing[f"{name}_cents"]),
                nothing=not view.ageing[f"{name}_cents"],
            )
            for name in (*BUCKETS, "total")
        ],
        open_bills=[
            Fields(
                number=bill.bill,
                matter=bill.matter,
                title=bill.title,
                due_date=say.short_day(bill.due_date),
                overdue=_unless_zero(bill.overdue_cents, say),
                balance=say.amount(bill.balance_cents),
            )
            for bill in view.open_bills
        ],
        trust=_held(TRUST, view.trust, say, of_all=view.matter is None),
        retainer=_held(RETAINER, view.retainer, say, of_all=view.matter is None),
        requests=[
            Fields(
                number=request.number,
                date=say.short_day(request.date),
                matter=request.matter,
                account="trust deposit" if request.account == "trust" else "general retainer",
                outstanding=say.amount(request.outstanding_cents),
            )
            for request in view.requests
        ],
        payment=_payment(view, head),
    )


def words_of(line: Any) -> str:
    """What a line of the account says."""
    if line.kind == "payment":
        paid, back = _PAID[line.source]
        return f"{paid if line.amount_cents < 0 else back} {line.bill}"
    if line.kind == "credit_note":
        return f"Credit note {line.reference}, bill {line.bill}"
    return f"{_OTHER[line.kind]} {line.bill}"


def held_words(entry: Any) -> str:
    """What an entry of held money says."""
    words = _HELD.get(entry.kind, entry.kind.replace("_", " ").capitalize())
    if entry.kind in ("fee", "applied"):
        return f"{words} {entry.bill or ''}".rstrip()
    return f"{words} {entry.reverses}" if entry.kind == "reversal" else words


def _line(line: Any, say: Figures, *, of_all: bool) -> Fields:
    more = [f"Matter {line.matter}" if of_all else "", line.note or ""]
    if line.kind == "payment":
        more.append(line.reference or "")
    return Fields(
        kind=line.kind,
        date=say.short_day(line.date),
        words=words_of(line),
        more=" · ".join(part for part in more if part),
        billed=say.amount(line.amount_cents) if line.amount_cents > 0 else "",
        settled=say.amount(-line.amount_cents) if line.amount_cents < 0 else "",
        balance=say.amount(line.balance_cents),
    )


def _held(title: str, held: Any, say: Figures, *, of_all: bool) -> Fields | str:
    if not (held.entries or held.opening_cents):
        return ""
    return Fields(
        {
            "title": title,
            "explained": EXPLAINED[title],
            "opening": say.amount(held.opening_cents),
            "in": _unless_zero(held.in_cents, say),
            "out": _unless_zero(held.out_cents, say),
            "closing": say.amount(held.closing_cents),
            "uncleared": _unless_zero(held.uncleared_cents, say),
            "entries": [_entry(entry, say, of_all=of_all) for entry in held.entries],
        }
    )


def _entry(entry: Any, say: Figures, *, of_all: bool) -> Fields:
    more = [f"Matter {entry.matter}" if of_all else "", entry.party or "", entry.purpose or ""]
    cents = entry.amount_cents
    return Fields(
        {
            "date": say.short_day(entry.date),
            "words": held_words(entry),
            "more": " · ".join(part for part in (*more, entry.id) if part),
            "in": say.amount(cents) if cents > 0 else "",
            "out": say.amount(-cents) if cents < 0 else "",
            "balance": say.amount(entry.balance_cents),
        }
    )


def _payment(view: Any, head: Letterhead) -> str:
    """How to pay, where something is due; the place of a bill's number is the client's id."""
    if view.closing_cents <= 0:
        return ""
    from urllib.parse import quote

    words = WEB_ADDRESS.sub(
        lambda found: found.group().replace("{number}", quote(view.client, safe="")),
        head.payment_instructions or "",
    )
    return words.replace("{number}", view.client)


def _unless_zero(cents: int, say: Figures) -> str:
    return say.amount(cents) if cents else ""
