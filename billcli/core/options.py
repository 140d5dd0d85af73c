"""The billing options of a matter: what each takes, and what holds where nothing is set.

A matter's own value comes first, then (for terms) the client's, then the firm's setting
`billing.NAME`, then the default here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Option:
    """One option: `kind` says how it is read and told; `choices` are fixed words."""

    kind: str
    default: Any = None
    choices: tuple[str, ...] = ()
    setting: str | None = None
    help: str = ""


BEHAVIORS = ("bill", "no-charge", "hide", "non-billable")
QUOTE_RULES = ("quote", "quote-plus-wip", "wip")
PAYS = ("new", "new-and-ar")
APPLIES = ("auto", "manual")
STATUSES = ("use-matter", "active", "closed")

OPTIONS: dict[str, Option] = {
    "billing": Option("bool", True, help="whether the matter is billed at all"),
    "status": Option("choice", "use-matter", STATUSES, help="the billing status"),
    "template": Option("text", "standard", help="the bill template"),
    "email": Option("list", (), help="where bills are sent"),
    "min_bill_cents": Option("money", help="month ends skip a bill below it, but for the last"),
    "email_client": Option("bool", False, help="whether bills are sent to the client's address"),
    "email_template": Option("mail-template", "standard", help="the text of the mail"),
    "copies": Option("int", 0, ("0", "1", "2"), help="printed copies"),
    "exclude_from_mass": Option("bool", False, help="skipped by mass billing unless picked"),
    "default_behavior": Option("choice", "bill", BEHAVIORS, help="behavior of new time entries"),
    "discount": Option("discount", help="a percentage of the fees, or an amount off each bill"),
    "terms": Option("int", 30, setting="billing.terms_days", help="days until a bill is due"),
    "tax": Option("tax", help="the tax code of fees and taxable costs"),
    "show_reduction": Option(
        "choice", "discount", ("discount", "hide-line-pricing"), help="how a reduction is shown"
    ),
    "quote_cents": Option("money", help="the quoted amount"),
    "quote_includes": Option(
        "choice", "fees", ("fees", "fees-and-costs", "costs"), help="what the quote is compared to"
    ),
    "below_quote": Option("choice", "wip", QUOTE_RULES, help="what is billed below the quote"),
    "above_quote": Option("choice", "wip", QUOTE_RULES, help="what is billed above the quote"),
    "expenses_only": Option(
        "choice", "never", ("never", "mass", "mass-and-single"), help="when only costs are billed"
    ),
    "allocate": Option(
        "sharer", "pro-rata", ("pro-rata", "responsible"), help="whom the fees are credited to"
    ),
    "allocate_adjustments": Option(
        "sharer",
        "original",
        ("original", "responsible"),
        help="whom write-ups, write-downs and discounts are credited to",
    ),
    "originator": Option("timekeeper", help="who brought the work in"),
    "origination_e4": Option("percent", help="the originator's percentage of the net fees"),
    "trust_pays": Option("choice", "new", PAYS, help="what trust money pays"),
    "trust_applies": Option("choice", "auto", APPLIES, help="when trust money is applied"),
    "retainer": Option("bool", False, help="whether the matter has a general retainer"),
    "retainer_pays": Option("choice", "new", PAYS, help="what the general retainer pays"),
    "retainer_applies": Option(
        "choice", "auto", APPLIES, help="when the general retainer is applied"
    ),
    "replenish": Option("replenish", help="minimum and trigger of top-ups"),
    "split": Option("split", help="who pays which share of each bill, in percent"),
    "split_consent": Option("words", help="the client's consent to be paid for by others"),
    "ebilling": Option("bool", False, help="whether bills go out as electronic files"),
    "utbms": Option("utbms", help="the set of codes, where it isn't the client's"),
    "ledes": Option("choice", None, ("1998B", "1998BI"), help="the format of electronic bills"),
    "increment_minutes": Option("int", 6, help="the unit of billed time, in minutes"),
    "rounding": Option("choice", "up", ("up", "down", "half-up"), help="rounding to the unit"),
}


def setting_of(name: str) -> str:
    """The firm setting that gives an option its default."""
    return OPTIONS[name].setting or f"billing.{name}"


def effective(
    name: str,
    own: Mapping[str, Any],
    settings: Mapping[str, Any],
    *,
    client_terms: int | None = None,
) -> Any:
    """The value that governs a matter."""
    if name in own:
        return own[name]
    if name == "terms" and client_terms is not None:
        return client_terms
    if OPTIONS[name].kind == "replenish":
        return _together(name, settings)
    found = settings.get(setting_of(name))
    return OPTIONS[name].default if found is None else found


def _together(name: str, settings: Mapping[str, Any]) -> dict[str, int] | None:
    """An option of two amounts: the firm keeps each under a key of its own."""
    parts = ("minimum_cents", "trigger_cents")
    found = {part: settings.get(f"{setting_of(name)}.{part}") for part in parts}
    return None if None in found.values() else {part: int(found[part] or 0) for part in parts}
