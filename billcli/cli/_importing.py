"""Arguments and options that imports share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from billcli.cli import _complete

File = Annotated[Path, Argument(metavar="FILE", help="The file; - reads stdin.")]
DryRun = Annotated[bool, Option("--dry-run", help="Say what would come in, and change nothing.")]
Columns = Annotated[
    list[str] | None,
    Option(
        "--column",
        metavar="FIELD=HEADER",
        help="What the file calls a column, such as date='Work day'. Repeatable.",
    ),
]
Dates = Annotated[
    str | None,
    Option(
        "--dates",
        metavar="ORDER",
        help="What comes first in a date such as 01/02/2026: mdy or dmy.",
        autocompletion=_complete.of("mdy", "dmy", "ymd"),
    ),
]
Maps = Annotated[
    list[str] | None,
    Option(
        "--map",
        metavar="NAME=MATTER",
        help="The matter that a project, tag or client of the file means. Repeatable.",
    ),
]
