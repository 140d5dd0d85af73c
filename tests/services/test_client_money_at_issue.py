"""When trust money may move at the issue of a bill, and when it stays (T1, T3, T6–T8, T13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from billcli.errors import BillError
from billcli.formats.firm import read
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.funds import (
    drawing,
    fund_requests,
    general_retainers,
    retainer_reversal,
    trust,
)
from billcli.services.matter import closing, matters, options, termination
from billcli.services.office import clients, firm, timekeepers
from billcli.services.receivables import credits
from billcli.services.upkeep import soundness
from billcli.services.work import charges, expenses
from billcli.store import bill_reads, purses, retainers, trust_reports
from billcli.store.ledger import Ledger

M, OTHER = "2026-001", "2026-002"
DAY = date(2026, 10, 31)


@pytest.fixture
def office(tmp_path: Path, make_ledger: Callable[..., Ledger]) -> Ledger:
    """Two matters of two clients, on the last day of October."""
    ledger = make_ledger(tmp_path / "ledger.db", today=DAY.isoformat())
    timekeepers.add(ledger, "NB", "Nadia", rate_e4=100_0000)
    for client, number in (("rivera", M), ("odum", OTHER)):
        clients.add(ledger, client, client.title())
        matters.add(ledger, number, "Lease", client=client, responsible="NB")
    return ledger


def billed(ledger: Ledger, cents: int, *, matter: str = M, day: date = DAY) -> dict[str, Any]:
    """An issued bill over an amount."""
    charges.add(ledger, matter, cents, "Trial", day=day)
    return bills.create(ledger, matter, Request(day, day), issued=True)


def held(ledger: Ledger, matter_id: int = 1, client: str = "rivera") -> int:
    return sum(move.cents for move in purses.trust_moves(ledger, matter_id, client))


def test_V24_uncleared_and_protected_money_is_left_alone(office: Ledger) -> None:
    trust.deposit(office, M, 1_000_00, day=DAY, method="check")
    trust.deposit(office, M, 700_00, day=DAY, method="wire", protect="Filing fee")
    made = billed(office, 400_00)
    assert (made["trust_applied_cents"], made["state"]) == (0, "issued")
    assert held(office) == 1_700_00


def test_B17_one_client_s_money_never_pays_another_s_bill(office: Ledger) -> None:
    trust.deposit(office, M, 1_000_00, day=DAY, method="wire")
    made = billed(office, 400_00, matter=OTHER)
    assert made["trust_applied_cents"] == 0
    with pytest.raises(BillError) as refused:
        drawing.pay(office, "trust", made["number"])
    assert refused.value.code == "trust.overdraw"
    assert held(office) == 1_000_00


def test_T6_a_payor_s_bill_is_not_paid_from_the_client_s_money(office: Ledger) -> None:
    made = billed(office, 400_00)
    facts = bill_reads.numbered(office, made["number"])
    assert facts is not None
    with pytest.raises(BillError) as refused:
        drawing._refuse(office, "trust", replace(facts, client="odum"), DAY)
    assert refused.value.code == "apply.other-client"


def test_a_retainer_entry_that_is_not_there(office: Ledger) -> None:
    with pytest.raises(BillError) as missing:
        retainers.get(office, 9)
    assert (missing.value.code, missing.value.exit_code) == ("retainer.missing", 4)


def taken(ledger: Ledger, cents: int, *, day: date = DAY) -> str:
    """A general retainer that came in."""
    made = general_retainers.deposit(ledger, M, cents, basis="client_consent", note="x", day=day)
    return made.id


def test_a_retainer_that_was_entered_twice_is_taken_back_with_what_it_paid(office: Ledger) -> None:
    options.set_options(office, M, {"retainer": True})
    once, twice = taken(office, 500_00), taken(office, 500_00, day=DAY - timedelta(days=9))
    made = billed(office, 800_00)
    assert made["balance_cents"] == 0
    with pytest.raises(BillError) as spent:
        retainer_reversal.reverse(office, twice, reason="Entered twice")
    assert spent.value.code == "retainer.spent"
    assert "brought 500.00" in str(spent.value) and "has 200.00" in str(spent.value)
    paid = retainer_reversal.reverse(office, "rt-3", reason="The deposit was none")
    assert (paid.amount_cents, paid.bill, paid.balance_cents) == (800_00, made["number"], 1000_00)
    facts = bill_reads.numbered(office, made["number"])
    assert facts is not None and facts.balance_cents == 800_00
    # Not before the day of the entry, and on a day only what every later day can spare.
    with pytest.raises(BillError) as early:
        retainer_reversal.reverse(office, once, reason="x", day=DAY - timedelta(days=1))
    assert early.value.code == "retainer.early"
    back = retainer_reversal.reverse(office, twice, reason="Entered twice")
    assert (back.amount_cents, back.reverses, back.balance_cents) == (-500_00, twice, 500_00)
    with pytest.raises(BillError) as again:
        retainer_reversal.reverse(office, twice, reason="Entered twice")
    assert again.value.code == "retainer.reversed"
    assert soundness.check(office.path).findings == ()


@pytest.mark.parametrize(
    ("on", "trust_cents", "retainer_cents"), [(True, 900_00, 0), (False, 800_00, 100_00)]
)
def test_what_a_settlement_pays_back_is_there_after_its_bill(
    office: Ledger, on: bool, trust_cents: int, retainer_cents: int
) -> None:
    options.set_options(office, M, {"retainer": on})
    trust.deposit(office, M, 1_000_00, day=DAY, method="wire")
    taken(office, 100_00)
    charges.add(office, M, 200_00, "Trial", day=DAY)
    view = termination.settle(office, M)
    assert (view.trust_refund_cents, view.retainer_refund_cents) == (trust_cents, retainer_cents)
    bills.create(office, M, Request(DAY, DAY), issued=True)
    assert held(office) == trust_cents
    assert general_retainers.balance(office, M).balance_cents == retainer_cents


def test_what_a_void_gave_back_is_not_given_back_twice(office: Ledger) -> None:
    options.set_options(office, M, {"retainer": True})
    taken(office, 500_00)
    made = billed(office, 800_00)
    bills.void(office, made["number"], reason="Wrong client")
    with pytest.raises(BillError) as refused:
        retainer_reversal.reverse(office, "RT-2", reason="Wrong client")
    assert refused.value.code == "retainer.reversed"
    assert general_retainers.balance(office, M).balance_cents == 500_00


def test_D42_a_top_up_is_withdrawn_with_its_bill_and_the_one_before_counts_again(
    office: Ledger, make_ledger: Callable[..., Ledger]
) -> None:
    terms = {"minimum_cents": 1000_00, "trigger_cents": 1000_00}
    options.set_options(office, M, {"replenish": terms})
    first = fund_requests.request(office, M, 700_00)
    made = billed(office, 400_00)
    (row,) = trust_reports.open_requests(office, DAY)
    assert (row.number, row.open_cents) == ("RR-0002", 1000_00)
    later = make_ledger(office.path, today=(DAY + timedelta(days=3)).isoformat())
    bills.void(later, made["number"], reason="Wrong client")
    assert general_retainers.balance(later, M).request == first.number
    assert [each.outstanding_cents for each in retainers.requests(later, 1)] == [700_00, 0]
    (row,) = trust_reports.open_requests(later, later.today)
    assert (row.number, row.open_cents) == (first.number, 700_00)
    # As of the day before the void, it was open.
    (row,) = trust_reports.open_requests(later, DAY)
    assert row.number == "RR-0002"
    again = bills.create(later, M, Request(later.today, later.today), issued=True)
    # A correction over the whole bill that releases its entries is like a void.
    credits.add(later, again["number"], 400_00, reason="correction", release_entries=True)
    assert general_retainers.balance(later, M).request == first.number
    assert [each.number for each in trust_reports.open_requests(later, later.today)] == ["RR-0001"]
    again = bills.create(later, M, Request(later.today, later.today), issued=True)
    assert again["replenishment_due_cents"] == 1000_00
    assert general_retainers.balance(later, M).request == "RR-0004"
    assert [each.outstanding_cents for each in retainers.requests(later, 1)] == [0, 0, 0, 1000_00]
    assert soundness.check(later.path).findings == ()


@pytest.mark.parametrize("account", ["trust", "retainer"])
def test_a_client_whose_money_is_held_is_not_put_away(office: Ledger, account: str) -> None:
    if account == "trust":
        trust.deposit(office, M, 300_00, day=DAY, method="wire")
    else:
        taken(office, 300_00)
    closing.close(office, M, override="The client is abroad")
    with pytest.raises(BillError) as refused:
        clients.archive(office, "rivera")
    assert refused.value.code == "client.money-held" and "300.00" in str(refused.value)
    closing.close(office, OTHER)
    assert clients.archive(office, "odum").archived_on is not None


def test_T13_a_run_ahead_of_the_real_day_takes_nothing_and_says_so(
    office: Ledger, make_ledger: Callable[..., Ledger]
) -> None:
    trust.deposit(office, M, 1_000_00, day=DAY, method="wire")
    ahead = office.real_day + timedelta(days=400)
    later = make_ledger(office.path, today=ahead.isoformat())
    made = billed(later, 400_00, day=ahead)
    assert (made["trust_applied_cents"], made["balance_cents"]) == (0, 400_00)
    assert any("after the real day" in warning for warning in made["warnings"])
    with pytest.raises(BillError) as refused:
        drawing.pay(later, "trust", made["number"])
    assert refused.value.code == "trust.future"


def test_T3_trust_moves_on_the_day_of_issue_and_the_bill_is_dated_before(office: Ledger) -> None:
    trust.deposit(office, M, 1_000_00, day=DAY, method="wire")
    made = billed(office, 400_00, day=DAY - timedelta(days=10))
    assert made["date"] == DAY - timedelta(days=10)
    out = [move for move in purses.trust_moves(office, 1, "rivera") if move.cents < 0]
    assert [(move.day, move.cents) for move in out] == [(DAY, -400_00)]


def test_T1_a_later_payment_keeps_its_money(
    office: Ledger, make_ledger: Callable[..., Ledger]
) -> None:
    """A run on an earlier day takes only what no later payment needs."""
    trust.deposit(office, M, 1_000_00, day=DAY - timedelta(days=20), method="wire")
    trust.withdraw(office, M, 900_00, payee="Ana", purpose="Refund", day=DAY, method="wire")
    earlier = make_ledger(office.path, today=(DAY - timedelta(days=10)).isoformat())
    made = billed(earlier, 400_00, day=DAY - timedelta(days=10))
    assert made["trust_applied_cents"] == 100_00
    assert soundness.check(office.path).findings == ()


def test_T3_a_cost_that_trust_paid_is_shown_once_and_comes_back_with_a_void(
    office: Ledger,
) -> None:
    trust.deposit(office, M, 1_000_00, day=DAY, method="wire")
    expenses.add(office, M, 300_00, "Court fee", day=DAY)
    trust.withdraw(
        office, M, 300_00, payee="Court", purpose="Fee", day=DAY, method="wire", expense="E-1"
    )
    options.set_options(office, M, {"trust_applies": "manual"})
    for _ in range(2):
        made = bills.create(office, M, Request(DAY, DAY), issued=True)
        assert (made["total_cents"], made["trust_applied_cents"]) == (300_00, 300_00)
        assert (made["balance_cents"], made["state"]) == (0, "paid")
        bills.void(office, made["number"], reason="wrong")
        assert held(office) == 700_00
    assert soundness.check(office.path).findings == ()


def test_T3_a_draft_and_an_approved_bill_take_nothing(office: Ledger) -> None:
    trust.deposit(office, M, 1_000_00, day=DAY, method="wire")
    charges.add(office, M, 400_00, "Trial", day=DAY)
    made = bills.create(office, M, Request(DAY, DAY))
    for code in ("bill.draft", "apply.not-issued"):
        with pytest.raises(BillError) as refused:
            drawing.pay(office, "trust", made["id"])
        assert refused.value.code == code
        if code == "bill.draft":
            bills.approve(office, made["id"])
    assert held(office) == 1_000_00


def test_T15_a_top_up_is_outside_the_bill(office: Ledger) -> None:
    wanted = {"minimum_cents": 5_000_00, "trigger_cents": 3_000_00}
    options.set_options(office, M, {"replenish": wanted})
    made = billed(office, 400_00)
    assert (made["total_cents"], made["balance_cents"]) == (400_00, 400_00)
    assert made["replenishment_due_cents"] == 5_000_00
    first = made["replenishment_request"]
    trust.deposit(office, M, 1_000_00, day=DAY, method="wire")
    assert bills.show(office, made["number"])["replenishment_due_cents"] == 4_000_00
    again = billed(office, 100_00)
    assert (first, again["replenishment_request"]) == ("RR-0001", "RR-0002")
    assert again["replenishment_due_cents"] == 4_100_00
    replaced = bills.show(office, made["number"])["replenishment_due_cents"]
    assert replaced is None, "never two open top-ups (D-42)"


def test_D36_a_firm_without_general_retainers_takes_and_applies_none(office: Ledger) -> None:
    options.set_options(office, M, {"retainer": True})
    general_retainers.deposit(office, M, 500_00, basis="jurisdiction", note="Rule 5-1.1")
    firm.set_(office, "billing.general_retainers", "off")
    made = billed(office, 400_00)
    assert made["retainer_applied_cents"] == 0
    for refusal in (
        lambda: options.set_options(office, OTHER, {"retainer": True}),
        lambda: general_retainers.deposit(office, M, 1, basis="jurisdiction", note="x"),
    ):
        with pytest.raises(BillError) as refused:
            refusal()
        assert refused.value.code == "retainer.off"


def test_the_firm_file_says_what_pays_bills_and_when(office: Ledger) -> None:
    changes = {
        "trust_pays": "new-and-ar",
        "trust_applies": "manual",
        "retainer": True,
        "retainer_applies": "manual",
        "replenish": {"minimum_cents": 5_000_00, "trigger_cents": 3_000_00},
    }
    options.set_options(office, M, changes)
    text = firm.export_text(office)
    assert "minimum = 5000" in text
    assert "trigger = 3000" in text
    before = asdict(options.show_options(office, M))
    firm.import_(office, read(text, "the export", currency="USD"))
    assert asdict(options.show_options(office, M)) == before
    assert firm.export_text(office) == text


def test_a_matter_does_without_the_firm_s_top_up(office: Ledger) -> None:
    file = '[firm]\nname = "Brandt Law"\n[billing]\nreplenish = { minimum = 900, trigger = 300 }\n'
    firm.import_(office, read(file, "firm.toml", currency="USD"))
    assert billed(office, 400_00)["replenishment_due_cents"] == 900_00
    off = {"minimum_cents": 0, "trigger_cents": 0}
    view = options.set_options(office, OTHER, {"replenish": off})
    assert view.value("replenish") is None
    assert billed(office, 400_00, matter=OTHER)["replenishment_due_cents"] is None
    text = firm.export_text(office)
    firm.import_(office, read(text, "the export", currency="USD"))
    assert options.show_options(office, OTHER).value("replenish") is None
