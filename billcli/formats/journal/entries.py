"""The pages of the books as entries: named accounts, clients' names, receivables first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from billcli.core.books import Page
from billcli.formats.journal.accounts import Accounts


@dataclass(frozen=True, slots=True)
class Line:
    """A debit (above zero) or credit of an account, with the client whose it is."""

    account: str
    cents: int
    client: str
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry whose lines come to nothing together; its number is billcli's own."""

    number: str
    day: date
    note: str
    lines: tuple[Line, ...]


def entries(pages: Iterable[Page], accounts: Accounts, names: Mapping[str, str]) -> Iterator[Entry]:
    """The entries of these pages; `names` are the clients' by their ids.

    What a client owes is one line an entry, before the others: programs take no second one.
    """
    called = _told_apart(names)
    for page in pages:
        owed: dict[str, int] = {}
        lines = []
        for posting in page.postings:
            of, cents = posting.account, posting.cents
            if of.kind == "receivable":
                owed[of.client] = owed.get(of.client, 0) + cents
                continue
            client = called.get(of.client, of.client)
            words = f"{page.note} / {of.matter}" if of.matter else page.note
            lines.append(Line(accounts.names[of.kind], cents, client, words))
        first = [
            Line(accounts.names["receivable"], cents, called.get(client, client), page.note)
            for client, cents in owed.items()
            if cents
        ]
        if first or lines:
            yield Entry(f"BC-{page.id}", page.day, page.note, (*first, *lines))


def _told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """The clients' names; of two with the same name, each has its id behind it."""
    known = Counter(name.strip().casefold() for name in names.values())
    return {
        id: name.strip() if known[name.strip().casefold()] == 1 else f"{name.strip()} ({id})"
        for id, name in names.items()
    }
