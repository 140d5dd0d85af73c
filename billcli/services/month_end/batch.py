"""A run of mass billing: what it was asked, and the report of what it did (§6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billcli.core.bill import Bill
from billcli.core.mass import Breakers, Skip
from billcli.core.matter import MatterFile
from billcli.core.options import effective
from billcli.errors import BillError
from billcli.services.bill.bill_views import underscored
from billcli.services.bill.request import Request
from billcli.services.month_end.rows import Rows

if TYPE_CHECKING:
    from billcli.services.delivery.mailing import Sent
    from billcli.services.month_end.plan import Plan

# What a record that isn't as it should be makes of itself somewhere in the rules.
FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Batch:
    """What a run was asked: which matters, how far, what stops a bill, where the pages go."""

    day: date
    through: date
    matters: tuple[str, ...] = ()
    client: str | None = None
    responsible: str | None = None
    practice_area: str | None = None
    arrangement: str | None = None
    approved: bool = False
    issued: bool = False
    sent: bool = False
    out: Path | None = None
    forms: tuple[str, ...] = ("md", "html")
    dry: bool = False
    key: str | None = None
    refresh: bool = False
    discard_edits: bool = False
    breakers: Breakers = Breakers()

    @property
    def approves(self) -> bool:
        """Whether its bills get numbers; an issue approves."""
        return self.approved or self.issued

    @property
    def kept(self) -> tuple[str, ...]:
        """The forms of its pages that the ledger keeps; a PDF is made of its HTML."""
        return tuple(form for form in self.forms if form != "pdf")

    @property
    def request(self) -> Request:
        """What it asks of each matter: what is due by itself (D-26)."""
        return Request(self.day, self.through, by_hand=False)


@dataclass
class Report:
    """What a run did, however many matters it had; `bills` are (matter, id, number, total)."""

    batch: Batch
    run: int | None = None
    bills: Rows = field(default_factory=Rows)
    skipped: Rows = field(default_factory=Rows)
    failed: Rows = field(default_factory=Rows)
    left: Rows = field(default_factory=Rows)
    refreshed: Rows = field(default_factory=Rows)
    to_deliver: Rows = field(default_factory=Rows)
    to_print: Rows = field(default_factory=Rows)
    mail: Sent | None = None
    total_cents: int = 0
    renewed: int = 0

    def view(self) -> dict[str, Any]:
        """The report's JSON (cli.md)."""
        return {
            "run": self.run,
            "key": self.batch.key,
            "date": self.batch.day,
            "through": self.batch.through,
            "dry_run": self.batch.dry,
            "created": len(self.bills) - self.renewed,
            "refreshed": self.refreshed,
            "skipped": self.skipped,
            "left_as_draft": self.left,
            "failed": self.failed,
            "bills": self.bills,
            "to_deliver": self.to_deliver,
            "to_print": self.to_print,
            "mail": self.mail.view() if self.mail else None,
            "total_cents": self.total_cents,
        }

    def made(self, plan: Plan, ref: str | None, number: str | None, cents: int) -> None:
        """Note a bill of the run: new or refreshed, numbered or left as a draft."""
        matter = plan.file.number
        self.billed(matter, ref, number=number, cents=cents, rule=plan.bill.quote_rule)
        if plan.draft is not None and ref == plan.draft.ref:
            self.renewed += 1
            again = {"matter": matter, "id": ref, "edited": bool(plan.edits)}
            if self.refreshed[-1:] != [again]:
                self.refreshed.append(again)
        if plan.left is not None:
            self.left.append({"matter": matter, "id": ref, "reason": plan.left})

    def billed(
        self, matter: str, ref: str | None, *, number: str | None, cents: int, rule: str | None
    ) -> None:
        """Note a bill with its sum, and the quote's rule that was applied to it."""
        self.total_cents += cents
        self.bills.append(
            {
                "matter": matter,
                "id": ref,
                "number": number,
                "total_cents": cents,
                "quote_rule": underscored(rule),
            }
        )

    def issued(
        self, matter: str, number: str, options: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> None:
        """Note an issued bill on the list of those that are wanted on paper (§6.3)."""
        copies = int(effective("copies", options, settings))
        if copies:
            self.to_print.append({"matter": matter, "number": number, "copies": copies})

    def left_out(self, matter: str, skip: Skip) -> None:
        """Note a matter that was skipped, unless there is nothing to say."""
        if not skip.quiet:
            self.skipped.append({"matter": matter, "reason": skip.reason})

    def went_wrong(self, matter: str, error: BillError) -> None:
        """Note a matter that failed, with the way out."""
        said = f"{error.sentence} {error.hint}" if error.hint else error.sentence
        self.failed.append({"matter": matter, "code": error.code, "error": said})


def preview_row(file: MatterFile, bill: Bill | None) -> dict[str, Any]:
    """A matter in the preview of a run; without a bill, its reason is put in by the caller."""
    return {
        "matter": file.number,
        "title": file.title,
        "client": file.client.id if file.client else None,
        "arrangement": bill.arrangement.replace("-", "_") if bill else None,
        "quote_rule": (bill.quote_rule or "").replace("-", "_") or None if bill else None,
        "standard_fees_cents": bill.standard_fees_cents if bill else None,
        "fees_cents": bill.fees_cents if bill else None,
        "discount_cents": bill.discount_cents if bill else None,
        "costs_cents": bill.costs_cents if bill else None,
        "tax_cents": bill.tax_cents if bill else None,
        "total_cents": bill.total_cents if bill else None,
        "warnings": list(bill.warnings) if bill else [],
        "skipped": None,
        "error": None,
    }
