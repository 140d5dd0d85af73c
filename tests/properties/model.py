"""A law office told in a few lines of its own: what must be true, without looking at a ledger."""

from __future__ import annotations

from dataclasses import dataclass, field

CAP, VALUE = 1_000_00, 2_000_00
HOURLY, CAPPED, FIXED = "2026-001", "2026-002", "2026-003"
MATTERS = (HOURLY, CAPPED, FIXED)
TASKS = {1: 700_00, 2: 800_00, 3: 900_00}
"""The milestones of the fixed matter; together they are above its fee."""


@dataclass
class Piece:
    """A time entry, an expense or a charge; `bill` is the live bill it is on."""

    ref: str
    matter: str
    kind: str
    cents: int
    behavior: str = "bill"
    held: bool = False
    withdrawn: bool = False
    bill: str | None = None
    written_off: bool = False

    @property
    def unbilled(self) -> bool:
        return self.bill is None and not self.withdrawn and not self.written_off

    @property
    def ready(self) -> bool:
        return self.unbilled and not self.held and self.behavior != "non-billable"

    @property
    def worth(self) -> int:
        """What it adds to work in progress."""
        return self.cents if self.unbilled and self.behavior == "bill" else 0


@dataclass
class Sum:
    """What a bill comes to, and the pieces on it."""

    fees: int
    discount: int
    costs: int
    refs: frozenset[str]

    @property
    def total(self) -> int:
        return self.fees - self.discount + self.costs


@dataclass
class Draft:
    """An open draft; `touched` once anything that it was made from may have changed."""

    id: str
    matter: str
    sum: Sum
    by_hand: bool
    touched: bool = False


@dataclass
class Bill:
    """An approved bill."""

    number: str
    matter: str
    sum: Sum
    issued: bool
    void: bool = False
    paid: int = 0

    @property
    def open(self) -> int:
        return self.sum.total - self.paid if self.issued and not self.void else 0


@dataclass
class Payment:
    """Money received: what it pays, and what of it is credit."""

    ref: str
    parts: dict[str, int]
    credit: int


@dataclass
class Task:
    """A milestone of the fixed matter; `charge` is its live charge."""

    done: bool = False
    decision: str | None = None
    charge: str | None = None


@dataclass
class Office:
    """Everything that happened."""

    pieces: dict[str, Piece] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    bills: dict[str, Bill] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    tasks: dict[int, Task] = field(default_factory=lambda: {n: Task() for n in TASKS})
    held: set[str] = field(default_factory=set)

    def billed_fees(self, matter: str) -> int:
        """Fees on the matter's live bills, before their discount."""
        return sum(b.sum.fees for b in self.bills.values() if b.matter == matter and not b.void)

    def ready(self, matter: str) -> list[Piece]:
        """What a bill of the matter would take up."""
        return [p for p in self.pieces.values() if p.matter == matter and p.ready]

    def due(self, matter: str, *, by_hand: bool) -> Sum:
        """The bill that the matter's unbilled work makes."""
        found = self.ready(matter)
        waits = matter == FIXED and not by_hand and self.billed_fees(matter) < VALUE
        if waits and not any(p.kind == "charge" for p in found):
            found = [p for p in found if p.kind == "expense"]
        return self.sum_of(matter, found)

    def sum_of(self, matter: str, found: list[Piece]) -> Sum:
        """What these pieces come to on a bill of the matter now."""
        time = sum(p.cents for p in found if p.kind == "time" and p.behavior == "bill")
        charges = sum(p.cents for p in found if p.kind == "charge")
        costs = sum(p.cents for p in found if p.kind == "expense")
        before = self.billed_fees(matter)
        fees = {
            HOURLY: time + charges,
            CAPPED: min(time + charges, max(0, CAP - before)),
            FIXED: min(charges, max(0, VALUE - before)),
        }[matter]
        discount = (fees * 10 + 50) // 100 if matter == CAPPED else 0
        return Sum(fees, discount, costs, frozenset(p.ref for p in found))

    def touch(self, matter: str) -> None:
        """Something that the matter's draft was made from changed."""
        if matter in self.drafts:
            self.drafts[matter].touched = True

    def claim(self, bill: Bill) -> None:
        """The bill got its number: its pieces are billed."""
        self.bills[bill.number] = bill
        for ref in bill.sum.refs:
            self.pieces[ref].bill = bill.number

    def trigger(self, n: int) -> str:
        """The state of a milestone."""
        task = self.tasks[n]
        if task.charge is None:
            return task.decision or ("ready" if task.done else "planned")
        piece = self.pieces[task.charge]
        if piece.bill:
            bill = self.bills[piece.bill]
            return "paid" if bill.issued and bill.open == 0 else "billed"
        draft = self.drafts.get(FIXED)
        return "in_draft" if draft and piece.ref in draft.sum.refs else "charged"

    def wip(self, matter: str) -> int:
        """Unbilled work and costs at standard value."""
        return sum(p.worth for p in self.pieces.values() if p.matter == matter)

    def live_numbers(self) -> list[str]:
        """Bills that aren't void."""
        return [b.number for b in self.bills.values() if not b.void]
