"""What the commands of trust share: columns, options, and how they tell what they did."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli._show import show_list, show_one
from billcli.core.trust import HOLDS
from billcli.render.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from billcli.cli._ledger import Ledger
    from billcli.services.funds.trust_views import EntryView

METHODS = tuple(HOLDS)
CARD = (
    Column("Entry", "id"),
    Column("Date", "date", "date"),
    Column("Kind", "kind"),
    Column("From or to", "party"),
    Column("For", "purpose"),
    Column("Method", "method"),
    Column("Number", "number"),
    Column("Reference", "reference"),
    Column("Bill", "bill"),
    Column("Cost", "expense"),
    Column("Takes back", "reverses"),
    Column("Why", "reason"),
    Column("Clears", "clears", "date"),
    Column("Amount", "amount_cents", "money"),
    Column("Balance", "balance_cents", "money"),
)
JOURNAL = (
    *CARD[:3],
    Column("Matter", "matter"),
    Column("Client", "client"),
    *CARD[3:],
    Column("Protected", "protected_cents", "money"),
    Column("Pair", "pair"),
    Column("By", "by"),
    Column("Recorded", "recorded_at"),
)
"""All that the journal of a trust account has to say of an entry (T10)."""
HELD = (
    Column("Matter", "matter"),
    Column("Client", "client"),
    Column("Balance", "balance_cents", "money"),
    Column("Cleared", "cleared_cents", "money"),
    Column("Protected", "protected_cents", "money"),
    Column("Available", "available_cents", "money"),
)
Entry = Annotated[
    str,
    Argument(
        metavar="TR-n",
        help="The trust entry, such as TR-5.",
        autocompletion=_complete.trust_entries,
    ),
]
Method = Annotated[
    str | None,
    Option(
        "--method",
        metavar="METHOD",
        help=f"How: {', '.join(METHODS)}.",
        autocompletion=_complete.of(*METHODS),
    ),
]
Reference = Annotated[
    str | None, Option("--reference", metavar="TEXT", help="The bank's or a document's reference.")
]


def day_of(text: str | None, ledger: Ledger) -> date | None:
    """The day as typed, which lies behind; None where none was."""
    from billcli.values.dates import read_day

    return read_day(text, ledger.today, past=True) if text else None


def text_of(text: str | None, what: str, *, longest: int = 200) -> str | None:
    """The text as typed, read and bounded; None where none was."""
    from billcli.values.text import read_text

    return read_text(text, what, longest=longest) if text is not None else None


def needed(text: str | None, question: str, option: str) -> str:
    """What must be on record with an entry; asked for where somebody can answer."""
    from billcli.cli._prompt import ask
    from billcli.values.text import read_text

    return read_text(ask(question, option=option) if text is None else text, option)


def done(view: dict[str, Any], words: str, ledger: Ledger, *, json: bool) -> None:
    """Say what an entry did, and what is in trust after it."""
    from billcli.values.money import grouped

    amount, held, usable = (
        grouped(abs(view[key]), ledger.decimals)
        for key in ("amount_cents", "balance_cents", "available_cents")
    )
    of = view["matter"] or "the firm"
    sentence = f"{view['id']}: {amount} {words}. In trust for {of}: {held}, available {usable}."
    show_one(view, json=json, sentence=sentence, decimals=ledger.decimals)


def show_card(
    rows: Sequence[EntryView], ledger: Ledger, *, json: bool, csv: bool, empty: str
) -> None:
    """Print a ledger card; a table is without the columns that say nothing."""
    told = [column for column in CARD if any(getattr(row, column.key) for row in rows)]
    columns = JOURNAL if csv else told
    if not json and not csv:
        rows = [replace(row, kind=row.kind.replace("_", " ")) for row in rows]
    show_list(rows, columns, json=json, csv=csv, empty=empty, decimals=ledger.decimals)
