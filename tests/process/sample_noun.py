"""A noun module as the tests of the frame need one: it has no service behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from typer import Argument, Option

from billcli.cli import _options as o
from billcli.cli._noun import Noun
from billcli.cli._prompt import ask, confirm
from billcli.cli._root import run
from billcli.cli._show import show_facts, show_list, show_one, talk, warn
from billcli.errors import Refused
from billcli.render.table import Column

app = Noun("sample")


@dataclass(frozen=True, slots=True)
class View:
    id: str
    name: str
    due: date | None
    total_cents: int


VIEWS = (
    View("a", "[red]Rivera[/red] \x1b[31m", date(2026, 11, 21), 150_000),
    View("b", "=1+1, 山田太郎", None, -5),
)
COLUMNS = (
    Column("Id", "id"),
    Column("Name", "name"),
    Column("Due", "due", "date"),
    Column("Total", "total_cents", "money"),
)


@app.command("list", example="billcli sample list --json")
def list_(matter: o.MatterOption = None, json: o.Json = False, csv: o.Csv = False) -> None:
    """List the samples. A second sentence."""
    rows = () if matter else VIEWS
    talk("two of them")
    show_list(rows, COLUMNS, json=json, csv=csv, empty="None yet.", totals={"total_cents": 149_995})


@app.command("add", example="billcli sample add a 'A name'")
def add(
    id: Annotated[str, Argument(metavar="ID", help="Its id.")],
    name: Annotated[str, Argument(metavar="NAME", help="Its name.")],
    email: Annotated[list[str] | None, Option("--email", help="Again for more.")] = None,
    json: o.Json = False,
) -> None:
    """Add a sample."""
    facts = {"id": id, "name": name, "email": email or [], "command": run().command}
    show_one(
        {**facts, "yes": run().yes, "actor": run().actor}, json=json, sentence=f"{name} added."
    )


@app.command("ask", example="billcli sample ask")
def ask_() -> None:
    """Ask two questions."""
    sure = confirm("Really?", default=True)
    print("yes" if sure else "no", ask("Why?", option="--reason"))


@app.command("show", example="billcli sample show")
def show(json: o.Json = False) -> None:
    """Show one sample."""
    warn("mind\x07 this")
    show_facts(VIEWS[0], COLUMNS, json=json, title="A sample")


@app.command("fail", example="billcli sample fail refused")
def fail(
    how: Annotated[str, Argument(help="refused, internal, file or interrupt.")],
    json: o.Json = False,
) -> None:
    """Fail in one of several ways."""
    if how == "refused":
        raise Refused("sample.no", "1.00 is\x1b too little.", hint="Give 2.00.")
    if how == "file":
        open("/nowhere/at all")  # noqa: SIM115
    if how == "interrupt":
        raise KeyboardInterrupt
    raise KeyError("x")


deep = app.noun("deep", "A noun within a noun.")


@deep.command("down", example="billcli sample deep down")
def down() -> None:
    """Go down."""
    print(run().command)
