"""What was paid out for a client: changed, removed and listed; `add` is that of recording."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core.code import read_code
from billcli.errors import Refused
from billcli.services.work import _entries as rules
from billcli.services.work.recording import add_expense as add
from billcli.services.work.recording import category_of, overhead
from billcli.store import trust_reads
from billcli.store.entries import Item
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

__all__ = ["add", "edit", "list_", "remove"]


def edit(
    ledger: Ledger,
    reference: str,
    *,
    amount_cents: int | None = None,
    description: str | None = None,
    day: date | None = None,
    code: str | None = None,
    category: str | None = None,
    bill: bool | None = None,
    taxable: bool | None = None,
    timekeeper: str | None = None,
    matter: str | None = None,
    receipt: str | None = None,
) -> Item:
    """Change an unbilled expense: what is named, and nothing else.

    An empty code, category or receipt is taken away. Refused: `entry.billed`,
    `entry.paid-from-trust` and those of add.
    """
    named = rules.given(
        amount_cents=amount_cents, description=description, day=day, code=code, category=category,
        bill=bill, taxable=taxable, timekeeper=timekeeper, matter=matter, receipt=receipt,
    )  # fmt: skip
    with ledger.write():
        ref = rules.changeable(ledger, reference, "expense")
        if amount_cents is not None or bill is not None or matter is not None:
            _refuse_paid(ledger, ref.id)
        changes: dict[str, Any] = {
            k: named[k] for k in ("amount_cents", "description") if k in named
        }
        if day is not None:
            changes["day"] = rules.past_day(ledger, day).isoformat()
        if code is not None:
            changes["expense_code"] = read_code(code, "expense code") if code.strip() else None
        if category is not None:
            changes["category"] = category_of(ledger, category)[0] if category.strip() else None
        if bill is not None:
            changes["behavior"] = "bill" if bill else "non-billable"
        if receipt is not None:
            changes["receipt"] = receipt.strip() or None
        if taxable is not None:
            changes["taxable"] = int(taxable)
        if timekeeper is not None:
            changes["timekeeper_id"] = rules.active_timekeeper(ledger, timekeeper)
        if matter is not None:
            moved = rules.open_matter(ledger, matter)
            changes["matter_id"] = moved.id
            if overhead(ledger, moved.id or 0):
                changes["behavior"] = "non-billable"
        return rules.alter(ledger, ref, changes)


def remove(ledger: Ledger, reference: str) -> Item:
    """Remove an unbilled expense; the log keeps what it was.

    Refused: `entry.billed`, `entry.paid-from-trust`.
    """
    with ledger.write():
        _refuse_paid(ledger, rules.changeable(ledger, reference, "expense").id)
        return rules.delete(ledger, reference, "expense")


def list_(
    ledger: Ledger,
    number: str | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
    timekeeper: str | None = None,
) -> Sequence[Item]:
    """The expenses of a matter or of all, by day."""
    return rules.listed(ledger, "expense", number, first=first, last=last, timekeeper=timekeeper)


def _refuse_paid(ledger: Ledger, expense_id: int) -> None:
    """A cost that trust paid keeps its matter and its amount, and stays the client's (T3)."""
    paid = trust_reads.paying_cost(ledger, expense_id)
    if paid:
        cents = money.grouped(-paid.cents, ledger.decimals)
        raise Refused(
            "entry.paid-from-trust",
            f"E-{expense_id} was paid from trust: {paid.ref} of {paid.day} over {cents}.",
            hint=f"Take the payment back first: billcli trust reverse {paid.ref} --reason …",
        )
