"""What the task commands share: their options, their columns, and how their words are read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from billcli.cli._marks import mark
from billcli.errors import UsageProblem
from billcli.render.table import Column
from billcli.values.text import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from billcli.cli._ledger import Ledger
    from billcli.services.milestones.task_views import TaskView

COLUMNS = (
    Column("Task", "task", "number"),
    Column("Name", "name"),
    Column("Step", "step"),
    Column("Due", "due", "date"),
    Column("Done", "done_on", "date"),
    Column("Amount", "trigger.amount_cents", "money"),
    Column("Trigger", "mark"),
)
CSV_COLUMNS = (
    Column("", "matter"),
    Column("", "task", "number"),
    Column("", "name"),
    Column("", "state"),
    Column("", "step"),
    Column("", "due", "date"),
    Column("", "done_on", "date"),
    Column("", "trigger.amount_cents", "money"),
    Column("", "trigger.state"),
    Column("", "trigger.charge"),
    Column("", "trigger.bill"),
)
FACTS = (
    Column("Matter", "matter"),
    *COLUMNS[:2],
    Column("State", "state"),
    *COLUMNS[2:5],
    Column("Deliverable", "deliverable"),
    Column("Acceptance", "acceptance"),
    Column("Accepted", "accepted_on", "date"),
    Column("By", "accepted_by"),
    Column("Note", "acceptance_note"),
    Column("Documents", "papers"),
    Column("Terms", "terms_days", "number"),
    Column("Charge", "trigger.description"),
    Column("Percent", "trigger.percent_e4", "percent"),
    Column("Amount", "trigger.amount_cents", "money"),
    Column("Charged", "trigger.charge_amount_cents", "money"),
    Column("Trigger", "mark"),
    Column("Reason", "trigger.reason"),
)

Step = Annotated[str | None, Option("--step", metavar="STEP", help="The step of the case.")]
Due = Annotated[str | None, Option("--due", metavar="DATE", help="When it should be done.")]
Deliverable = Annotated[
    str | None, Option("--deliverable", metavar="TEXT", help="What the client gets.")
]
Acceptance = Annotated[
    str | None, Option("--acceptance", metavar="TEXT", help="What shows that it is done.")
]
Trigger = Annotated[
    str | None,
    Option(
        "--trigger",
        metavar="AMOUNT|PCT%|remainder",
        help="What completing it charges: money, a percentage of the agreed value, or the rest.",
    ),
]
ChargeDescription = Annotated[
    str | None,
    Option("--charge-description", metavar="TEXT", help="What the bill calls the charge."),
]
NeedsAcceptance = Annotated[
    bool | None,
    Option(
        "--needs-acceptance/--no-needs-acceptance",
        help="Its charge waits until the client has accepted it.",
    ),
]
AcceptWithin = Annotated[
    int | None,
    Option("--accept-within", metavar="DAYS", help="Days for the client's feedback."),
]
Charge = Annotated[
    bool | None,
    Option("--charge/--no-charge", help="Answer the trigger's question: make the charge or not."),
]
Keep = Annotated[
    bool | None,
    Option("--keep/--withdraw", help="Keep or withdraw its unbilled charge; default withdraw."),
]


def read_task(text: str) -> int:
    """A task's number as typed."""
    number = text.strip()
    if not re.fullmatch("[1-9][0-9]{0,8}", number, re.ASCII):
        raise UsageProblem(
            "task.reference",
            f"{shown(text)} isn't the number of a task.",
            hint="Give its number in the matter, such as 3; see `billcli task list MATTER`.",
        )
    return int(number)


def read_trigger(text: str, decimals: int) -> dict[str, Any]:
    """What completing a task charges, as typed: an amount, `30%` or `remainder`."""
    from billcli.values.money import read_percent, read_positive_cents

    typed = text.strip()
    if typed.lower() == "remainder":
        return {"trigger_kind": "remainder"}
    if typed.endswith("%"):
        percent = read_percent(typed, what="trigger's percentage")
        return {"trigger_kind": "percent", "trigger_percent_e4": percent}
    cents = read_positive_cents(typed, decimals, what="trigger's amount")
    return {"trigger_kind": "amount", "trigger_cents": cents}


def read_due(ledger: Ledger, text: str | None) -> Any:
    """The day of --due as typed; a blank or `none` is no day."""
    from billcli.values.dates import read_day

    if text is None or text.strip().lower() in ("", "none"):
        return None
    return read_day(text, ledger.today, what="--due")


def marked(views: Sequence[TaskView]) -> list[dict[str, Any]]:
    """Tasks as table rows, each with the mark of its trigger."""
    return [
        {field: getattr(view, field) for field in view.__dataclass_fields__}
        | {"mark": mark(view.trigger), "papers": ", ".join(d.name for d in view.documents)}
        for view in views
    ]
