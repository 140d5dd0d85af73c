"""The terms of an arrangement as options: shared by `arrangement set` and `matter add`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from billcli.cli import _complete
from billcli.core import arrangements
from billcli.core.arrangements import BILL_WHEN, TIMINGS
from billcli.values.dates import INTERVALS

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger

KINDS = tuple(arrangements.KINDS)
MONEY = ("value", "reserve_limit", "contingent_value", "lifetime_max")
WORDS = ("every", "basis", "covers", "timing", "bill_when")

Value = Annotated[
    str | None,
    Option("--value", metavar="AMOUNT", help="The agreed value: the cap, the fee or the minimum."),
]
RateCap = Annotated[
    str | None, Option("--rate-cap", metavar="RATE", help="The highest rate that is billed.")
]
Every = Annotated[
    str | None,
    Option(
        "--every",
        metavar="PERIOD",
        help="The period: week, month (also without it), quarter or year.",
        autocompletion=_complete.of(*INTERVALS),
    ),
]
Anchor = Annotated[
    str | None,
    Option("--anchor", metavar="DATE", help="A day on which a period begins; else the calendar's."),
]
Basis = Annotated[
    str | None,
    Option(
        "--basis",
        metavar="period|bill",
        help="Whether the value is of each period, or of each bill.",
        autocompletion=_complete.of("period", "bill"),
    ),
]
Covers = Annotated[
    str | None,
    Option(
        "--covers",
        metavar="WHAT",
        help="What the value covers: fees, or fees-and-costs.",
        autocompletion=_complete.of("fees", "fees-and-costs"),
    ),
]
BillWhen = Annotated[
    str | None,
    Option(
        "--bill-when",
        metavar="WHEN",
        help=f"When a fixed fee falls due by itself: {', '.join(BILL_WHEN)}.",
        autocompletion=_complete.of(*BILL_WHEN),
    ),
]
Timing = Annotated[
    str | None,
    Option(
        "--timing",
        metavar="WHEN",
        help="Whether a period's fee falls due in arrears or in advance.",
        autocompletion=_complete.of(*TIMINGS),
    ),
]
ReserveLimit = Annotated[
    str | None,
    Option("--reserve-limit", metavar="AMOUNT", help="The most that success can ever bring."),
]
ContingentValue = Annotated[
    str | None,
    Option("--contingent-value", metavar="AMOUNT", help="An agreed sum on success instead."),
]
LifetimeMax = Annotated[
    str | None,
    Option("--lifetime-max", metavar="AMOUNT", help="The most that all periods may come to."),
]
Agreement = Annotated[
    str | None,
    Option("--agreement", metavar="REF", help="Where the signed fee agreement is found."),
]
Fresh = Annotated[
    bool, Option("--fresh", help="Count only what is billed under these terms, not before.")
]
Prorate = Annotated[
    bool, Option("--prorate", help="Charge partial first and last periods by their days.")
]
Effective = Annotated[
    str | None,
    Option(
        "--from",
        metavar="DATE",
        help="Price work from this day on; without it, all unbilled work.",
    ),
]


def read_terms(ledger: Ledger, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The terms as typed, read in the ledger's currency; what wasn't given is left out."""
    from billcli.values.dates import read_day
    from billcli.values.money import read_positive_cents, read_rate
    from billcli.values.text import read_text

    terms: dict[str, Any] = {}
    for name in MONEY:
        if typed.get(name) is not None:
            what = name.replace("_", " ")
            terms[f"{name}_cents"] = read_positive_cents(typed[name], ledger.decimals, what=what)
    if typed.get("rate_cap") is not None:
        terms["rate_cap_e4"] = read_rate(typed["rate_cap"])
    if typed.get("anchor") is not None:
        terms["anchor"] = read_day(typed["anchor"], ledger.today, what="--anchor").isoformat()
    for name in WORDS:
        if typed.get(name) is not None:
            terms[name] = typed[name].strip().lower().replace("_", "-")
    if typed.get("agreement") is not None:
        terms["agreement"] = read_text(typed["agreement"], "--agreement", longest=200)
    for name in ("fresh", "prorate"):
        if typed.get(name):
            terms[name] = True
    return terms


def read_kind(kind: str) -> str:
    """The kind as typed; underscores are taken for hyphens."""
    return kind.strip().lower().replace("_", "-")
