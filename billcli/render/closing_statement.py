"""The closing statement of a contingent reserve, as plain text to send or to file."""

from __future__ import annotations

from typing import Any

from billcli.render.table import Column, table
from billcli.values.money import grouped, plain_percent
from billcli.values.text import visible

BILLS = (
    Column("Bill", "number"),
    Column("Date", "date", "date"),
    Column("Work at its rates", "standard_cents", "money"),
    Column("Charged", "charged_cents", "money"),
    Column("To reserve", "reserve_accrued_cents", "money"),
    Column("Released", "reserve_released_cents", "money"),
)


def closing_statement(view: Any, decimals: int) -> str:
    """The parties, the outcome, every bill, and what became of the reserve."""
    told = [
        "CLOSING STATEMENT",
        "",
        f"{visible(view.firm)}",
        f"Client: {visible(view.client or '')}",
        f"Matter: {view.matter}, {visible(view.title)}",
        f"Agreement: {visible(view.agreement) if view.agreement else 'none on record'}",
        f"Outcome: {view.outcome} on {view.date}",
    ]
    if view.note:
        told.append(f"Note: {visible(view.note)}")
    told.append("")
    if view.bills:
        totals = {
            "number": "Total",
            "standard_cents": view.standard_cents,
            "charged_cents": view.charged_cents,
            "reserve_accrued_cents": view.accrued_cents - view.accrued_without_bill_cents,
            "reserve_released_cents": view.released_cents,
        }
        told += [table(view.bills, BILLS, decimals, totals=totals).rstrip("\n"), ""]
    sums = [("Held in reserve by bills", view.accrued_cents - view.accrued_without_bill_cents)]
    if view.accrued_without_bill_cents:
        sums.append(("Held or agreed beside them", view.accrued_without_bill_cents))
    if view.released_cents:
        sums.append(("Billed of it already", -view.released_cents))
    sums.append(("Written off", -view.written_off_cents))
    share = f" ({plain_percent(view.release_percent_e4)} %)" if view.release_percent_e4 else ""
    sums.append((f"Due with the next bill, before tax{share}", view.due_cents))
    wide = max(len(words) for words, _ in sums)
    amounts = [grouped(cents, decimals) for _, cents in sums]
    right = max(len(amount) for amount in amounts)
    told += [f"{w:<{wide}}  {a:>{right}}" for (w, _), a in zip(sums, amounts, strict=True)]
    return "\n".join(told) + "\n"
