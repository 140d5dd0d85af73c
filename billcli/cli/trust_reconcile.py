"""The transfer sheet and the reconciliation of trust on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typer import Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._reconciliation import difference, show_whole
from billcli.cli._show import say, show_list, show_one, warn
from billcli.errors import UsageProblem
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.funds.transfers import Sheet

TRANSFERS = (
    Column("Entries", "entries"),
    Column("Date", "date", "date"),
    Column("Matter", "matter"),
    Column("Client", "client"),
    Column("Bill", "bill"),
    Column("Direction", "direction"),
    Column("Days", "days", "number"),
    Column("Amount", "amount_cents", "money"),
)
DIRECTIONS = {"to_operating": "trust to operating", "to_trust": "operating to trust"}
PAST = (
    Column("Date", "date", "date"),
    Column("Statement", "statement_cents", "money"),
    Column("In transit", "in_transit_cents", "money"),
    Column("Outstanding", "outstanding_cents", "money"),
    Column("A = B = C", "ledgers_total_cents", "money"),
    Column("Prepared by", "preparer"),
    Column("Prepared on", "prepared_on", "date"),
)
SHEET_EXAMPLE = """\
billcli trust transfer-sheet
billcli trust transfer-sheet --confirm 'FT 4711' --date 2026-11-03"""
RECONCILE_EXAMPLE = """\
billcli trust reconcile --date 2026-10-31 --statement 48,250.00 --outstanding TR-9
billcli trust reconcile --list
billcli trust reconcile --show 2026-10-31 --out october.md"""


def transfer_sheet(
    confirm: Annotated[
        str | None,
        Option("--confirm", metavar="REF", help="The bank made them all; its reference."),
    ] = None,
    date: Annotated[
        str | None,
        Option("--date", metavar="DATE", help="With --confirm: the day the bank made them."),
    ] = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """List the transfers between trust and operating account that the bank is to make.

    Applying trust to a bill is a record; the money moves when you tell the bank. Fees of issued
    bills go from trust to operating, fees given back go the other way; a fee that was given back
    before the bank moved it is left out. --confirm notes that the bank made the whole sheet.
    """
    from billcli.services.funds import transfers
    from billcli.values.dates import read_day
    from billcli.values.text import read_text

    if date is not None and confirm is None:
        raise UsageProblem("usage.option", "--date goes with --confirm.")
    if json and csv:
        raise UsageProblem("usage.option", "Only one of --json and --csv can be given.")
    with opened() as ledger:
        if confirm is None:
            found = transfers.sheet(ledger)
        else:
            day = read_day(date, ledger.today, what="--date", past=True) if date else None
            reference = read_text(confirm, "bank's reference", longest=100)
            found = transfers.confirm(ledger, reference, day=day)
        if json:
            show_one(found, json=True, sentence="", decimals=ledger.decimals)
            return
        _show_sheet(found, ledger, csv=csv)


def _show_sheet(found: Sheet, ledger: Ledger, *, csv: bool) -> None:
    from dataclasses import replace

    from billcli.values.money import grouped

    lines = found.transfers
    if not csv:
        lines = tuple(replace(line, direction=DIRECTIONS[line.direction]) for line in lines)
    empty = "There is no transfer to make."
    show_list(lines, TRANSFERS, json=False, csv=csv, empty=empty, decimals=ledger.decimals)
    for number in found.undelivered:
        warn(f"bill {number} isn't delivered; its transfer waits")
    if csv or not lines:
        return
    done = "Transferred" if found.reference else "Transfer"
    say("")
    for cents, way in (
        (found.to_operating_cents, "from the trust account to the operating account"),
        (found.to_trust_cents, "from the operating account to the trust account"),
    ):
        if cents:
            say(f"{done} {ledger.currency} {grouped(cents, ledger.decimals)} {way}.")
    if found.reference:
        say(f"Confirmed with the bank's reference {found.reference}, on {found.confirmed_on}.")


def reconcile(
    date: Annotated[
        str | None, Option("--date", metavar="DATE", help="The day of the bank's statement.")
    ] = None,
    statement: Annotated[
        str | None, Option("--statement", metavar="AMOUNT", help="Its balance on that day.")
    ] = None,
    outstanding: Annotated[
        list[str] | None,
        Option(
            "--outstanding",
            metavar="TR-n",
            autocompletion=_complete.trust_entries,
            help="A receipt or a payment that isn't on the statement yet; may be given again.",
        ),
    ] = None,
    out: Annotated[
        str | None,
        Option("--out", metavar="FILE", help="Write the report here, as FILE.md or FILE.html."),
    ] = None,
    list_: Annotated[bool, Option("--list", help="List the reconciliations kept.")] = False,
    show: Annotated[
        str | None, Option("--show", metavar="DATE", help="Show the one kept for that day.")
    ] = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """Prove that bank, journal and ledgers come to the same sum, and lock the month.

    A is the statement, plus receipts in transit, less payments outstanding; B is the journal's
    trust account; C is all clients' ledgers and the firm's own. Fee transfers that aren't
    confirmed count as outstanding by themselves. Where A = B = C, the reconciliation is kept for
    good, and nothing in trust is dated up to that day any more. On any difference nothing is
    kept, and the exit code is 7.
    """
    from billcli.services.funds import reconciling
    from billcli.values.dates import read_day
    from billcli.values.money import read_cents

    if out is not None:
        reconciling.form_of(out)
    if csv and not list_:
        raise UsageProblem("usage.option", "--csv goes with --list.")
    making = date is not None or statement is not None or bool(outstanding)
    if sum((list_, show is not None, making)) > 1:
        raise UsageProblem("usage.option", "--list, --show and --date each stand alone.")
    with opened() as ledger:
        if list_:
            _list(ledger, json=json, csv=csv)
            return
        if show is not None:
            view = reconciling.show(ledger, read_day(show, ledger.today, what="--show", past=True))
            reconciling.save(ledger, view, out)
        else:
            if date is None or statement is None:
                raise UsageProblem(
                    "reconcile.missing-value",
                    "A reconciliation needs the day and the balance of the bank's statement.",
                    hint="Give --date DATE and --statement AMOUNT.",
                )
            view = reconciling.reconcile(
                ledger,
                day=read_day(date, ledger.today, what="--date", past=True),
                statement_cents=read_cents(statement, ledger.decimals, what="--statement"),
                outstanding=tuple(outstanding or ()),
                out=out,
            )
        if json:
            show_one(view, json=True, sentence="", decimals=ledger.decimals)
        else:
            show_whole(view, ledger.decimals)
            if out:
                say(f"Wrote {out}.")
        if not view.agreed:
            raise difference(view, ledger.decimals)
        if not json and show is None:
            say(
                f"A = B = C. Trust is reconciled through {view.date}; nothing in it is dated up "
                "to that day any more."
            )


def _list(ledger: Ledger, *, json: bool, csv: bool) -> None:
    from billcli.services.funds import reconciling

    found = reconciling.list_(ledger)
    empty = "Trust was never reconciled."
    show_list(found, PAST, json=json, csv=csv, empty=empty, decimals=ledger.decimals)
