"""Arrangements on the command line: how a matter is charged, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import say, show_facts, warn
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.arrangements import ArrangementView

app = Noun("arrangement")

KINDS = ("hourly", "capped", "fixed")
BILL_WHEN = ("completion", "start", "milestones")
FACTS = (
    Column("Matter", "matter"),
    Column("Kind", "kind"),
    Column("Value", "value_cents", "money"),
    Column("Billed when", "bill_when"),
    Column("Covers", "covers"),
    Column("From", "valid_from", "date"),
    Column("Invoiced", "invoiced_cents", "money"),
    Column("Headroom", "headroom_cents", "money"),
    Column("Milestones", "milestones_cents", "money"),
    Column("Later", "upcoming"),
)

Kind = Annotated[
    str,
    Argument(
        metavar="KIND",
        help="hourly, capped (time up to a maximum) or fixed (one agreed total).",
        autocompletion=_complete.of(*KINDS),
    ),
]
Value = Annotated[
    str | None,
    Option("--value", metavar="AMOUNT", help="The agreed value: the cap or the fixed fee."),
]
BillWhen = Annotated[
    str | None,
    Option(
        "--bill-when",
        metavar="WHEN",
        help="When a fixed fee falls due by itself: completion, start or milestones.",
        autocompletion=_complete.of(*BILL_WHEN),
    ),
]
Effective = Annotated[
    str | None,
    Option(
        "--from",
        metavar="DATE",
        help="Price work from this day on; without it, all unbilled work.",
    ),
]


def read_terms(ledger: Ledger, *, value: str | None, bill_when: str | None) -> dict[str, Any]:
    """The terms as typed, read in the ledger's currency; what wasn't given is left out."""
    from billcli.values.money import read_positive_cents

    terms: dict[str, Any] = {}
    if value is not None:
        terms["value_cents"] = read_positive_cents(value, ledger.decimals, what="value")
    if bill_when is not None:
        terms["bill_when"] = bill_when.strip().lower()
    return terms


def read_kind(kind: str) -> str:
    """The kind as typed; underscores are taken for hyphens."""
    return kind.strip().lower().replace("_", "-")


def described(view: ArrangementView, decimals: int) -> str:
    """An arrangement in a few words: `fixed, 4,500.00`."""
    from billcli.values.money import grouped

    kind = view.kind.replace("_", "-")
    return kind if view.value_cents is None else f"{kind}, {grouped(view.value_cents, decimals)}"


@app.command(
    "set",
    example="billcli arrangement set 2026-001 capped --value 4000\n"
    "billcli arrangement set 2026-001 fixed --value 4500 --bill-when milestones",
)
def set_(
    matter: o.Matter,
    kind: Kind,
    value: Value = None,
    bill_when: BillWhen = None,
    from_: Effective = None,
    json: o.Json = False,
) -> None:
    """Charge a matter by the hour, by the hour up to a cap, or a fixed fee.

    Without --from the new terms govern all unbilled work, with it the work from that day on.
    """
    from billcli.services import arrangements
    from billcli.values.dates import read_day

    with opened() as ledger:
        view = arrangements.set_(
            ledger,
            matter,
            read_kind(kind),
            read_terms(ledger, value=value, bill_when=bill_when),
            valid_from=None if from_ is None else read_day(from_, ledger.today, what="--from"),
        )
        for warning in view.warnings:
            warn(warning)
        if json:
            show_facts(view, FACTS, json=True, decimals=ledger.decimals)
        else:
            say(f"Matter {matter} is now {described(view, ledger.decimals)}.")
            for later in view.upcoming:
                say(f"Later: {later}.")


@app.command("show", example="billcli arrangement show 2026-001 --json")
def show(matter: o.Matter, json: o.Json = False) -> None:
    """Show how a matter is charged: value, what is invoiced, what is left."""
    from billcli.services import arrangements

    with opened() as ledger:
        view = arrangements.show(ledger, matter)
        show_facts(view, FACTS, json=json, decimals=ledger.decimals)
        if not json:
            for warning in view.warnings:
                warn(warning)
