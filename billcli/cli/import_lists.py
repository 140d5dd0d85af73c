"""Taking in expenses and clients from a spreadsheet."""

from __future__ import annotations

from billcli.cli import _importing as i
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._progress import progress
from billcli.cli._show import show_list, show_one, talk
from billcli.render.table import Column

EXPENSES = (
    Column("Row", "row", "number"),
    Column("Date", "date", "date"),
    Column("Matter", "matter"),
    Column("Amount", "amount_cents", "money"),
    Column("Behavior", "behavior"),
    Column("Category", "category"),
    Column("Description", "description"),
)
CLIENTS = (
    Column("Row", "row", "number"),
    Column("Client", "id"),
    Column("Name", "name"),
    Column("E-mail", "email"),
    Column("Terms", "terms_days", "number"),
)


def expenses(
    file: i.File,
    map_: i.Maps = None,
    column: i.Columns = None,
    dates: i.Dates = None,
    dry_run: i.DryRun = False,
    json: o.Json = False,
) -> None:
    """Take in expenses from a CSV file: all of it, or nothing.

    Columns are Date, Matter, Amount and Description, and Category, Code, Billable, Taxable,
    Timekeeper and Id where there are such. A row comes in once, whatever file brings it again.
    """
    from billcli.services.exchange import importing, importing_lists
    from billcli.values.money import grouped

    columns = importing.pairs(column or (), "--column", known=importing_lists.EXPENSE_FIELDS)
    mapped, order = importing.pairs(map_ or (), "--map"), importing.read_order(dates)
    content = importing.read_file(file)
    with opened() as ledger, progress("Importing"):
        view = importing_lists.take_expenses(
            ledger, content, columns=columns, mapped=mapped, order=order, dry_run=dry_run
        )
        decimals = ledger.decimals
    said = f"{view.new} expense{'' if view.new == 1 else 's'} "
    said += "would be imported" if dry_run else "imported"
    said += f": {grouped(view.amount_cents, decimals)}" if view.new else ""
    said += f"; {view.known} {'is' if view.known == 1 else 'are'} there already" * bool(view.known)
    if dry_run and not json:
        show_list(view.entries, EXPENSES, json=False, empty="", decimals=decimals)
        talk(f"{said}.")
    else:
        show_one(view, json=json, sentence=f"{said}.", decimals=decimals)


def clients(
    file: i.File,
    column: i.Columns = None,
    dry_run: i.DryRun = False,
    json: o.Json = False,
) -> None:
    """Take in clients from a CSV file: all of it, or nothing.

    Columns are Id and Name, and Email, Address (lines with ; between), Terms, Tax exempt, Phone,
    City, Region, Postcode, Country and Tax id where there are such. Clients that are there stay as
    they are.
    """
    from billcli.services.exchange import importing, importing_lists

    columns = importing.pairs(column or (), "--column", known=importing_lists.CLIENT_FIELDS)
    content = importing.read_file(file)
    with opened() as ledger, progress("Importing"):
        view = importing_lists.take_clients(ledger, content, columns=columns, dry_run=dry_run)
    said = f"{view.new} client{'' if view.new == 1 else 's'} "
    said += "would be imported" if dry_run else "imported"
    said += f"; {view.known} {'is' if view.known == 1 else 'are'} there already" * bool(view.known)
    if dry_run and not json:
        show_list(view.clients, CLIENTS, json=False, empty="")
        talk(f"{said}.")
    else:
        show_one(view, json=json, sentence=f"{said}.")
