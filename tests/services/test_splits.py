"""A bill for several payors in a ledger: numbered, voided, credited and counted as one (D-51)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from offices import DAY, H, new_ledger

from billcli.errors import BillError, Refused, UsageProblem
from billcli.services.bill import bill_reading, bills
from billcli.services.bill.request import Request
from billcli.services.funds import funded_work, trust
from billcli.services.matter import matters, options, termination
from billcli.services.milestones import tasks, triggers
from billcli.services.month_end import mass
from billcli.services.office import clients, timekeepers
from billcli.services.receivables import credits, payments, statements
from billcli.services.reporting import reports
from billcli.services.upkeep import soundness
from billcli.services.work import charges, expenses, time
from billcli.store.ledger import attach
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

NOW = Request(DAY, DAY)
M = "2026-001"
SHARES = {"rivera": 60 * H, "insurer": 40 * H}


@pytest.fixture
def firm(ledger: Ledger) -> Ledger:
    """A matter of Rivera's, whose bills an insurer shares."""
    timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=250 * H)
    clients.add(ledger, "rivera", "Ana Rivera")
    clients.add(ledger, "insurer", "North Mutual")
    matters.add(ledger, M, "Rivera v. Ohm", client="rivera", responsible="ma")
    options.set_options(ledger, M, {"split": SHARES, "split_consent": "Letter"})
    return ledger


def unsound(ledger: Ledger) -> list[str]:
    return [str(found) for found in soundness.check(ledger.path).findings]


def worked(ledger: Ledger, cents: int = 1000_00) -> dict[str, Any]:
    charges.add(ledger, M, cents, "Work", day=DAY)
    return bills.create(ledger, M, NOW, issued=True)


def test_each_payor_has_a_number_and_the_first_holds_the_work(firm: Ledger) -> None:
    made = worked(firm)
    assert [(b["number"], b["bill_to"], b["total_cents"]) for b in made["split_bills"]] == [
        ("2026-0001", "rivera", 600_00), ("2026-0002", "insurer", 400_00),
    ]  # fmt: skip
    first, second = (bill_reading.show(firm, number) for number in ("2026-0001", "2026-0002"))
    assert (first["split_group"], second["split_group"]) == ("D-1", "D-1")
    assert (second["id"], second["client"], second["bill_to"]) == ("D-2", "rivera", "insurer")
    assert second["share"] == {
        "n": 2, "of": 2, "percent_e4": 40 * H, "activity_total_cents": 1000_00,
    }  # fmt: skip
    (line,) = second["lines"]
    assert (line["amount_cents"], line["activity_total_cents"]) == (400_00, 1000_00)
    assert unsound(firm) == []
    with pytest.raises(BillError) as nothing:
        bills.create(firm, M, NOW)
    assert nothing.value.code == "bill.nothing"


def test_a_payor_s_bill_is_issued_alone_and_says_which_wait(firm: Ledger) -> None:
    charges.add(firm, M, 1000_00, "Work", day=DAY)
    bills.create(firm, M, NOW, approved=True)
    made = bills.issue(firm, "2026-0002")
    assert [(each["number"], each["bill_to"]) for each in made["not_issued"]] == [
        ("2026-0001", "rivera"),
    ]  # fmt: skip
    assert bill_reading.show(firm, "2026-0001")["state"] == "approved"
    assert "not_issued" not in bills.issue(firm, "2026-0001")
    assert unsound(firm) == []


def test_T6_at_the_end_of_a_matter_the_client_gets_back_what_others_owe(firm: Ledger) -> None:
    trust.deposit(firm, M, 1000_00, day=date(2026, 10, 1), method="wire")
    worked(firm, 500_00)
    charges.add(firm, M, 100_01, "More", day=DAY)
    view = termination.settle(firm, M)
    assert (view.billed_cents, view.unbilled_cents, view.paid_cents) == (300_00, 60_01, 0)
    assert (view.due_cents, view.trust_cents, view.trust_refund_cents) == (360_01, 1000_00, 639_99)
    applied = [command for command in view.commands if "trust apply" in command]
    assert applied == ["billcli trust apply 2026-0001"]
    options.set_options(firm, M, {"split": {"insurer": 100 * H}})
    view = termination.settle(firm, M)
    assert (view.unbilled_cents, view.trust_refund_cents) == (0, 700_00)
    assert f"billcli bill create {M} --issue" in view.commands


