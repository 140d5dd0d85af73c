"""Milestones: what a trigger is worth, and the state that is derived for it (§7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from billcli.errors import Refused
from billcli.values import money

State = Literal["planned", "ready", "declined", "charged", "in_draft", "billed", "paid", "waived"]
WHOLE_E4 = 1_000_000


class Trigger(NamedTuple):
    """A task's trigger: an amount, a percentage of the value, or what is left.

    `fired_cents` is the amount of its live charge, which is frozen.
    """

    number: int
    kind: str
    amount_cents: int | None = None
    percent_e4: int | None = None
    fired_cents: int | None = None


def amounts(
    triggers: Sequence[Trigger], value_cents: int | None, change_cents: int = 0
) -> dict[int, int | None]:
    """What each trigger would charge, by task number; None where the value is missing (D-60).

    Unfired percentages share what the fired ones left of the value, by largest remainder, with
    an implicit row for what is missing to 100 %. They are of the value as it was first agreed:
    of `value_cents`, the change orders are `change_cents` (§7.4).
    """
    result: dict[int, int | None] = {}
    percents = [t for t in triggers if t.kind == "percent"]
    whole = sum(t.percent_e4 or 0 for t in percents)
    open_rows = [t for t in percents if t.fired_cents is None]
    if value_cents is None:
        result.update({t.number: t.fired_cents for t in percents})
    else:
        agreed = value_cents - change_cents
        rest = agreed - sum(t.fired_cents or 0 for t in percents)
        weights = [*((t.percent_e4 or 0) for t in open_rows), max(0, WHOLE_E4 - whole)]
        shares = money.allocate(max(0, rest), weights) if any(weights) else [0] * len(weights)
        result.update(zip((t.number for t in open_rows), shares, strict=False))
        result.update({t.number: t.fired_cents for t in percents if t.fired_cents is not None})
    for t in triggers:
        if t.kind == "amount":
            result[t.number] = t.amount_cents if t.fired_cents is None else t.fired_cents
    for t in triggers:
        if t.kind == "remainder":
            others = sum(cents or 0 for number, cents in result.items() if number != t.number)
            rest_cents = None if value_cents is None else max(0, value_cents - others)
            result[t.number] = rest_cents if t.fired_cents is None else t.fired_cents
    return result


def check_percentages(triggers: Sequence[Trigger], value_cents: int | None) -> None:
    """Refuse percentages above 100 %, a percentage without a value, a second remainder (D-60)."""
    whole = sum(t.percent_e4 or 0 for t in triggers)
    if whole > WHOLE_E4:
        raise Refused(
            "milestone.above-whole",
            f"The percentages would come to {money.plain_percent(whole)} %; "
            "together they are at most 100 %.",
            hint="Lower one of them, or give an amount.",
        )
    needy = [t for t in triggers if t.kind in ("percent", "remainder")]
    if needy and value_cents is None:
        raise Refused(
            "milestone.no-value",
            "A percentage or the remainder needs an agreed value, and this matter has none.",
            hint="Set one: billcli arrangement set MATTER fixed --value V --bill-when milestones.",
        )
    if sum(1 for t in triggers if t.kind == "remainder") > 1:
        raise Refused(
            "milestone.two-remainders",
            "One milestone can take the remainder, and this would be the second.",
            hint="Give this one an amount or a percentage.",
        )


def state(
    *, done: bool, decision: str | None, charged: bool, drafted: bool, bill_state: str | None
) -> State:
    """The state of a trigger, derived from the task, its charge and the bill that holds it.

    A bill that was voided with its entries written off holds them still, and charges nobody: what
    it held is given up, as a waived trigger is.
    """
    if bill_state == "void":
        return "waived"
    if bill_state is not None:
        return "paid" if bill_state == "paid" else "billed"
    if drafted:
        return "in_draft"
    if charged:
        return "charged"
    if decision == "waived":
        return "waived"
    if decision == "declined":
        return "declined"
    return "ready" if done else "planned"
