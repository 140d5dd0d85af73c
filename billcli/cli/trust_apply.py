"""Trust money applied to bills, on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._show import say, show_one, warn
from billcli.errors import UsageProblem

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger

EXAMPLE = (
    "billcli trust apply 2026-0001\nbillcli trust apply 2026-0001 1,000\nbillcli trust apply --due"
)
MaybeBill = Annotated[
    str | None,
    Argument(
        metavar="BILL",
        help="The bill's number; without it, what waits on matters that apply by hand.",
        autocompletion=_complete.bills,
    ),
]
MaybeAmount = Annotated[
    str | None,
    Argument(metavar="AMOUNT", help="How much; without it, as much as there is and is open."),
]


def apply(
    bill: MaybeBill = None,
    amount: MaybeAmount = None,
    due: Annotated[
        bool,
        Option("--due", help="Apply what bills announced and has come due, and isn't disputed."),
    ] = False,
    json: o.Json = False,
) -> None:
    """Pay issued bills from the trust money of their matters.

    Nothing goes beyond what is open and undisputed on a bill, nor beyond what is cleared and
    unprotected in trust.
    """
    from billcli.services.funds import drawing

    if due and bill:
        raise UsageProblem(
            "apply.due",
            "--due applies whatever has come due; a bill beside it means nothing.",
            hint="Leave out one of them.",
        )
    with opened() as ledger:
        if due:
            view = drawing.pay_due(ledger)
        elif bill is None:
            view = drawing.pay_waiting(ledger, "trust")
        else:
            view = drawing.pay(ledger, "trust", bill, read_amount(ledger, amount))
        tell(view, ledger, "from trust", json=json)


def read_amount(ledger: Ledger, amount: str | None) -> int | None:
    """An amount above 0, if one was given."""
    from billcli.values.money import read_positive_cents

    return read_positive_cents(amount, ledger.decimals) if amount else None


def tell(view: dict[str, Any], ledger: Ledger, whence: str, *, json: bool) -> None:
    """Print what was applied, and on stderr what was not and why."""
    from billcli.values.money import grouped

    for left in view["left"]:
        warn(f"{left.bill} of {left.matter}: nothing was applied. {left.reason}")
    if json:
        show_one(view, json=True, sentence="", decimals=ledger.decimals)
        return
    for made in view["applied"]:
        applied, open_ = (grouped(c, ledger.decimals) for c in (made.amount_cents, made.open_cents))
        say(f"{made.id}: {applied} {whence} for bill {made.bill}; {open_} is still open on it.")
    if not view["applied"] and not view["left"]:
        say(f"There is nothing to apply {whence}.")
