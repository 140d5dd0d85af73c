"""Recording time and costs: what the commands do once their words are read, without Typer.

The commands of time.py and expense.py come here with what Typer read, and so does `_hot.py` with
what it read itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from billcli.cli._days import maybe_day
from billcli.cli._ledger import opened_plain
from billcli.cli._prompt import confirm
from billcli.cli._show import show_one, warn
from billcli.errors import Refused
from billcli.values.hours import plain_hours, read_hours
from billcli.values.money import E4, grouped, plain_rate, read_positive_cents, read_rate
from billcli.values.text import read_text

if TYPE_CHECKING:
    from billcli.cli._ledger import PlainLedger
    from billcli.services.work.items import Item

LONG_E4 = 14 * E4
LONGEST = 50_000
"""Characters of a narrative: more than a page of a bill, less than a file by mistake."""


def add_time(
    matter: str,
    hours: str,
    narrative: str,
    *,
    date: str | None = None,
    tk: str | None = None,
    rate: str | None = None,
    behavior: str | None = None,
    task_code: str | None = None,
    activity_code: str | None = None,
    json: bool = False,
) -> None:
    """Record time on a matter, say so, and say what a lawyer should hear of it."""
    hours_e4, span = typed_hours(hours), typed_span(hours)
    said = read_narrative(narrative)
    rate_e4 = None if rate is None else read_rate(rate)
    with opened_plain() as ledger:
        from billcli.services.work import recording

        item = recording.add_time(
            ledger,
            matter,
            hours_e4,
            said,
            day=maybe_day(ledger, date, past=True),
            timekeeper=tk,
            rate_e4=rate_e4,
            behavior=behavior,
            task_code=task_code,
            activity_code=activity_code,
            span=span,
        )
        show_time(item, "recorded", ledger.decimals, json=json, told_day=_in_words(date))
        if span is not None:
            warn_of_overlaps(ledger, item)
        warn_of_recorded(ledger, item)


def add_expense(
    matter: str,
    amount: str,
    description: str,
    *,
    date: str | None = None,
    code: str | None = None,
    category: str | None = None,
    no_bill: bool = False,
    taxable: bool | None = None,
    tk: str | None = None,
    receipt: str | None = None,
    json: bool = False,
) -> None:
    """Record an expense on a matter, say so, and say what its client may object to."""
    said = read_narrative(description, "description")
    paper = None if receipt is None else read_text(receipt, "receipt")
    with opened_plain() as ledger:
        from billcli.services.work import recording

        item = recording.add_expense(
            ledger,
            matter,
            read_positive_cents(amount, ledger.decimals),
            said,
            day=maybe_day(ledger, date, past=True),
            code=code,
            category=category,
            bill=not no_bill,
            taxable=taxable,
            timekeeper=tk,
            receipt=paper,
        )
        show_expense(item, "recorded", ledger.decimals, json=json, told_day=_in_words(date))
        warn_of_recorded(ledger, item)


def read_narrative(text: str | None, what: str = "narrative") -> str:
    """What was done or paid for, as a bill prints it."""
    return read_text(text or "", what, longest=LONGEST)


def typed_hours(text: str) -> int:
    """The hours as typed; a long day is asked about, a longer one refused (B14)."""
    hours_e4 = read_hours(text)
    if hours_e4 > LONG_E4 and not confirm(
        f"{plain_hours(hours_e4)} hours in one entry: is that right?"
    ):
        raise Refused(
            "hours.unsure", "Nothing was recorded.", hint="Give the hours as 1.5, 1h30m or 90m."
        )
    return hours_e4


def typed_span(text: str) -> tuple[int, int] | None:
    """From when to when, in minutes of the day, where the hours were typed that way."""
    if not any(mark in text.lower() for mark in ("-", "\u2013", "to")):
        return None
    from billcli.values.clock_times import read_span

    return read_span(text)


def _in_words(day: str | None) -> bool:
    """Whether a day was typed in other words than today's, so that it is told how it was read."""
    plain = ("", "today", "yesterday")
    return day is not None and day.strip().lower() not in plain and not day.strip()[:4].isdigit()


def show_time(item: Item, done: str, decimals: int, *, json: bool, told_day: bool = False) -> None:
    """One time entry as JSON, or the sentence that says what was done to it."""
    hours, worked = item.hours_e4 or 0, item.logged_hours_e4 or 0
    real = f" ({plain_hours(worked)} worked)" if hours != worked else ""
    show_one(
        item,
        json=json,
        decimals=decimals,
        sentence=f"{item.id} {done}: {plain_hours(hours)} h{real} on {item.matter} "
        f"by {item.timekeeper} at {plain_rate(item.rate_e4 or 0, decimals)} = "
        f"{grouped(item.amount_cents, decimals)}{behaving(item)}{_of_day(item, told_day)}.",
    )


def show_expense(
    item: Item, done: str, decimals: int, *, json: bool, told_day: bool = False
) -> None:
    """One expense as JSON, or the sentence that says what was done to it."""
    show_one(
        item,
        json=json,
        decimals=decimals,
        sentence=f"{item.id} {done}: {grouped(item.amount_cents, decimals)} on {item.matter}"
        f"{behaving(item)}{_of_day(item, told_day)}.",
    )


def _of_day(item: Item, told: bool) -> str:
    return f" ({item.date:%A} {item.date})" if told else ""


def behaving(item: Item) -> str:
    """A word for a behavior other than billing it, as the end of a sentence."""
    if item.behavior == "bill":
        return ""
    return {
        "no_charge": ", at no charge",
        "hide": ", not printed and at no charge",
        "non_billable": ", not billable",
    }[item.behavior]


def warn_of_overlaps(ledger: PlainLedger, item: Item) -> None:
    """Say which other work of the timekeeper was done at the same time; the entry stands (B14)."""
    from billcli.services.work import timer_views

    for sentence in timer_views.overlaps(ledger, item):
        warn(sentence)


def warn_of_recorded(ledger: PlainLedger, item: Item) -> None:
    """Say what a lawyer should hear of a new entry; the entry stands."""
    from billcli.services.work import agreed, recording

    for sentence in (*recording.same_again(ledger, item), *recording.long_day(ledger, item)):
        warn(sentence)
    warn_of_codes(ledger, item)
    for sentence in agreed.warnings(ledger, item):
        warn(sentence)


def warn_of_codes(ledger: PlainLedger, item: Item) -> None:
    """Say what the client may object to in an entry's codes; the entry stands."""
    from billcli.services.work import codes

    for sentence in codes.warnings(ledger, item):
        warn(sentence)
