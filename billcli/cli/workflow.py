"""Workflows on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import print_text, show_list, show_one, show_table
from billcli.render.table import Column

app = Noun("workflow")

COLUMNS = (
    Column("Workflow", "name"),
    Column("Case type", "case_type"),
    Column("Tasks", "count", "number"),
    Column("Charging", "charging", "number"),
)
SHIPPED = (Column("Workflow", "name"), Column("For", "about"))
TASKS = (
    Column("Task", "name"),
    Column("Step", "step"),
    Column("Due after", "due_days", "number"),
    Column("Charge", "charge"),
)

Name = Annotated[
    str,
    Argument(metavar="NAME", help="The workflow's name.", autocompletion=_complete.workflows),
]


@app.command("list", example="billcli workflow list\nbillcli workflow list --shipped")
def list_(
    shipped: Annotated[
        bool, Option("--shipped", help="Those that come with the program, to be imported.")
    ] = False,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """List the workflows."""
    from dataclasses import asdict

    from billcli.services.milestones import workflows

    if shipped:
        known = [{"name": name, "about": about} for name, about in workflows.shipped().items()]
        show_list(known, SHIPPED, json=json, csv=csv, empty="There are none.")
        return

    with opened() as ledger:
        views, decimals = workflows.list_(ledger), ledger.decimals
    rows: list[Any] = list(views)
    if not json:
        charging = [sum(1 for task in view.tasks if task.trigger) for view in views]
        rows = [
            {**asdict(view), "count": len(view.tasks), "charging": n}
            for view, n in zip(views, charging, strict=True)
        ]
    empty = "There are no workflows yet: billcli workflow import FILE."
    show_list(rows, COLUMNS, json=json, csv=csv, empty=empty, decimals=decimals)


@app.command("show", example="billcli workflow show family-petition")
def show(name: Name, json: o.Json = False) -> None:
    """Show a workflow's tasks, and what each of them charges."""
    from billcli.services.milestones import workflows

    with opened() as ledger:
        view, decimals = workflows.show(ledger, name), ledger.decimals
    if json:
        show_one(view, json=True, sentence="", decimals=decimals)
        return
    serves = f", for the case type {view.case_type}" if view.case_type else ""
    from billcli.values.text import visible

    print_text(visible(f"{view.name}{serves}"))
    rows = [
        {
            "name": task.name,
            "step": task.step,
            "due_days": task.due_days,
            "charge": _charge(task.trigger, decimals),
        }
        for task in view.tasks
    ]
    show_table(rows, TASKS, decimals=decimals)


@app.command("apply", example="billcli workflow apply family-petition --matter 2026-001")
def apply(
    name: Name,
    matter: Annotated[
        str,
        Option(
            "--matter",
            metavar="MATTER",
            help="The matter that gets the tasks.",
            autocompletion=_complete.matters,
        ),
    ],
    json: o.Json = False,
) -> None:
    """Give a matter the tasks of a workflow.

    Tasks that the matter has already, by their names, are left as they are.
    """
    from billcli.services.milestones import workflows

    with opened() as ledger:
        view, decimals = workflows.apply(ledger, name, matter=matter), ledger.decimals
    count = f"{len(view.tasks)} {'task' if len(view.tasks) == 1 else 'tasks'}"
    sentence = f"Matter {matter} has {count} more, from the workflow {name}."
    show_one(view, json=json, sentence=sentence, decimals=decimals)


@app.command(
    "import",
    example="billcli workflow import workflows.toml\nbillcli workflow import estate-plan",
)
def import_(
    file: Annotated[
        Path,
        Argument(
            metavar="FILE",
            help="A TOML file with [[workflow]] tables, or a name of `workflow list --shipped`.",
        ),
    ],
    json: o.Json = False,
) -> None:
    """Read workflows from a file; those of the same name are replaced.

    Matters keep the tasks that they have.
    """
    from billcli.services.milestones import workflows

    with opened() as ledger:
        views = workflows.import_file(ledger, file)
        decimals = ledger.decimals
    changed = sum(1 for view in views if view.changed)
    count = f"{len(views)} {'workflow' if len(views) == 1 else 'workflows'}"
    sentence = f"Read {count}; {changed or 'none'} of them new or changed."
    show_one(views, json=json, sentence=sentence, decimals=decimals)


def _charge(trigger: Any, decimals: int) -> str:
    from billcli.values.money import grouped, plain_percent

    if trigger is None:
        return ""
    if trigger.remainder:
        return "the remainder"
    if trigger.percent_e4 is not None:
        return f"{plain_percent(trigger.percent_e4)} %"
    return grouped(trigger.amount_cents, decimals)
