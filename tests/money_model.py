"""Client money told in plain Python: what must be true, without looking at a ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

HOLDS = {"wire": 0, "cash": 0, "card": 3, "check": 5, "other": 10, None: 10}
FIRM_LIMIT = 100_00


def business_days(day: date, count: int) -> date:
    """The day so many working days later."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


@dataclass
class Row:
    """A line of a trust ledger; `undone` is how much of it was taken back."""

    ref: str
    kind: str
    day: date
    counts: date
    cents: int
    kept: int = 0
    early: bool = False
    bill: str | None = None
    pair: str | None = None
    undone: int = 0


@dataclass
class Card:
    """The trust ledger of one matter, or the firm's own."""

    rows: list[Row] = field(default_factory=list)

    def balance(self, day: date) -> int:
        """What is there, cleared or not."""
        return sum(row.cents for row in self.rows if row.day <= day)

    def cleared(self, day: date) -> int:
        """What is cleared by then."""
        return sum(row.cents for row in self.rows if row.counts <= day)

    def kept(self, day: date) -> int:
        """What of it is for a purpose alone."""
        kept = 0
        for row in sorted(self.rows, key=lambda row: row.counts):
            if row.counts <= day and row.kept:
                kept = max(0, kept + row.kept)
        return kept

    def free(self, day: date) -> int:
        """What may be used on that very day."""
        return max(0, self.cleared(day) - self.kept(day))

    def days_from(self, day: date) -> list[date]:
        """The day, and every later one on which something changes."""
        return [day, *sorted({row.counts for row in self.rows if row.counts > day})]

    def room(self, day: date) -> int:
        """What a payment of that day may take, so that every later day stays covered."""
        return min(self.free(each) for each in self.days_from(day))

    def room_kept(self, day: date) -> int:
        """The same of what is kept for a purpose."""
        return min(min(self.kept(each), self.cleared(each)) for each in self.days_from(day))

    def short(self, day: date) -> int:
        """By how much what is cleared falls short of nothing, or of what is kept."""
        return max(
            0, *(max(0, self.kept(each)) - self.cleared(each) for each in self.days_from(day))
        )


@dataclass
class Bill:
    """An issued bill; `paid` has what each source pays on it, the newest last."""

    number: str
    matter: str
    due: date
    fees: int
    costs: int
    tax: int
    refs: frozenset[str]
    credited: int = 0
    written_off: int = 0
    disputed: int = 0
    void: bool = False
    released: bool = False
    paid: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def issued(self) -> date:
        return self.due - timedelta(days=30)

    @property
    def total(self) -> int:
        return self.fees + self.costs + self.tax

    @property
    def paid_cents(self) -> int:
        return sum(self.paid.values())

    @property
    def straight(self) -> int:
        """What trust paid straight to a payee of a cost on it."""
        return sum(cents for (kind, _), cents in self.paid.items() if kind == "cost")

    @property
    def open(self) -> int:
        if self.void:
            return 0
        return self.total - self.paid_cents - self.credited - self.written_off

    def pay(self, source: tuple[str, str], cents: int) -> None:
        """Paid by a source, which is the newest then."""
        before = self.paid.pop(source, 0)
        self.paid[source] = before + cents

    def unpay(self, source: tuple[str, str], cents: int) -> None:
        """Taken off the bill again; its place among the sources stays."""
        self.paid[source] -= cents
        if not self.paid[source]:
            del self.paid[source]

    def giving(self, cents: int) -> list[tuple[tuple[str, str], int]]:
        """What goes back where, the newest first, when so much of what was paid is too much."""
        found = []
        for source, paid in reversed(list(self.paid.items())):
            part = min(cents, paid)
            if part and source[0] != "cost":
                found.append((source, part))
                cents -= part
        assert cents == 0
        return found


@dataclass
class Payment:
    """Money received; `credit` is what of it is the client's to use."""

    ref: str
    client: str
    matter: str
    cents: int
    credit: int
    refunded: int = 0


@dataclass
class Retainer:
    """A line of a general retainer."""

    ref: str
    cents: int
    bill: str | None = None
    undone: int = 0


@dataclass
class Notice:
    """What a bill told will be taken from trust, and what of it was."""

    due: date
    cents: int
    taken: int = 0


@dataclass
class Matter:
    """A matter, what was agreed about its money, and what it holds."""

    number: str
    client: str
    auto: bool = True
    older: bool = False
    retainer: bool = False
    taxed: bool = False
    closed: bool = False
    card: Card = field(default_factory=Card)
    retained: list[Retainer] = field(default_factory=list)
    work: dict[str, int] = field(default_factory=dict)

    @property
    def retainer_cents(self) -> int:
        return sum(row.cents for row in self.retained)


