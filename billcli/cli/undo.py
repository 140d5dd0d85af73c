"""`billcli undo`: the last change is taken back, before a bill stands on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typer import Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._root import run
from billcli.cli._show import say, show_list, show_one
from billcli.errors import UsageProblem
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.services.undo.taking_back import ChangeView

app = Noun("")

COLUMNS = (
    Column("Change", "change", "number"),
    Column("When", "at"),
    Column("Who", "actor"),
    Column("Command", "command"),
    Column("What", "what"),
    Column("Matter", "matters"),
    Column("Undo", "undo"),
)


@app.command("undo", example="billcli undo --list\nbillcli undo\nbillcli undo --change 41")
def undo(
    change: Annotated[
        str | None,
        Option(
            "--change",
            metavar="N",
            help="The change of this number, if nothing stands on it.",
            autocompletion=_complete.changes,
        ),
    ] = None,
    list_: Annotated[
        bool, Option("--list", help="Show the last twenty changes, and which could be undone.")
    ] = False,
    dry_run: Annotated[
        bool, Option("--dry-run", help="Say what would be taken back; change nothing.")
    ] = False,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """Take back the last change, before a bill is approved on it.

    What is taken back leaves the log as it is: the undo is a change of its own. Undo again and
    the change before that one goes; an undo is never undone. Bills that are approved, payments
    and client money stay, and the refusal names the command that takes them back. Where the last
    change is another person's, it has to be named with --change. On a terminal it asks first,
    elsewhere it doesn't.
    """
    from billcli.services.undo import taking_back

    if (json and csv) or (csv and not list_):
        raise UsageProblem("usage.option", "--csv goes with --list, and without --json.")
    with opened() as ledger:
        if list_:
            views = taking_back.listed(ledger)
            shown = views if json or csv else [_line(view) for view in views]
            show_list(
                shown, COLUMNS if not csv else CSV, json=json, csv=csv, empty="No change yet."
            )
            return
        number = _number(change)
        if dry_run or (run().may_prompt and not run().yes):
            view = taking_back.foreseen(ledger, number)
            if dry_run:
                show_one(view, json=json, sentence=f"Undo would take back {_told(view)}.")
                return
            if not _agreed(view):
                say("Nothing was undone.")
                return
            number = view.change
        view = taking_back.undo(ledger, number)
        show_one(view, json=json, sentence=f"Undone: {_told(view)}.")


CSV = (*COLUMNS[:-1], Column("Undone", "undone"), Column("Can undo", "can_undo"),
       Column("Because", "because"))  # fmt: skip


def _agreed(view: ChangeView) -> bool:
    from billcli.cli._prompt import confirm

    return confirm(f"Take back {_told(view)}?")


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        from billcli.values.text import shown

        raise UsageProblem(
            "undo.number",
            f"{shown(text)} is not the number of a change.",
            hint="See `billcli undo --list`.",
        )
    return int(text)


def _told(view: ChangeView) -> str:
    return f"change {view.change}: {view.command}, {view.what}, by {view.actor} on {view.day}"


def _line(view: ChangeView) -> dict[str, object]:
    from dataclasses import asdict

    word = "undone" if view.undone else "yes" if view.can_undo else "no"
    return asdict(view) | {"at": view.at[:19].replace("T", " "), "undo": word}
