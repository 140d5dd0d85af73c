"""Pre-bills: a draft with all that its reviewer should know; nothing moves (D-56)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from billcli.core import lint
from billcli.core.ageing import BUCKETS
from billcli.core.alerts import use_of
from billcli.core.bill import Bill
from billcli.core.document import BillDocument
from billcli.core.lines import Line
from billcli.core.matter import MatterFile
from billcli.core.options import effective
from billcli.errors import BillError
from billcli.services.arrangement import standing
from billcli.services.bill.bill_views import line_view, underscored
from billcli.services.bill.bills import as_drafted
from billcli.services.bill.desk import Desk
from billcli.services.bill.request import Request
from billcli.services.funds.funding import rules_of
from billcli.services.month_end.alone import blamed
from billcli.services.month_end.batch import FAULTS
from billcli.services.reporting import reports
from billcli.store import drafts, find, prebills, runs
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Prebill:
    """A draft under review: its document as it would be issued, and its facts as JSON has them."""

    draft: drafts.Draft
    file: MatterFile
    document: BillDocument
    view: dict[str, Any]

    @property
    def ref(self) -> str:
        """The draft's name for life."""
        return self.draft.ref


@dataclass
class Reviewer:
    """Makes pre-bills; what they share is read once."""

    ledger: Ledger

    @cached_property
    def desk(self) -> Desk:
        """The firm's facts and templates."""
        return Desk(self.ledger)

    @cached_property
    def ageing(self) -> dict[str, dict[str, Any]]:
        """What was open before, by matter."""
        return {row["matter"]: row for row in reports.ageing(self.ledger)}

    def prebill(self, reference: str) -> Prebill:
        """The pre-bill of an open draft; what is wrong with its matter is named with it (B24)."""
        draft = find.draft(self.ledger, reference)
        try:
            return self._prebill(draft)
        except FAULTS as fault:
            number = find.matter_by_id(self.ledger, draft.matter_id).number
            raise blamed(number, fault) from fault

    def _prebill(self, draft: drafts.Draft) -> Prebill:
        request = Request.loaded(draft.request)
        file = self.desk.file(draft.matter_id, request)
        document = self.desk.paper(file, draft.bill, id=draft.ref, state="draft")
        document = self.desk.foreseen(file, document)
        stale = self._stale(draft, request)
        view = self._view(draft, file, document) | {"stale": stale}
        found = [{"code": "stale", "text": stale, "entry": None}] if stale else []
        found += [
            {"code": "bill", "text": words, "entry": None} for words in document.bill.warnings
        ]
        found += [
            {"code": each.code, "text": each.text, "entry": each.entry}
            for each in self._lint(draft, file, document)
        ]
        return Prebill(draft, file, document, view | {"warnings": found})

    def _stale(self, draft: drafts.Draft, request: Request) -> str | None:
        """Why the draft can't be approved as it is."""
        try:
            as_drafted(self.desk, draft, request)
        except BillError as error:
            return error.sentence
        except FAULTS as fault:
            return blamed(find.matter_by_id(self.ledger, draft.matter_id).number, fault).sentence
        return None

    def _lint(
        self, draft: drafts.Draft, file: MatterFile, document: BillDocument
    ) -> tuple[lint.Finding, ...]:
        bill, ledger = draft.bill, self.ledger
        days = {(ln.timekeeper, ln.day) for ln in bill.lines if ln.kind == "time"}
        rules = rules_of(file.options, self.desk.facts.settings)
        funds = document.funds
        short = None
        if rules.minimum_cents is not None or funds is not None:
            coming = funds.notice_cents + funds.offered_cents if funds else 0
            short = max(0, document.balance_cents - coming)
        return lint.lint(
            lint.Draft(
                bill,
                decimals=ledger.decimals,
                day_e4=prebills.hours_of_days(ledger, ((t, d) for t, d in days if t and d)),
                receipts=_receipts(ledger, bill),
                use=use_of(file, bill.through, ledger.decimals),
                milestones=prebills.unbilled_milestones(ledger, file.id, bill.through),
                short_cents=short,
                addressed=self._addressed(file),
            )
        )

    def _addressed(self, file: MatterFile) -> bool:
        """Whether the bill has somebody to be mailed to (§2.6)."""
        settings = self.desk.facts.settings
        own = file.client.email if file.client else None
        to_client = own and effective("email_client", file.options, settings)
        return bool(to_client or effective("email", file.options, settings))

    def _view(
        self, draft: drafts.Draft, file: MatterFile, document: BillDocument
    ) -> dict[str, Any]:
        bill = document.bill
        client = document.client
        open_ = self.ageing.get(file.number, {})
        funds = document.funds
        return {
            "id": draft.ref,
            "matter": file.number,
            "title": file.title,
            "client": client.id,
            "client_name": client.name,
            "responsible": file.responsible,
            "held": file.held,
            "currency": document.currency,
            "date": bill.day,
            "through": bill.through,
            "due_date": bill.due_on,
            "arrangement": underscored(bill.arrangement),
            "position": self._position(file, bill),
            "work": list(_work(bill.lines)),
            "charges_cents": sum(ln.standard_cents for ln in bill.lines if ln.kind == "charge"),
            "no_charge": _free(bill.lines, "no-charge"),
            "hidden": _free(bill.lines, "hide"),
            "cost_lines": list(_costs(bill.lines, _receipts(self.ledger, bill))),
            "quote_cents": effective("quote_cents", file.options, self.desk.facts.settings) or None,
            "quote_rule": underscored(bill.quote_rule),
            "standard_fees_cents": bill.standard_fees_cents,
            "fee_adjustment_cents": bill.fee_adjustment_cents,
            "adjustment_reasons": list(_reasons(draft)),
            "fees_cents": bill.fees_cents,
            "discount_cents": bill.discount_cents,
            "discount_label": bill.discount_label,
            "costs_cents": bill.costs_cents,
            "taxes": [{"label": t.label, "tax_cents": t.tax_cents} for t in bill.taxes],
            "tax_cents": bill.tax_cents,
            "total_cents": bill.total_cents,
            "planned": [
                {"source": r.source, "amount_cents": r.cents, "reference": r.reference}
                for r in document.receipts
            ],
            "to_pay_cents": document.balance_cents,
            "trust_after_cents": funds.trust_cents if funds else None,
            "retainer_after_cents": funds.retainer_cents if funds else None,
            "trust_notice_cents": funds.notice_cents if funds and funds.notice_cents else None,
            "top_up_cents": document.replenishment_due_cents,
            "payors": [
                {"client": p.party.id, "name": p.party.name, "total_cents": p.total_cents}
                for p in document.payors
            ],
            "open_before": {f"{name}_cents": open_.get(f"{name}_cents", 0) for name in BUCKETS}
            | {"total_cents": open_.get("total_cents", 0)},
            "note": bill.note,
            "edits": [edit.told() for edit in draft.edits],
            "lines": [line_view(n, line) for n, line in enumerate(bill.lines, 1)],
        }

    def _position(self, file: MatterFile, bill: Bill) -> dict[str, Any]:
        """Where the agreed value stands, without this bill and with its work."""
        where = standing.position(file, bill.through, self.ledger.decimals)
        use = use_of(file, bill.through, self.ledger.decimals)
        reserve = file.reserve_cents + bill.reserve_accrued_cents
        return {
            "value_cents": where.value_cents,
            "invoiced_cents": where.invoiced_cents,
            "headroom_cents": where.headroom_cents,
            "used_cents": use.used_cents if use else None,
            "used_percent_e4": _percent_e4(use.used_cents, use.value_cents) if use else None,
            "used_since": use.period.start if use and use.period else None,
            "period_start": bill.period_start or (use.period.start if use and use.period else None),
            "period_end": bill.period_end or (use.period.last if use and use.period else None),
            "reserve_cents": reserve if file.reserve_cents or bill.reserve_accrued_cents else None,
        }


