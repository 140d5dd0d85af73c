"""What is asked of a bill: the options that preview and create share, read into a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typer import Option

from billcli.cli import _complete
from billcli.core.options import QUOTE_RULES
from billcli.errors import UsageProblem
from billcli.values.text import did_you_mean, shown

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.bill.request import Request

ONLY = ("fees", "costs")
AmountOption = Annotated[
    str | None, Option("--amount", metavar="AMOUNT", help="Charge these fees instead.")
]
Final = Annotated[
    bool, Option("--final", help="The last bill: charge all that is left of a fixed fee.")
]
Charges = Annotated[
    list[str] | None,
    Option("--charge", metavar="C-n", help="Only this charge; may be given again."),
]
Template = Annotated[
    str | None, Option("--template", metavar="NAME|FILE", help="Print with this template.")
]
ZeroBill = Annotated[bool, Option("--zero-bill", help="Make the bill even if it charges nothing.")]
NextOnly = Annotated[
    bool, Option("--next-only", help="Only the next due row of the schedule, not all of them.")
]
AcceptMismatch = Annotated[
    bool,
    Option(
        "--accept-schedule-mismatch",
        help="Bill the last row although the rows don't come to the fee.",
    ),
]
QuoteRule = Annotated[
    str | None,
    Option(
        "--quote-rule",
        metavar="RULE",
        help="For a quoted matter: quote, quote-plus-wip or wip, whatever its own rules say.",
        autocompletion=_complete.of(*QUOTE_RULES),
    ),
]
Only = Annotated[
    str | None,
    Option(
        "--only",
        metavar="fees|costs",
        help="Bill the fees alone or the costs alone; the rest stays unbilled.",
        autocompletion=_complete.of(*ONLY),
    ),
]
ConfirmCosts = Annotated[
    bool,
    Option(
        "--confirm-cost-writedown",
        help="Costs above the quote or the agreed value may be written down.",
    ),
]
ConfirmMarkup = Annotated[
    bool,
    Option(
        "--confirm-cost-markup",
        help="Costs below the quote may be raised to it; disbursements alone never are.",
    ),
]
MaxPeriods = Annotated[
    int | None,
    Option("--max-periods", metavar="N", min=1, help="Charge at most so many missed periods."),
]
Form = Annotated[
    str,
    Option(
        "--format",
        metavar="md|html|pdf",
        help="Markdown, HTML or PDF.",
        autocompletion=_complete.of("md", "html", "pdf"),
    ),
]


def read_request(
    ledger: Ledger,
    *,
    through: str | None,
    day: str | None,
    amount: str | None,
    final: bool,
    charges: list[str] | None,
    template: str | None,
    terms: int | None,
    zero_bill: bool,
    next_only: bool = False,
    accept_schedule_mismatch: bool = False,
    quote_rule: str | None = None,
    only: str | None = None,
    confirm_cost_writedown: bool = False,
    confirm_cost_markup: bool = False,
    max_periods: int | None = None,
) -> Request:
    """What was asked, with every value read."""
    from billcli.services.bill.request import Request
    from billcli.services.bill.stationery import template_file
    from billcli.services.work import charges as flat
    from billcli.values.dates import read_day, read_through
    from billcli.values.money import read_positive_cents

    on = read_day(day, ledger.today) if day else ledger.today
    cents = None
    if amount is not None:
        cents = read_positive_cents(amount, ledger.decimals, what="--amount")
    if amount is not None and (quote_rule is not None or only == "costs"):
        other = "--quote-rule" if quote_rule is not None else "--only costs"
        raise UsageProblem("usage.option", f"--amount sets the fees by hand; leave out {other}.")
    ids = None
    if charges:
        ids = tuple(flat.id_of(ledger, text) for text in charges)
    if template is not None and (file := template_file(template)):
        # The draft may be approved or issued from another folder.
        template = str(file)
    return Request(
        day=on,
        through=read_through(through, ledger.today) if through else on,
        amount_cents=cents,
        final=final,
        charges=ids,
        template=template,
        terms_days=terms,
        zero_bill=zero_bill,
        next_only=next_only,
        accept_schedule_mismatch=accept_schedule_mismatch,
        quote_rule=_one_of("--quote-rule", quote_rule, QUOTE_RULES),
        only=_one_of("--only", only, ONLY),
        confirm_cost_writedown=confirm_cost_writedown,
        confirm_cost_markup=confirm_cost_markup,
        max_periods=max_periods,
    )


def _one_of(option: str, typed: str | None, words: tuple[str, ...]) -> str | None:
    """One of the words an option takes. UsageProblem `option.value`."""
    if typed is None:
        return None
    word = typed.strip().lower().replace("_", "-")
    if word not in words:
        raise UsageProblem(
            "option.value",
            f"{shown(typed)} isn't a value of {option}.",
            hint=did_you_mean(word, words) or f"It is {', '.join(words)}.",
        )
    return word
