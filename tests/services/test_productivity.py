"""What the reports on time and on never billed work add up to, held against the entries."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from billcli.errors import BillError
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.matter import matters, options
from billcli.services.office import clients, timekeepers
from billcli.services.reporting import never_billed, productivity
from billcli.services.work import charges, expenses, time
from billcli.store import items, settings

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

H = 10_000
DAY = date(2026, 11, 30)


def office(ledger: Ledger) -> None:
    timekeepers.add(ledger, "NB", "Nadia Brandt", rate_e4=300 * H)
    timekeepers.add(ledger, "JT", "Joel Tafoya", rate_e4=120 * H)
    clients.add(ledger, "rivera", "Ana Rivera")
    for number in ("1", "2"):
        matters.add(ledger, number, "Lease", client="rivera", responsible="NB")


@pytest.mark.parametrize("increment", [0, 1, 6, 15])
@pytest.mark.parametrize("rounding", ["up", "down", "half-up"])
def test_B15_the_report_shows_logged_and_billed_and_what_lies_between(
    ledger: Ledger, increment: int, rounding: str
) -> None:
    with ledger.write():
        settings.put(ledger, "billing.increment_minutes", increment)
        settings.put(ledger, "billing.rounding", rounding)
    office(ledger)
    chance = Random(f"{increment}{rounding}")
    for n in range(30):
        time.add(
            ledger,
            chance.choice("12"),
            chance.randint(1000, 60_000),
            f"Work {n}",
            day=DAY - timedelta(days=chance.randint(0, 60)),
            timekeeper=chance.choice(["NB", "JT"]),
            behavior=chance.choice(["bill", "bill", "no-charge", "hide", "non-billable"]),
        )
    for every in productivity.EVERY:
        for who in productivity.report(ledger, every=every):
            mine = [
                i for i in items.items(ledger, kinds=("time",)) if i.timekeeper == who.timekeeper
            ]
            assert who.logged_hours_e4 == sum(i.logged_hours_e4 or 0 for i in mine)
            assert who.hours_e4 == sum(i.hours_e4 or 0 for i in mine)
            assert who.rounding_hours_e4 == who.hours_e4 - who.logged_hours_e4
            assert increment or not who.rounding_hours_e4
            kinds = (who.billable_hours_e4, who.no_charge_hours_e4, who.non_billable_hours_e4)
            assert sum(kinds) == who.hours_e4
            billable = [i for i in mine if i.behavior == "bill"]
            assert who.billable_hours_e4 == sum(i.hours_e4 or 0 for i in billable)
            assert who.value_cents == sum(i.amount_cents for i in billable)
            assert sum(span["hours_e4"] for span in who.periods) == who.hours_e4
            assert sum(day["logged_hours_e4"] for day in who.days) == who.logged_hours_e4
            worked = {i.date for i in mine}
            first = max(who.start, min(worked))
            expected = [first + timedelta(n) for n in range((DAY - first).days)]
            assert list(who.gaps) == [
                day for day in expected if day.weekday() < 5 and day not in worked
            ]


def test_a_period_that_is_none(ledger: Ledger) -> None:
    with pytest.raises(BillError) as raised:
        productivity.report(ledger, every="fortnight")
    assert raised.value.code == "report.period"


def test_what_any_bill_held_is_touched_and_the_rest_is_not(ledger: Ledger) -> None:
    office(ledger)
    first = time.add(ledger, "1", H, "Call", day=DAY - timedelta(days=20))
    made = bills.create(ledger, "1", Request(DAY, DAY), issued=True)
    later = time.add(ledger, "1", 2 * H, "Letter", day=DAY)
    own = [
        charges.add(ledger, "2", 80_00, "Filing", day=DAY - timedelta(days=40)),
        expenses.add(ledger, "2", 45_00, "Copies", day=DAY - timedelta(days=3)),
    ]
    time.add(ledger, "2", H, "Notes", behavior="non-billable")
    free = time.add(ledger, "2", H, "A favour", behavior="no-charge", day=DAY)

    def told() -> dict[str, list[str]]:
        return {view.matter: [e.id for e in view.entries] for view in never_billed.report(ledger)}

    assert told() == {"2": [own[0].id, own[1].id, free.id], "1": [later.id]}
    bills.void(ledger, made["number"], reason="wrong month")
    assert first.id not in told()["1"], "a void bill has touched it"
    two, one = never_billed.report(ledger)
    assert (two.matter, two.never_billed, two.age_days, two.total_cents) == ("2", True, 40, 125_00)
    assert (one.matter, one.never_billed, one.total_cents) == ("1", False, 600_00)
    assert [view.matter for view in never_billed.report(ledger, older_than=5)] == ["2"]
    # Of the day before the bill everything was untouched.
    before = never_billed.report(ledger, as_of=DAY - timedelta(days=1))
    assert {view.matter: view.never_billed for view in before} == {}
    bills.create(ledger, "2", Request(DAY, DAY))
    assert {e.state for v in never_billed.report(ledger) if v.matter == "2" for e in v.entries} == {
        "in_draft"
    }


def test_the_firms_own_matters_are_not_waiting_for_a_bill(ledger: Ledger) -> None:
    from billcli.services.arrangement import arrangements

    office(ledger)
    arrangements.set_(ledger, "1", "internal", {})
    options.set_options(ledger, "2", {"billing": False})
    assert [view.matter for view in never_billed.report(ledger)] == ["2"]
    assert never_billed.report(ledger, older_than=0) == []
    later = DAY + timedelta(days=1)
    found = never_billed.report(ledger, as_of=later, older_than=0)
    assert [(view.matter, view.total_cents) for view in found] == [("2", 0)]