def test_T6_the_gauge_holds_the_clients_money_against_the_clients_part(firm: Ledger) -> None:
    worked(firm)
    trust.deposit(firm, M, 700_00, day=date(2026, 10, 5), method="wire")
    (line,) = funded_work.report(firm)
    assert (line.receivable_cents, line.funded_cents, line.unsecured) == (600_00, 100_00, False)


def test_a_cap_is_used_up_by_all_payors_together(firm: Ledger) -> None:
    terms = {"value_cents": 1500_00}
    matters.add(firm, "2026-002", "Lease", client="rivera", kind="capped", terms=terms)
    options.set_options(firm, "2026-002", {"split": SHARES, "split_consent": "Letter"})
    for cents, billed in ((1000_00, 1000_00), (1000_00, 500_00)):
        charges.add(firm, "2026-002", cents, "Work", day=DAY)
        made = bills.create(firm, "2026-002", NOW, issued=True)
        assert sum(bill["total_cents"] for bill in made["split_bills"]) == billed
    credits.add(firm, made["split_bills"][1]["number"], 100_00, reason="correction")
    charges.add(firm, "2026-002", 1000_00, "Work", day=DAY)
    again = bills.create(firm, "2026-002", NOW, issued=True)
    assert sum(bill["total_cents"] for bill in again["split_bills"]) == 100_00
    assert unsound(firm) == []


def test_a_period_is_charged_once(firm: Ledger) -> None:
    terms = {"value_cents": 99_99, "every": "month"}
    matters.add(
        firm, "2026-002", "Retainer", client="rivera", kind="fixed-recurring", terms=terms,
        opened_on=date(2026, 10, 1),
    )  # fmt: skip
    options.set_options(firm, "2026-002", {"split": SHARES, "split_consent": "Letter"})
    batch = mass.Batch(DAY, date(2026, 10, 31), matters=("2026-002",), issued=True)
    assert [bill["total_cents"] for bill in mass.run(firm, batch)["bills"]] == [59_99, 40_00]
    assert mass.run(firm, batch)["bills"] == []
    bills.void(firm, "2026-0002", reason="wrong month")
    assert len(mass.run(firm, batch)["bills"]) == 2
    assert unsound(firm) == []


@pytest.mark.parametrize("number", ["2026-0001", "2026-0002"])
def test_a_void_takes_all_of_them(firm: Ledger, number: str) -> None:
    worked(firm)
    payments.add(firm, "2026-0002", 1_00)
    with pytest.raises(Refused) as paid:
        bills.void(firm, number, reason="wrong")
    assert paid.value.code == "bill.paid"
    assert "2026-0002" in paid.value.sentence
    assert reports.ageing(firm)[0]["total_cents"] == 999_00
    payments.unapply(firm, "P-1")
    assert bills.void(firm, number, reason="wrong")["voided"] == ["2026-0001", "2026-0002"]
    assert reports.ageing(firm) == []
    assert bills.preview(firm, M, NOW)[0]["total_cents"] == 1000_00
    assert unsound(firm) == []


def test_a_payors_bill_is_not_paid_from_the_clients_trust(firm: Ledger) -> None:
    firm.clock = type(firm.clock)(date(2026, 10, 31), firm.clock.now)
    october = Request(date(2026, 10, 31), date(2026, 10, 31))
    trust.deposit(firm, M, 5000_00, day=date(2026, 10, 1), method="wire")
    charges.add(firm, M, 1000_00, "Work", day=date(2026, 10, 2))
    bills.create(firm, M, october, issued=True)
    states = {row["number"]: row["balance_cents"] for row in bill_reading.list_(firm)}
    assert states == {"2026-0001": 0, "2026-0002": 400_00}
    assert statements.statement(firm, "insurer").trust.closing_cents == 0
    assert statements.statement(firm, "rivera").trust.closing_cents == 4400_00
    assert unsound(firm) == []


def test_a_milestone_is_paid_when_every_payor_has_paid(firm: Ledger) -> None:
    tasks.add(firm, M, "Complaint filed", trigger_kind="amount", trigger_cents=500_00)
    triggers.done(firm, M, 1, charge=True)
    bills.create(firm, M, NOW, issued=True)
    states = []
    for number in ("2026-0001", "2026-0002"):
        payments.add(firm, number, bill_reading.show(firm, number)["balance_cents"])
        (task,) = tasks.list_(firm, M)
        assert task.trigger is not None
        states.append(task.trigger.state)
    assert states == ["billed", "paid"]


