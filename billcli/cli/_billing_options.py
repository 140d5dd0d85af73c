"""The options of `matter billing` about quotes, shares and client money, each with its help."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from billcli.cli import _complete
from billcli.core.options import OPTIONS, QUOTE_RULES

INCLUDES = OPTIONS["quote_includes"].choices
PAYS, APPLIES = OPTIONS["trust_pays"].choices, OPTIONS["trust_applies"].choices

EmailClient = Annotated[
    bool | None,
    Option(
        "--email-client/--no-email-client",
        help="Send bills to the client's own address, beside those of --email.",
    ),
]
EmailTemplate = Annotated[
    str | None,
    Option("--email-template", metavar="NAME", help="The template of the mail with its bills."),
]
Quote = Annotated[
    str | None,
    Option("--quote", metavar="AMOUNT", help="What the client was quoted; 0 for no quote."),
]
QuoteIncludes = Annotated[
    str | None,
    Option(
        "--quote-includes",
        metavar="WHAT",
        help="What the quote is for: fees, fees-and-costs or costs.",
        autocompletion=_complete.of(*INCLUDES),
    ),
]
BelowQuote = Annotated[
    str | None,
    Option(
        "--below-quote",
        metavar="RULE",
        help="Billed when the work is below the quote: quote, quote-plus-wip or wip.",
        autocompletion=_complete.of(*QUOTE_RULES),
    ),
]
AboveQuote = Annotated[
    str | None,
    Option(
        "--above-quote",
        metavar="RULE",
        help="Billed when the work is above the quote: quote, quote-plus-wip or wip.",
        autocompletion=_complete.of(*QUOTE_RULES),
    ),
]
Allocate = Annotated[
    str | None,
    Option(
        "--allocate",
        metavar="pro-rata|responsible|TK",
        help="Whom the fees are credited to.",
        autocompletion=_complete.timekeepers,
    ),
]
AllocateAdjustments = Annotated[
    str | None,
    Option(
        "--allocate-adjustments",
        metavar="original|responsible|TK",
        help="Whom write-ups, write-downs and discounts are credited to.",
        autocompletion=_complete.timekeepers,
    ),
]
Originator = Annotated[
    str | None,
    Option(
        "--originator",
        metavar="TK|none",
        help="Who brought the matter in; with --origination.",
        autocompletion=_complete.timekeepers,
    ),
]
Origination = Annotated[
    str | None,
    Option("--origination", metavar="PCT", help="Of the net fees, off the top."),
]
TrustPays = Annotated[
    str | None,
    Option(
        "--trust-pays",
        metavar="WHAT",
        help="What trust money pays: new, the bill being issued; new-and-ar, older ones first.",
        autocompletion=_complete.of(*PAYS),
    ),
]
TrustApplies = Annotated[
    str | None,
    Option(
        "--trust-applies",
        metavar="WHEN",
        help="auto when a bill is issued; manual with trust apply.",
        autocompletion=_complete.of(*APPLIES),
    ),
]
GeneralRetainer = Annotated[
    str | None,
    Option(
        "--retainer",
        metavar="on|off",
        help="Whether the matter has a general retainer, in the operating account.",
        autocompletion=_complete.of("on", "off"),
    ),
]
RetainerPays = Annotated[
    str | None,
    Option(
        "--retainer-pays",
        metavar="WHAT",
        help="What the general retainer pays: new or new-and-ar.",
        autocompletion=_complete.of(*PAYS),
    ),
]
RetainerApplies = Annotated[
    str | None,
    Option(
        "--retainer-applies",
        metavar="WHEN",
        help="auto when a bill is issued; manual with retainer apply.",
        autocompletion=_complete.of(*APPLIES),
    ),
]
Split = Annotated[
    list[str] | None,
    Option(
        "--split",
        metavar="CLIENT=PCT|off",
        help="Who pays which share of each bill; again for each payor, together 100.",
        autocompletion=_complete.clients,
    ),
]
SplitConsent = Annotated[
    str | None,
    Option(
        "--split-consent",
        metavar="TEXT",
        help="Where the client consented that others pay, such as a letter's date.",
    ),
]
Replenish = Annotated[
    str | None,
    Option(
        "--replenish",
        metavar="MIN:TRIGGER|off",
        help="Ask for a top-up to MIN once a bill brings the money down to TRIGGER.",
    ),
]
Ebilling = Annotated[
    str | None,
    Option(
        "--ebilling",
        metavar="on|off",
        help="Whether its bills go out as electronic files.",
        autocompletion=_complete.of("on", "off"),
    ),
]
Utbms = Annotated[
    str | None,
    Option(
        "--utbms",
        metavar="SET|none",
        help="The set of its task codes, such as Litigation.",
        autocompletion=_complete.code_sets,
    ),
]
Ledes = Annotated[
    str | None,
    Option(
        "--ledes",
        metavar="FORMAT",
        help="The format of its electronic bills: 1998B, or 1998BI with tax.",
        autocompletion=_complete.of(*OPTIONS["ledes"].choices),
    ),
]
MinBill = Annotated[
    str | None,
    Option(
        "--min-bill",
        metavar="AMOUNT",
        help="A month end skips a bill below it, but for the last one; 0 for none.",
    ),
]
