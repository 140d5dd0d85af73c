"""The firm's settings and set-up on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import print_text, show_list, show_one, warn
from billcli.render.table import Column

app = Noun("firm")

COLUMNS = (
    Column("Setting", "key"),
    Column("Value", "value"),
    Column("", "source"),
)


def _keys(incomplete: str) -> list[str]:
    from billcli.services.office.firm_files import setting_keys

    return _complete.of(*setting_keys())(incomplete)


Key = Annotated[
    str,
    Argument(
        metavar="KEY",
        help="The setting as the firm file names it: billing.terms_days.",
        autocompletion=_keys,
    ),
]


@app.command("show", example="billcli firm show --json")
def show(json: o.Json = False, csv: o.Csv = False) -> None:
    """Show the firm's settings; with --json also taxes, expense categories and the rest."""
    from billcli.services.office import firm

    with opened() as ledger:
        if json and not csv:
            show_one(firm.document(ledger), json=True, sentence="", decimals=ledger.decimals)
            return
        rows = [
            {"key": view.key, "value": view.value, "source": "" if view.own else "built in"}
            for view in firm.show(ledger)
        ]
    show_list(rows, COLUMNS, json=json, csv=csv, empty="")


@app.command("set", example="billcli firm set billing.terms_days 14")
def set_(
    key: Key,
    value: Annotated[
        str,
        Argument(
            metavar="VALUE",
            help="The value as the firm file has it; lines of an address with ; between.",
        ),
    ],
    json: o.Json = False,
) -> None:
    """Change one setting. Bills that are out stay as they are.

    The currency can change as long as the ledger holds no money.
    """
    from billcli.services.office import firm

    with opened() as ledger:
        view = firm.set_(ledger, key, value)
    show_one(view, json=json, sentence=f"{view.key} is now {view.value}.")


@app.command("unset", example="billcli firm unset billing.tax")
def unset(key: Key, json: o.Json = False) -> None:
    """Take a setting back to what holds without it."""
    from billcli.services.office import firm

    with opened() as ledger:
        view = firm.unset(ledger, key)
    told = f"{view.key} is back at {view.value}." if view.value else f"{view.key} isn't set."
    show_one(view, json=json, sentence=told)


@app.command("import", example="billcli firm import firm.toml")
def import_(
    file: Annotated[Path, Argument(metavar="FILE", help="The firm file.")],
    json: o.Json = False,
) -> None:
    """Take in a whole firm file: settings, people, workflows, matters.

    It happens wholly or not at all. What the file leaves out stays as it is, and a file that was
    taken in changes nothing a second time; opening work is for matters that aren't there yet.
    """
    from billcli.cli._firm_file import read_confirmed, told
    from billcli.services.office import firm

    with opened() as ledger:
        read, command = read_confirmed(file, ledger)
        view = firm.import_(ledger, read, password_command=command)
    sentence = f"Taken in: {told(view)}." if view.changed else "Nothing to change."
    show_one(view, json=json, sentence=sentence)


@app.command("export", example="billcli firm export firm.toml\nbillcli firm export > firm.toml")
def export(
    file: Annotated[
        str | None,
        Argument(metavar="FILE", help="Where to write it; without it or with -, to stdout."),
    ] = None,
    force: Annotated[bool, Option("--force", help="Replace a file that is there.")] = False,
    json: o.Json = False,
) -> None:
    """Write the whole set-up as a firm file: `init --firm` makes a ledger of it again.

    Work, bills and closed matters are history and stay out; rates and arrangements are those in
    force today, and what comes later is named.
    """
    from billcli.services.office import firm, firm_later

    with opened() as ledger:
        for words in firm_later.left_out(ledger):
            warn(f"not in the file: {words}")
        if file is None or file == "-":
            text = firm.export_text(ledger)
            if json:
                show_one({"firm_file": text}, json=True, sentence="")
            else:
                print_text(text)
            return
        path = Path(file).expanduser()
        firm.export_file(ledger, path, force=force)
    show_one({"file": path}, json=json, sentence=f"The set-up is in {path}.")
