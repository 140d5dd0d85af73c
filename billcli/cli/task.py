"""Tasks and milestones on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from billcli.cli import _options as o
from billcli.cli import _tasks as w
from billcli.cli import task_contract
from billcli.cli._days import maybe_day
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._root import run
from billcli.cli._show import say, show_facts, show_list, show_one, warn
from billcli.errors import UsageProblem

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.milestones.task_views import TaskView
    from billcli.services.milestones.triggers import Outcome

app = Noun("task")


def _told(ledger: Ledger, view: TaskView, sentence: str, *, json: bool) -> None:
    for warning in view.warnings:
        warn(warning)
    show_one(view, json=json, sentence=sentence, decimals=ledger.decimals)


@app.command(
    "add",
    example="billcli task add 2026-001 'Packet submitted' --due 2026-12-01 --trigger 1500\n"
    "billcli task add 2026-001 'Interview attended' --trigger remainder",
)
def add(
    matter: o.Matter,
    name: Annotated[str, Argument(metavar="NAME", help="What is to be done.")],
    step: w.Step = None,
    due: w.Due = None,
    deliverable: w.Deliverable = None,
    acceptance: w.Acceptance = None,
    trigger: w.Trigger = None,
    charge_description: w.ChargeDescription = None,
    terms: o.Terms = None,
    needs_acceptance: w.NeedsAcceptance = None,
    accept_within: w.AcceptWithin = None,
    json: o.Json = False,
) -> None:
    """Add a task to a matter; a trigger makes it a milestone."""
    from billcli.services.milestones import tasks

    with opened() as ledger:
        armed = {} if trigger is None else w.read_trigger(trigger, ledger.decimals)
        view = tasks.add(
            ledger,
            matter,
            name,
            step=step,
            due_on=w.read_due(ledger, due),
            deliverable=deliverable,
            acceptance=acceptance,
            terms_days=terms,
            trigger_description=charge_description,
            needs_acceptance=bool(needs_acceptance),
            accept_within=accept_within,
            **armed,
        )
        said = f"Task {view.task} added to {matter}: {view.name}."
        _told(ledger, view, said, json=json)


@app.command("edit", example="billcli task edit 2026-001 3 --due 2026-12-15 --trigger 1800")
def edit(
    matter: o.Matter,
    task: o.Task,
    name: Annotated[str | None, Option("--name", metavar="NAME", help="A new name.")] = None,
    step: w.Step = None,
    due: w.Due = None,
    deliverable: w.Deliverable = None,
    acceptance: w.Acceptance = None,
    trigger: w.Trigger = None,
    no_trigger: Annotated[
        bool, Option("--no-trigger", help="Completing it charges nothing any more.")
    ] = False,
    charge_description: w.ChargeDescription = None,
    terms: o.Terms = None,
    needs_acceptance: w.NeedsAcceptance = None,
    accept_within: w.AcceptWithin = None,
    json: o.Json = False,
) -> None:
    """Change a task; an empty text clears what it had."""
    from billcli.services.milestones import tasks

    if no_trigger and (trigger is not None or charge_description is not None):
        raise UsageProblem("usage.option", "--no-trigger goes without --trigger and its words.")
    with opened() as ledger:
        changes: dict[str, Any] = {
            "name": name,
            "step": step,
            "deliverable": deliverable,
            "acceptance": acceptance,
            "trigger_description": charge_description,
            "terms_days": terms,
            "needs_acceptance": needs_acceptance,
            "accept_within": accept_within,
        }
        changes = {key: value for key, value in changes.items() if value is not None}
        if due is not None:
            changes["due_on"] = w.read_due(ledger, due)
        if trigger is not None:
            changes |= w.read_trigger(trigger, ledger.decimals)
        if no_trigger:
            changes["trigger_kind"] = None
        if not changes:
            raise UsageProblem("usage.nothing", "There is nothing to change: give an option.")
        view = tasks.edit(ledger, matter, w.read_task(task), changes)
        _told(ledger, view, f"Task {view.task} of {matter} changed: {view.name}.", json=json)


@app.command("list", example="billcli task list 2026-001")
def list_(matter: o.Matter, json: o.Json = False, csv: o.Csv = False) -> None:
    """List the tasks of a matter, each with the mark of its trigger."""
    from billcli.services.milestones import tasks

    with opened() as ledger:
        views = tasks.list_(ledger, matter)
        show_list(
            views if json else w.marked(views),
            w.CSV_COLUMNS if csv else w.COLUMNS,
            json=json,
            csv=csv,
            empty=f"Matter {matter} has no tasks.",
            decimals=ledger.decimals,
        )


@app.command("show", example="billcli task show 2026-001 3")
def show(matter: o.Matter, task: o.Task, json: o.Json = False) -> None:
    """Show a task: what it delivers, what it charges, what became of that."""
    from billcli.services.milestones import tasks

    with opened() as ledger:
        view = tasks.show(ledger, matter, w.read_task(task))
        shown = view if json else w.marked([view])[0]
        show_facts(shown, w.FACTS, json=json, decimals=ledger.decimals)


@app.command("remove", example="billcli task remove 2026-001 4")
def remove(
    matter: o.Matter,
    task: o.Task,
    archive: Annotated[
        bool, Option("--archive", help="Also where it made a charge, which then stays.")
    ] = False,
    json: o.Json = False,
) -> None:
    """Take a task off a matter; one that made a charge is archived with --archive."""
    from billcli.services.milestones import tasks

    with opened() as ledger:
        view = tasks.remove(ledger, matter, w.read_task(task), archive=archive)
        kept = view.trigger.charge if view.trigger else None
        said = f"Task {view.task} of {matter} removed: {view.name}."
        _told(ledger, view, said + (f" Its charge {kept} stays." if kept else ""), json=json)


@app.command(
    "done",
    example="billcli task done 2026-001 3\nbillcli task done 2026-001 3 --date 2026-11-20 --charge",
)
def done(
    matter: o.Matter,
    task: o.Task,
    date: o.Date = None,
    charge: w.Charge = None,
    json: o.Json = False,
) -> None:
    """Complete a task; a trigger asks for its charge, and waits where nobody can be asked."""
    from billcli.cli._prompt import confirm
    from billcli.services.milestones import triggers

    with opened() as ledger:
        number, day = w.read_task(task), maybe_day(ledger, date, "--date", past=True)
        asked = None
        if charge is None and run().may_prompt:
            asked = triggers.question(ledger, matter, number, day=day)
            if asked is not None:
                words = asked.words(ledger.decimals)
                charge = confirm(words, default=True, option="--charge or --no-charge")
        outcome = triggers.done(ledger, matter, number, day=day, charge=charge, asked=asked)
        _settled(ledger, outcome, json=json)


@app.command("fire", example="billcli task fire 2026-001 3")
def fire(matter: o.Matter, task: o.Task, json: o.Json = False) -> None:
    """Make the charge of a completed task whose trigger waits or was declined."""
    from billcli.services.milestones import triggers

    with opened() as ledger:
        _settled(ledger, triggers.fire(ledger, matter, w.read_task(task)), json=json)


@app.command("waive", example="billcli task waive 2026-001 3 --reason 'Agreed with the client'")
def waive(matter: o.Matter, task: o.Task, reason: o.Reason = None, json: o.Json = False) -> None:
    """Give up the charge of a completed task, for a reason."""
    from billcli.cli._prompt import ask
    from billcli.services.milestones import triggers

    number = w.read_task(task)
    why = ask("Why is it waived?", option="--reason") if reason is None else reason
    with opened() as ledger:
        _settled(ledger, triggers.waive(ledger, matter, number, reason=why), json=json)


@app.command("reopen", example="billcli task reopen 2026-001 3 --keep")
def reopen(matter: o.Matter, task: o.Task, keep: w.Keep = None, json: o.Json = False) -> None:
    """Open a completed task again; its unbilled charge is withdrawn unless kept.

    A charge that is on a bill stays there in any case.
    """
    from billcli.cli._prompt import confirm
    from billcli.services.milestones import tasks, triggers
    from billcli.values.money import grouped

    with opened() as ledger:
        number = w.read_task(task)
        if keep is None and run().may_prompt:
            trigger = tasks.show(ledger, matter, number).trigger
            if trigger and trigger.state in ("charged", "in_draft"):
                amount = grouped(trigger.charge_amount_cents or 0, ledger.decimals)
                keep = not confirm(f"Withdraw the charge {trigger.charge} over {amount}?")
        outcome = triggers.reopen(ledger, matter, number, keep=bool(keep))
        _settled(ledger, outcome, json=json)


app.command(
    "approve",
    example="billcli task approve 2026-001 3 --by 'Ana Rivera' --note 'by mail of November 20'",
)(task_contract.approve)
app.command("attach", example="billcli task attach 2026-001 3 packet.pdf")(task_contract.attach)
app.command("split", example="billcli task split 2026-001 3 --approved 80%")(task_contract.split)


def _settled(ledger: Ledger, outcome: Outcome, *, json: bool) -> None:
    for warning in outcome.task.warnings:
        warn(warning)
    if json:
        show_one(outcome.task, json=True, sentence="", decimals=ledger.decimals)
    else:
        say(outcome.sentence)
