"""Expenses and clients from a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from billcli.core.code import read_code
from billcli.errors import UsageProblem
from billcli.formats.imports import cells as read
from billcli.formats.imports.model import Counted, ExpenseRow, Named, hashed
from billcli.formats.imports.sheet import Cells, Headers, decoded, rows

EXPENSES: Headers = {
    "id": ("Id",),
    "date": ("Date", "Day"),
    "matter": ("Matter", "Matter number", "Project"),
    "amount": ("Amount", "Cost"),
    "description": ("Description", "Narrative", "Notes"),
    "category": ("Category",),
    "code": ("Code", "Expense code"),
    "billable": ("Billable", "Bill", "Billable?"),
    "taxable": ("Taxable",),
    "who": ("Timekeeper", "User", "Who"),
}
CLIENTS: Headers = {
    "id": ("Id", "Client", "Client id"),
    "name": ("Name", "Client name"),
    "email": ("Email", "E-mail"),
    "address": ("Address", "Street"),
    "terms": ("Terms", "Days to pay"),
    "tax_exempt": ("Tax exempt",),
    "phone": ("Phone",),
    "city": ("City",),
    "region": ("Region", "State"),
    "postcode": ("Postcode", "Zip"),
    "country": ("Country",),
    "tax_id": ("Tax id",),
}


def expense_rows(
    content: bytes, *, decimals: int, columns: Mapping[str, str], order: str | None
) -> Iterator[ExpenseRow]:
    """The costs of a CSV file.

    UsageProblem: `import.unreadable`, `import.columns`, `import.row`.
    """
    counted = Counted()
    needed = ("date", "matter", "amount", "description")
    for row in rows(decoded(content), EXPENSES, needed, columns):
        day, cents = read.day(row, "date", order), read.cents(row, "amount", decimals)
        said = ("matter", "description", "category", "code", "who")
        for field in ("matter", "description"):
            if not row[field]:
                raise row.fault(field, UsageProblem("import.row", "the cell is empty."))
        if cents <= 0:
            problem = UsageProblem("import.row", "the amount isn't above zero.")
            raise row.fault("amount", problem)
        bill = read.yes(row, "billable")
        yield ExpenseRow(
            place=row.place,
            key=f"id:{row['id']}"
            if row["id"]
            else counted.key(hashed(day.isoformat(), cents, *(row[field] for field in said))),
            day=day,
            amount_cents=cents,
            matter=Named(row.title("matter"), row["matter"]),
            description=row["description"],
            category=row["category"] or None,
            code=read.of(row, "code", lambda text: read_code(text, "expense code"))
            if row["code"]
            else None,
            bill=bill is not False,
            taxable=read.yes(row, "taxable"),
            who=row["who"],
            who_column=row.title("who"),
        )


def client_rows(content: bytes, *, columns: Mapping[str, str]) -> Iterator[Cells]:
    """The clients of a CSV file, cell by cell. UsageProblem as expense_rows."""
    return rows(decoded(content), CLIENTS, ("id", "name"), columns)
