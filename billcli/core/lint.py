"""What a reviewer should look at before a bill goes out: the warnings of a pre-bill (§6.2).

Vague and block-billed lines are what clients dispute first; the rest is what would be regretted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from billcli.core.alerts import THRESHOLDS, Use
from billcli.core.bill import Bill
from billcli.core.lines import Line
from billcli.values import money
from billcli.values.hours import plain_hours

HOUR_E4 = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Where each warning begins; a receipt is asked for above so many units of the currency."""

    words: int = 3
    block_e4: int = 4 * HOUR_E4
    day_e4: int = 12 * HOUR_E4
    old_days: int = 60
    receipt_units: int = 75
    cap_percent: int = THRESHOLDS[1]
    writedown_percent: int = 20


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Finding:
    """One warning: a short stable code, its words, and the entry that it is about, if one is."""

    code: str
    text: str
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What is looked at: a computed bill, and what is known around it.

    `day_e4` are the hours of a timekeeper on a day on all matters; `receipts` the expenses that
    have one; `milestones` those done and on no bill; `short_cents` is what client money that is
    held, or was agreed, doesn't cover (None where there is none); `addressed` whether the bill
    can be mailed.
    """

    bill: Bill
    decimals: int = 2
    day_e4: Mapping[tuple[str, date], int] = field(default_factory=dict)
    receipts: frozenset[int] = frozenset()
    use: Use | None = None
    milestones: Sequence[tuple[int, str]] = ()
    short_cents: int | None = None
    addressed: bool = True


def lint(draft: Draft, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """Every warning, those of lines first and in their order (D-56)."""
    time = [line for line in draft.bill.lines if line.kind == "time"]
    printed = [line for line in time if line.printed]
    return (
        *_narratives(printed, limits),
        *_long_days(draft, time, limits),
        *_duplicates(printed),
        *_dates(draft.bill, limits),
        *_rates(time),
        *_receipts(draft, limits),
        *_money(draft, limits),
        *_agreement(draft, limits),
    )


def _narratives(lines: Sequence[Line], limits: Limits) -> Iterator[Finding]:
    """Words that say too little, and several pieces of work in one long entry."""
    for line in lines:
        words = len(line.description.split())
        if words < limits.words:
            said = f"{words} word" if words == 1 else f"{words} words"
            yield Finding("narrative", f"its narrative has {said}", line.source)
        if ";" in line.description and (line.hours_e4 or 0) > limits.block_e4:
            hours = plain_hours(line.hours_e4 or 0)
            yield Finding("block_billing", f"several tasks in one entry of {hours} h", line.source)


def _long_days(draft: Draft, lines: Sequence[Line], limits: Limits) -> Iterator[Finding]:
    """Days of a timekeeper that are longer than anybody believes, on all matters together."""
    seen: set[tuple[str, date]] = set()
    for line in lines:
        if line.timekeeper is None or line.day is None:
            continue
        at = (line.timekeeper, line.day)
        hours = draft.day_e4.get(at, 0)
        if hours > limits.day_e4 and at not in seen:
            seen.add(at)
            told = f"{line.timekeeper} has {plain_hours(hours)} h on {line.day}, on all matters"
            yield Finding("long_day", told, line.source)


def _duplicates(lines: Sequence[Line]) -> Iterator[Finding]:
    """The same words on the same day, whoever wrote them."""
    first: dict[tuple[date | None, str], str | None] = {}
    for line in lines:
        same = (line.day, " ".join(line.description.casefold().split()))
        if same in first:
            yield Finding("duplicate", f"the same words as {first[same]} that day", line.source)
        else:
            first[same] = line.source


def _dates(bill: Bill, limits: Limits) -> Iterator[Finding]:
    for line in bill.lines:
        if line.day is None or line.entry_id is None:
            continue
        age = (bill.day - line.day).days
        if age > limits.old_days:
            told = f"more than {limits.old_days} days before the bill"
            yield Finding("old", told, line.source)
        if age < 0:
            yield Finding("future", "its day is after the bill's", line.source)
        elif line.kind == "time" and line.day.weekday() >= 5:
            day = ("Saturday", "Sunday")[line.day.weekday() - 5]
            yield Finding("weekend", f"its day is a {day}", line.source)


def _rates(lines: Sequence[Line]) -> Iterator[Finding]:
    for line in lines:
        if line.behavior == "bill" and not line.rate_e4:
            yield Finding("no_rate", "its rate is 0", line.source)


def _receipts(draft: Draft, limits: Limits) -> Iterator[Finding]:
    above = limits.receipt_units * 10**draft.decimals
    for line in draft.bill.lines:
        if line.kind != "expense" or line.entry_id is None or line.entry_id in draft.receipts:
            continue
        if line.amount_cents > above:
            amount = money.grouped(line.amount_cents, draft.decimals)
            yield Finding("no_receipt", f"an expense of {amount} without a receipt", line.source)


def _money(draft: Draft, limits: Limits) -> Iterator[Finding]:
    bill = draft.bill
    down = -bill.fee_adjustment_cents
    if down * 100 > limits.writedown_percent * bill.standard_fees_cents > 0:
        percent = money.round_ratio(down * 100, bill.standard_fees_cents)
        amount = money.grouped(down, draft.decimals)
        yield Finding("write_down", f"{amount} is written down, {percent} % of the work")
    if draft.short_cents:
        short = money.grouped(draft.short_cents, draft.decimals)
        yield Finding("trust_short", f"the client's money doesn't cover the bill: {short} is short")
    if not draft.addressed:
        yield Finding("no_address", "there is no e-mail address to send the bill to")


def _agreement(draft: Draft, limits: Limits) -> Iterator[Finding]:
    use = draft.use
    if use is not None and use.used_cents * 100 > limits.cap_percent * use.value_cents:
        percent = money.round_ratio(use.used_cents * 100, use.value_cents)
        value = money.grouped(use.value_cents, draft.decimals)
        yield Finding("cap", f"{percent} % of the agreed {value} is used, this bill included")
    for number, name in draft.milestones:
        yield Finding("milestone", f"milestone {number}, {name}, is done and on no bill")
