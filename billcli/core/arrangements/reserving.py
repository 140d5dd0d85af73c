"""The contingent reserve: what is held back now and payable on success alone (D-03, D-21)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from billcli.core.arrangements.terms import Fee, FeeLine, FeePart
from billcli.core.work import Progress, Step
from billcli.values import money


@dataclass(frozen=True, slots=True)
class ReserveTerms:
    """A ceiling on what may ever be claimed, or an agreed success sum in its place (D-03)."""

    limit_cents: int | None = None
    contingent_cents: int | None = None
    names: ClassVar[tuple[str, ...]] = (
        "reserve_limit_cents",
        "contingent_value_cents",
        "agreement",
    )

    @classmethod
    def from_terms(cls, terms: Mapping[str, Any]) -> ReserveTerms:
        """Read `reserve_limit_cents` and `contingent_value_cents`."""
        return cls(terms.get("reserve_limit_cents"), terms.get("contingent_value_cents"))


def accrued(
    fee: Fee,
    terms: ReserveTerms,
    progress: Progress,
    *,
    decimals: int,
    held: tuple[int, ...] | None = None,
) -> Fee:
    """Move what the fee leaves uncharged into the reserve, up to its limit.

    `held` gives the amounts of each part where they are not what the cap took (capped rates).
    An agreed success sum, and an outcome that is known, let nothing accrue.
    """
    if terms.contingent_cents is not None or not progress.reserving:
        return fee
    taken = held or tuple(p.standard_cents - p.charged_cents for p in fee.parts)
    room = None
    if terms.limit_cents is not None:
        room = max(0, terms.limit_cents - progress.reserve_cents)
    parts: list[FeePart] = []
    for part, cents in zip(fee.parts, taken, strict=True):
        kept = cents if room is None else min(cents, room)
        room = None if room is None else room - kept
        parts.append(replace(part, reserved_cents=kept))
    total = sum(part.reserved_cents for part in parts)
    steps = [Step("D-03", "Held in the contingent reserve", total)] if total else []
    over = sum(taken) - total
    if over:
        limit = money.grouped(terms.limit_cents or 0, decimals)
        steps.append(Step("D-03", f"Above the reserve's limit of {limit}, written down", over))
    return replace(
        fee,
        parts=tuple(parts),
        lines=_limited(fee.lines, over),
        because=(*fee.because, *steps),
    )


def _limited(lines: tuple[FeeLine, ...], over: int) -> tuple[FeeLine, ...]:
    """The cap's own adjustment, and beside it what the reserve's limit gives up for good."""
    found: list[FeeLine] = []
    for line in lines:
        given_up = min(over, -line.cents) if (line.reason, line.class_) == ("cap", "fee") else 0
        if given_up > 0:
            over -= given_up
            if line.cents + given_up:
                found.append(replace(line, cents=line.cents + given_up))
            found.append(
                FeeLine("adjustment", "Above the reserve limit", -given_up, "reserve_limit")
            )
        else:
            found.append(line)
    return tuple(found)
