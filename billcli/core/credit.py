"""What a credit note takes back: net fees, costs and tax of a bill, to the last cent (§4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from billcli.values import money


@dataclass(frozen=True, slots=True)
class Sums:
    """An amount by what it is for, in cents: fees net of the discount, costs, tax."""

    fees_cents: int
    costs_cents: int
    tax_cents: int

    @property
    def total_cents(self) -> int:
        """All of it."""
        return self.fees_cents + self.costs_cents + self.tax_cents


@dataclass(frozen=True, slots=True)
class Pair:
    """Of a part of a bill: fees before discount, and costs. Of a tax: its base, and the tax."""

    first_cents: int = 0
    second_cents: int = 0


@dataclass(frozen=True, slots=True)
class Credited:
    """What a bill came to: taxes by code (base, tax), parts by number (fees charged, costs)."""

    fees_cents: int
    discount_cents: int
    costs_cents: int
    taxes: Mapping[str, Pair] = field(default_factory=dict)
    parts: Mapping[int, Pair] = field(default_factory=dict)

    @property
    def sums(self) -> Sums:
        """Net fees, costs and tax."""
        tax = sum(pair.second_cents for pair in self.taxes.values())
        return Sums(self.fees_cents - self.discount_cents, self.costs_cents, tax)


@dataclass(frozen=True, slots=True)
class Taken:
    """What earlier credit notes took back; `corrected` is what corrections did, before discount."""

    sums: Sums = Sums(0, 0, 0)
    corrected: Pair = Pair()
    taxes: Mapping[str, Pair] = field(default_factory=dict)
    parts: Mapping[int, Pair] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit note: what goes back of the discount with it, of each tax, of each part."""

    sums: Sums
    discount_cents: int
    taxes: Mapping[str, Pair]
    parts: Mapping[int, Pair]

    @property
    def gross_fees_cents(self) -> int:
        """The fees before discount."""
        return self.sums.fees_cents + self.discount_cents


def left(bill: Credited, taken: Taken) -> Sums:
    """What is not credited yet."""
    all_, gone = bill.sums, taken.sums
    return Sums(
        all_.fees_cents - gone.fees_cents,
        all_.costs_cents - gone.costs_cents,
        all_.tax_cents - gone.tax_cents,
    )


def in_proportion(cents: int, rest: Sums) -> Sums:
    """An amount over what is left of fees, costs and tax, by largest remainder."""
    return Sums(*money.allocate(cents, (rest.fees_cents, rest.costs_cents, rest.tax_cents)))


def credit(bill: Credited, taken: Taken, sums: Sums, *, correction: bool) -> Credit:
    """The credit note over these sums, which are within what is left.

    Cumulative, so that a bill credited in steps closes exactly. Only a correction touches parts,
    the source of the fees already invoiced (D-14).
    """
    before = taken.sums.fees_cents
    gross = _gross(bill, before + sums.fees_cents) - _gross(bill, before)
    return Credit(
        sums,
        gross - sums.fees_cents,
        _taxes(bill, taken, sums),
        _parts(bill, taken, gross, sums.costs_cents) if correction else {},
    )


def _gross(bill: Credited, net_cents: int) -> int:
    """Net fees with the discount that belongs to them."""
    net = bill.sums.fees_cents
    return money.round_ratio(net_cents * bill.fees_cents, net) if net else 0


def _taxes(bill: Credited, taken: Taken, sums: Sums) -> dict[str, Pair]:
    codes = sorted(bill.taxes)
    if not codes:
        return {}
    gone = {code: taken.taxes.get(code, Pair()) for code in codes}
    weights = [bill.taxes[code].second_cents - gone[code].second_cents for code in codes]
    shares = money.allocate(sums.tax_cents, weights) if any(weights) else [0] * len(codes)
    found = {}
    for code, cents in zip(codes, shares, strict=True):
        pair = Pair(_base(bill, taken, sums, code, cents) - gone[code].first_cents, cents)
        if pair != Pair():
            found[code] = pair
    return found


def _base(bill: Credited, taken: Taken, sums: Sums, code: str, cents: int) -> int:
    """What of the base of a tax is credited then: as its tax is, or as the whole bill is."""
    whole = bill.taxes[code]
    if whole.second_cents:
        gone = taken.taxes.get(code, Pair()).second_cents + cents
        return money.round_ratio(whole.first_cents * gone, whole.second_cents)
    worth = bill.sums.fees_cents + bill.costs_cents
    gone = taken.sums.fees_cents + taken.sums.costs_cents + sums.fees_cents + sums.costs_cents
    return money.round_ratio(whole.first_cents * gone, worth) if worth else 0


def _parts(bill: Credited, taken: Taken, fees: int, costs: int) -> dict[int, Pair]:
    numbers = sorted(bill.parts)
    gone = [taken.parts.get(number, Pair()) for number in numbers]
    firsts = _shared(
        fees,
        bill.fees_cents - taken.corrected.first_cents,
        [bill.parts[n].first_cents - g.first_cents for n, g in zip(numbers, gone, strict=True)],
    )
    seconds = _shared(
        costs,
        bill.costs_cents - taken.corrected.second_cents,
        [bill.parts[n].second_cents - g.second_cents for n, g in zip(numbers, gone, strict=True)],
    )
    pairs = (Pair(*both) for both in zip(firsts, seconds, strict=True))
    return {n: pair for n, pair in zip(numbers, pairs, strict=True) if pair != Pair()}


def _shared(cents: int, of: int, rests: list[int]) -> list[int]:
    """The shares of the parts; what a success released, or costs beside a value, is in no part."""
    weights = [max(0, rest) for rest in rests]
    weights.append(max(0, of - sum(weights)))
    return money.allocate(cents, weights)[:-1] if any(weights) else [0] * len(rests)
