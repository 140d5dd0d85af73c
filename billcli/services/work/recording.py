"""Recording time and costs: what a key press does, over sqlite3 alone.

What is worked is kept as it was; what is billed is rounded and priced once. These functions take
the plain ledger, and so a ledger with a session too: there is no second way to record work.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core import options
from billcli.core.code import read_code
from billcli.errors import NotFound, Refused, UsageProblem
from billcli.services.work import _rules as rules
from billcli.store import rates, recording, settings
from billcli.store.items import Item
from billcli.store.recording import Matter
from billcli.values import hours, money
from billcli.values.text import did_you_mean, shown, visible

if TYPE_CHECKING:
    from billcli.store.models import MatterRow
    from billcli.store.plain import PlainLedger

FREE = ("non-billable", "internal")
"""Arrangements under which time is kept and never charged (§1.8, §1.9)."""
LONG_DAYS = (12 * money.E4, 24 * money.E4)
"""Hours of one day that are worth a word, as hours_e4."""


def add_time(
    ledger: PlainLedger,
    number: str,
    hours_e4: int,
    description: str,
    *,
    day: date | None = None,
    timekeeper: str | None = None,
    rate_e4: int | None = None,
    behavior: str | None = None,
    task_code: str | None = None,
    activity_code: str | None = None,
    span: tuple[int, int] | None = None,
) -> Item:
    """Record time on a matter, at the rate in force on that day (D-35).

    `span` is from when to when it was worked, in minutes of the day, where that was told.
    Refused: `matter.closed`, `timekeeper.archived`, `time.no-rate`. UsageProblem: `date.future`,
    `timekeeper.needed`, `behavior.unknown`, `code.unreadable`, `hours.too-long`, `clock.skipped`.
    """
    with ledger.write():
        matter = rules.open_matter(ledger, number)
        values = entry_of(
            ledger,
            matter,
            hours_e4,
            description,
            day=rules.past_day(ledger, day),
            timekeeper=timekeeper,
            rate_e4=rate_e4,
            behavior=behavior,
            task_code=task_code,
            activity_code=activity_code,
        )
        item = rules.create(ledger, "time", values)
        if span is not None:
            keep_span(ledger, item, span)
        return item


def keep_span(ledger: PlainLedger, item: Item, span: tuple[int, int]) -> None:
    """Note from when to when the work of an entry was done, as clocks of the firm showed it.

    UsageProblem `clock.skipped` for a time that they jumped over.
    """
    from billcli.services.work._clock import zone_here
    from billcli.store import timers
    from billcli.values import moments

    zone = zone_here(ledger)
    began, ended = (moments.on_day(item.date, minutes, zone) for minutes in span)
    timers.keep_span(ledger, int(item.id.removeprefix("T-")), began, ended)


def entry_of(
    ledger: PlainLedger,
    matter: Matter,
    hours_e4: int,
    description: str,
    *,
    day: date,
    timekeeper: str | None = None,
    rate_e4: int | None = None,
    behavior: str | None = None,
    task_code: str | None = None,
    activity_code: str | None = None,
) -> dict[str, Any]:
    """The time entry that would be kept, rounded and priced; nothing is written. As add_time."""
    own, firm = recording.options_of(ledger, matter.id), settings.all_(ledger)
    who = whose(ledger, matter, timekeeper)
    activity = maybe_code(activity_code, "activity code")
    usual = str(options.effective("default_behavior", own, firm))
    values = {
        "matter_id": matter.id,
        "timekeeper_id": who,
        "day": day.isoformat(),
        "rate_e4": rate_of(ledger, who, matter, activity, day) if rate_e4 is None else rate_e4,
        "rate_typed": int(rate_e4 is not None),
        "behavior": read_behavior(usual if behavior is None else behavior),
        "description": description,
        "task_code": maybe_code(task_code, "task code"),
        "activity_code": activity,
        "increment_minutes": int(options.effective("increment_minutes", own, firm)),
        "rounding": str(options.effective("rounding", own, firm)),
        "logged_e4": hours_e4,
    }
    return priced(ledger, rated(ledger, values))


def add_expense(
    ledger: PlainLedger,
    number: str,
    amount_cents: int,
    description: str,
    *,
    day: date | None = None,
    code: str | None = None,
    category: str | None = None,
    bill: bool = True,
    taxable: bool | None = None,
    timekeeper: str | None = None,
    receipt: str | None = None,
) -> Item:
    """Record an expense on a matter; without a code it carries its category's.

    Without `taxable` its category decides (§4.4). Refused: `matter.closed`,
    `timekeeper.archived`. NotFound `category.missing`. UsageProblem: `date.future`,
    `code.unreadable`.
    """
    with ledger.write():
        matter = rules.open_matter(ledger, number)
        name, usual = category_of(ledger, category) if category is not None else (None, None)
        values = {
            "matter_id": matter.id,
            "timekeeper_id": None
            if timekeeper is None
            else rules.active_timekeeper(ledger, timekeeper),
            "day": rules.past_day(ledger, day).isoformat(),
            "amount_cents": amount_cents,
            "behavior": "bill" if bill and not overhead(ledger, matter.id) else "non-billable",
            "description": description,
            "category": name,
            "expense_code": usual if code is None else read_code(code, "expense code"),
            "taxable": None if taxable is None else int(taxable),
        }
        if receipt:
            values["receipt"] = receipt
        return rules.create(ledger, "expense", values)


def long_day(ledger: PlainLedger, item: Item) -> tuple[str, ...]:
    """What a lawyer should hear of a day that became very long: 12 hours, then 24 (B14).

    Each level is told by the entry that crosses it; recording is never blocked.
    """
    if item.kind != "time" or item.timekeeper is None:
        return ()
    now = recording.worked_e4(ledger, item.timekeeper, item.date.isoformat())
    before = now - (item.logged_hours_e4 or 0)
    if not any(before <= level < now for level in LONG_DAYS):
        return ()
    more = " Is one of them recorded twice?" if now > hours.DAY_E4 else ""
    return (f"{item.timekeeper} has {hours.plain_hours(now)} hours on {item.date}.{more}",)


def same_again(ledger: PlainLedger, item: Item) -> tuple[str, ...]:
    """What a lawyer should hear of an entry that is like an earlier one to the word (B29)."""
    if item.kind != "time":
        return ()
    other = recording.same_time(ledger, int(item.id.removeprefix("T-")))
    if other is None:
        return ()
    return (f"{item.id} has the day, hours and words of T-{other}. Is it recorded twice?",)


def rated(ledger: PlainLedger, values: Mapping[str, Any]) -> dict[str, Any]:
    """A time entry at a rate of 0 where its matter charges none; its own rate is kept (D-28)."""
    kind = rules.kind_on(ledger, values["matter_id"], date.fromisoformat(values["day"]))
    if kind not in FREE:
        return {**values, "standard_rate_e4": None}
    return {**values, "rate_e4": 0, "standard_rate_e4": values["rate_e4"]}


def priced(ledger: PlainLedger, values: dict[str, Any]) -> dict[str, Any]:
    """The entry with its billed hours and its standard value, rounded once (D-13)."""
    logged = values["logged_e4"]
    if not 0 < logged <= hours.DAY_E4:
        raise UsageProblem(
            "hours.too-long", f"An entry takes more than 0 and at most 24 hours, not "
            f"{hours.plain_hours(logged)}.", hint="Record each day by itself.",
        )  # fmt: skip
    billed = hours.billable(logged, values["increment_minutes"], values["rounding"])
    billed = min(billed, hours.DAY_E4)
    cents = money.price(billed, values["rate_e4"], ledger.decimals)
    return {**values, "hours_e4": billed, "standard_cents": cents}


def whose(ledger: PlainLedger, matter: Matter, asked: str | None) -> str:
    """Who worked: as named, else the matter's responsible, else the only one there is."""
    named = matter.responsible_id if asked is None else asked
    if named is not None:
        return rules.active_timekeeper(ledger, named)
    active = recording.active_timekeepers(ledger)
    if len(active) == 1:
        return active[0]
    raise UsageProblem(
        "timekeeper.needed",
        f"Whose time is it? Matter {matter.number} has nobody responsible, "
        f"and the firm has {len(active)} timekeepers.",
        hint="Name one with --tk." if active else "Add one with `billcli timekeeper add`.",
    )


