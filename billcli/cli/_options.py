"""Options and arguments that many commands share, each with its help and its completion.

They stay text here: a command reads them with values.*, so that an error is our sentence.
"""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from billcli.cli import _complete

Json = Annotated[bool, Option("--json", help="Print one JSON document.")]
Csv = Annotated[bool, Option("--csv", help="Print CSV, one line each.")]

Matter = Annotated[
    str,
    Argument(metavar="MATTER", help="The matter's number.", autocompletion=_complete.matters),
]
MaybeMatter = Annotated[
    str | None,
    Argument(metavar="MATTER", help="The matter's number.", autocompletion=_complete.matters),
]
Client = Annotated[
    str,
    Argument(metavar="CLIENT", help="The client's id.", autocompletion=_complete.clients),
]
Timekeeper = Annotated[
    str,
    Argument(metavar="TK", help="The timekeeper's id.", autocompletion=_complete.timekeepers),
]
Bill = Annotated[
    str,
    Argument(
        metavar="BILL",
        help="The bill's number, or a draft such as D-1.",
        autocompletion=_complete.bills,
    ),
]
Task = Annotated[str, Argument(metavar="TASK", help="The task's number in its matter.")]
Hours = Annotated[str, Argument(metavar="HOURS", help="1.5, 1h30m, 90m, 1:30 or 9:00-10:30.")]
Amount = Annotated[str, Argument(metavar="AMOUNT", help="Money: 1500, 1500.00 or 1,500.00.")]

MatterOption = Annotated[
    str | None,
    Option(
        "--matter",
        metavar="MATTER",
        help="This matter.",
        autocompletion=_complete.matters,
    ),
]
ClientOption = Annotated[
    str | None,
    Option(
        "--client",
        metavar="CLIENT",
        help="This client.",
        autocompletion=_complete.clients,
    ),
]
TimekeeperOption = Annotated[
    str | None,
    Option(
        "--tk",
        metavar="TK",
        help="The timekeeper.",
        autocompletion=_complete.timekeepers,
    ),
]
Date = Annotated[
    str | None,
    Option(
        "--date",
        metavar="DATE",
        help="The day: 2026-11-21, yesterday, `3 days ago`, `last friday` or `nov 5`.",
    ),
]
Through = Annotated[
    str | None,
    Option(
        "--through",
        metavar="DATE",
        help="Work up to this day, or a month such as 2026-11.",
    ),
]
Since = Annotated[str | None, Option("--since", metavar="DATE", help="From this day on.")]
From = Annotated[str | None, Option("--from", metavar="DATE", help="From this day on.")]
To = Annotated[str | None, Option("--to", metavar="DATE", help="Up to and with this day.")]
AsOf = Annotated[str | None, Option("--as-of", metavar="DATE", help="As it stood on this day.")]
Terms = Annotated[
    int | None, Option("--terms", metavar="DAYS", help="Days to pay.", min=0, max=3650)
]
Reason = Annotated[str | None, Option("--reason", metavar="TEXT", help="Why; goes into the log.")]
Note = Annotated[str | None, Option("--note", metavar="TEXT", help="A note to keep with it.")]
NewMatter = Annotated[
    str | None, Option("--matter", metavar="MATTER", help="Move it to this matter.")
]
