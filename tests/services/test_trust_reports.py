"""What is told of client money: minimums, requests, the gauge, months that wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from offices import Answer

from billcli.cli.report_trust import _bars
from billcli.render.gauge import HALF, gauge
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.funds import client_funds, funded_work, trust
from billcli.services.funds.reconciling import reconcile
from billcli.services.matter import closing, matters, options
from billcli.services.reporting.status import status
from billcli.services.work import charges, expenses
from billcli.store import retainers
from billcli.store.ledger import Ledger
from billcli.store.retainers import RetainerEntry

DAY = date(2026, 10, 31)
ALL = {"minimum_cents": 5_000_00, "trigger_cents": 3_000_00}


@pytest.fixture
def october(firm: Ledger) -> Ledger:
    """The firm of two matters, on the last day of October."""
    firm.clock = replace(firm.clock, today=DAY)
    return firm


def on(ledger: Ledger, day: date) -> None:
    ledger.clock = replace(ledger.clock, today=day)


def kept(ledger: Ledger, cents: int) -> None:
    """A general retainer of the first matter."""
    with ledger.write():
        mark = ledger.record("retainer", after={"cents": cents})
        row = RetainerEntry(
            "deposit", ledger.today, cents, "rivera", 1, basis="client-consent", note="letter"
        )
        retainers.add(ledger, row, mark)


def asked(ledger: Ledger, cents: int, account: str = "trust") -> None:
    with ledger.write():
        retainers.ask(
            ledger, matter_id=1, client="rivera", day=ledger.today, account=account,
            kind="initial", cents=cents, bill_id=None, number_format="RR-{seq:04}",
        )  # fmt: skip


def line(ledger: Ledger, **more: Any) -> client_funds.TrustLine:
    (found,) = client_funds.trust_report(ledger, **more)
    return found


def test_a_matter_below_its_minimum_is_told_with_its_account(october: Ledger) -> None:
    options.set_options(october, "2026-001", {"replenish": ALL})
    trust.deposit(october, "2026-001", 4_999_99, method="wire")
    (row,) = status(october)["below_minimum"]
    assert (row["account"], row["available_cents"], row["short_cents"]) == ("trust", 4_999_99, 1)
    trust.deposit(october, "2026-001", 1, method="wire")
    assert status(october)["below_minimum"] == []


def test_money_that_is_not_cleared_or_is_protected_is_not_available(october: Ledger) -> None:
    options.set_options(october, "2026-001", {"replenish": ALL})
    trust.deposit(october, "2026-001", 5_000_00, method="check")
    trust.deposit(october, "2026-001", 5_000_00, method="wire", protect="settlement")
    found = line(october)
    assert (found.balance_cents, found.available_cents) == (10_000_00, 0)
    assert status(october)["below_minimum"][0]["available_cents"] == 0


def test_where_there_is_a_general_retainer_it_is_watched(october: Ledger) -> None:
    options.set_options(october, "2026-001", {"replenish": ALL, "retainer": True})
    trust.deposit(october, "2026-001", 9_000_00, method="wire")
    kept(october, 1_000_00)
    (row,) = status(october)["below_minimum"]
    assert (row["account"], row["available_cents"]) == ("retainer", 1_000_00)
    assert line(october).minimum_cents is None


def test_a_minimum_is_told_where_nothing_is_in_trust_yet(october: Ledger) -> None:
    options.set_options(october, "2026-001", {"replenish": ALL})
    found = line(october)
    assert (found.balance_cents, found.minimum_cents) == (0, 5_000_00)


def test_a_closed_matter_without_money_is_left_out(october: Ledger) -> None:
    options.set_options(october, "2026-001", {"replenish": ALL})
    trust.deposit(october, "2026-001", 100_00, method="wire")
    trust.withdraw(october, "2026-001", 100_00, payee="Ana Rivera", purpose="refund")
    on(october, date(2026, 11, 2))
    closing.close(october, "2026-001")
    assert client_funds.trust_report(october) == []
    assert status(october)["below_minimum"] == []
    assert line(october, as_of=DAY).matter == "2026-001"


def test_a_request_is_open_until_it_is_paid_or_replaced(october: Ledger) -> None:
    asked(october, 1_000_00)
    on(october, date(2026, 11, 2))
    trust.deposit(october, "2026-001", 900_00, method="wire")
    assert (line(october).request, line(october).requested_cents) == ("RR-0001", 100_00)
    assert line(october, as_of=DAY).requested_cents == 1_000_00
    on(october, date(2026, 11, 3))
    asked(october, 500_00, "retainer")
    assert line(october).request is None
    (row,) = status(october)["open_requests"]
    assert (row["request"], row["account"], row["open_cents"]) == ("RR-0002", "retainer", 500_00)
    kept(october, 500_00)
    assert status(october)["open_requests"] == []


def test_months_wait_until_they_are_reconciled_as_it_was_known_then(october: Ledger) -> None:
    on(october, date(2026, 9, 15))
    trust.deposit(october, "2026-001", 900_00, method="wire")
    on(october, date(2026, 11, 3))
    months = [row["month"] for row in status(october)["unreconciled_months"]]
    assert months == ["2026-09", "2026-10"]
    assert reconcile(october, day=date(2026, 9, 30), statement_cents=900_00).agreed
    assert [row["month"] for row in status(october)["unreconciled_months"]] == ["2026-10"]
    assert client_funds.last_reconciled(october, date(2026, 11, 2)) is None
    found = line(october)
    assert (found.reconciled_through, found.days_since_reconciled) == (date(2026, 9, 30), 34)


def test_the_gauge_is_trust_and_retainer_less_owed_and_unbilled(october: Ledger) -> None:
    charges.add(october, "2026-001", 700_00, "Filing")
    bills.create(october, "2026-001", Request(DAY, DAY), issued=True)
    charges.add(october, "2026-001", 450_00, "Hearing")
    trust.deposit(october, "2026-001", 600_00, method="wire")
    trust.deposit(october, "2026-001", 5_000_00, method="check")
    kept(october, 300_00)
    (row,) = funded_work.report(october)
    assert (
        row.trust_available_cents,
        row.retainer_cents,
        row.receivable_cents,
        row.wip_cents,
        row.funded_cents,
        row.unsecured,
    ) == (600_00, 300_00, 700_00, 450_00, -250_00, True)
    shown = matters.show(october, "2026-001").funded
    assert shown == funded_work.gauges(october, DAY)["2026-001"]


def test_a_cost_that_trust_paid_is_not_counted_twice(october: Ledger) -> None:
    trust.deposit(october, "2026-001", 1_000_00, method="wire")
    cost = expenses.add(october, "2026-001", 300_00, "Court fee", category="Court fees")
    expenses.add(october, "2026-001", 50_00, "Court fee", category="Court fees")
    (before,) = funded_work.report(october)
    assert (before.wip_cents, before.funded_cents) == (350_00, 650_00)
    paid = trust.withdraw(
        october, "2026-001", 300_00, payee="Court", purpose="fee", expense=cost.id
    )
    (after,) = funded_work.report(october)
    assert (after.trust_available_cents, after.wip_cents) == (700_00, 50_00)
    assert after.funded_cents == before.funded_cents
    assert matters.show(october, "2026-001").funded == funded_work.gauges(october, DAY)["2026-001"]
    bills.create(october, "2026-001", Request(DAY, DAY), issued=True)
    (billed,) = funded_work.report(october)
    assert (billed.wip_cents, billed.funded_cents) == (0, before.funded_cents)
    assert paid["expense"] == cost.id


def test_bars_say_which_matter_is_unsecured(october: Ledger) -> None:
    charges.add(october, "2026-002", 300_00, "Filing")
    trust.deposit(october, "2026-001", 600_00, method="wire")
    told = _bars(funded_work.report(october), "matter", 2).splitlines()
    assert [line.split()[0] for line in told] == ["2026-001", "2026-002"]
    assert [line.endswith(" unsecured") for line in told] == [False, True]
    assert told[0].count("█") == 2 * told[1].count("▒") == HALF


def test_the_list_of_funded_matters_has_those_with_client_money(
    october: Ledger, cli: Callable[..., Answer]
) -> None:
    charges.add(october, "2026-002", 700_00, "Filing")
    trust.deposit(october, "2026-001", 600_00, method="wire")
    path = october.path
    listed = cli("matter", "list", "--funded", "--json", today="2026-10-31", ledger=path).json
    assert [(m["number"], m["trust_available"], m["funded"]) for m in listed] == [
        ("2026-001", "600.00", "600.00")
    ]
    told = cli("report", "funded", "--json", today="2026-10-31", ledger=path).json
    assert [(m["matter"], m["unsecured"]) for m in told] == [
        ("2026-001", False),
        ("2026-002", True),
    ]
    none = cli("matter", "list", "--funded", "--closed", today="2026-10-31", ledger=path)
    assert (none.out, none.err) == ("", "No matter holds client money.\n")


@pytest.mark.parametrize(
    ("cents", "bar"),
    [
        (100, " " * HALF + "|" + "#" * HALF),
        (-100, "-" * HALF + "|" + " " * HALF),
        (50, " " * HALF + "|" + "#" * (HALF // 2) + " " * (HALF - HALF // 2)),
        (1, " " * HALF + "|#" + " " * (HALF - 1)),
        (0, " " * HALF + "|" + " " * HALF),
    ],
)
def test_a_bar_stands_on_its_side_of_the_middle(cents: int, bar: str) -> None:
    assert gauge(cents, 100, unicode=False) == bar
    assert len(gauge(cents, 100, unicode=True)) == 2 * HALF + 1
