"""Who brought in the fees: net fees shared over timekeepers by value (§5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from billcli.core.lines import Line
from billcli.values import money


@dataclass(frozen=True, slots=True)
class Share:
    """A timekeeper's part of the net fees."""

    timekeeper: str
    amount_cents: int


def allocate(
    lines: Sequence[Line], net_fees_cents: int, responsible: str | None
) -> tuple[Share, ...]:
    """Net fees pro rata of what each timekeeper's entries brought in; Σ closes to the cent (D-55).

    Without such a basis all of it is the responsible lawyer's.
    """
    values: dict[str, int] = {}
    for line in lines:
        who = line.timekeeper or responsible
        if line.class_ == "fee" and who and line.entry_id is not None:
            values[who] = values.get(who, 0) + (line.billed_cents or 0)
    if not any(values.values()):
        values = {responsible: 1} if responsible else {}
    if not values or net_fees_cents == 0:
        return ()
    shares = money.allocate(net_fees_cents, list(values.values()))
    pairs = zip(values, shares, strict=True)
    return tuple(Share(who, cents) for who, cents in pairs if cents)
