"""Which money pays which bill, in which order; and what the client is asked to pay in again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["credit", "retainer", "trust"]


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


def top_up(projected_cents: int, minimum_cents: int, trigger_cents: int) -> int:
    """What brings a balance that has reached its trigger back to its minimum (D-05), or 0."""
    if projected_cents > trigger_cents:
        return 0
    return max(0, minimum_cents - projected_cents)
