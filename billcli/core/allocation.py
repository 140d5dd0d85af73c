"""Who brought in the fees: the net fees of a bill, shared over timekeepers (§5).

Net fees are what is left after arrangement, quote and discount, before tax and without costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from billcli.core.lines import Line
from billcli.errors import Refused
from billcli.values import money

WORK = ("time", "charge")
FREE = ("no-charge", "hide")


@dataclass(frozen=True, slots=True)
class Rule:
    """How a matter's fees are credited (§5.2).

    `fees` is pro-rata, responsible, or a timekeeper; `adjustments` original, responsible, or a
    timekeeper. The originator has his percentage off the top. `by` is value or hours; with
    `free`, no-charge and hidden time shares at its standard value.
    """

    fees: str = "pro-rata"
    adjustments: str = "original"
    originator: str | None = None
    origination_e4: int = 0
    by: str = "value"
    free: bool = True


@dataclass(frozen=True, slots=True)
class Share:
    """A timekeeper's part of the net fees; `origination` is what came off the top."""

    timekeeper: str
    amount_cents: int
    origination: bool = False


def allocate(
    lines: Sequence[Line],
    net_fees_cents: int,
    responsible: str | None,
    *,
    rule: Rule = Rule(),
    accrued: Mapping[str, int] | None = None,
) -> tuple[Share, ...]:
    """The shares of the net fees; they close to the cent under every rule (D-53, D-55).

    `accrued` weighs the timekeepers whose work made the reserve that a success line pays out
    (D-54). Without anybody to credit there are no shares.
    """
    off_top = money.percent_of(net_fees_cents, rule.origination_e4) if rule.originator else 0
    working = _working(lines, net_fees_cents, off_top, responsible, rule, accrued or {})
    shares = [Share(who, cents) for who, cents in working.items() if cents]
    if off_top and rule.originator and (working or off_top == net_fees_cents):
        shares.append(Share(rule.originator, off_top, origination=True))
    return tuple(shares)


def merged(shares: Sequence[Share]) -> tuple[Share, ...]:
    """One share a timekeeper: who brought a matter in and also worked on it has both (§5.4)."""
    found: dict[str, int] = {}
    for share in shares:
        found[share.timekeeper] = found.get(share.timekeeper, 0) + share.amount_cents
    return tuple(Share(who, cents) for who, cents in found.items() if cents)


def edited(
    shares: Sequence[Share], given: Mapping[str, int], net_fees_cents: int, *, decimals: int = 2
) -> tuple[Share, ...]:
    """The shares with some set by hand; the others keep their proportion of what is left.

    Refused `allocation.sum` where nobody is left to bear the difference.
    """
    others = {s.timekeeper: s.amount_cents for s in merged(shares) if s.timekeeper not in given}
    left = net_fees_cents - sum(given.values())
    if others and left:
        weights = [abs(cents) for cents in others.values()]
        others = dict(zip(others, money.allocate(left, weights), strict=True))
    elif left:
        raise Refused(
            "allocation.sum",
            f"The shares given make {money.grouped(sum(given.values()), decimals)}; the net fees "
            f"are {money.grouped(net_fees_cents, decimals)}, and nobody else has a share.",
            hint="Give shares that add up to them, or leave one timekeeper out to take the rest.",
        )
    else:
        others = {}
    pairs = [*given.items(), *others.items()]
    return tuple(Share(who, cents) for who, cents in pairs if cents)


def collected(shares: Sequence[Share], paid_cents: int) -> dict[str, int]:
    """What each share has brought in once so much of the bill's net fees is paid (D-55).

    Cumulative: a receipt brings the difference to what was collected before it.
    """
    whole = merged(shares)
    billed = sum(share.amount_cents for share in whole)
    if not billed:
        return {}
    if all(share.amount_cents >= 0 for share in whole):
        return _shared(paid_cents, {s.timekeeper: s.amount_cents for s in whole})
    found = {s.timekeeper: money.round_ratio(s.amount_cents * paid_cents, billed) for s in whole}
    found[whole[-1].timekeeper] += paid_cents - sum(found.values())
    return found


