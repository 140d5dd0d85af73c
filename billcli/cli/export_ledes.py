"""`export ledes`: bills in files that are compatible with LEDES."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._show import print_text, show_one, talk, warn

if TYPE_CHECKING:
    from billcli.services.exchange.ledes import BillInFile

Bills = Annotated[
    list[str],
    Argument(
        metavar="BILL …",
        help="Numbers of approved or issued bills.",
        autocompletion=_complete.bills,
    ),
]
Format = Annotated[
    str | None,
    Option(
        "--format",
        metavar="FORMAT",
        help="1998B, or 1998BI with taxes and currency; else the matter's or the client's.",
        autocompletion=_complete.of("1998B", "1998BI"),
    ),
]
Out = Annotated[
    str | None,
    Option("--out", metavar="FILE|DIR", help="A file for all, or a folder with one for each."),
]
EndOfLine = Annotated[
    str | None,
    Option(
        "--eol",
        metavar="crlf|lf",
        help="How lines end: crlf, or lf.",
        autocompletion=_complete.of("crlf", "lf"),
    ),
]
Encoding = Annotated[
    str | None,
    Option(
        "--encoding",
        metavar="ENCODING",
        help="ascii, cp1252 or utf-8; else the client's.",
        autocompletion=_complete.of("ascii", "cp1252", "utf-8"),
    ),
]
Force = Annotated[bool, Option("--force", help="Replace files that are there.")]


def ledes(
    bills: Bills,
    format: Format = None,
    out: Out = None,
    eol: EndOfLine = None,
    encoding: Encoding = None,
    force: Force = False,
    json: o.Json = False,
) -> None:
    """Write bills for electronic billing, compatible with LEDES 1998B and 1998BI.

    New charges alone: no payments, no earlier balances. What had to be changed in a text is said,
    and so is what the client's own rules or `ledes check` would find.
    """
    from billcli.services.exchange import ledes as service
    from billcli.services.work import ebilling

    asked = (ebilling.read_format(format), ebilling.read_encoding(encoding))
    end = ebilling.read_end_of_line(eol)
    with opened() as ledger:
        view = service.export(
            ledger, bills, format=asked[0], encoding=asked[1], end_of_line=end, out=out, force=force
        )
        decimals = ledger.decimals
    if json:
        told = {"bills": view.bills, "text": view.text}
        show_one(told, json=True, sentence="", decimals=decimals)
        return
    if view.content is not None:
        _write(view.content)
    for bill in view.bills:
        _tell(bill, view.content is None)


def _tell(bill: BillInFile, named: bool) -> None:
    if named:
        rows = f"{bill.rows} row{'' if bill.rows == 1 else 's'}"
        sentence = f"Bill {bill.bill} is in {bill.file}: {bill.format}, {rows}."
        show_one(bill, json=False, sentence=sentence)
    for note in bill.notes:
        talk(f"{bill.bill}: {note}")
    for warning in bill.warnings:
        warn(f"{bill.bill}: {warning}")


def _write(content: bytes) -> None:
    """The very bytes of the file, line ends and all, where stdout takes bytes."""
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:
        print_text(content.decode("utf-8", errors="replace"))
        return
    sys.stdout.flush()
    raw.write(content)
    raw.flush()
