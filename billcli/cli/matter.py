"""Matters on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from billcli.cli import (
    _complete,
    matter_billing,
    matter_list,
    matter_outcome,
    matter_settle,
    matter_show,
    matter_steps,
    matter_work,
)
from billcli.cli import _options as o
from billcli.cli import _terms as t
from billcli.cli._days import maybe_day
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import say, show_one, warn
from billcli.errors import UsageProblem

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.matter.matter_views import MatterView

app = Noun("matter")

Number = Annotated[str, Argument(metavar="NUMBER", help="Its number, such as 2026-001.")]
Title = Annotated[str, Argument(metavar="TITLE", help="What the matter is called.")]
CaseType = Annotated[
    str | None,
    Option("--case-type", metavar="NAME", help="The kind of case; its workflow gives the tasks."),
]
Responsible = Annotated[
    str | None, Option("--responsible", metavar="TK", help="The responsible lawyer.")
]
PracticeArea = Annotated[
    str | None, Option("--practice-area", metavar="AREA", help="The field of practice.")
]
ClientsNumber = Annotated[
    str | None,
    Option("--client-matter-id", metavar="ID", help="The client's own number for it."),
]
OpenedOn = Annotated[str | None, Option("--opened", metavar="DATE", help="The day it was opened.")]


@app.command(
    "add",
    example="billcli matter add 2026-001 'Rivera v. Ohm' --client rivera --responsible MA\n"
    "billcli matter add 2026-002 'I-130 petition' --client rivera --case-type immigration "
    "--arrangement fixed --value 4500 --bill-when milestones",
)
def add(
    number: Number,
    title: Title,
    client: o.ClientOption = None,
    case_type: CaseType = None,
    responsible: Responsible = None,
    practice_area: PracticeArea = None,
    client_matter_id: ClientsNumber = None,
    opened_on: OpenedOn = None,
    arrangement: Annotated[
        str | None,
        Option(
            "--arrangement",
            metavar="KIND",
            help=f"How it is charged: {', '.join(t.KINDS)}; without it by the hour.",
            autocompletion=_complete.of(*t.KINDS),
        ),
    ] = None,
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
    """Open a matter for a client; its case type gives it the tasks of the workflow."""
    from billcli.cli.arrangement import described
    from billcli.services.matter import matters

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
        view = matters.add(
            ledger,
            number,
            title,
            client=client,
            case_type=case_type or None,
            responsible=responsible or None,
            practice_area=practice_area,
            client_matter_id=client_matter_id,
            opened_on=maybe_day(ledger, opened_on, "--opened"),
            kind=t.read_kind(arrangement or "hourly"),
            terms=t.read_terms(ledger, typed),
            valid_from=maybe_day(ledger, from_, "--from"),
        )
        how = described(view.arrangement, ledger.decimals)
        whom = f" for {view.client}" if view.client else ""
        said = f"Matter {view.number} opened{whom}: {view.title} ({how})."
        if view.tasks:
            said += f" It has {len(view.tasks)} tasks of the workflow {view.workflow}."
        _told(ledger, view, said, json=json)


@app.command("edit", example="billcli matter edit 2026-001 --title 'Rivera v. Ohm Ltd'")
def edit(
    matter: o.Matter,
    title: Annotated[str | None, Option("--title", metavar="TITLE", help="A new title.")] = None,
    client: o.ClientOption = None,
    case_type: CaseType = None,
    responsible: Responsible = None,
    practice_area: PracticeArea = None,
    client_matter_id: ClientsNumber = None,
    opened_on: OpenedOn = None,
    json: o.Json = False,
) -> None:
    """Change a matter's own facts; an empty text clears what it had."""
    from billcli.services.matter import matters

    given = {
        "title": title,
        "client": client,
        "case_type": case_type,
        "responsible": responsible,
        "practice_area": practice_area,
        "client_matter_id": client_matter_id,
    }
    changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if changes.get("responsible") == "":
        changes["responsible"] = None
    with opened() as ledger:
        if opened_on is not None:
            changes["opened_on"] = maybe_day(ledger, opened_on, "--opened")
        if not changes:
            raise UsageProblem("usage.nothing", "There is nothing to change: give an option.")
        view = matters.edit(ledger, matter, changes)
        _told(ledger, view, f"Matter {view.number} changed: {view.title}.", json=json)


