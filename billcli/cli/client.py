"""Clients on the command line."""

from __future__ import annotations

from typing import Annotated, Any

from typer import Argument, Option

from billcli.cli import _options as o
from billcli.cli._ebilling import Ebilling, read_rules, told_rules
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._show import show_facts, show_list, show_one
from billcli.render.table import Column

app = Noun("client")

COLUMNS = (
    Column("Client", "id"),
    Column("Name", "name"),
    Column("E-mail", "email"),
    Column("Terms", "terms_days", "number"),
    Column("Open matters", "matters_open", "number"),
    Column("Archived", "archived_on"),
)
FACTS = (
    *COLUMNS[:3],
    Column("Address", "address"),
    Column("Phone", "details.phone"),
    Column("City", "details.city"),
    Column("Region", "details.region"),
    Column("Postcode", "details.postcode"),
    Column("Country", "details.country"),
    Column("Tax number", "details.tax_id"),
    Column("E-billing", "ebilling"),
    Column("Terms", "terms_days", "number"),
    Column("Tax", "tax"),
    Column("Rates", "rates"),
    Column("Matters", "matters"),
    Column("Archived", "archived_on"),
)

Name = Annotated[str, Argument(metavar="NAME", help="The name as bills print it.")]
Email = Annotated[
    str | None, Option("--email", metavar="EMAIL", help="Where mail to the client goes.")
]
Address = Annotated[
    list[str] | None,
    Option("--address", metavar="LINE", help="A line of the postal address; again for each line."),
]
Phone = Annotated[str | None, Option("--phone", metavar="PHONE", help="A telephone number.")]
City = Annotated[str | None, Option("--city", metavar="CITY", help="The city, for e-billing.")]
Region = Annotated[
    str | None, Option("--region", metavar="REGION", help="The state or region, for e-billing.")
]
Postcode = Annotated[
    str | None, Option("--postcode", metavar="CODE", help="The postal code, for e-billing.")
]
Country = Annotated[
    str | None, Option("--country", metavar="COUNTRY", help="The country, for e-billing: US.")
]
TaxId = Annotated[str | None, Option("--tax-id", metavar="NUMBER", help="The tax number.")]


@app.command(
    "add", example="billcli client add rivera 'Ana Rivera' --email ana@rivera.example --terms 14"
)
def add(
    id: Annotated[str, Argument(metavar="ID", help="A short id, such as rivera.")],
    name: Name,
    email: Email = None,
    address: Address = None,
    terms: o.Terms = None,
    tax_exempt: Annotated[bool, Option("--tax-exempt", help="No tax on any bill.")] = False,
    phone: Phone = None,
    city: City = None,
    region: Region = None,
    postcode: Postcode = None,
    country: Country = None,
    tax_id: TaxId = None,
    json: o.Json = False,
) -> None:
    """Add a client."""
    from billcli.services.office import clients
    from billcli.values.contact import read_email, read_line, read_lines
    from billcli.values.text import read_id

    read = read_id(id, "client id"), read_line(name, "name")
    details = _details(phone, city, region, postcode, country, tax_id)
    with opened() as ledger:
        view = clients.add(
            ledger,
            *read,
            email=read_email(email or ""),
            address=read_lines(address or [], "address"),
            terms_days=terms,
            tax_exempt=tax_exempt,
            details={key: value for key, value in details.items() if value},
        )
    show_one(view, json=json, sentence=f"Client {view.id} added: {view.name}.")


@app.command("edit", example="billcli client edit rivera --terms 30 --address '88 Oak Avenue'")
def edit(
    client: o.Client,
    name: Annotated[str | None, Option("--name", metavar="NAME", help="A new name.")] = None,
    email: Email = None,
    address: Address = None,
    terms: o.Terms = None,
    no_terms: Annotated[bool, Option("--no-terms", help="Back to the firm's days to pay.")] = False,
    tax_exempt: Annotated[
        bool | None, Option("--tax-exempt/--no-tax-exempt", help="Whether bills are free of tax.")
    ] = None,
    phone: Phone = None,
    city: City = None,
    region: Region = None,
    postcode: Postcode = None,
    country: Country = None,
    tax_id: TaxId = None,
    ebilling: Ebilling = None,
    json: o.Json = False,
) -> None:
    """Change a client.

    Only what is given changes; an empty text takes the value away. Bills that are out stay as
    they were.
    """
    from billcli.services.office import clients
    from billcli.values.contact import read_email, read_line, read_lines

    changes: dict[str, Any] = {}
    if name is not None:
        changes["name"] = read_line(name, "name")
    if email is not None:
        changes["email"] = read_email(email)
    if address is not None:
        changes["address"] = read_lines(address, "address")
    if terms is not None or no_terms:
        changes["terms_days"] = None if no_terms else terms
    if tax_exempt is not None:
        changes["tax_exempt"] = tax_exempt
    if details := _details(phone, city, region, postcode, country, tax_id):
        changes["details"] = details
    _need(changes or ebilling)
    with opened() as ledger:
        if ebilling:
            changes["ebilling"] = read_rules(ebilling, ledger.currency)
        view = clients.edit(ledger, client, changes)
    show_one(view, json=json, sentence=f"Client {view.id} changed: {view.name}.")


