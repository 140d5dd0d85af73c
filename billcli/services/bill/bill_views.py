"""A bill as the interface shows it: the keys of its JSON (cli.md), in their order."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from billcli.core.allocation import merged
from billcli.core.document import BillDocument, PayorShare
from billcli.core.lines import Line
from billcli.store.bill_reads import BillFacts


def underscored(word: str | None) -> str | None:
    """Enum values have underscores in JSON."""
    return word.replace("-", "_") if word else word


def bill_view(document: BillDocument, *, facts: BillFacts | None = None) -> dict[str, Any]:
    """One bill with its lines, allocation and warnings."""
    bill = document.bill
    written_off = facts.written_off_cents if facts else 0
    credited = facts.credited_cents if facts else 0
    balance = bill.total_cents - document.paid_cents - credited - written_off
    return {
        "id": document.id if document.state != "preview" else None,
        "number": document.number,
        "state": document.state,
        "matter": document.matter_number,
        "client": document.share.client if document.share else document.client.id,
        "bill_to": document.client.id,
        "split_group": document.share.group if document.share else None,
        "share": share_view(document.share) if document.share else None,
        "payors": [
            {
                "client": payor.party.id,
                "name": payor.party.name,
                "percent_e4": payor.basis_points * 100,
                "total_cents": payor.total_cents,
            }
            for payor in document.payors
        ],
        "arrangement": underscored(bill.arrangement),
        "quote_rule": underscored(bill.quote_rule),
        "currency": document.currency,
        "date": bill.day,
        "due_date": bill.due_on,
        "through": bill.through,
        "period_start": bill.period_start,
        "period_end": bill.period_end,
        "standard_fees_cents": bill.standard_fees_cents,
        "fee_adjustment_cents": bill.fee_adjustment_cents,
        "fees_cents": bill.fees_cents,
        "discount_cents": bill.discount_cents,
        "costs_cents": bill.costs_cents,
        "tax_cents": bill.tax_cents,
        "total_cents": bill.total_cents,
        "paid_cents": document.paid_cents,
        "credited_cents": credited,
        "written_off_cents": written_off,
        "balance_cents": 0 if document.state == "void" else balance,
        "disputed_cents": min(facts.disputed_cents, max(0, balance)) if facts else 0,
        "reserve_accrued_cents": bill.reserve_accrued_cents,
        "retainer_applied_cents": _applied(document, "retainer"),
        "trust_applied_cents": _applied(document, "trust"),
        "replenishment_due_cents": document.replenishment_due_cents,
        "replenishment_request": document.funds.request if document.funds else None,
        "trust_notice": _notice(document),
        "taxes": [asdict(tax) for tax in bill.taxes],
        "lines": [
            line_view(n, line, total=document.share.lines[n - 1] if document.share else None)
            for n, line in enumerate(bill.lines, 1)
        ],
        "allocation": [
            {"timekeeper": share.timekeeper, "amount_cents": share.amount_cents}
            for share in merged(document.allocation)
        ],
        "warnings": list(bill.warnings),
    }


def share_view(share: PayorShare) -> dict[str, Any]:
    """The share that a payor's bill is of what the work came to (D-51)."""
    return {
        "n": share.n,
        "of": share.of,
        "percent_e4": share.basis_points * 100,
        "activity_total_cents": share.total_cents,
    }


def line_view(n: int, line: Line, *, total: int | None = None) -> dict[str, Any]:
    """One line; on a payor's bill `total` is what all payors are billed for it."""
    return {
        "line": n,
        "kind": line.kind,
        "class": line.class_,
        "date": line.day,
        "timekeeper": line.timekeeper,
        "description": line.description,
        "hours_e4": line.hours_e4,
        "rate_e4": line.rate_e4,
        "amount_cents": line.amount_cents,
        "standard_amount_cents": line.standard_cents,
        "activity_total_cents": total,
        "behavior": underscored(line.behavior),
        "note": line.note,
        "reason": line.reason,
        "task_code": line.task_code,
        "activity_code": line.activity_code,
        "expense_code": line.expense_code,
        "source": line.source,
        "task": line.task_number,
        "tax_code": line.tax_code,
        "printed": line.printed,
    }


def list_view(facts: BillFacts) -> dict[str, Any]:
    """A bill in a list."""
    return {
        "id": f"D-{facts.id}",
        "number": facts.number,
        "state": facts.state,
        "matter": facts.matter,
        "client": facts.client,
        "arrangement": underscored(facts.arrangement),
        "date": facts.day,
        "due_date": facts.due_on,
        "total_cents": facts.total_cents,
        "paid_cents": facts.paid_cents,
        # As the bill itself tells it: an approved one is not owed yet, but its total is open.
        "balance_cents": facts.total_cents if facts.state == "approved" else facts.balance_cents,
    }


def _applied(document: BillDocument, source: str) -> int:
    return sum(receipt.cents for receipt in document.receipts if receipt.source == source)


def _notice(document: BillDocument) -> dict[str, Any] | None:
    """What the bill announced to be taken from trust, and from which day on (T4)."""
    funds = document.funds
    if funds is None or not funds.notice_cents:
        return None
    return {"amount_cents": funds.notice_cents, "date": funds.notice_on}
