"""Where a matter stands: its step, and how much of it is done."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from billcli.cli import _options as o
from billcli.cli._days import maybe_day
from billcli.cli._ledger import opened
from billcli.cli._show import say, show_facts, show_list, show_one, warn
from billcli.errors import UsageProblem
from billcli.render.table import Column

FACTS = (
    Column("Matter", "matter"),
    Column("Step", "step"),
    Column("Steps", "steps"),
    Column("Held by", "held_by"),
)
HISTORY = (Column("From", "date", "date"), Column("Done", "percent_e4", "percent"))


def step(
    matter: o.Matter,
    step: Annotated[
        str | None,
        Argument(metavar="STEP", help="The step it goes to; `end` is behind the last."),
    ] = None,
    override: Annotated[
        bool, Option("--override", help="Leave a step whose rows are not billed or paid.")
    ] = False,
    reason: o.Reason = None,
    json: o.Json = False,
) -> None:
    """Show the step at which a matter stands, or set it.

    It is the step of the first open task, unless another was set. A step is left once the rows
    of the schedule that it holds are billed, or paid.
    """
    from billcli.cli._prompt import ask
    from billcli.services.milestones import steps

    if reason is not None and not override:
        raise UsageProblem("usage.option", "--reason goes with --override.")
    if override and step is None:
        raise UsageProblem("usage.option", "--override goes with the step to go to.")
    why = None
    if override:
        why = ask("Why is the step left?", option="--reason") if reason is None else reason
    with opened() as ledger:
        if step is None:
            view = steps.show(ledger, matter)
            show_facts(view, FACTS, json=json)
            if not json and view.step is None:
                say("It stands behind all steps." if view.steps else "It has no steps.")
            return
        view = steps.move(ledger, matter, step, override=why)
        for words in view.overridden:
            warn(f"left although {words}")
        where = f"at {view.step}" if view.step else "behind all steps"
        show_one(view, json=json, sentence=f"Matter {matter} stands {where}.")


def progress(
    matter: o.Matter,
    percent: Annotated[
        str | None, Argument(metavar="PCT", help="How much of it is done: 40 or 40%.")
    ] = None,
    date: o.Date = None,
    json: o.Json = False,
) -> None:
    """Say how much of a matter is done, from a day on; without PCT show the history.

    A fixed fee with --bill-when progress bills that part of its value, less what is invoiced.
    """
    from billcli.services.arrangement import progress as marks
    from billcli.values.money import plain_percent, read_percent

    with opened() as ledger:
        if percent is None:
            if date is not None:
                raise UsageProblem("usage.option", "--date goes with PCT.")
            shown = marks.show(ledger, matter)
            if json:
                show_one(shown, json=True, sentence="")
            else:
                none = f"Nobody has said yet how far {matter} is."
                show_list(shown.history, HISTORY, json=False, csv=False, empty=none)
            return
        day = maybe_day(ledger, date, past=True)
        view = marks.mark(ledger, matter, read_percent(percent), day=day)
        for words in view.warnings:
            warn(words)
        done = plain_percent(view.percent_e4 or 0)
        show_one(view, json=json, sentence=f"Matter {matter} is {done} % done.")