def rate_of(
    ledger: PlainLedger,
    timekeeper: str,
    matter: Matter | MatterRow,
    activity: str | None,
    day: date,
) -> int:
    """The rate of a timekeeper's work on a matter on that day. Refused `time.no-rate` (D-35)."""
    rate = rates.in_force(
        ledger,
        timekeeper,
        client_id=matter.client_id,
        matter_id=matter.id,
        activity_code=activity,
        day=day,
    )
    if rate is None:
        raise Refused(
            "time.no-rate",
            f"Timekeeper {timekeeper} has no rate for {matter.number} on {day}.",
            hint=f"Give --rate, or set one: `billcli timekeeper edit {timekeeper} --rate R`.",
        )
    return rate


def read_behavior(text: str) -> str:
    """How an entry shows on its bill, as typed. UsageProblem `behavior.unknown`."""
    behavior = text.strip().lower().replace("_", "-")
    if behavior not in options.BEHAVIORS:
        raise UsageProblem(
            "behavior.unknown",
            f"{shown(text)} isn't a behavior of a time entry.",
            hint=did_you_mean(behavior, options.BEHAVIORS)
            or f"It is one of {', '.join(options.BEHAVIORS)}.",
        )
    return behavior


def category_of(ledger: PlainLedger, name: str) -> tuple[str, str | None]:
    """A category by its name, in any case, and the code of its expenses."""
    known = recording.categories(ledger)
    folded = {each.casefold(): each for each in known}
    found = name if name in known else folded.get(name.strip().casefold())
    if found is None:
        listed = ", ".join(visible(each) for each in sorted(known)[:10])
        raise NotFound(
            "category.missing",
            f"There is no expense category {shown(name)}.",
            hint=did_you_mean(name, known)
            or (f"There are {listed}." if known else "Categories come from the firm file."),
        )
    return found, known[found]


def overhead(ledger: PlainLedger, matter_id: int) -> bool:
    """Whether costs of that matter are the firm's own (§1.9)."""
    return rules.kind_on(ledger, matter_id, ledger.today) == "internal"


def maybe_code(text: str | None, what: str) -> str | None:
    """A code in capitals, if one was given. UsageProblem `code.unreadable`."""
    return None if text is None else read_code(text, what)
