"""`bill print`: bills on paper."""

from __future__ import annotations

from typing import Annotated

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._show import say, show_one, warn
from billcli.errors import UsageProblem

Bills = Annotated[
    list[str] | None,
    Argument(
        metavar="BILL",
        help="A bill's number, or a draft such as D-1; several may be given.",
        autocompletion=_complete.bills,
    ),
]


def print_(
    bills: Bills = None,
    run: Annotated[
        str | None,
        Option(
            "--run",
            metavar="RUN",
            help="The issued bills of a month end whose matters want copies.",
            autocompletion=_complete.runs,
        ),
    ] = None,
    copies: Annotated[
        int | None,
        Option(
            "--copies",
            metavar="N",
            min=1,
            max=99,
            help="So many copies, whatever the matter wants.",
        ),
    ] = None,
    printer: Annotated[
        str | None,
        Option("--printer", metavar="NAME", help="This printer, not the system's own choice."),
    ] = None,
    json: o.Json = False,
) -> None:
    """Print bills, so many copies as `matter billing --copies` says, and at least one.

    With --run it prints those bills alone whose matters want copies. Printing changes nothing.
    """
    from billcli.services.delivery import printing
    from billcli.values.text import read_text

    if bool(bills) == (run is not None):
        raise UsageProblem(
            "print.which",
            "What is to be printed is named by bills or by a run.",
            hint="Give one or more bills, or --run RUN.",
        )
    to = read_text(printer, "--printer", longest=127) if printer is not None else None
    with opened() as ledger:
        if run is not None:
            done = printing.print_run(ledger, run, copies=copies, to=to)
        else:
            done = printing.print_bills(ledger, bills or (), copies=copies, to=to)
    if json:
        show_one(done.view(), json=True, sentence="")
    else:
        for each in done.printed:
            times = "1 copy" if each.copies == 1 else f"{each.copies} copies"
            where = each.printer or "the default printer"
            known = f" ({each.request})" if each.request else ""
            say(f"Bill {each.bill}: {times} to {where}{known}.")
        for failure in done.failed:
            warn(f"{failure['bill']}: {failure['error']}")
        if run is not None and not (done.printed or done.failed):
            say(f"No bill of run {run} is wanted on paper; see `matter billing --copies`.")
    printing.raise_failures(done)
