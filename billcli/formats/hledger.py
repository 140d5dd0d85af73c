"""Books for hledger: a journal that `hledger check --strict` proves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from billcli.core.books import Account, Books, Page
from billcli.formats.plain_text import one_line, paths
from billcli.values.money import plain

_NOT_IN_NAMES = re.compile(r"[^\w.-]")
_MARKS = str.maketrans({";": ",", "|": "/"})


def write(books: Books) -> str:
    """The books as text; the same books give the same bytes.

    Amounts carry the currency's decimals; balances stand as assertions.
    """
    names = paths(books, lambda name: _NOT_IN_NAMES.sub("-", name))
    return "\n".join(_lines(books, names)) + "\n"


def _lines(books: Books, names: Mapping[Account, str]) -> Iterator[str]:
    yield f"; Books of {_text(books.firm)} in {books.currency}, {books.basis} basis"
    yield ""
    # Without it, 1.500 would be read as fifteen hundred.
    yield "decimal-mark ."
    sample = plain(1000 * 10**books.decimals, books.decimals)
    yield f"commodity {sample if books.decimals else sample + '.'} {books.currency}"
    yield ""
    yield from (f"account {names[account]}" for account in books.accounts)
    yield ""
    payees = {_text(page.payee) for page in books.pages}
    if books.closing or books.proofs:
        payees.add(_text(books.firm))
    yield from (f"payee {payee}" for payee in sorted(payees))
    proofs = list(books.proofs)
    for page in books.pages:
        while proofs and proofs[0][0] < page.day:
            yield from _asserted(books, names, *proofs.pop(0), told="reconciled")
        yield from _page(books, names, page)
    for proof in proofs:
        yield from _asserted(books, names, *proof, told="reconciled")
    days = [page.day for page in books.pages] + [day for day, _ in books.proofs]
    if days and books.closing:
        last = max(days)
        yield from _asserted(books, names, last, books.closing, told="balances")


def _page(books: Books, names: Mapping[Account, str], page: Page) -> Iterator[str]:
    yield ""
    yield (
        f"{page.day} * (J-{page.id}) {_text(page.payee)} | {_text(page.note)}"
        f"  ; source: {page.source}"
    )
    for posting in page.postings:
        yield f"    {names[posting.account]}  {_money(books, posting.cents)}"


def _asserted(
    books: Books, names: Mapping[Account, str], day: date, sums: Mapping[Account, int], told: str
) -> Iterator[str]:
    yield ""
    yield f"{day} * {_text(books.firm)} | {told}"
    zero = _money(books, 0)
    for account in books.accounts:
        if account in sums:
            yield f"    {names[account]}  {zero} = {_money(books, sums[account])}"


def _money(books: Books, cents: int) -> str:
    return f"{plain(cents, books.decimals)} {books.currency}"


def _text(text: str) -> str:
    line = one_line(text.translate(_MARKS))
    # Newer versions take a payee that begins with a quote for a quoted one.
    return line.replace('"', "'") if line.startswith('"') else line
