"""The pages of a bill, and the papers that go with them."""

from __future__ import annotations

import sys
from typing import Annotated

from typer import Option

from billcli.cli import _options as o
from billcli.cli import _request as q
from billcli.cli._ledger import opened
from billcli.cli._show import print_bytes, print_text, show_one
from billcli.errors import UsageProblem


def render(
    bill: o.Bill,
    form: q.Form = "md",
    template: q.Template = None,
    out: Annotated[
        str | None, Option("--out", metavar="FILE|DIR", help="Write it here, not to stdout.")
    ] = None,
    documents: Annotated[
        bool, Option("--documents", help="Copy the documents of its milestones beside it.")
    ] = False,
    json: o.Json = False,
) -> None:
    """Render a bill; an issued one gives back the pages it was issued with."""
    from billcli.services.bill import bill_reading
    from billcli.services.milestones import papers

    if form not in ("md", "html", "pdf"):
        raise UsageProblem("bill.format", "--format takes md, html or pdf.")
    if form == "pdf" and out is None and at_a_terminal():
        raise UsageProblem(
            "bill.terminal", "A PDF is no text for a terminal.", hint="Give --out FILE, or pipe it."
        )
    if documents and out is None:
        raise UsageProblem(
            "paper.nowhere", "Documents are copied beside a file.", hint="Give --out DIR too."
        )
    with opened() as ledger:
        content = bill_reading.render(ledger, bill, form=form, template=template)
        if out is None:
            if form == "pdf":
                print_bytes(content)
            else:
                print_text(content.decode())
            return
        found = papers.of_bill(ledger, bill) if documents else []
        path = bill_reading.save(ledger, bill, content, form=form, out=out)
        copied = [str(copy) for copy in papers.copy(found, path)]
        told = {"bill": bill, "file": str(path), "documents": copied}
        said = "".join(f"\nWrote {copy}." for copy in copied)
        show_one(told, json=json, sentence=f"Wrote {path}.{said}")


def at_a_terminal() -> bool:
    """Whether what is printed goes to a terminal."""
    return sys.stdout.isatty()
