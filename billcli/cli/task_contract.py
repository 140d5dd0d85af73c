"""Milestones as contracts: acceptance, papers, and approval in part."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from billcli.cli import _options as o
from billcli.cli import _tasks as w
from billcli.cli._ledger import opened
from billcli.cli._root import run
from billcli.cli._show import say, show_one, warn


def approve(
    matter: o.Matter,
    task: o.Task,
    by: Annotated[
        str | None, Option("--by", metavar="NAME", help="Who accepted it for the client.")
    ] = None,
    note: o.Note = None,
    date: o.Date = None,
    charge: w.Charge = None,
    json: o.Json = False,
) -> None:
    """Keep that the client accepted a completed task; a waiting trigger asks for its charge."""
    from billcli.cli._prompt import confirm
    from billcli.services.milestones import acceptance
    from billcli.values.dates import read_day

    with opened() as ledger:
        number = w.read_task(task)
        asked = None
        if charge is None and run().may_prompt:
            asked = acceptance.question(ledger, matter, number)
            if asked is not None:
                words = asked.words(ledger.decimals)
                charge = confirm(words, default=True, option="--charge or --no-charge")
        outcome = acceptance.approve(
            ledger,
            matter,
            number,
            by=by,
            note=note,
            day=read_day(date, ledger.today, what="--date", past=True) if date else None,
            charge=charge,
            asked=asked,
        )
        for warning in outcome.task.warnings:
            warn(warning)
        show_one(outcome.task, json=json, sentence=outcome.sentence, decimals=ledger.decimals)


def attach(
    matter: o.Matter,
    task: o.Task,
    file: Annotated[str, Argument(metavar="FILE", help="The document; it stays where it is.")],
    json: o.Json = False,
) -> None:
    """Attach a document to a task by its place and SHA-256; the bill lists it."""
    from billcli.services.milestones import papers

    with opened() as ledger:
        view = papers.attach(ledger, matter, w.read_task(task), file)
        said = f"{view.name} goes with task {view.task} of {matter} (SHA-256 {view.sha256[:12]}…)."
        show_one(view, json=json, sentence=said)


def split(
    matter: o.Matter,
    task: o.Task,
    approved: Annotated[
        str,
        Option("--approved", metavar="PCT%|AMOUNT", help="What the client approved, such as 80%."),
    ],
    note: o.Note = None,
    json: o.Json = False,
) -> None:
    """Charge the approved part of a milestone; what is left becomes a task of its own."""
    from billcli.services.milestones import task_splits
    from billcli.values.money import read_percent, read_positive_cents

    with opened() as ledger:
        part = approved.strip()
        percent = read_percent(part, what="approved part") if part.endswith("%") else None
        cents = None
        if percent is None:
            cents = read_positive_cents(part, ledger.decimals, what="approved part")
        view = task_splits.split(
            ledger, matter, w.read_task(task), percent_e4=percent, cents=cents, note=note
        )
        for warning in view.warnings:
            warn(warning)
        if json:
            show_one(view, json=True, sentence="", decimals=ledger.decimals)
        else:
            say(view.sentence)
