"""How the billing options of a matter are typed and told: their names, their values, the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billcli.cli._show import show_list, show_one
from billcli.core.options import OPTIONS
from billcli.errors import UsageProblem
from billcli.render.table import Column
from billcli.values.text import did_you_mean, shown

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.matter.options import OptionsView

COLUMNS = (
    Column("Option", "name"),
    Column("Value", "value"),
    Column("From", "source"),
    Column("What it is", "help"),
)


def show(view: OptionsView, ledger: Ledger, *, json: bool) -> None:
    """Each option with its value and where that comes from."""
    if json:
        return show_one(view.document(), json=True, sentence="", decimals=ledger.decimals)
    rows = [
        {
            "name": spoken(option.name),
            "value": told(option.name, option.value, ledger.decimals),
            "source": option.source.replace("_", " "),
            "help": option.help,
        }
        for option in view.options
    ]
    return show_list(rows, COLUMNS, json=False, empty="", decimals=ledger.decimals)


def spoken(name: str) -> str:
    """An option's name as it is typed after the two hyphens."""
    bare = name.removesuffix("_minutes").removesuffix("_cents").removesuffix("_e4")
    return bare.replace("_", "-")


def told(name: str, value: Any, decimals: int) -> str:
    """A value as people read it."""
    from billcli.values.money import grouped, plain_percent

    option = OPTIONS[name]
    if isinstance(value, bool):
        return "on" if value else "off"
    if option.kind == "replenish":
        if not value:
            return "off"
        sums = (value["minimum_cents"], value["trigger_cents"])
        return ":".join(grouped(cents, decimals) for cents in sums)
    if option.kind == "split" and value:
        return ", ".join(f"{who} {percent}%" for who, percent in value.items())
    if value is None or value == []:
        return "none"
    if isinstance(value, list):
        return ", ".join(value)
    if option.kind == "money":
        return grouped(value, decimals)
    if option.kind == "percent":
        return f"{plain_percent(value)}%"
    word = str(value).replace("_", "-")
    return word if option.kind == "choice" or word in option.choices else str(value)


def named(word: str) -> str:
    """The option that a word means. UsageProblem `option.unknown`."""
    names = {spoken(name): name for name in OPTIONS} | {name: name for name in OPTIONS}
    known = names.get(word.strip().lower().removeprefix("--"))
    if known is None:
        raise UsageProblem(
            "option.unknown",
            f"{shown(word)} isn't a billing option.",
            hint=did_you_mean(word, names) or f"They are {', '.join(map(spoken, OPTIONS))}.",
        )
    return known


def read_discount(ledger: Ledger, text: str) -> dict[str, int]:
    """`10%`, an amount, or none. UsageProblem `money.negative`."""
    from billcli.values.money import read_cents, read_percent

    typed = text.strip()
    if typed.lower() == "none":
        return {}
    if typed.endswith("%"):
        return {"percent_e4": read_percent(typed, what="discount")}
    cents = read_cents(typed, ledger.decimals, what="discount")
    if cents < 0:
        raise UsageProblem(
            "money.negative", f"The discount {shown(text)} is below zero.", hint="Give none for 0."
        )
    return {"cents": cents}


def read_replenish(ledger: Ledger, text: str) -> dict[str, int]:
    """`5000:3000`, the minimum and the trigger, or off. UsageProblem `option.value`."""
    from billcli.values.money import read_cents

    typed = text.strip()
    if typed.lower() in ("off", "none"):
        return {}
    minimum, colon, trigger = typed.partition(":")
    if not colon:
        raise UsageProblem(
            "option.value",
            f"{shown(text)} isn't a value of --replenish.",
            hint="Write the minimum and the trigger, as 5000:3000, or off.",
        )
    return {
        "minimum_cents": read_cents(minimum, ledger.decimals, what="minimum"),
        "trigger_cents": read_cents(trigger, ledger.decimals, what="trigger"),
    }


def read_split(given: list[str]) -> dict[str, int]:
    """`rivera=60` and `insurer=40`, or off. UsageProblem `option.value`."""
    from billcli.values.money import read_percent

    if [word.strip().lower() for word in given] in (["off"], ["none"]):
        return {}
    shares: dict[str, int] = {}
    for word in given:
        client, equals, percent = (part.strip() for part in word.partition("="))
        if not equals or not client or client in shares:
            raise UsageProblem(
                "option.value",
                f"{shown(word)} isn't a value of --split.",
                hint="Write each payor once with a share, as rivera=60, or --split off.",
            )
        shares[client] = read_percent(percent, what="share")
    return shares


def read_switch(option: str, text: str) -> bool:
    """On or off. UsageProblem `option.value`."""
    word = text.strip().lower()
    if word not in ("on", "off"):
        raise UsageProblem(
            "option.value", f"{shown(text)} isn't a value of {option}.", hint="It is on or off."
        )
    return word == "on"
