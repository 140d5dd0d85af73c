"""What holds a matter's work back from bills, and what it costs by the hour."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from billcli.cli import _options as o
from billcli.cli._days import maybe_day
from billcli.cli._ledger import opened
from billcli.cli._show import show_one, talk

Held = Annotated[
    str,
    Argument(metavar="NUMBER|ENTRY", help="A matter, or an entry such as T-12, E-4 or C-3."),
]


def hold(reference: Held, json: o.Json = False) -> None:
    """Keep a matter or a single entry off bills."""
    from billcli.services.matter import holds

    with opened() as ledger:
        view = holds.hold(ledger, reference)
        if view.draft:
            talk(f"Draft {view.draft} is stale: billcli bill refresh {view.draft}")
        show_one(view, json=json, sentence=f"{view.reference} is on hold.")


def unhold(reference: Held, json: o.Json = False) -> None:
    """Let bills take a matter or an entry up again."""
    from billcli.services.matter import holds

    with opened() as ledger:
        view = holds.unhold(ledger, reference)
        show_one(view, json=json, sentence=f"{view.reference} is no longer on hold.")


def rate(
    matter: o.Matter,
    timekeeper: o.Timekeeper,
    rate: Annotated[str, Argument(metavar="RATE", help="The hourly rate, such as 350.")],
    from_: o.From = None,
    reprice: Annotated[
        bool,
        Option("--reprice", help="Also unbilled entries from that day, save those typed --rate."),
    ] = False,
    json: o.Json = False,
) -> None:
    """Set a timekeeper's rate on a matter; billed entries never change."""
    from billcli.services.matter import matter_rates
    from billcli.values.money import grouped, plain_rate, read_rate

    with opened() as ledger:
        view = matter_rates.rate(
            ledger,
            matter,
            timekeeper,
            read_rate(rate),
            valid_from=maybe_day(ledger, from_, "--from"),
            reprice=reprice,
        )
        since = f" from {view.valid_from}" if view.valid_from else ""
        said = f"{timekeeper} is {plain_rate(view.rate_e4, ledger.decimals)} an hour on {matter}"
        said += f"{since}."
        if reprice:
            change = grouped(view.change_cents, ledger.decimals)
            entries = "entry" if view.repriced == 1 else "entries"
            said += f" {view.repriced} unbilled {entries} repriced, {change} in all."
        show_one(view, json=json, sentence=said, decimals=ledger.decimals)
