"""Time that was recorded: changed, removed and listed; `add` is that of recording."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core import options
from billcli.core.code import read_code
from billcli.services.work import _entries as rules
from billcli.services.work.agreed import warnings
from billcli.services.work.recording import add_time as add
from billcli.services.work.recording import keep_span, priced, rate_of, rated, read_behavior
from billcli.store import entries, recording, settings, timers
from billcli.store.entries import Item

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

__all__ = ["add", "edit", "list_", "read_behavior", "remove", "warnings"]


def edit(
    ledger: Ledger,
    reference: str,
    *,
    hours_e4: int | None = None,
    description: str | None = None,
    day: date | None = None,
    timekeeper: str | None = None,
    rate_e4: int | None = None,
    behavior: str | None = None,
    task_code: str | None = None,
    activity_code: str | None = None,
    matter: str | None = None,
    span: tuple[int, int] | None = None,
) -> Item:
    """Change an unbilled time entry: what is named, and nothing else.

    A new timekeeper or matter brings its own rate, unless the rate was typed; a new matter also
    brings its increment. Any other change leaves the rate as it was (D-35). Empty codes are taken
    away. When it was worked (`span`, as for add) is forgotten with another day or length.
    Refused: `entry.billed` and those of add.
    """
    named = rules.given(
        hours_e4=hours_e4, description=description, day=day, timekeeper=timekeeper,
        rate_e4=rate_e4, behavior=behavior, task_code=task_code, activity_code=activity_code,
        matter=matter,
    )  # fmt: skip
    with ledger.write():
        ref = rules.changeable(ledger, reference, "time")
        before = entries.stored(ledger, "time", ref.id)
        own_rate = before["standard_rate_e4"]
        kept = {} if own_rate is None else {"rate_e4": own_rate}
        after = {**before, **kept, **_typed(ledger, named)}
        if "matter" in named:
            moved = rules.open_matter(ledger, named["matter"])
            assert moved.id is not None
            after["matter_id"] = moved.id
        if after["matter_id"] != before["matter_id"]:
            own, firm = recording.options_of(ledger, after["matter_id"]), settings.all_(ledger)
            after["increment_minutes"] = int(options.effective("increment_minutes", own, firm))
            after["rounding"] = str(options.effective("rounding", own, firm))
        elsewhere = any(before[name] != after[name] for name in ("matter_id", "timekeeper_id"))
        if elsewhere and not after["rate_typed"]:
            at = entries.matter_of(ledger, after["matter_id"])
            after["rate_e4"] = rate_of(
                ledger,
                after["timekeeper_id"],
                at,
                after["activity_code"],
                date.fromisoformat(after["day"]),
            )
        after = rated(ledger, after)
        if any(
            before[name] != after[name]
            for name in ("logged_e4", "rate_e4", "increment_minutes", "rounding")
        ):
            after = priced(ledger, after)
        item = rules.alter(ledger, ref, after)
        if span is not None or any(before[name] != after[name] for name in ("day", "logged_e4")):
            timers.drop_span(ledger, ref.id)
        if span is not None:
            keep_span(ledger, item, span)
        return item


def remove(ledger: Ledger, reference: str) -> Item:
    """Remove an unbilled time entry; the log keeps what it was. Refused: `entry.billed`."""
    with ledger.write():
        return rules.delete(ledger, reference, "time")


def list_(
    ledger: Ledger,
    number: str | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
    timekeeper: str | None = None,
) -> Sequence[Item]:
    """The time entries of a matter or of all, by day."""
    return rules.listed(ledger, "time", number, first=first, last=last, timekeeper=timekeeper)


def _typed(ledger: Ledger, named: dict[str, Any]) -> dict[str, Any]:
    """The edited fields as the ledger keeps them."""
    made: dict[str, Any] = {}
    if "hours_e4" in named:
        made["logged_e4"] = named["hours_e4"]
    if "description" in named:
        made["description"] = named["description"]
    if "day" in named:
        made["day"] = rules.past_day(ledger, named["day"]).isoformat()
    if "timekeeper" in named:
        made["timekeeper_id"] = rules.active_timekeeper(ledger, named["timekeeper"])
    if "rate_e4" in named:
        made |= {"rate_e4": named["rate_e4"], "rate_typed": 1}
    if "behavior" in named:
        made["behavior"] = read_behavior(named["behavior"])
    for field, what in (("task_code", "task code"), ("activity_code", "activity code")):
        if field in named:
            made[field] = read_code(named[field], what) if named[field].strip() else None
    return made