@app.command("show", example="billcli matter show 2026-001")
def show(matter: o.Matter, json: o.Json = False) -> None:
    """Show a matter: settings, arrangement, tasks, time and expenses, bills."""
    from billcli.services.matter import matters

    with opened() as ledger:
        view = matters.show(ledger, matter)
        if json:
            show_one(view, json=True, sentence="", decimals=ledger.decimals)
        else:
            matter_show.show_whole(view, ledger.decimals)


app.command(
    "list", example="billcli matter list --open --client rivera\nbillcli matter list --funded"
)(matter_list.list_)


@app.command("close", example="billcli matter close 2026-001")
def close(
    matter: o.Matter,
    override: Annotated[
        bool, Option("--override", help="Close it over unbilled work or open balances.")
    ] = False,
    reason: o.Reason = None,
    json: o.Json = False,
) -> None:
    """Close a matter on which nothing is left to bill or to pay."""
    from billcli.cli._prompt import ask
    from billcli.services.matter import closing
    from billcli.values.money import grouped
    from billcli.values.text import read_text

    why = None
    if override:
        why = ask("Why is it closed?", option="--reason") if reason is None else reason
        why = read_text(why, "reason", longest=500)
    elif reason is not None:
        raise UsageProblem("usage.option", "--reason goes with --override.")
    with opened() as ledger:
        view = closing.close(ledger, matter, override=why)
        for left in view.still_open:
            warn(f"closed over {left}")
        said = f"Matter {matter} is closed."
        if view.written_down_cents:
            cents = grouped(view.written_down_cents, ledger.decimals)
            said += f" Work of {cents} above the agreed value became no-charge."
        show_one(view, json=json, sentence=said, decimals=ledger.decimals)


@app.command("reopen", example="billcli matter reopen 2026-001")
def reopen(matter: o.Matter, json: o.Json = False) -> None:
    """Open a closed matter again."""
    from billcli.services.matter import closing

    with opened() as ledger:
        view = closing.reopen(ledger, matter)
        show_one(view, json=json, sentence=f"Matter {matter} is open again.")


app.command("hold", example="billcli matter hold 2026-001\nbillcli matter hold T-12")(
    matter_work.hold
)
app.command("unhold", example="billcli matter unhold 2026-001\nbillcli matter unhold T-12")(
    matter_work.unhold
)
app.command("rate", example="billcli matter rate 2026-001 MA 300 --from 2026-11-01 --reprice")(
    matter_work.rate
)
app.command(
    "step",
    example="billcli matter step 2026-001\nbillcli matter step 2026-001 Filing\n"
    "billcli matter step 2026-001 Hearing --override --reason 'the court moved the date'",
)(matter_steps.step)
app.command("progress", example="billcli matter progress 2026-001 40%")(matter_steps.progress)
app.command("items", example="billcli matter items 2026-001")(matter_show.items)
app.command(
    "outcome",
    example="billcli matter outcome 2026-001 success --release 50% --note 'settled'\n"
    "billcli matter outcome 2026-001 --reverse",
)(matter_outcome.outcome)
app.command(
    "settle",
    example="billcli matter settle 2026-001\nbillcli matter settle 2026-001 --quantum 500 --json",
)(matter_settle.settle)
app.command(
    "billing",
    example="billcli matter billing 2026-001\n"
    "billcli matter billing 2026-001 --discount 10% --terms 14 --email ana@rivera.example",
)(matter_billing.billing)


def _told(ledger: Ledger, view: MatterView, sentence: str, *, json: bool) -> None:
    for warning in dict.fromkeys((*view.warnings, *view.arrangement.warnings)):
        warn(warning)
    if json:
        show_one(view, json=True, sentence="", decimals=ledger.decimals)
    else:
        say(sentence)
