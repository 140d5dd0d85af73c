"""Which money pays which bill, in which order; and what the client is asked to pay in again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

SourceKind = Literal["credit", "retainer", "trust"]
Account = Literal["trust", "retainer"]
BASES = ("earned-on-receipt", "client-consent", "jurisdiction")
"""Why a general retainer is not trust money (D-36)."""


@dataclass(frozen=True, slots=True)
class Funds:
    """What a bill says of client money beside its receipts; `shown` before issue is a plan.

    Cents: `trust` and `retainer` are held after the bill, `notice` is announced to be taken from
    trust on its day (T4), `offered` could be applied by hand (D-41); `request` asks for the top-up.
    """

    trust_cents: int | None = None
    retainer_cents: int | None = None
    notice_cents: int = 0
    notice_on: date | None = None
    offered_cents: int = 0
    request: str | None = None
    account: Account = "trust"


@dataclass(frozen=True, slots=True)
class Rules:
    """What was agreed about a matter's money; `minimum` and `trigger` are None without top-ups.

    `trust_moves` is off where nothing can leave trust on that day; with `notice` it waits (T4).
    """

    trust_auto: bool = True
    trust_older: bool = False
    trust_moves: bool = True
    retainer: bool = False
    retainer_auto: bool = True
    retainer_older: bool = False
    notice: bool = False
    minimum_cents: int | None = None
    trigger_cents: int = 0

    @property
    def account(self) -> Account:
        """Whose balance is watched: the general retainer's where the matter has one (§3.4)."""
        return "retainer" if self.retainer else "trust"


@dataclass(frozen=True, slots=True)
class Purse:
    """The money there is for a bill: credits as (payment, cents); `trust` is what may be used."""

    credits: tuple[tuple[int, int], ...] = ()
    retainer_cents: int = 0
    trust_cents: int = 0


@dataclass(frozen=True, slots=True)
class FundingPlan:
    """What issuing a bill does with client money."""

    uses: tuple[Use, ...] = ()
    notice_cents: int = 0
    offered_cents: int = 0
    top_up_cents: int = 0

    def of(self, kind: SourceKind) -> int:
        """All that goes out of a kind of source."""
        return sum(use.cents for use in self.uses if use.source.kind == kind)


@dataclass(frozen=True, slots=True)
class Source:
    """Money that can pay: a payment's credit (`id`), the general retainer, the trust money.

    `older` says whether it also pays older open bills of the matter (§3.5).
    """

    kind: SourceKind
    cents: int
    id: int | None = None
    older: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A bill to be paid: what is open on it, and what of that is in dispute (T5)."""

    bill_id: int
    matter_id: int
    open_cents: int
    disputed_cents: int = 0


@dataclass(frozen=True, slots=True)
class Use:
    """A sum that goes from a source to a bill."""

    source: Source
    target: Target
    cents: int


def applied(
    sources: Sequence[Source], older: Iterable[Target], new: Target | None
) -> tuple[Use, ...]:
    """What pays what (D-43): each source in its turn, older bills first where it may pay them.

    `older` are the open bills by due date, then number. What is in dispute, trust doesn't pay.
    """
    targets = [*older, *((new,) if new else ())]
    open_ = {target.bill_id: target.open_cents for target in targets}
    uses = []
    for source in sources:
        left = source.cents
        for target in targets:
            if target is not new and not source.older:
                continue
            free = open_[target.bill_id]
            if source.kind == "trust":
                free -= target.disputed_cents
            cents = min(left, free)
            if cents > 0:
                uses.append(Use(source, target, cents))
                open_[target.bill_id] -= cents
                left -= cents
    return tuple(uses)


def plan(rules: Rules, purse: Purse, older: Sequence[Target], new: Target) -> FundingPlan:
    """What is applied by itself, announced, offered, and asked for, when a bill is issued.

    By hand, the balance that is watched is the one there is now (D-41).
    """
    credits_ = [Source("credit", cents, payment) for payment, cents in purse.credits]
    retainer = Source("retainer", purse.retainer_cents, older=rules.retainer_older)
    trust = Source("trust", purse.trust_cents, older=rules.trust_older)
    held = [retainer] if rules.retainer else []
    auto = [*credits_, *(held if rules.retainer_auto else [])]
    moves = rules.trust_auto and rules.trust_moves
    if moves and not rules.notice:
        auto.append(trust)
    uses = applied(auto, older, new)
    used = sum(use.cents for use in uses if use.target is new)
    rest = max(0, new.open_cents - used)
    notice = min(purse.trust_cents, rest) if moves and rules.notice else 0
    by_hand = sum(
        source.cents
        for source, is_auto in ((retainer, rules.retainer_auto), (trust, rules.trust_auto))
        if not is_auto and (source is trust or rules.retainer)
    )
    made = FundingPlan(uses, notice, min(by_hand, rest - notice))
    if rules.minimum_cents is None:
        return made
    if rules.account == "retainer":
        projected = purse.retainer_cents - made.of("retainer")
    else:
        projected = purse.trust_cents - made.of("trust") - notice
    asked = top_up(projected, rules.minimum_cents, rules.trigger_cents)
    return FundingPlan(uses, notice, made.offered_cents, asked)


def top_up(projected_cents: int, minimum_cents: int, trigger_cents: int) -> int:
    """What brings a balance that has reached its trigger back to its minimum (D-05), or 0."""
    if projected_cents > trigger_cents:
        return 0
    return max(0, minimum_cents - projected_cents)