def _working(
    lines: Sequence[Line],
    net: int,
    off_top: int,
    responsible: str | None,
    rule: Rule,
    accrued: Mapping[str, int],
) -> dict[str, int]:
    """The shares beside the originator's: all to one, or pro rata with the adjustment apart."""
    rest = net - off_top
    if not net:
        return {}
    if rule.fees != "pro-rata":
        one = responsible if rule.fees == "responsible" else rule.fees
        return {one: rest} if one else {}
    success = _success(lines, net) if any(accrued.values()) else 0
    fees = [line for line in lines if line.class_ == "fee" and not (success and _is_success(line))]
    weights = _weights(fees, responsible, rule)
    if success:
        # What comes off the top comes off the success line and the other fees alike.
        parts = money.allocate(rest, [success, net - success])
        found = _shared(parts[0], accrued)
        _add(found, _others(fees, weights, net - success, parts[1], responsible, rule))
        return found
    return _others(fees, weights, net, rest, responsible, rule)


def _others(
    fees: Sequence[Line],
    weights: Mapping[str, int],
    net: int,
    rest: int,
    responsible: str | None,
    rule: Rule,
) -> dict[str, int]:
    """Fees of which `rest` is left to share: by weight, the adjustment by its own rule."""
    if not any(weights.values()):
        return {responsible: rest} if responsible and rest else {}
    if rule.adjustments == "original":
        return _shared(rest, weights)
    fixed = _has_fixed_fee(fees)
    worked = sum(_charged(line, fixed=fixed) for line in fees if line.kind in WORK)
    kept = money.round_ratio(worked * rest, net) if net else 0
    found = _shared(kept, weights)
    bearer = responsible if rule.adjustments == "responsible" else rule.adjustments
    if bearer is None:
        return _shared(rest, weights)
    _add(found, {bearer: rest - kept})
    return found


def _weights(fees: Sequence[Line], responsible: str | None, rule: Rule) -> dict[str, int]:
    """What each timekeeper's entries weigh, in the order of the bill (§5.3)."""
    fixed = _has_fixed_fee(fees)
    worth = [
        (who, line.hours_e4 or 0, _worth(line, free=rule.free, fixed=fixed))
        for line in fees
        if line.kind in WORK and (who := line.timekeeper or responsible)
    ]
    hours = sum(hours for _, hours, cents in worth if cents) if rule.by == "hours" else 0
    timed = sum(cents for _, hours, cents in worth if hours)
    found: dict[str, int] = {}
    for who, own, cents in worth:
        weight = cents
        if hours:
            # By hours, flat charges keep their own worth; that of all time goes by its hours.
            weight = timed * own if own and cents else hours * cents
        found[who] = found.get(who, 0) + weight
    return found


def _worth(line: Line, *, free: bool, fixed: bool) -> int:
    """The value of an entry as a basis; what was given away counts where `free` says so."""
    if line.behavior in FREE:
        return line.standard_cents if free else 0
    return _charged(line, fixed=fixed)


def _charged(line: Line, *, fixed: bool) -> int:
    """What an entry is worth to the bill: its price, or its standard value within a fixed fee."""
    if fixed and line.note == "included" and not line.amount_cents:
        return line.standard_cents
    return line.amount_cents


def _has_fixed_fee(fees: Sequence[Line]) -> bool:
    return any(line.kind == "fixed_fee" for line in fees)


def _is_success(line: Line) -> bool:
    return line.kind == "reserve"


def _success(lines: Sequence[Line], net: int) -> int:
    """What of the net fees is a success line."""
    return min(net, sum(line.amount_cents for line in lines if _is_success(line)))


def _shared(cents: int, weights: Mapping[str, int]) -> dict[str, int]:
    if not cents or not any(weights.values()):
        return {}
    return dict(zip(weights, money.allocate(cents, list(weights.values())), strict=True))


def _add(found: dict[str, int], more: Mapping[str, int]) -> None:
    for who, cents in more.items():
        found[who] = found.get(who, 0) + cents
