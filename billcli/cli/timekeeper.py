"""Timekeepers on the command line."""

from __future__ import annotations

from typing import Annotated, Any

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import show_list, show_one
from billcli.render.table import Column

app = Noun("timekeeper")

COLUMNS = (
    Column("TK", "id"),
    Column("Name", "name"),
    Column("Rate", "rate_e4", "rate"),
    Column("Classification", "classification"),
    Column("Archived", "archived_on"),
)

Classification = Annotated[
    str | None,
    Option(
        "--classification",
        metavar="CODE",
        help="What LEDES calls the position: PARTNR, ASSOC, OFCOUN, PARALG …",
        autocompletion=_complete.of("PARTNR", "ASSOC", "OFCOUN", "PARALG", "LEGASST", "OTHER"),
    ),
]
Surname = Annotated[str | None, Option("--surname", metavar="NAME", help="For LEDES.")]
FirstName = Annotated[str | None, Option("--first-name", metavar="NAME", help="For LEDES.")]
Email = Annotated[str | None, Option("--email", metavar="EMAIL", help="An e-mail address.")]


@app.command("add", example="billcli timekeeper add MA 'Maria Alvarez' --rate 350")
def add(
    id: Annotated[str, Argument(metavar="ID", help="A short id, such as initials.")],
    name: Annotated[str, Argument(metavar="NAME", help="The name as bills print it.")],
    rate: Annotated[str, Option("--rate", metavar="RATE", help="The usual price of an hour.")],
    classification: Classification = None,
    surname: Surname = None,
    first_name: FirstName = None,
    email: Email = None,
    json: o.Json = False,
) -> None:
    """Add somebody whose hours are billed."""
    from billcli.services.office import timekeepers
    from billcli.values.contact import read_line
    from billcli.values.money import read_rate
    from billcli.values.text import read_id

    read = read_id(id, "timekeeper id"), read_line(name, "name", longest=100)
    rate_e4 = read_rate(rate)
    others = _others(classification, surname, first_name, email)
    with opened() as ledger:
        view = timekeepers.add(ledger, *read, rate_e4=rate_e4, **others)
        decimals = ledger.decimals
    sentence = f"Timekeeper {view.id} added: {view.name}."
    show_one(view, json=json, sentence=sentence, decimals=decimals)


@app.command("edit", example="billcli timekeeper edit MA --rate 375")
def edit(
    timekeeper: o.Timekeeper,
    name: Annotated[str | None, Option("--name", metavar="NAME", help="A new name.")] = None,
    rate: Annotated[
        str | None, Option("--rate", metavar="RATE", help="The price of an hour from now on.")
    ] = None,
    classification: Classification = None,
    surname: Surname = None,
    first_name: FirstName = None,
    email: Email = None,
    archive: Annotated[
        bool | None,
        Option("--archive/--no-archive", help="No new entries, and out of lists; or back."),
    ] = None,
    json: o.Json = False,
) -> None:
    """Change a timekeeper.

    Only what is given changes; an empty text takes the value away. A new rate holds for new
    entries; those that are there keep theirs.
    """
    from billcli.errors import UsageProblem
    from billcli.services.office import timekeepers
    from billcli.values.contact import read_line
    from billcli.values.money import read_rate

    changes: dict[str, Any] = _others(classification, surname, first_name, email)
    if name is not None:
        changes["name"] = read_line(name, "name", longest=100)
    if rate is not None:
        changes["rate_e4"] = read_rate(rate)
    if archive is not None:
        changes["archived"] = archive
    if not changes:
        raise UsageProblem(
            "usage.nothing", "Nothing to change was given.", hint="Give an option, such as --rate."
        )
    with opened() as ledger:
        view = timekeepers.edit(ledger, timekeeper, changes)
        decimals = ledger.decimals
    sentence = f"Timekeeper {view.id} changed: {view.name}."
    show_one(view, json=json, sentence=sentence, decimals=decimals)


@app.command("list", example="billcli timekeeper list --json")
def list_(
    all: Annotated[bool, Option("--all", help="Archived timekeepers too.")] = False,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """List the people whose hours are billed."""
    from billcli.services.office import timekeepers

    with opened() as ledger:
        views, decimals = timekeepers.list_(ledger, archived=all), ledger.decimals
    columns = COLUMNS if all else COLUMNS[:-1]
    empty = "There are no timekeepers yet: billcli timekeeper add ID NAME --rate R."
    show_list(views, columns, json=json, csv=csv, empty=empty, decimals=decimals)


@app.command("rate", example="billcli timekeeper rate MA 175 --activity A112")
def rate(
    timekeeper: o.Timekeeper,
    rate: Annotated[str, Argument(metavar="RATE", help="The price of an hour: 350 or 412.50.")],
    activity: Annotated[
        str | None,
        Option("--activity", metavar="CODE", help="For this activity alone, such as A112."),
    ] = None,
    since: o.From = None,
    json: o.Json = False,
) -> None:
    """Set a timekeeper's usual rate, or the rate of one activity, for new entries.

    Without --from it holds for work of any day. Entries that are there keep their rate.
    """
    from billcli.services.office import timekeepers
    from billcli.values.dates import read_day
    from billcli.values.money import plain_rate, read_rate
    from billcli.values.text import read_id

    rate_e4 = read_rate(rate)
    code = read_id(activity, "activity code") if activity is not None else None
    with opened() as ledger:
        day = read_day(since, ledger.today) if since else None
        view = timekeepers.rate(ledger, timekeeper, rate_e4, activity=code, valid_from=day)
        decimals = ledger.decimals
    told = f"{view.id} costs {plain_rate(rate_e4, decimals)} an hour"
    told += f" for {code}" if code else ""
    sentence = f"{told} from {day} on." if day else f"{told}."
    show_one(view, json=json, sentence=sentence, decimals=decimals)


def _others(
    classification: str | None, surname: str | None, first_name: str | None, email: str | None
) -> dict[str, Any]:
    """What was given beside name and rate; an empty text is None."""
    from billcli.errors import UsageProblem
    from billcli.values.contact import read_email, read_line
    from billcli.values.text import shown

    given: dict[str, Any] = {}
    if classification is not None:
        code = classification.strip().upper()
        if code and not (2 <= len(code) <= 10 and code.isascii() and code.isalpha()):
            raise UsageProblem(
                "timekeeper.classification",
                f"{shown(classification)} isn't a classification.",
                hint="Write 2 to 10 letters, such as PARTNR, ASSOC or PARALG.",
            )
        given["classification"] = code or None
    for key, text in (("surname", surname), ("first_name", first_name)):
        if text is not None:
            what = key.replace("_", " ")
            given[key] = read_line(text, what, longest=100, required=False) or None
    if email is not None:
        given["email"] = read_email(email)
    return given
