"""`matter billing`: the billing options of a matter on the command line."""

from __future__ import annotations

from typing import Annotated, Any

from typer import Option

from billcli.cli import _billing_options as b
from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._billing_text import (
    named,
    read_discount,
    read_replenish,
    read_split,
    read_switch,
    show,
    spoken,
    told,
)
from billcli.cli._ledger import opened
from billcli.cli._show import show_one
from billcli.core.options import BEHAVIORS, OPTIONS, STATUSES

REDUCTIONS = OPTIONS["show_reduction"].choices
EXPENSES_ONLY = OPTIONS["expenses_only"].choices
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
    email_client: b.EmailClient = None,
    email_template: b.EmailTemplate = None,
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
    quote: b.Quote = None,
    quote_includes: b.QuoteIncludes = None,
    below_quote: b.BelowQuote = None,
    above_quote: b.AboveQuote = None,
    allocate: b.Allocate = None,
    allocate_adjustments: b.AllocateAdjustments = None,
    originator: b.Originator = None,
    origination: b.Origination = None,
    trust_pays: b.TrustPays = None,
    trust_applies: b.TrustApplies = None,
    retainer: b.GeneralRetainer = None,
    retainer_pays: b.RetainerPays = None,
    retainer_applies: b.RetainerApplies = None,
    replenish: b.Replenish = None,
    split: b.Split = None,
    split_consent: b.SplitConsent = None,
    ebilling: b.Ebilling = None,
    utbms: b.Utbms = None,
    ledes: b.Ledes = None,
    min_bill: b.MinBill = None,
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
    from billcli.services.matter import options
    from billcli.values.money import read_cents, read_percent

    given = {
        "billing": on,
        "status": status,
        "template": template,
        "email_client": email_client,
        "email_template": email_template,
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
        "trust_pays": trust_pays,
        "trust_applies": trust_applies,
        "retainer_pays": retainer_pays,
        "retainer_applies": retainer_applies,
        "split_consent": split_consent,
        "utbms": utbms,
        "ledes": ledes,
    }
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    changes |= {named(name): None for name in reset or ()}
    if email is not None:
        changes["email"] = [part.strip() for part in email.split(",") if part.strip()]
    if split:
        changes["split"] = read_split(split)
    if retainer is not None:
        changes["retainer"] = read_switch("--retainer", retainer)
    if ebilling is not None:
        changes["ebilling"] = read_switch("--ebilling", ebilling)
    with opened() as ledger:
        if discount is not None:
            changes["discount"] = read_discount(ledger, discount)
        if quote is not None:
            changes["quote_cents"] = read_cents(quote, ledger.decimals, what="quote")
        if min_bill is not None:
            changes["min_bill_cents"] = read_cents(min_bill, ledger.decimals, what="minimum bill")
        if origination is not None:
            changes["origination_e4"] = read_percent(origination, what="origination")
        if replenish is not None:
            changes["replenish"] = read_replenish(ledger, replenish)
        if not changes:
            show(options.show_options(ledger, matter), ledger, json=json)
            return
        view = options.set_options(ledger, matter, changes)
        listed = ", ".join(
            f"{spoken(name)} {told(name, view.value(name), ledger.decimals)}" for name in changes
        )
        show_one(
            view.document(),
            json=json,
            sentence=f"Billing options of {matter}: {listed}.",
            decimals=ledger.decimals,
        )
