"""`matter billing`: the billing options of a matter on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._show import show_list, show_one
from billcli.core.options import BEHAVIORS, OPTIONS, QUOTE_RULES, STATUSES
from billcli.errors import UsageProblem
from billcli.render.table import Column
from billcli.values.text import did_you_mean, shown

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.options import OptionsView

COLUMNS = (
    Column("Option", "name"),
    Column("Value", "value"),
    Column("From", "source"),
    Column("What it is", "help"),
)
REDUCTIONS = OPTIONS["show_reduction"].choices
EXPENSES_ONLY = OPTIONS["expenses_only"].choices
INCLUDES = OPTIONS["quote_includes"].choices
ROUNDINGS = OPTIONS["rounding"].choices


def billing(
    matter: o.Matter,
    on: Annotated[
        bool | None, Option("--on/--off", help="Bill the matter, or don't bill it at all.")
    ] = None,
    status: Annotated[
        str | None,
        Option(
            "--status",
            metavar="STATUS",
            help="Billing status: use-matter, active or closed.",
            autocompletion=_complete.of(*STATUSES),
        ),
    ] = None,
    template: Annotated[
        str | None, Option("--template", metavar="NAME", help="The template of its bills.")
    ] = None,
    email: Annotated[
        str | None,
        Option("--email", metavar="A,B", help="Where bills go, with commas; '' for nowhere."),
    ] = None,
    copies: Annotated[
        int | None, Option("--copies", metavar="0|1|2", help="Printed copies.", min=0, max=2)
    ] = None,
    exclude_from_mass: Annotated[
        bool | None,
        Option(
            "--exclude-from-mass/--include-in-mass",
            help="Leave it out of mass billing unless it is named, or take it in.",
        ),
    ] = None,
    default_behavior: Annotated[
        str | None,
        Option(
            "--default-behavior",
            metavar="BEHAVIOR",
            help="Of new time entries: bill, no-charge, hide or non-billable.",
            autocompletion=_complete.of(*BEHAVIORS),
        ),
    ] = None,
    discount: Annotated[
        str | None,
        Option("--discount", metavar="10%|AMOUNT|none", help="Off the fees of each bill."),
    ] = None,
    show_reduction: Annotated[
        str | None,
        Option(
            "--show-reduction",
            metavar="HOW",
            help="Show a reduction as discount, or hide-line-pricing.",
            autocompletion=_complete.of(*REDUCTIONS),
        ),
    ] = None,
    expenses_only: Annotated[
        str | None,
        Option(
            "--expenses-only",
            metavar="WHEN",
            help="Bill costs alone and keep the fees: never, mass or mass-and-single.",
            autocompletion=_complete.of(*EXPENSES_ONLY),
        ),
    ] = None,
    quote: Annotated[
        str | None,
        Option("--quote", metavar="AMOUNT", help="What the client was quoted; 0 for no quote."),
    ] = None,
    quote_includes: Annotated[
        str | None,
        Option(
            "--quote-includes",
            metavar="WHAT",
            help="What the quote is for: fees, fees-and-costs or costs.",
            autocompletion=_complete.of(*INCLUDES),
        ),
    ] = None,
    below_quote: Annotated[
        str | None,
        Option(
            "--below-quote",
            metavar="RULE",
            help="Billed when the work is below the quote: quote, quote-plus-wip or wip.",
            autocompletion=_complete.of(*QUOTE_RULES),
        ),
    ] = None,
    above_quote: Annotated[
        str | None,
        Option(
            "--above-quote",
            metavar="RULE",
            help="Billed when the work is above the quote: quote, quote-plus-wip or wip.",
            autocompletion=_complete.of(*QUOTE_RULES),
        ),
    ] = None,
    allocate: Annotated[
        str | None,
        Option(
            "--allocate",
            metavar="pro-rata|responsible|TK",
            help="Whom the fees are credited to.",
            autocompletion=_complete.timekeepers,
        ),
    ] = None,
    allocate_adjustments: Annotated[
        str | None,
        Option(
            "--allocate-adjustments",
            metavar="original|responsible|TK",
            help="Whom write-ups, write-downs and discounts are credited to.",
            autocompletion=_complete.timekeepers,
        ),
    ] = None,
    originator: Annotated[
        str | None,
        Option(
            "--originator",
            metavar="TK|none",
            help="Who brought the matter in; with --origination.",
            autocompletion=_complete.timekeepers,
        ),
    ] = None,
    origination: Annotated[
        str | None,
        Option("--origination", metavar="PCT", help="Of the net fees, off the top."),
    ] = None,
    terms: o.Terms = None,
    tax: Annotated[
        str | None, Option("--tax", metavar="CODE|none", help="The tax code of its fees.")
    ] = None,
    increment: Annotated[
        int | None,
        Option("--increment", metavar="MINUTES", help="Unit of billed time.", min=0, max=60),
    ] = None,
    rounding: Annotated[
        str | None,
        Option(
            "--rounding",
            metavar="HOW",
            help="To the unit: up, down or half-up.",
            autocompletion=_complete.of(*ROUNDINGS),
        ),
    ] = None,
    reset: Annotated[
        list[str] | None,
        Option("--reset", metavar="OPTION", help="Back to its default; again for each option."),
    ] = None,
    json: o.Json = False,
) -> None:
    """Show or set the billing options of a matter.

    Without an option it shows each value and where it comes from: the matter, its client, the
    firm, or the program.
    """
    from billcli.services import options
    from billcli.values.money import read_cents, read_percent

    given = {
        "billing": on,
        "status": status,
        "template": template,
        "copies": copies,
        "exclude_from_mass": exclude_from_mass,
        "default_behavior": default_behavior,
        "show_reduction": show_reduction,
        "terms": terms,
        "tax": tax,
        "increment_minutes": increment,
        "rounding": rounding,
        "expenses_only": expenses_only,
        "quote_includes": quote_includes,
        "below_quote": below_quote,
        "above_quote": above_quote,
        "allocate": allocate,
        "allocate_adjustments": allocate_adjustments,
        "originator": originator,
    }
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    changes |= {_named(name): None for name in reset or ()}
    if email is not None:
        changes["email"] = [part.strip() for part in email.split(",") if part.strip()]
    with opened() as ledger:
        if discount is not None:
            changes["discount"] = _read_discount(ledger, discount)
        if quote is not None:
            changes["quote_cents"] = read_cents(quote, ledger.decimals, what="quote")
        if origination is not None:
            changes["origination_e4"] = read_percent(origination, what="origination")
        if not changes:
            _show(options.show_options(ledger, matter), ledger, json=json)
            return
        view = options.set_options(ledger, matter, changes)
        told = ", ".join(
            f"{_spoken(name)} {_text(name, view.value(name), ledger.decimals)}" for name in changes
        )
        show_one(
            view.document(),
            json=json,
            sentence=f"Billing options of {matter}: {told}.",
            decimals=ledger.decimals,
        )


def _show(view: OptionsView, ledger: Ledger, *, json: bool) -> None:
    if json:
        return show_one(view.document(), json=True, sentence="", decimals=ledger.decimals)
    rows = [
        {
            "name": _spoken(option.name),
            "value": _text(option.name, option.value, ledger.decimals),
            "source": option.source.replace("_", " "),
            "help": option.help,
        }
        for option in view.options
    ]
    return show_list(rows, COLUMNS, json=False, empty="", decimals=ledger.decimals)


def _spoken(name: str) -> str:
    bare = name.removesuffix("_minutes").removesuffix("_cents").removesuffix("_e4")
    return bare.replace("_", "-")


def _text(name: str, value: Any, decimals: int) -> str:
    from billcli.values.money import grouped, plain_percent

    option = OPTIONS[name]
    if isinstance(value, bool):
        return "on" if value else "off"
    if value is None or value == []:
        return "none"
    if isinstance(value, list):
        return ", ".join(value)
    if option.kind == "money":
        return grouped(value, decimals)
    if option.kind == "percent":
        return f"{plain_percent(value)}%"
    spoken = str(value).replace("_", "-")
    return spoken if option.kind == "choice" or spoken in option.choices else str(value)


def _named(word: str) -> str:
    names = {_spoken(name): name for name in OPTIONS} | {name: name for name in OPTIONS}
    known = names.get(word.strip().lower().removeprefix("--"))
    if known is None:
        raise UsageProblem(
            "option.unknown",
            f"{shown(word)} isn't a billing option.",
            hint=did_you_mean(word, names) or f"They are {', '.join(map(_spoken, OPTIONS))}.",
        )
    return known


def _read_discount(ledger: Ledger, text: str) -> dict[str, int]:
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