def test_a_third_party_pays_it_all(firm: Ledger) -> None:
    options.set_options(firm, M, {"split": {"insurer": 100 * H}, "split_consent": None})
    made = worked(firm)
    assert (made["client"], made["bill_to"], made["total_cents"]) == ("rivera", "insurer", 1000_00)
    assert any("consent" in words for words in made["warnings"])
    page = bill_reading.render(firm, made["number"], form="md").decode()
    assert "North Mutual" in page
    assert "Activity total" not in page, "one payor's share is the whole"


def test_a_dry_run_tells_what_the_run_makes(firm: Ledger) -> None:
    charges.add(firm, M, 333_33, "Work", day=DAY)
    dry = mass.run(firm, mass.Batch(DAY, DAY, matters=(M,), issued=True, dry=True))
    ran = mass.run(firm, mass.Batch(DAY, DAY, matters=(M,), issued=True))
    assert [b["total_cents"] for b in dry["bills"]] == [b["total_cents"] for b in ran["bills"]]
    assert dry["total_cents"] == ran["total_cents"] == 333_33


@pytest.mark.parametrize(
    "shares",
    [{"rivera": 60 * H}, {"rivera": 100 * H, "insurer": 0}, {"rivera": 999_950, "insurer": 50}],
)
def test_shares_that_make_no_whole(firm: Ledger, shares: dict[str, int]) -> None:
    with pytest.raises(UsageProblem) as wrong:
        options.set_options(firm, M, {"split": shares})
    assert wrong.value.code in ("option.split", "option.value")


@given(
    work=st.lists(st.tuples(st.integers(1, 30), st.integers(1, 400)), min_size=1, max_size=5),
    costs=st.lists(st.integers(1, 500_00), max_size=3),
    shares=st.lists(st.integers(1, 3000), min_size=1, max_size=3),
    off=st.integers(0, 50),
)
@settings(
    max_examples=8, phases=(Phase.explicit, Phase.generate), deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_whatever_is_billed_the_payors_make_the_whole(
    tmp_path_factory: pytest.TempPathFactory,
    work: list[tuple[int, int]],
    costs: list[int],
    shares: list[int],
    off: int,
) -> None:
    path = new_ledger(Path(tmp_path_factory.mktemp("split")) / "ledger.db")
    ledger = attach(path, today=DAY.isoformat(), actor="t", command="t")
    try:
        timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=333_3333)
        points = [*shares, 10_000 - sum(shares)]
        with ledger.write():
            for n in range(len(points)):
                clients.add(ledger, f"c{n}", f"Client {n}")
            matters.add(ledger, M, "Matter", client="c0", responsible="ma")
            payors = {f"c{n}": part * 100 for n, part in enumerate(points)}
            changes = {"split": payors, "discount": {"percent_e4": off * H}}
            options.set_options(ledger, M, changes)
            for hours, back in work:
                time.add(ledger, M, hours * H // 10, "Work", day=DAY - timedelta(back % 28))
            for cents in costs:
                expenses.add(ledger, M, cents, "Cost", day=DAY)
        whole = bills.preview(ledger, M, NOW)[0]
        made = bills.create(ledger, M, NOW, issued=True)["split_bills"]
        shown = [bill_reading.show(ledger, bill["number"]) for bill in made]
        for name in ("fees", "discount", "costs", "tax", "total", "standard_fees"):
            parts = [bill[f"{name}_cents"] for bill in shown]
            assert sum(parts) == whole[f"{name}_cents"]
        net = whole["fees_cents"] - whole["discount_cents"]
        nets = [bill["fees_cents"] - bill["discount_cents"] for bill in shown]
        assert nets == money.allocate(net, points)
        assert [b["total_cents"] for b in whole["payors"]] == [b["total_cents"] for b in shown]
        credited = sum(s["amount_cents"] for bill in shown for s in bill["allocation"])
        assert credited == net
        owed = [statements.statement(ledger, client).closing_cents for client in payors]
        assert owed == [bill["total_cents"] for bill in shown]
        assert unsound(ledger) == []
    finally:
        ledger.close()
