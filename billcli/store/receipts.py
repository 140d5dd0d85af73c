"""What paid a bill, source by source: the rows of trust and retainer, and payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billcli.store import rows
from billcli.store.postings import paid

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

# A reversal counts with the row that it takes back.
_PAID = f"""
    SELECT CASE WHEN m.debit = 'cost_recoveries' OR m.credit = 'cost_recoveries' THEN 'cost'
            WHEN m.trust_id IS NOT NULL THEN 'trust'
            WHEN m.retainer_id IS NOT NULL THEN 'retainer' ELSE 'payment' END AS kind,
        coalesce(t.reverses, t.id, r.reverses, r.id, m.payment_id) AS id,
        max(CASE m.credit WHEN 'receivable' THEN m.entry_id ELSE 0 END) AS newest,
        sum({paid("m.")}) AS cents
    FROM move AS m LEFT JOIN trust_entry AS t ON t.id = m.trust_id
    LEFT JOIN retainer_entry AS r ON r.id = m.retainer_id
    WHERE m.bill_id = :bill AND (m.debit = 'receivable' OR m.credit = 'receivable')
        AND (m.trust_id IS NOT NULL OR m.retainer_id IS NOT NULL OR m.payment_id IS NOT NULL)
    GROUP BY 1, 2 HAVING sum({paid("m.")}) <> 0 ORDER BY newest DESC, id DESC"""


@dataclass(frozen=True, slots=True)
class Paying:
    """What a source pays on a bill now.

    `kind` is trust, retainer, payment, or cost: a cost that trust paid straight to its payee.
    """

    kind: str
    id: int
    cents: int


def of_bill(ledger: Ledger, bill_id: int) -> list[Paying]:
    """What pays a bill now, the newest first."""
    found = rows.named(ledger, _PAID, {"bill": bill_id})
    return [Paying(row.kind, row.id, row.cents) for row in found]


def shared(ledger: Ledger, bill_id: int) -> bool:
    """Whether other payors have bills of the same computation (D-51)."""
    sql = """
        SELECT count(*) FROM bill_share
        WHERE group_id = (SELECT group_id FROM bill_share WHERE bill_id = :bill)"""
    return int(rows.one(ledger, sql, {"bill": bill_id})) > 1
