"""Hours worked, on the command line."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._noun import Noun

# A TAB imports this module, so what the commands do is imported where they do it.
app = Noun("time")

Entry = Annotated[str, Argument(metavar="T-n", help="The time entry, such as T-12.")]
Rate = Annotated[
    str | None, Option("--rate", metavar="RATE", help="An hourly rate for this entry alone.")
]
Behavior = Annotated[
    str | None,
    Option(
        "--behavior",
        metavar="BEHAVIOR",
        help="bill, no-charge, hide (on the bill but not printed) or non-billable.",
        autocompletion=_complete.of("bill", "no-charge", "hide", "non-billable"),
    ),
]
TaskCode = Annotated[
    str | None,
    Option(
        "--task-code",
        metavar="CODE",
        help="A task code, such as L110.",
        autocompletion=_complete.task_codes,
    ),
]
ActivityCode = Annotated[
    str | None,
    Option(
        "--activity-code",
        metavar="CODE",
        help="An activity code, such as A103.",
        autocompletion=_complete.activity_codes,
    ),
]
MaybeNarrative = Annotated[
    str | None, Argument(metavar="NARRATIVE", help="What was done, for the bill.")
]
At = Annotated[
    str | None,
    Option("--at", metavar="TIME", help="9:15, 6:30pm, `yesterday 18:30` or `20m ago`."),
]


@app.command("add", example="billcli time add 2026-001 1h30m 'Review of the contract' --tk MA")
def add(
    matter: o.Matter,
    hours: o.Hours,
    narrative: Annotated[str, Argument(metavar="NARRATIVE", help="What was done, for the bill.")],
    date: o.Date = None,
    tk: o.TimekeeperOption = None,
    rate: Rate = None,
    behavior: Behavior = None,
    task_code: TaskCode = None,
    activity_code: ActivityCode = None,
    json: o.Json = False,
) -> None:
    """Record time on a matter.

    Without --date it is today's; without --tk it is the time of the matter's responsible, or of
    the only timekeeper. The rate in force is kept with the entry and doesn't change later.
    """
    from billcli.cli import _recording

    _recording.add_time(
        matter,
        hours,
        narrative,
        date=date,
        tk=tk,
        rate=rate,
        behavior=behavior,
        task_code=task_code,
        activity_code=activity_code,
        json=json,
    )


@app.command("start", example="billcli time start 2026-001 'Call with the expert'")
def start(
    matter: o.Matter,
    narrative: MaybeNarrative = None,
    at: At = None,
    tk: o.TimekeeperOption = None,
    task_code: TaskCode = None,
    activity_code: ActivityCode = None,
    json: o.Json = False,
) -> None:
    """Start a timer on a matter; it runs until `time stop`, whatever happens to the machine.

    A timekeeper has one timer. If it runs on other work, it is stopped and recorded up to this
    moment, as long as somebody said what was done; on the same work it just goes on, and that is
    an error. --at tells when the work really began: 9:15, `yesterday 18:30`, `20m ago`.
    """
    from billcli.cli import _timers

    _timers.start(
        matter,
        narrative,
        at=at,
        tk=tk,
        task_code=task_code,
        activity_code=activity_code,
        json=json,
    )


@app.command("stop", example="billcli time stop 'Call with the expert about his report'")
def stop(
    narrative: MaybeNarrative = None,
    at: At = None,
    tk: o.TimekeeperOption = None,
    discard: Annotated[
        bool, Option("--discard", help="Drop the timer; nothing is recorded.")
    ] = False,
    json: o.Json = False,
) -> None:
    """Stop the timer and record its time, on the day on which it began.

    A narrative takes the place of that of the start. --at tells when the work really ended: the
    first time that a clock showed it after the start, so 18:30 of a timer that was forgotten
    yesterday is yesterday's. More than 14 hours are asked about; more than 24 are refused.
    """
    from billcli.cli import _timers

    _timers.stop(narrative, at=at, tk=tk, discard=discard, json=json)


@app.command("timer", example="billcli timer --json")
def timer(tk: o.TimekeeperOption = None, json: o.Json = False) -> None:
    """Show the timers that run, since when, and what they would bill if they stopped now."""
    from billcli.cli import _timers

    _timers.timer(tk=tk, json=json)


@app.command("edit", example="billcli time edit T-12 --hours 2 --narrative 'Review, second part'")
def edit(
    entry: Entry,
    hours: Annotated[
        str | None, Option("--hours", metavar="HOURS", help="How long it took: 1.5 or 1h30m.")
    ] = None,
    narrative: Annotated[
        str | None,
        Option("--narrative", "--description", metavar="TEXT", help="What was done."),
    ] = None,
    date: o.Date = None,
    tk: o.TimekeeperOption = None,
    rate: Rate = None,
    behavior: Behavior = None,
    task_code: TaskCode = None,
    activity_code: ActivityCode = None,
    matter: o.NewMatter = None,
    json: o.Json = False,
) -> None:
    """Change an unbilled time entry: what is named, and nothing else.

    Another timekeeper or matter brings its own rate, unless the rate was given by --rate. An
    empty code is taken away.
    """
    from billcli.cli import _recording
    from billcli.cli import _work as w
    from billcli.cli._days import maybe_day
    from billcli.cli._ledger import opened
    from billcli.values.money import read_rate

    hours_e4 = None if hours is None else _recording.typed_hours(hours)
    span = None if hours is None else _recording.typed_span(hours)
    said = w.maybe_narrative(narrative)
    rate_e4 = None if rate is None else read_rate(rate)
    with opened() as ledger:
        from billcli.services.work import time

        item = time.edit(
            ledger,
            entry,
            hours_e4=hours_e4,
            description=said,
            day=maybe_day(ledger, date, past=True),
            timekeeper=tk,
            rate_e4=rate_e4,
            behavior=behavior,
            task_code=task_code,
            activity_code=activity_code,
            matter=matter,
            span=span,
        )
        _recording.show_time(item, "changed", ledger.decimals, json=json)
        if span is not None or tk is not None:
            _recording.warn_of_overlaps(ledger, item)
        w.warn_of_codes(ledger, item)


@app.command("remove", example="billcli time remove T-12")
def remove(entry: Entry, json: o.Json = False) -> None:
    """Remove an unbilled time entry; the log keeps what it was."""
    from billcli.cli import _recording
    from billcli.cli._ledger import opened

    with opened() as ledger:
        from billcli.services.work import time

        _recording.show_time(time.remove(ledger, entry), "removed", ledger.decimals, json=json)


@app.command("list", example="billcli time list 2026-001 --from 2026-11-01 --to 2026-11-30")
def list_(
    matter: o.MaybeMatter = None,
    first: o.From = None,
    last: o.To = None,
    tk: o.TimekeeperOption = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """List time entries, of one matter or of all."""
    from billcli.cli import _work as w
    from billcli.cli._ledger import opened

    with opened() as ledger:
        from billcli.services.work import time

        items = time.list_(ledger, matter, timekeeper=tk, **w.span(ledger, first, last))
        w.show_items(
            items,
            w.TIME_COLUMNS,
            json=json,
            csv=csv,
            empty="No time entries.",
            decimals=ledger.decimals,
        )