@dataclass
class Practice:
    """Everything that happened to money."""

    matters: dict[str, Matter]
    today: date
    locked: date = date.min
    firm: Card = field(default_factory=Card)
    bills: dict[str, Bill] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    straight: dict[str, Row] = field(default_factory=dict)
    notice_days: int = 0
    notices: dict[str, Notice] = field(default_factory=dict)
    trust_rows: int = 0
    retainer_rows: int = 0

    def cards(self) -> list[Card]:
        """Every trust ledger."""
        return [self.firm, *(matter.card for matter in self.matters.values())]

    def client_of(self, bill: Bill) -> str:
        return self.matters[bill.matter].client

    def live(self) -> list[Bill]:
        """Bills that aren't void."""
        return [bill for bill in self.bills.values() if not bill.void]

    def trust_row(self, ref: str) -> tuple[Card, Row]:
        """A line of trust by its reference, and its ledger."""
        return next((card, row) for card in self.cards() for row in card.rows if row.ref == ref)

    def add(self, card: Card, kind: str, day: date, cents: int, **more: object) -> Row:
        """A new line of trust, which counts at once unless told otherwise."""
        self.trust_rows += 1
        row = Row(f"TR-{self.trust_rows}", kind, day, more.pop("counts", day), cents, **more)  # type: ignore[arg-type]
        card.rows.append(row)
        return row

    def take_back(self, card: Card, row: Row, cents: int) -> Row:
        """A line against another, or against a part of what a fee took."""
        back = -cents if row.cents > 0 else cents
        kept = back if cents == abs(row.cents) and row.kept else 0
        counts = max(self.today, row.counts) if row.cents > 0 else self.today
        row.undone += cents
        return self.add(card, "reversal", self.today, back, counts=counts, kept=kept, bill=row.bill)

    def retain(self, matter: Matter, cents: int, bill: str | None = None) -> Retainer:
        """A new line of a general retainer."""
        self.retainer_rows += 1
        row = Retainer(f"RT-{self.retainer_rows}", cents, bill)
        matter.retained.append(row)
        return row

    def apply_trust(self, bill: Bill, cents: int) -> Row:
        """Trust pays a bill."""
        card = self.matters[bill.matter].card
        row = self.add(card, "fee", self.today, -cents, bill=bill.number)
        bill.pay(("trust", row.ref), cents)
        return row

    def apply_retainer(self, bill: Bill, cents: int) -> Retainer:
        """A general retainer pays a bill."""
        row = self.retain(self.matters[bill.matter], -cents, bill.number)
        bill.pay(("retainer", row.ref), cents)
        return row

    def apply_credit(self, bill: Bill, payment: Payment, cents: int) -> None:
        """Client credit pays a bill."""
        payment.credit -= cents
        bill.pay(("payment", payment.ref), cents)

    def give_back(self, bill: Bill, cents: int) -> None:
        """What paid a bill goes to where it came from, the newest first (D-48)."""
        for (kind, ref), part in bill.giving(cents):
            bill.unpay((kind, ref), part)
            if kind == "payment":
                self.payments[ref].credit += part
            elif kind == "trust":
                self.take_back(*self.trust_row(ref), part)
            else:
                matter = self.matters[bill.matter]
                row = next(row for row in matter.retained if row.ref == ref)
                row.undone += part
                self.retain(matter, part, bill.number)

    def coming(self, bill: Bill) -> int:
        """What of its notice is still to be taken, which is no more than is open."""
        notice = self.notices.get(bill.number)
        return max(0, min(notice.cents - notice.taken, bill.open)) if notice else 0

    def waits(self, bill: Bill) -> bool:
        """Whether the client may still object to trust money for a bill (T4)."""
        notice = self.notices.get(bill.number)
        due = notice.due if notice else bill.issued + timedelta(days=self.notice_days)
        return due > self.today

    def open_bills(self, matter: str) -> list[Bill]:
        """The open bills of a matter, the first due first."""
        found = [b for b in self.bills.values() if b.matter == matter and b.open > 0]
        return sorted(found, key=lambda bill: (bill.due, bill.number))

    def fund(self, bill: Bill) -> None:
        """What pays a bill by itself when it is issued (D-43)."""
        matter = self.matters[bill.matter]
        older = [each for each in self.open_bills(bill.matter) if each is not bill]
        free = matter.card.room(self.today)
        for ref in bill.refs:
            if ref in self.straight:
                row = self.straight[ref]
                bill.pay(("cost", row.ref), -row.cents)
        own = [p for p in self.payments.values() if p.matter == bill.matter and p.credit]
        for payment in sorted(own, key=lambda p: int(p.ref[2:])):
            cents = min(payment.credit, bill.open)
            if cents:
                self.apply_credit(bill, payment, cents)
        if matter.retainer:
            cents = min(matter.retainer_cents, bill.open)
            if cents:
                self.apply_retainer(bill, cents)
        if not matter.auto or self.locked >= self.today:
            return
        if self.notice_days:
            told = sum(
                self.coming(each) for each in self.bills.values() if each.matter == bill.matter
            )
            cents = min(max(0, free - told), bill.open)
            if cents:
                due = self.today + timedelta(days=self.notice_days)
                self.notices[bill.number] = Notice(due, cents)
        else:
            for each in [*(older if matter.older else []), bill]:
                cents = min(free, each.open - each.disputed)
                if cents > 0:
                    self.apply_trust(each, cents)
                    free -= cents