def references(ledger: Ledger, run: int | None) -> list[str]:
    """The open drafts of a run in the order in which they were made; of all, without one."""
    if run is None:
        return [draft.ref for draft in drafts.all_(ledger)]
    there = set(drafts.by_matter(ledger).values())
    return [f"D-{n}" for n in runs.bills_of(ledger, run) if n in there]


def prebills_of(
    ledger: Ledger, references_: Iterable[str], failed: list[dict[str, str]]
) -> Iterator[Prebill]:
    """The pre-bills of drafts, one after the other; a draft that is gone by then is left out.

    One that can't be made is noted in `failed`, and the others come (B24).
    """
    reviewer = Reviewer(ledger)
    for reference in references_:
        ledger.session.rollback()
        try:
            yield reviewer.prebill(reference)
        except BillError as error:
            if error.exit_code == 5:
                raise
            if error.code not in ("draft.missing", "bill.not-draft"):
                failed.append({"matter": reference, "code": error.code, "error": error.sentence})


def _receipts(ledger: Ledger, bill: Bill) -> frozenset[int]:
    ids = [ln.entry_id for ln in bill.lines if ln.kind == "expense" and ln.entry_id]
    return prebills.with_receipt(ledger, ids)


def _work(lines: Iterable[Line]) -> Iterator[dict[str, Any]]:
    """Hours and standard value of each timekeeper, as far as they count."""
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        if line.kind == "time" and line.behavior == "bill" and line.timekeeper:
            row = found.setdefault(
                line.timekeeper,
                {
                    "timekeeper": line.timekeeper,
                    "name": line.timekeeper_name,
                    "hours_e4": 0,
                    "value_cents": 0,
                },
            )
            row["hours_e4"] += line.hours_e4 or 0
            row["value_cents"] += line.standard_cents
    yield from (found[key] for key in sorted(found))


def _free(lines: Iterable[Line], behavior: str) -> dict[str, Any]:
    held = [line for line in lines if line.behavior == behavior]
    return {
        "entries": len(held),
        "hours_e4": sum(line.hours_e4 or 0 for line in held),
        "value_cents": sum(line.standard_cents for line in held),
    }


def _costs(lines: Iterable[Line], receipts: frozenset[int]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.class_ == "cost":
            yield {
                "entry": line.source,
                "date": line.day,
                "description": line.description,
                "amount_cents": line.amount_cents,
                "receipt": line.entry_id in receipts if line.kind == "expense" else None,
            }


def _reasons(draft: drafts.Draft) -> Iterator[dict[str, Any]]:
    """Why the fees are not the work: the lines that say so, and what was changed by hand."""
    changed = {edit.line: edit for edit in draft.edits if edit.what == "amount"}
    for line in draft.bill.lines:
        edit = changed.get(line.source or line.description)
        if line.class_ != "fee" or not (line.kind == "adjustment" or edit):
            continue
        cents = line.amount_cents - (line.standard_cents if edit else 0)
        words = edit.text if edit and edit.text else line.description
        yield {
            "entry": line.source,
            "reason": line.reason,
            "text": words,
            "amount_cents": cents,
        }


def _percent_e4(part: int, whole: int) -> int:
    return money.round_ratio(part * 1_000, whole) * 1_000
