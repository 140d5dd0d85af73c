"""What both kinds of plain-text books share: names that their readers take for one name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import sha256

from billcli.core.books import Account, Books
from billcli.values.text import visible

_BLANKS = re.compile(r"\s+")


def one_line(text: str) -> str:
    """The text on one line with single blanks, and nothing in it that a screen would obey."""
    return visible(_BLANKS.sub(" ", text).strip())


def paths(books: Books, fit: Callable[[str], str]) -> dict[Account, str]:
    """The full name of every account, each client's and matter's part made to fit.

    Two that would become one name are told apart by some letters of their own.
    """
    accounts = books.accounts
    clients = _fitted({account.client for account in accounts}, fit)
    matters = _fitted({account.matter for account in accounts}, fit)
    return {
        account: ":".join(
            (
                *(Account(account.kind).path),
                *((clients[account.client],) if account.client else ()),
                *((matters[account.matter],) if account.matter else ()),
            )
        )
        for account in accounts
    }


def _fitted(names: Iterable[str], fit: Callable[[str], str]) -> dict[str, str]:
    made = {name: fit(name) for name in names}
    often = Counter(made.values())
    return {
        name: fitted
        if often[fitted] == 1 or fitted == name
        else f"{fitted}-{sha256(name.encode()).hexdigest()[:8]}"
        for name, fitted in made.items()
    }
