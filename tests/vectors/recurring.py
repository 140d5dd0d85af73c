"""One matter under recurring terms, month after month, by the rules alone: no ledger, no clock."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from billcli.core.bill import Bill, compute
from billcli.core.closings import Closing
from billcli.core.matter import MatterFile, Version, progress, segments
from billcli.core.order import Order
from billcli.core.work import Asked, Billed, BilledPart, Entry
from billcli.errors import Refused
from billcli.values import hours, money

OPENED = date(2026, 1, 1)
WORDS = {"every": "every", "anchor": "anchor", "timing": "timing", "basis": "basis"}
SUMS = {"limit": "reserve_limit_cents", "lifetime": "lifetime_max_cents"}


class Months:
    """A matter with its work and its bills; `live` are those that weren't voided."""

    def __init__(self, terms: str, opened: date = OPENED) -> None:
        self.versions = [Version(1, *terms_of(terms))]
        self.opened = opened
        self.closed: date | None = None
        self.closings: tuple[Closing, ...] = ()
        self.work: list[Entry] = []
        self.costs: list[Entry] = []
        self.bills: list[Bill] = []
        self.void: set[int] = set()
        self.last_reason: str | None = None
        self.refused = ""

    @property
    def live(self) -> list[Bill]:
        """The bills that count."""
        return [bill for n, bill in enumerate(self.bills) if n not in self.void]

    @property
    def reserve_cents(self) -> int:
        """What accrued on live bills."""
        return sum(bill.reserve_accrued_cents for bill in self.live)

    def play(self, step: str) -> None:
        """`work 1,300 on 2026-01-10`, `bill 2026-01-31`, `run 2026-01-31`, and so on."""
        verb, _, rest = step.removesuffix("!").partition(" ")
        if not step.endswith("!"):
            getattr(self, f"_{verb}")(rest)
            return
        with pytest.raises(Refused) as refused:
            getattr(self, f"_{verb}")(rest)
        self.refused = refused.value.code

    def charged(self, start: date) -> int:
        """The fees that live bills charged for the period that starts then."""
        return sum(
            part.charged_cents
            for bill in self.live
            for part in bill.parts
            if part.period_start == start
        )

    def costs_of(self, start: date) -> int:
        """The costs of live bills that used up the value of the period that starts then."""
        return sum(
            part.costs_cents
            for bill in self.live
            for part in bill.parts
            if part.period_start == start
        )

    def lay_out(self, cents: int, day: date) -> None:
        """A cost of so much."""
        self.costs.append(Entry("expense", len(self.costs) + 1, day, "Cost", cents))

    def add(self, cents: int, day: date, *, rate_e4: int | None = None, hours_e4: int = 0) -> None:
        """An hour's work worth so much."""
        n = len(self.work) + 1
        rate = cents * 100 if rate_e4 is None else rate_e4
        entry = Entry("time", n, day, f"Work {n}", cents, hours_e4=hours_e4 or 10_000, rate_e4=rate)
        self.work.append(entry)

    def bill(
        self,
        through: date,
        *,
        by_hand: bool,
        max_periods: int | None = None,
        even_nothing: bool = False,
        only: str | None = None,
        confirm: bool = False,
    ) -> Bill | None:
        """Bill what is due; a bill over nothing isn't made."""
        taken = {claim for bill in self.live for claim in bill.claims}
        file = MatterFile(
            1, "M", "M", None, tuple(self.versions),
            opened_on=self.opened, closed_on=self.closed, closings=self.closings,
            fees=tuple(e for e in self.work if ("time", e.id) not in taken and e.day <= through),
            costs=tuple(
                e for e in self.costs if ("expense", e.id) not in taken and e.day <= through
            ),
            billed=self._billed(), reserve_cents=self.reserve_cents,
        )  # fmt: skip
        order = Order(
            through, through, 30, segments(file, through, 2), file.costs,
            Asked(
                by_hand=by_hand, max_periods=max_periods, only=only, confirm_cost_writedown=confirm
            ),
            progress(file, through=through),
        )  # fmt: skip
        made = compute(order)
        self.last_reason = made.nothing
        if made.empty and not even_nothing:
            return None
        self.bills.append(made)
        return made

    def _billed(self) -> Billed:
        return Billed(
            tuple(
                BilledPart(
                    p.arrangement_id, p.charged_cents, p.standard_cents, p.reserved_cents,
                    p.costs_cents, p.period_start,
                )
                for bill in self.live for p in bill.parts
            ),
            frozenset(start for bill in self.live for start in bill.periods),
        )  # fmt: skip

    def _work(self, text: str) -> None:
        found = re.fullmatch(r"(?:([\d.]+) h at )?([\d,.]+) on (\S+)", text)
        assert found, text
        day = date.fromisoformat(found[3])
        if found[1] is None:
            self.add(money.read_cents(found[2], 2), day)
            return
        rate_e4, hours_e4 = money.read_rate(found[2]), hours.read_hours(found[1])
        cents = money.price(hours_e4, rate_e4, 2)
        self.add(cents, day, rate_e4=rate_e4, hours_e4=hours_e4)

    def _cost(self, text: str) -> None:
        amount, _, day = text.partition(" on ")
        self.lay_out(money.read_cents(amount, 2), date.fromisoformat(day))

    def _bill(self, text: str) -> None:
        day, _, confirmed = text.partition(" ")
        assert confirmed in ("", "confirmed"), text
        self.bill(date.fromisoformat(day), by_hand=True, confirm=bool(confirmed))

    def _costs(self, text: str) -> None:
        self.bill(date.fromisoformat(text), by_hand=True, only="costs")

    def _zero(self, text: str) -> None:
        self.bill(date.fromisoformat(text), by_hand=True, even_nothing=True)

    def _run(self, text: str) -> None:
        day, _, most = text.partition(" max ")
        number = int(most) if most else None
        self.bill(date.fromisoformat(day), by_hand=False, max_periods=number)

    def _void(self, text: str) -> None:
        self.void.add(int(text) - 1)

    def _closed(self, text: str) -> None:
        self.closed = date.fromisoformat(text)

    def _reopened(self, text: str) -> None:
        assert self.closed is not None, text
        self.closings += (Closing(self.closed, date.fromisoformat(text)),)
        self.closed = None

    def _terms(self, text: str) -> None:
        terms, _, day = text.partition(" from ")
        start = date.fromisoformat(day) if day else None
        version = Version(len(self.versions) + 1, *terms_of(terms))
        self.versions.append(replace(version, valid_from=start))


def terms_of(text: str) -> tuple[str, dict[str, Any]]:
    """`capped-recurring 1,000 every quarter` as a kind and its terms."""
    kind, *words = text.split()
    terms: dict[str, Any] = {}
    if words and words[0][0].isdigit():
        terms["value_cents"] = money.read_cents(words.pop(0), 2)
    pairs = dict(zip(words[::2], words[1::2], strict=True))
    for word, value in pairs.items():
        if word == "rate":
            terms["rate_cap_e4"] = money.read_rate(value)
        elif word in SUMS:
            terms[SUMS[word]] = money.read_cents(value, 2)
        elif word == "partial":
            terms["prorate"] = True
        else:
            terms[WORDS.get(word, word)] = value
    return kind, terms
