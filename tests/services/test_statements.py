"""A statement of account through every source of money, and client money apart (§4.6)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from offices import H

from billcli.errors import Refused
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.funds import general_retainers, trust
from billcli.services.matter import closing, matters, options
from billcli.services.office import clients, timekeepers
from billcli.services.receivables import credits, payments, statements, writeoffs
from billcli.services.work import charges

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from billcli.store.ledger import Ledger

DAY = date(2026, 10, 15)
NOW = Request(DAY, DAY)


@pytest.fixture
def firm(ledger_path: Path, make_ledger: Callable[..., Ledger]) -> Ledger:
    """Two matters of one client, one of another."""
    ledger = make_ledger(ledger_path, today=DAY.isoformat())
    timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=250 * H)
    for client in ("rivera", "odum"):
        clients.add(ledger, client, client.title())
    for number, client in (("2026-001", "rivera"), ("2026-002", "rivera"), ("2026-003", "odum")):
        matters.add(ledger, number, number, client=client, responsible="ma")
    return ledger


def billed(ledger: Ledger, number: str, cents: int) -> str:
    charges.add(ledger, number, cents, "Work", day=DAY)
    return str(bills.create(ledger, number, NOW, issued=True)["number"])


def test_every_source_has_its_name(firm: Ledger) -> None:
    wanted = {"minimum_cents": 900_00, "trigger_cents": 500_00}
    options.set_options(firm, "2026-002", {"retainer": True, "replenish": wanted})
    trust.deposit(firm, "2026-002", 600_00, day=DAY, method="wire")
    general_retainers.deposit(
        firm, "2026-002", 100_00, basis="client-consent", note="letter", day=DAY
    )
    first = billed(firm, "2026-001", 400_00)
    payments.add(firm, first, 450_00)  # 50.00 of it is credit
    second = billed(firm, "2026-002", 1000_00)
    payments.apply(firm, "P-1", second)
    credits.add(firm, second, 40_00, reason="courtesy")
    writeoffs.add(firm, second, 10_00, text="too small")
    billed(firm, "2026-003", 999_00)
    found = statements.statement(firm, "rivera")
    assert found.paid_by == {
        "direct_cents": 400_00, "credit_cents": 50_00, "trust_cents": 600_00,
        "operating_cents": 100_00,
    }  # fmt: skip
    assert (found.billed_cents, found.credited_cents, found.written_off_cents) == (
        1400_00, 40_00, 10_00,
    )  # fmt: skip
    assert found.closing_cents == found.ageing["total_cents"] == 200_00
    assert found.client_credit_cents == 0
    assert (found.trust.in_cents, found.trust.out_cents, found.trust.closing_cents) == (
        600_00, 600_00, 0,
    )  # fmt: skip
    assert (found.retainer.in_cents, found.retainer.out_cents) == (100_00, 100_00)
    (request,) = found.requests
    assert (request.matter, request.outstanding_cents) == ("2026-002", 900_00)
    assert found.replenishment_due_cents == 900_00


def test_trust_is_never_netted_against_what_is_owed(firm: Ledger) -> None:
    options.set_options(firm, "2026-001", {"trust_applies": "manual"})
    trust.deposit(firm, "2026-001", 5000_00, day=DAY, method="wire")
    billed(firm, "2026-001", 400_00)
    found = statements.statement(firm, "rivera")
    assert (found.closing_cents, found.trust.closing_cents) == (400_00, 5000_00)
    for form in ("md", "html"):
        page = statements.page(firm, found, form)
        assert "USD 400.00" in page
        assert "Your money in trust" in page
        assert "4,600.00" not in page


def test_closed_matters_are_in_it(firm: Ledger) -> None:
    number = billed(firm, "2026-001", 400_00)
    payments.add(firm, number, 400_00)
    closing.close(firm, "2026-001")
    lines = statements.statement(firm, "rivera").lines
    assert [(line.kind, line.matter) for line in lines] == [
        ("bill", "2026-001"), ("payment", "2026-001"),
    ]  # fmt: skip
    with pytest.raises(Refused) as other:
        statements.statement(firm, "odum", matter="2026-001")
    assert other.value.code == "statement.other-client"


def test_whatever_a_client_is_called_the_page_holds(firm: Ledger) -> None:
    clients.edit(firm, "rivera", {"name": 'R&D | "Smith" <b> *x* `y`'})
    billed(firm, "2026-001", 400_00)
    found = statements.statement(firm, "rivera")
    assert "<b>" not in statements.page(firm, found, "html").replace("<bdi>", "")
    assert "\\*x\\*" in statements.page(firm, found, "md")


def test_a_firm_has_its_own_template(firm: Ledger) -> None:
    folder = firm.path.parent / "templates"
    folder.mkdir()
    (folder / "statement.md.j2").write_text("{{ client.name }} owes {{ totals.closing }}\n")
    found = statements.statement(firm, "rivera")
    assert statements.page(firm, found, "md") == "Rivera owes 0.00\n"
    (folder / "statement.md.j2").write_text("{{ nothing.here }}\n")
    with pytest.raises(Exception, match=r"statement\.md\.j2") as fault:
        statements.page(firm, found, "md")
    assert getattr(fault.value, "code", "") == "template.fault"
