"""What a schema can't say about a firm file: names used twice, triggers, shares that don't add up.

Every check takes the document as the walk left it, where a value with a fault is simply absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from billcli.formats.firm.place import Fault, Place
from billcli.values.money import WHOLE_E4, plain_percent
from billcli.values.text import did_you_mean, shown

Table = Mapping[str, Any]
_ONCE = (
    ("tax", "code"),
    ("expense_category", "name"),
    ("timekeeper", "id"),
    ("workflow", "name"),
    ("workflow", "case_type"),
    ("client", "id"),
    ("matter", "number"),
)
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def check(tree: Table) -> Iterator[Fault]:
    """Everything wrong with the document as a whole, in a fixed order."""
    yield from _settings(tree)
    for table, key in _ONCE:
        yield from _once(tree.get(table, ()), key, Place(key=table))
    for place, tax in _each(tree, "tax"):
        yield from _once(tax.get("rates", ()), "from", place.under("rates"))
    for place, workflow in _each(tree, "workflow"):
        yield from _triggers(workflow.get("task", ()), place.under("task"))
    for place, matter in _each(tree, "matter"):
        yield from _triggers(matter.get("task", ()), place.under("task"))
        yield from _matter(matter, place)


def _each(tree: Table, key: str) -> Iterator[tuple[Place, Table]]:
    for index, table in enumerate(tree.get(key, ())):
        yield Place(key=key).item(index, table), table


def _settings(tree: Table) -> Iterator[Fault]:
    zone = tree.get("firm", {}).get("timezone")
    if zone is not None and not _is_zone(zone):
        yield Fault(
            "firm-file.value",
            f"firm.timezone: {shown(zone)} isn't a time zone.",
            _near_zone(zone) or "Write it as a city of the zone, such as America/Chicago.",
        )
    mail = tree.get("email", {})
    if mail.get("security") == "none" and mail.get("host") not in _THIS_MACHINE:
        yield Fault(
            "firm-file.value",
            "email.security can be none only where email.host is this machine.",
            "Write starttls or tls.",
        )
    yield from _replenish(tree.get("billing", {}), Place(key="billing"))


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _near_zone(name: str) -> str | None:
    from zoneinfo import available_timezones

    return did_you_mean(name, sorted(available_timezones()))


def _once(tables: Sequence[Table], key: str, place: Place) -> Iterator[Fault]:
    first: dict[object, int] = {}
    for index, table in enumerate(tables):
        name = table.get(key)
        if name is None:
            continue
        if name in first:
            here = place.item(index, table).under(key)
            earlier = place.item(first[name])
            yield Fault(
                "firm-file.twice",
                f"{here} is {shown(str(name))}, as {earlier} already is.",
                "Give each its own, or remove one.",
            )
        first.setdefault(name, index)


def _triggers(tasks: Sequence[Table], place: Place) -> Iterator[Fault]:
    percent_e4 = remainders = 0
    for index, task in enumerate(tasks):
        trigger = task.get("trigger")
        if trigger is None:
            continue
        stated = [key for key in ("amount_cents", "percent_e4", "remainder") if key in trigger]
        if len(stated) != 1:
            yield Fault(
                "firm-file.value",
                f"{place.item(index, task).under('trigger')} states {len(stated)} charges, not 1.",
                "Give it one of amount, percent and remainder = true.",
            )
        percent_e4 += trigger.get("percent_e4", 0)
        remainders += "remainder" in trigger
    if percent_e4 > WHOLE_E4:
        yield Fault(
            "firm-file.value",
            f"{place}: the percentages come to {plain_percent(percent_e4)}; 100 is all there is.",
            "Lower one of them.",
        )
    if remainders > 1:
        yield Fault(
            "firm-file.value",
            f"{place}: {remainders} triggers take the remainder; only one can.",
            "Give the others an amount or a percent.",
        )


def _matter(matter: Table, place: Place) -> Iterator[Fault]:
    if "client" not in matter and matter.get("arrangement", {}).get("kind") != "internal":
        yield Fault(
            "firm-file.missing-key",
            f"{place.under('client')} is missing.",
            "Name the client's id; only an internal matter has none.",
        )
    options, here = matter.get("billing", {}), place.under("billing")
    yield from _replenish(options, here)
    if "terms" in options and "terms_days" in options:
        yield Fault(
            "firm-file.twice",
            f"{here} has both terms and terms_days.",
            "Keep one of them.",
        )
    if ("originator" in options) != ("origination_e4" in options):
        missing = "origination" if "originator" in options else "originator"
        yield Fault(
            "firm-file.missing-key",
            f"{here.under(missing)} is missing.",
            "An originator has a share, and a share an originator.",
        )
    shares = options.get("split", {})
    if shares and sum(shares.values()) != WHOLE_E4:
        total = plain_percent(sum(shares.values()))
        yield Fault(
            "firm-file.value",
            f"{here.under('split')}: the shares come to {total}, not 100.",
            "Let the shares of all payers add up to 100.",
        )


def _replenish(options: Table, place: Place) -> Iterator[Fault]:
    asked = options.get("replenish", {})
    if asked.get("minimum_cents", 0) < asked.get("trigger_cents", 0):
        yield Fault(
            "firm-file.value",
            f"{place.under('replenish')}: the minimum is below the trigger.",
            "Let the minimum be the trigger or more.",
        )
