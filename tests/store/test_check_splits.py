"""Damage to the bills of several payors is found (D-51)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from forging import failing, unguarded
from offices import DAY, H

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

DAMAGE = [
    ("UPDATE bill_share SET basis_points = 4001 WHERE n = 2", "totals", "10001 of 10000 points"),
    ("UPDATE bill_share SET n = 3 WHERE n = 2", "totals", "shared by 2 payors"),
    ("DELETE FROM bill_share WHERE n = 2", "totals", "the share it was approved with"),
    (
        "UPDATE bill_line SET amount_cents = amount_cents + 1 WHERE bill_id = 2 AND line = 1",
        "totals",
        "shares of line 1 on bill 2026-0001 make 100.01, not 100.00",
    ),
    (
        (
            "UPDATE bill SET fees_cents = fees_cents + 1, fee_adjustment_cents = 1,"
            " total_cents = total_cents + 1 WHERE id = 2"
        ),
        "totals",
        "the work came to 165.00",
    ),
    ("UPDATE bill_tax SET tax_cents = tax_cents + 2 WHERE bill_id = 2", "totals", "of tax vat"),
    ("DELETE FROM bill_line WHERE bill_id = 2 AND line = 1", "entries", "not on exactly one"),
    ("UPDATE claim SET bill_id = 2", "entries", "which another payor's bill holds"),
    (
        (
            "INSERT INTO bill_event (bill_id, what, day, reason, entries, audit_id, audit_hash)"
            " SELECT 2, 'voided', '2026-11-30', 'x', 'return', audit_id, audit_hash FROM bill"
            " WHERE id = 2"
        ),
        "entries",
        "only one is void",
    ),
]


@pytest.fixture
def split(ledger_path: Path, make_ledger: Callable[..., Ledger]) -> Path:
    """A ledger with one bill for two payors, closed."""
    from billcli.services.bill import bills
    from billcli.services.bill.request import Request
    from billcli.services.matter import matters, options
    from billcli.services.office import clients
    from billcli.services.work import charges, expenses
    from billcli.store.models import TaxCodeRow, TaxRateRow

    ledger = make_ledger(ledger_path)
    with ledger.write():
        ledger.add(TaxCodeRow, code="vat", label="VAT", applies_to="fees")
        ledger.add(TaxRateRow, code="vat", valid_from="2026-01-01", percent_e4=20 * H)
        ledger.record("firm", after={"tax": "vat"})
        clients.add(ledger, "rivera", "Ana Rivera")
        clients.add(ledger, "insurer", "North Mutual")
        matters.add(ledger, "2026-001", "Rivera v. Ohm", client="rivera")
        shares = {"rivera": 60 * H, "insurer": 40 * H}
        options.set_options(ledger, "2026-001", {"tax": "vat", "split": shares})
        charges.add(ledger, "2026-001", 100_00, "Filing", day=DAY)
        expenses.add(ledger, "2026-001", 45_00, "Court fee", day=DAY)
        bills.create(ledger, "2026-001", Request(DAY, DAY), approved=True)
    ledger.close()
    return ledger_path


def test_a_bill_for_two_payors_is_sound(split: Path) -> None:
    assert failing(split) == {}


@pytest.mark.parametrize(("damage", "proof", "says"), DAMAGE)
def test_damage_to_a_split_is_found(split: Path, damage: str, proof: str, says: str) -> None:
    unguarded(split, damage)
    found = failing(split)
    assert proof in found
    assert any(says in words for words in found[proof].findings), found[proof].findings