@app.command("show", example="billcli client show rivera")
def show(client: o.Client, json: o.Json = False) -> None:
    """Show a client with the rates agreed and the matters."""
    from billcli.services.office import clients

    with opened() as ledger:
        view, decimals = clients.show(ledger, client), ledger.decimals
    show_facts(view if json else _told(view, decimals), FACTS, json=json, decimals=decimals)


@app.command("list", example="billcli client list --json")
def list_(
    all: Annotated[bool, Option("--all", help="Archived clients too.")] = False,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """List the clients."""
    from billcli.services.office import clients

    with opened() as ledger:
        views, decimals = clients.list_(ledger, archived=all), ledger.decimals
    columns = COLUMNS if all else COLUMNS[:-1]
    empty = "There are no clients yet: billcli client add ID NAME."
    show_list(views, columns, json=json, csv=csv, empty=empty, decimals=decimals)


@app.command("archive", example="billcli client archive rivera")
def archive(client: o.Client, json: o.Json = False) -> None:
    """Put a client away: no new matters, and out of lists.

    Refused while a matter of the client is open.
    """
    from billcli.services.office import clients

    with opened() as ledger:
        view = clients.archive(ledger, client)
    show_one(view, json=json, sentence=f"Client {view.id} is archived.")


@app.command("unarchive", example="billcli client unarchive rivera")
def unarchive(client: o.Client, json: o.Json = False) -> None:
    """Take an archived client up again."""
    from billcli.services.office import clients

    with opened() as ledger:
        view = clients.unarchive(ledger, client)
    show_one(view, json=json, sentence=f"Client {view.id} is active again.")


@app.command("rate", example="billcli client rate rivera MA 325 --from 2026-12-01")
def rate(
    client: o.Client,
    timekeeper: o.Timekeeper,
    rate: Annotated[str, Argument(metavar="RATE", help="The price of an hour: 325 or 312.50.")],
    since: o.From = None,
    json: o.Json = False,
) -> None:
    """Agree a timekeeper's rate with a client, for new entries on all its matters.

    Without --from it holds for work of any day. Entries that are there keep their rate.
    """
    from billcli.services.office import clients
    from billcli.values.dates import read_day
    from billcli.values.money import plain_rate, read_rate

    rate_e4 = read_rate(rate)
    with opened() as ledger:
        day = read_day(since, ledger.today) if since else None
        view = clients.rate(ledger, client, timekeeper, rate_e4, valid_from=day)
        decimals = ledger.decimals
    told = f"{view.timekeeper} costs {client} {plain_rate(rate_e4, decimals)} an hour"
    sentence = f"{told} from {day} on." if day else f"{told}."
    show_one(view, json=json, sentence=sentence, decimals=decimals)


def _details(
    phone: str | None,
    city: str | None,
    region: str | None,
    postcode: str | None,
    country: str | None,
    tax_id: str | None,
) -> dict[str, str | None]:
    """What was given of a client's details; an empty text is None."""
    from billcli.values.contact import read_line

    given = {
        "phone": phone,
        "city": city,
        "region": region,
        "postcode": postcode,
        "country": country,
        "tax_id": tax_id,
    }
    return {
        key: read_line(text, key.replace("_", " "), longest=60, required=False) or None
        for key, text in given.items()
        if text is not None
    }


def _need(changes: object) -> None:
    if not changes:
        from billcli.errors import UsageProblem

        raise UsageProblem(
            "usage.nothing", "Nothing to change was given.", hint="Give an option, such as --name."
        )


def _told(view: Any, decimals: int) -> dict[str, Any]:
    """The client in words, for people."""
    from dataclasses import asdict

    from billcli.values.money import plain_rate

    since = {r.timekeeper: f" from {r.valid_from}" if r.valid_from else "" for r in view.rates}
    return {
        **asdict(view),
        "details": dict.fromkeys(("phone", "city", "region", "postcode", "country", "tax_id"), "")
        | dict(view.details),
        "address": ", ".join(view.address),
        "ebilling": told_rules(view.details.get("ebilling") or {}, decimals),
        "tax": "exempt" if view.tax_exempt else "",
        "rates": ", ".join(
            f"{r.timekeeper} {plain_rate(r.rate_e4, decimals)}{since[r.timekeeper]}"
            for r in view.rates
        ),
        "matters": ", ".join(
            f"{m.number} {m.title}" + (" (closed)" if m.state == "closed" else "")
            for m in view.matters
        ),
    }
