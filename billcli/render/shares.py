"""A payor's share on paper: every line with what all payors are billed for it (D-51)."""

from __future__ import annotations

from collections.abc import Callable

from billcli.core.document import BillDocument
from billcli.core.lines import Line
from billcli.render.figures import Figures
from billcli.render.sandbox import Fields
from billcli.values import money

Row = Callable[[Line], Fields]


def wholes(document: BillDocument) -> dict[int, Line]:
    """Each line of a share as all payors together are billed for it, by its place."""
    if not document.share or document.share.of == 1:
        return {}
    totals = document.share.lines
    return {
        n: line._replace(
            amount_cents=totals[n], standard_cents=_standard(document, line, totals[n])
        )
        for n, line in enumerate(document.bill.lines)
    }


def row_of(line: Line, whole: Line | None, say: Figures, made: Row) -> Fields:
    """A row with its activity total; hours, rate and remark are those of the whole line."""
    if whole is None:
        return made(line)
    row = made(whole)
    row["total"] = row["amount"]
    if row["amount"] == say.amount(whole.amount_cents):
        row["amount"] = say.amount(line.amount_cents)
    return row


def share_fields(document: BillDocument, say: Figures) -> Fields | str:
    """What the share is of, where there are several payors."""
    share = document.share
    if not share or share.of == 1:
        return ""
    pairs = list(zip(document.bill.lines, share.lines, strict=True))
    return Fields(
        percent=say.percent(share.basis_points * 100),
        total=say.amount(share.total_cents),
        fees=say.amount(sum(cents for line, cents in pairs if line.class_ == "fee")),
        costs=say.amount(sum(cents for line, cents in pairs if line.class_ == "cost")),
    )


def payor_rows(document: BillDocument, say: Figures) -> list[Fields]:
    """Who pays what of a bill that will be split when it is approved."""
    return [
        Fields(
            name=payor.party.name,
            percent=say.percent(payor.basis_points * 100),
            amount=say.amount(payor.total_cents),
        )
        for payor in document.payors
    ]


def _standard(document: BillDocument, line: Line, total: int) -> int:
    if line.hours_e4 is None or line.rate_e4 is None:
        return total
    return money.price(line.hours_e4, line.rate_e4, document.decimals)
