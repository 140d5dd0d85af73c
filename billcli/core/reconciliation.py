"""The three-way reconciliation of trust: bank, journal and ledgers come to the same sum (§3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from billcli.values.dates import add_months

OLD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Item:
    """What the books have and the bank's statement hasn't; `amount_cents` is above 0."""

    entries: tuple[str, ...]
    date: date
    kind: str
    matter: str | None
    client: str | None
    description: str
    amount_cents: int
    days: int

    @property
    def old(self) -> bool:
        """Whether the bank should long have had it."""
        return self.days > OLD.days


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What a matter's ledger holds on the day."""

    client: str | None
    client_name: str | None
    matter: str
    title: str
    balance_cents: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A = statement + in transit − outstanding, B = the journal, C = all ledgers; in cents."""

    date: date
    statement_cents: int
    in_transit: tuple[Item, ...]
    outstanding: tuple[Item, ...]
    journal_cents: int
    ledgers: tuple[LedgerLine, ...]
    firm_cents: int

    @property
    def in_transit_cents(self) -> int:
        """What was received and isn't on the statement yet."""
        return sum(item.amount_cents for item in self.in_transit)

    @property
    def outstanding_cents(self) -> int:
        """What was paid out and isn't on the statement yet."""
        return sum(item.amount_cents for item in self.outstanding)

    @property
    def bank_cents(self) -> int:
        """A: what the bank will have once everything is booked."""
        return self.statement_cents + self.in_transit_cents - self.outstanding_cents

    @property
    def clients_cents(self) -> int:
        """All clients' ledgers together."""
        return sum(line.balance_cents for line in self.ledgers)

    @property
    def ledgers_cents(self) -> int:
        """C: the clients' ledgers and the firm's own."""
        return self.clients_cents + self.firm_cents

    @property
    def difference_cents(self) -> int:
        """By how much the bank has more than the journal."""
        return self.bank_cents - self.journal_cents

    @property
    def ledger_difference_cents(self) -> int:
        """By how much the journal has more than the ledgers."""
        return self.journal_cents - self.ledgers_cents

    @property
    def below_zero(self) -> tuple[str, ...]:
        """The matters whose ledger is below zero, and "firm" where it is the firm's own."""
        found = [line.matter for line in self.ledgers if line.balance_cents < 0]
        return (*found, *(["firm"] if self.firm_cents < 0 else []))

    @property
    def old(self) -> tuple[Item, ...]:
        """What the bank hasn't booked for more than 90 days."""
        return tuple(item for item in (*self.in_transit, *self.outstanding) if item.old)

    @property
    def agrees(self) -> bool:
        """Whether A = B = C and no ledger is below zero."""
        return not (self.difference_cents or self.ledger_difference_cents or self.below_zero)


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry of the trust account as the search for a difference sees it.

    `how` is "named" for one that --outstanding named, "transfer" for a transfer that isn't
    confirmed, "" for one that counts as on the statement, "ahead" for one after the day.
    """

    ref: str
    day: date
    kind: str
    cents: int
    how: str = ""


MOST = 6


def hints(difference_cents: int, entries: list[Booked], day: date) -> list[tuple[Booked, str]]:
    """The entries that could explain a difference of A − B, each with what may have happened.

    Entries as large as the difference come first, then those of half of it; newest first.
    """
    found: list[tuple[int, Booked, str]] = []
    for entry in entries:
        why = _why(difference_cents, entry)
        if why:
            found.append((_RANK[why], entry, why))
    found.sort(key=lambda each: (each[0], abs(day - each[1].day), -int(each[1].ref[3:] or 0)))
    return [(entry, why) for _, entry, why in found[:MOST]]


def _why(difference: int, entry: Booked) -> str:
    if not difference:
        return ""
    if entry.how == "ahead":
        return "ahead" if entry.cents == difference else ""
    if entry.how in ("named", "transfer"):
        return entry.how if entry.cents == difference else ""
    if entry.cents == -difference:
        return "missing"
    if entry.cents == difference:
        return "twice"
    return "half" if 2 * entry.cents == -difference else ""


_RANK = {"missing": 0, "named": 0, "transfer": 0, "ahead": 1, "twice": 1, "half": 2}


def maybe_swapped(difference_cents: int) -> bool:
    """Two digits that changed places make a difference of a multiple of nine."""
    return difference_cents != 0 and difference_cents % 9 == 0


def months_open(first: date, locked: date | None, today: date) -> list[date]:
    """The last days of the months that are over and not reconciled, oldest first (T18).

    `first` is the day of the first entry in trust, `locked` the last day reconciled.
    """
    start = first if locked is None or locked < first else locked + timedelta(days=1)
    found, month = [], start.replace(day=1)
    while (following := add_months(month, 1)) <= today:
        found.append(following - timedelta(days=1))
        month = following
    return found
