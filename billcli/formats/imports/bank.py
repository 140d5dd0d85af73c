"""A bank's statement as CSV: one column of signed amounts, or one in and one out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from billcli.errors import UsageProblem
from billcli.formats.imports import cells as read
from billcli.formats.imports.model import BankRow, Counted, hashed
from billcli.formats.imports.sheet import Cells, Headers, decoded, rows

HEADERS: Headers = {
    "id": ("Id", "FITID", "Transaction id"),
    "date": ("Date", "Posting date", "Transaction date", "Posted date", "Booking date"),
    "amount": ("Amount",),
    "credit": ("Credit", "Credits", "Deposit", "Deposits", "Paid in"),
    "debit": ("Debit", "Debits", "Withdrawal", "Withdrawals", "Paid out"),
    "payer": ("Payer", "Payee", "Name", "Description"),
    "memo": ("Memo", "Details", "Notes"),
    "reference": ("Check number", "Check", "Reference", "Check or slip #"),
}


def bank_rows(
    content: bytes, *, decimals: int, columns: Mapping[str, str], order: str | None
) -> Iterator[BankRow]:
    """The movements. UsageProblem: `import.unreadable`, `import.columns`, `import.row`."""
    counted = Counted()
    needed = ("date", "payer")
    for row in rows(decoded(content), HEADERS, needed, columns):
        if "amount" not in row.titles and "credit" not in row.titles:
            raise UsageProblem(
                "import.columns",
                'The file has no column "Amount" and none "Credit".',
                hint="Name the header that stands for it: --column amount=HEADER.",
            )
        day, cents = read.day(row, "date", order), _amount(row, decimals)
        said = (row["payer"], row["memo"], row["reference"])
        own = row["id"]
        yield BankRow(
            place=row.place,
            key=f"id:{own}" if own else counted.key(hashed(day.isoformat(), cents, *said)),
            day=day,
            amount_cents=cents,
            payer=row["payer"],
            memo=row["memo"],
            reference=row["reference"],
        )


def _amount(row: Cells, decimals: int) -> int:
    if row["amount"] or ("credit" not in row.titles):
        return read.cents(row, "amount", decimals)
    credit = read.cents(row, "credit", decimals) if row["credit"] else 0
    debit = read.cents(row, "debit", decimals) if row["debit"] else 0
    return abs(credit) - abs(debit)
