"""Timers: what their commands do once their words are read, without Typer."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from billcli.cli._ledger import opened_plain
from billcli.cli._prompt import ask, confirm
from billcli.cli._recording import (
    LONG_E4,
    read_narrative,
    show_time,
    warn_of_overlaps,
    warn_of_recorded,
)
from billcli.cli._show import show_one, talk
from billcli.errors import Refused
from billcli.values.hours import plain_clock, plain_hours, short_hours
from billcli.values.money import grouped, plain_rate

if TYPE_CHECKING:
    from billcli.cli._ledger import PlainLedger
    from billcli.services.work.items import Item
    from billcli.services.work.timer_views import Running


def start(
    matter: str,
    narrative: str | None = None,
    *,
    at: str | None = None,
    tk: str | None = None,
    task_code: str | None = None,
    activity_code: str | None = None,
    json: bool = False,
) -> None:
    """Start a timer; what was running before is recorded, and said."""
    said = None if narrative is None else read_narrative(narrative)
    with opened_plain() as ledger:
        from billcli.services.work import timers

        begun = timers.start(
            ledger,
            matter,
            said,
            at=at,
            timekeeper=tk,
            task_code=task_code,
            activity_code=activity_code,
        )
        if begun.recorded and not json:
            show_time(begun.recorded, "recorded", ledger.decimals, json=False)
        timer = begun.timer
        show_one(
            {**_flat(timer), "recorded": begun.recorded},
            json=json,
            decimals=ledger.decimals,
            sentence=f"The timer of {timer.timekeeper} runs on {timer.matter} "
            f"since {_since(ledger, timer)}.",
        )
        if begun.recorded:
            _warn(ledger, begun.recorded)


def stop(
    narrative: str | None = None,
    *,
    at: str | None = None,
    tk: str | None = None,
    discard: bool = False,
    json: bool = False,
) -> None:
    """Stop a timer and record its time, or drop it."""
    said = None if narrative is None else read_narrative(narrative)
    with opened_plain() as ledger:
        from billcli.services.work import timers

        if discard:
            dropped = timers.discard(ledger, timekeeper=tk)
            show_one(
                _flat(dropped),
                json=json,
                decimals=ledger.decimals,
                sentence=f"The timer of {dropped.timekeeper} on {dropped.matter} was dropped after "
                f"{plain_clock(dropped.hours_e4)} h; nothing was recorded.",
            )
            return
        timer = timers.one(ledger, tk)
        until, length = timers.ending(ledger, timer, at)
        if length > LONG_E4 and not confirm(
            f"The timer of {timer.timekeeper} on {timer.matter} ran for {plain_clock(length)} h: "
            "is that right?"
        ):
            raise Refused(
                "hours.unsure",
                "Nothing was recorded; the timer still runs.",
                hint="Say when it ended: billcli time stop --at 18:30",
            )
        if said is None and timer.description is None:
            said = read_narrative(
                ask("What was done?", option="NARRATIVE, as in: billcli time stop 'Call'")
            )
        # While nobody said when it ended, it is now: after the questions, not before.
        item = timers.stop(
            ledger, said, until=None if at is None else until, timekeeper=timer.timekeeper
        )
        show_time(item, "recorded", ledger.decimals, json=json)
        _warn(ledger, item)


def timer(*, tk: str | None = None, json: bool = False) -> None:
    """Show the timers that run."""
    with opened_plain() as ledger:
        from billcli.services.work import timer_views

        found = timer_views.running(ledger, timekeeper=tk)
        if json:
            show_one(found, json=True, sentence="", decimals=ledger.decimals)
        elif not found:
            talk("No timer runs.")
        for each in () if json else found:
            show_one(each, json=False, sentence=_told(ledger, each))


def status_line(*, json: bool = False) -> None:
    """The timers that run, the hours of the day and the drafts that wait, in one line."""
    with opened_plain() as ledger:
        from billcli.services.work import timer_views

        seen = timer_views.glance(ledger)
        parts = [
            f"{each.timekeeper} {each.matter} {plain_clock(each.hours_e4)}" for each in seen.timers
        ]
        parts.append(f"{short_hours(seen.logged_hours_e4)} h today")
        if seen.drafts:
            parts.append(f"{seen.drafts} draft{'s' if seen.drafts > 1 else ''}")
        show_one(seen, json=json, decimals=ledger.decimals, sentence=" | ".join(parts))


def _told(ledger: PlainLedger, timer: Running) -> str:
    said = f": {timer.description}" if timer.description else ""
    worth = ""
    if timer.billable_hours_e4 is not None:
        worth = (
            f"; it would bill {plain_hours(timer.billable_hours_e4)} h at "
            f"{plain_rate(timer.rate_e4 or 0, ledger.decimals)} = "
            f"{grouped(timer.amount_cents or 0, ledger.decimals)}"
        )
    return (
        f"{timer.timekeeper} on {timer.matter} since {_since(ledger, timer)}, "
        f"{plain_clock(timer.hours_e4)} h so far{worth}{said}"
    )


def _since(ledger: PlainLedger, timer: Running) -> str:
    """When a timer began, with its day where that isn't today."""
    clock = f"{timer.started_at:%H:%M}"
    return clock if timer.date == ledger.today else f"{timer.date} {clock}"


def _warn(ledger: PlainLedger, item: Item) -> None:
    warn_of_overlaps(ledger, item)
    warn_of_recorded(ledger, item)


def _flat(timer: Running) -> dict[str, Any]:
    return {field.name: getattr(timer, field.name) for field in fields(timer)}
