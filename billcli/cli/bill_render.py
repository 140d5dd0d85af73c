"""The pages of a bill, and the papers that go with them."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from billcli.cli import _options as o
from billcli.cli import _request as q
from billcli.cli._ledger import opened
from billcli.cli._show import print_page, refuse_at_terminal, show_one
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
    if out is None:
        refuse_at_terminal(form)
    if documents and out is None:
        raise UsageProblem(
            "paper.nowhere", "Documents are copied beside a file.", hint="Give --out DIR too."
        )
    with opened() as ledger:
        content = bill_reading.render(ledger, bill, form=form, template=template)
        if out is None:
            print_page(content, form)
            return
        found = papers.of_bill(ledger, bill) if documents else []
        path = bill_reading.save(ledger, bill, content, form=form, out=out)
        copied = [str(copy) for copy in papers.copy(found, path)]
        told = {"bill": bill, "file": str(path), "documents": copied}
        said = "".join(f"\nWrote {copy}." for copy in copied)
        show_one(told, json=json, sentence=f"Wrote {path}.{said}")
