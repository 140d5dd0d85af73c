"""The books of some days: what was before stands in one entry, and balances still prove them."""

from __future__ import annotations

from datetime import date

from billcli.core.books import PLAN, Account, Books, Page, Posting

OPENING = Account("opening")


def between(books: Books, first: date | None, last: date | None) -> Books:
    """The books from one day to another; either may be left open.

    The balances on the first day are one entry against the opening account, which takes what was
    earned before. What each balance comes to at the end is told by billcli's own ledgers, less
    what was posted later.
    """
    before = [page for page in books.pages if first is not None and page.day < first]
    later = [page for page in books.pages if last is not None and page.day > last]
    within = books.pages[len(before) : len(books.pages) - len(later)]
    opening = _opening(books, before, first) if first is not None else ()
    pages = (*opening, *within)
    posted = {posting.account for page in pages for posting in page.postings}
    after = _sums(later)
    closing = {
        account: cents - after.get(account, 0)
        for account, cents in books.closing.items()
        if account in posted or cents != after.get(account, 0)
    }
    proofs = tuple(
        (day, sums)
        for day, sums in books.proofs
        if (first is None or day >= first) and (last is None or day <= last)
    )
    return Books(
        books.firm, books.currency, books.decimals, books.basis, pages, closing, proofs
    )  # fmt: skip


def _opening(books: Books, before: list[Page], first: date) -> tuple[Page, ...]:
    """What every account but income and expenses held in the morning of the day."""
    held = {
        account: cents
        for account, cents in _sums(before).items()
        if cents and PLAN[account.kind][0][0] in ("Assets", "Liabilities")
    }
    rest = -sum(held.values())
    postings = [Posting(account, cents) for account, cents in held.items()]
    if rest:
        postings.append(Posting(OPENING, rest))
    if not postings:
        return ()
    return (Page(0, first, "opening balances", "opening", books.firm, tuple(postings)),)


def _sums(pages: list[Page]) -> dict[Account, int]:
    sums: dict[Account, int] = {}
    for page in pages:
        for posting in page.postings:
            sums[posting.account] = sums.get(posting.account, 0) + posting.cents
    return sums
