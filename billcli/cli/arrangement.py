"""Arrangements on the command line: how a matter is charged, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typer import Argument

from billcli.cli import _complete, arrangement_compare
from billcli.cli import _options as o
from billcli.cli import _terms as t
from billcli.cli._days import maybe_day
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import say, show_facts, show_list, warn
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.services.arrangement.arrangement_views import ArrangementView

app = Noun("arrangement")

FACTS = (
    Column("Matter", "matter"),
    Column("Kind", "kind"),
    Column("Value", "value_cents", "money"),
    Column("Rate cap", "rate_cap_e4", "rate"),
    Column("Every", "every"),
    Column("Anchor", "anchor", "date"),
    Column("Basis", "basis"),
    Column("Due", "timing"),
    Column("Billed when", "bill_when"),
    Column("Covers", "covers"),
    Column("From", "valid_from", "date"),
    Column("In all", "lifetime_max_cents", "money"),
    Column("Reserve max", "reserve_limit_cents", "money"),
    Column("On success", "contingent_value_cents", "money"),
    Column("Agreement", "agreement"),
    Column("Period from", "period_start", "date"),
    Column("Period to", "period_end", "date"),
    Column("Invoiced", "invoiced_cents", "money"),
    Column("Headroom", "headroom_cents", "money"),
    Column("Reserve", "reserve_cents", "money"),
    Column("Milestones", "milestones_cents", "money"),
    Column("Done", "complete_percent_e4", "percent"),
    Column("Later", "upcoming"),
)
HISTORY = (
    Column("No.", "version", "number"),
    Column("Kind", "kind"),
    Column("From", "valid_from", "date"),
    Column("Value", "value_cents", "money"),
    Column("Terms", "terms"),
    Column("State", "state"),
)
Kind = Annotated[
    str,
    Argument(
        metavar="KIND",
        help=f"How it is charged: {', '.join(t.KINDS)}.",
        autocompletion=_complete.of(*t.KINDS),
    ),
]


def described(view: ArrangementView, decimals: int) -> str:
    """An arrangement in a few words: `fixed, 4,500.00`."""
    from billcli.values.money import grouped

    kind = view.kind.replace("_", "-")
    return kind if view.value_cents is None else f"{kind}, {grouped(view.value_cents, decimals)}"


@app.command(
    "set",
    example="billcli arrangement set 2026-001 capped --value 4000\n"
    "billcli arrangement set 2026-001 fixed --value 4500 --bill-when milestones\n"
    "billcli arrangement set 2026-001 capped-recurring --value 1000 --every month "
    "--from 2026-12-01",
)
def set_(
    matter: o.Matter,
    kind: Kind,
    value: t.Value = None,
    rate_cap: t.RateCap = None,
    every: t.Every = None,
    anchor: t.Anchor = None,
    from_: t.Effective = None,
    basis: t.Basis = None,
    covers: t.Covers = None,
    bill_when: t.BillWhen = None,
    timing: t.Timing = None,
    reserve_limit: t.ReserveLimit = None,
    contingent_value: t.ContingentValue = None,
    lifetime_max: t.LifetimeMax = None,
    agreement: t.Agreement = None,
    fresh: t.Fresh = False,
    prorate: t.Prorate = False,
    json: o.Json = False,
) -> None:
    """Charge a matter another way: by the hour, up to a cap, a fixed fee, period by period.

    Without --from the new terms govern all unbilled work, with it the work from that day on.
    """
    from billcli.services.arrangement import arrangements

    typed = {
        "value": value,
        "rate_cap": rate_cap,
        "every": every,
        "anchor": anchor,
        "basis": basis,
        "covers": covers,
        "bill_when": bill_when,
        "timing": timing,
        "reserve_limit": reserve_limit,
        "contingent_value": contingent_value,
        "lifetime_max": lifetime_max,
        "agreement": agreement,
        "fresh": fresh,
        "prorate": prorate,
    }
    with opened() as ledger:
        view = arrangements.set_(
            ledger,
            matter,
            t.read_kind(kind),
            t.read_terms(ledger, typed),
            valid_from=maybe_day(ledger, from_, "--from"),
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
    """Show how a matter is charged: value, invoiced, what is left, reserve, period."""
    from billcli.services.arrangement import arrangements

    with opened() as ledger:
        view = arrangements.show(ledger, matter)
        show_facts(view, FACTS, json=json, decimals=ledger.decimals)
        if not json:
            for warning in view.warnings:
                warn(warning)


@app.command("history", example="billcli arrangement history 2026-001 --json")
def history(matter: o.Matter, json: o.Json = False, csv: o.Csv = False) -> None:
    """List every version of a matter's terms, oldest first."""
    from billcli.services.arrangement import arrangements

    with opened() as ledger:
        rows = arrangements.history(ledger, matter)
        show_list(
            rows, HISTORY, json=json, csv=csv, empty="There are none.", decimals=ledger.decimals
        )


app.command(
    "compare",
    example="billcli arrangement compare 2026-001 --value 4000 --value 5000 --rate-cap 300",
)(arrangement_compare.compare)
