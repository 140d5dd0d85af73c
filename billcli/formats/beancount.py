"""Books for beancount: a file that `bean-check` proves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from billcli.core.books import Account, Books, Page
from billcli.formats.plain_text import one_line, paths
from billcli.values.money import plain

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9-]")


def write(books: Books) -> str:
    """The books as text; the same books give the same bytes.

    Clients and matters whose names beancount refuses are changed, and told beside the account.
    """
    return "\n".join(_lines(books, paths(books, _fit))) + "\n"


def _fit(name: str) -> str:
    fitted = _NOT_IN_NAMES.sub("-", name)
    return "X" + fitted if fitted[:1] == "-" else fitted[:1].upper() + fitted[1:]


def _lines(books: Books, names: Mapping[Account, str]) -> Iterator[str]:
    yield f"; Books of {one_line(books.firm)} in {books.currency}, {books.basis} basis"
    yield ""
    yield f'option "title" {_text(books.firm)}'
    yield f'option "operating_currency" "{books.currency}"'
    days = [page.day for page in books.pages] + [day for day, _ in books.proofs]
    if not days:
        return
    yield ""
    for account in books.accounts:
        yield f"{min(days)} open {names[account]} {books.currency}"
        if account.client:
            yield f"  client: {_text(account.client)}"
        if account.matter:
            yield f"  matter: {_text(account.matter)}"
    for page in books.pages:
        yield from _page(books, names, page)
    for day, sums in books.proofs:
        yield from _asserted(books, names, day, sums)
    last = max(days)
    proved = {item for day, sums in books.proofs if day == last for item in sums.items()}
    # Strict readers take the same balance told twice for a slip.
    yield from _asserted(books, names, last, dict(books.closing.items() - proved))


def _page(books: Books, names: Mapping[Account, str], page: Page) -> Iterator[str]:
    yield ""
    yield f"{page.day} * {_text(page.payee)} {_text(page.note)} ^J-{page.id}"
    yield f"  source: {_text(page.source)}"
    for posting in page.postings:
        yield f"  {names[posting.account]}  {_number(books, posting.cents)} {books.currency}"


def _asserted(
    books: Books, names: Mapping[Account, str], day: date, sums: Mapping[Account, int]
) -> Iterator[str]:
    """Balances at the end of a day: beancount looks at the beginning of the day it is told.

    Without `~ 0` a cent too much would pass.
    """
    if sums:
        yield ""
    for account in books.accounts:
        if account in sums:
            money = f"{_number(books, sums[account])} ~ 0 {books.currency}"
            yield f"{day + timedelta(days=1)} balance {names[account]}  {money}"


def _number(books: Books, cents: int) -> str:
    return plain(cents, books.decimals)


def _text(text: str) -> str:
    escaped = one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
