"""What a posting means for its bill, as SQL over the columns of a move."""

from __future__ import annotations

PAYING = "('operating_bank', 'client_credit', 'trust_liability', 'retainer_liability')"


def paid(of: str = "") -> str:
    """SQL of what a posting pays on its bill; a cost that trust paid straight counts as paid.

    `of` is the prefix of the posting's columns, such as `m.`.
    """
    return f"""CASE
        WHEN {of}credit = 'receivable' AND ({of}debit IN {PAYING} OR {of}trust_id IS NOT NULL)
            THEN {of}amount_cents
        WHEN {of}debit = 'receivable' AND ({of}credit IN {PAYING} OR {of}trust_id IS NOT NULL)
            THEN -{of}amount_cents ELSE 0 END"""


LIVE = """NOT EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'voided')
        AND NOT EXISTS (SELECT 1 FROM credit_note WHERE bill_id = b.id AND releases = 1)"""
"""SQL of a bill `b` that holds its entries and counts as invoiced: neither void nor given up."""

CREDITED = """CASE WHEN credit_id IS NULL THEN 0 WHEN credit = 'receivable' THEN amount_cents
        WHEN debit = 'receivable' THEN -amount_cents ELSE 0 END"""
"""SQL of what a posting of a credit note takes off its bill."""

WRITTEN_OFF = """CASE 'bad_debt' WHEN debit THEN amount_cents WHEN credit THEN -amount_cents
        ELSE 0 END"""
"""SQL of what a posting writes off its bill, or takes back of that."""
