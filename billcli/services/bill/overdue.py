"""What is overdue: the one answer that status, lists of bills and matters give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from billcli.core.plan import Open, missed, open_parts
from billcli.store import plans
from billcli.store.bill_reads import BillFacts

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def overdue(ledger: Ledger, bills: Sequence[BillFacts]) -> dict[int, tuple[Open, ...]]:
    """What is past due today, by bill: the whole balance, or the missed instalments of its plan."""
    owed = [bill for bill in bills if bill.balance_cents > 0]
    agreed = plans.in_force(ledger, ledger.today) if owed else {}
    found = {}
    for bill in owed:
        plan = agreed.get(bill.id, ())
        paid = bill.paid_cents
        parts = open_parts(bill.due_on, bill.balance_cents, paid_cents=paid, plan=plan)
        late = missed(parts, ledger.today)
        if late:
            found[bill.id] = late
    return found
