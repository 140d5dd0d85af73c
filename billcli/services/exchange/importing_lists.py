"""Expenses and clients from a spreadsheet: all of a file, or nothing of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from billcli.errors import BillError
from billcli.formats.imports import cells as read
from billcli.formats.imports import lists
from billcli.formats.imports.model import ExpenseRow, Place
from billcli.formats.imports.sheet import Cells
from billcli.services.exchange.importing import Matters, Timekeepers, placed
from billcli.services.office import clients as client_service
from billcli.services.work import expenses as expense_service
from billcli.store import imports, people
from billcli.store.entries import Item
from billcli.values.contact import read_email, read_line, read_lines
from billcli.values.text import read_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from billcli.store.ledger import Ledger

EXPENSE_FIELDS, CLIENT_FIELDS = tuple(lists.EXPENSES), tuple(lists.CLIENTS)
_COLUMNS = {"category.missing": "the category", "date.future": "the date"}


@dataclass(frozen=True, slots=True)
class ImportedExpense:
    """An expense that came in, or would; `id` is None as long as nothing is kept."""

    row: int
    id: str | None
    date: date
    matter: str
    amount_cents: int
    behavior: str
    category: str | None
    description: str


@dataclass(frozen=True, slots=True)
class ExpenseImport:
    """What an import of expenses brought; `known` rows were imported before."""

    dry_run: bool
    new: int
    known: int
    amount_cents: int
    entries: tuple[ImportedExpense, ...]


@dataclass(frozen=True, slots=True)
class ImportedClient:
    """A client that came in, or would."""

    row: int
    id: str
    name: str
    email: str | None
    terms_days: int | None


@dataclass(frozen=True, slots=True)
class ClientImport:
    """What an import of clients brought; `known` ones are there and stay as they are."""

    dry_run: bool
    new: int
    known: int
    clients: tuple[ImportedClient, ...]


class _Rehearsed(Exception):
    """All of it could be done, and none of it is kept."""


@contextmanager
def _write(ledger: Ledger, *, dry_run: bool) -> Iterator[None]:
    """A change, or only the proof that it could be made."""
    try:
        with ledger.write():
            yield
            if dry_run:
                raise _Rehearsed
    except _Rehearsed:
        pass


def take_expenses(
    ledger: Ledger,
    content: bytes,
    *,
    columns: Mapping[str, str],
    mapped: Mapping[str, str],
    order: str | None = None,
    dry_run: bool = False,
) -> ExpenseImport:
    """Import expenses, each once. UsageProblem `import.unreadable|columns|row`."""
    made: list[ImportedExpense] = []
    known_rows = 0
    with _write(ledger, dry_run=dry_run):
        known = imports.known(ledger, "expense", "csv")
        matters, who = Matters(ledger, mapped), Timekeepers(ledger)
        places: dict[str, Place] = {}
        kept: dict[str, int] = {}
        rows = lists.expense_rows(content, decimals=ledger.decimals, columns=columns, order=order)
        for row in rows:
            if row.key in places:
                raise row.place.missing("its id", f"row {places[row.key].row} has it too.")
            places[row.key] = row.place
            matter, _ = matters.of(row.place, (row.matter,))
            if row.key in known:
                known_rows += 1
                continue
            item = _expense(ledger, row, matter.number, who)
            kept[row.key] = int(item.id.removeprefix("E-"))
            made.append(_line(row, item, dry_run=dry_run))
        imports.keep(ledger, "expense", "csv", kept)
        if kept:
            ledger.record("import of expenses", after={"entries": list(kept.values())})
    total = sum(line.amount_cents for line in made)
    return ExpenseImport(dry_run, len(made), known_rows, total, tuple(made))


def _expense(ledger: Ledger, row: ExpenseRow, number: str, who: Timekeepers) -> Item:
    try:
        return expense_service.add(
            ledger,
            number,
            row.amount_cents,
            row.description,
            day=row.day,
            code=row.code,
            category=row.category,
            bill=row.bill,
            taxable=row.taxable,
            timekeeper=who.named(row.place, row.who_column, row.who),
        )
    except BillError as problem:
        column = _COLUMNS.get(problem.code, "as a whole")
        raise placed(row.place, column, problem) from None


def _line(row: ExpenseRow, item: Item, *, dry_run: bool) -> ImportedExpense:
    return ImportedExpense(
        row.place.row,
        None if dry_run else item.id,
        item.date,
        item.matter,
        item.amount_cents,
        item.behavior,
        item.category,
        item.description,
    )


def take_clients(
    ledger: Ledger, content: bytes, *, columns: Mapping[str, str], dry_run: bool = False
) -> ClientImport:
    """Import clients that aren't there yet; others stay as they are.

    UsageProblem `import.unreadable|columns|row`.
    """
    made: list[ImportedClient] = []
    known_rows = 0
    with _write(ledger, dry_run=dry_run):
        there = {row.id for row in people.clients(ledger)}
        places: dict[str, Place] = {}
        for row in lists.client_rows(content, columns=columns):
            id_ = read.of(row, "id", lambda text: read_id(text, "client id"))
            if id_ in places:
                raise row.place.missing(row.title("id"), f"row {places[id_].row} has it too.")
            places[id_] = row.place
            line = _client(ledger, row, id_, known=id_ in there)
            if line is None:
                known_rows += 1
            else:
                made.append(line)
    return ClientImport(dry_run, len(made), known_rows, tuple(made))


def _client(ledger: Ledger, row: Cells, id_: str, *, known: bool) -> ImportedClient | None:
    """The client that is made of a row; a row of one that is there is read and left at that."""
    name = read.of(row, "name", lambda text: read_line(text, "name"))
    email = read.of(row, "email", read_email)
    address = read.of(row, "address", _address)
    terms = read.of(row, "terms", _terms) if row["terms"] else None
    details = {
        field: read.of(row, field, lambda text: read_line(text, "cell", longest=60))
        for field in ("phone", "city", "region", "postcode", "country", "tax_id")
        if row[field]
    }
    exempt = read.yes(row, "tax_exempt")
    if known:
        return None
    client_service.add(
        ledger,
        id_,
        name,
        email=email,
        address=address,
        terms_days=terms,
        tax_exempt=bool(exempt),
        details=details,
    )
    return ImportedClient(row.place.row, id_, name, email, terms)


def _address(text: str) -> tuple[str, ...]:
    return read_lines(text.replace(";", "\n").splitlines(), "address")


def _terms(text: str) -> int:
    from billcli.errors import UsageProblem
    from billcli.values.text import shown

    if text.isascii() and text.isdigit() and int(text[:6]) <= 3650 and len(text) <= 6:
        return int(text)
    raise UsageProblem(
        "import.row",
        f"{shown(text)} is no number of days to pay, from 0 to 3650.",
        hint="Leave it empty for the firm's own terms.",
    )
