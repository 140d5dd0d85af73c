"""A bill explained reconciles to its total; comparing agrees with setting and previewing."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from billcli.core.arrangements import KINDS
from billcli.errors import BillError
from billcli.services.arrangement import arrangements
from billcli.services.bill import bills, comparing, explaining
from billcli.services.bill.request import Request
from billcli.services.matter import matters, options, outcomes
from billcli.services.office import clients, timekeepers
from billcli.services.upkeep import setup
from billcli.services.work import expenses, time
from billcli.store.ledger import Ledger, attach

DAY = date(2026, 11, 30)
VALUE = {"value_cents": 400_000}
TERMS = {
    "hourly": {},
    "non-billable": {},
    "internal": {},
    "capped-rate-recurring-reserve": {"rate_cap_e4": 3_000_000},
}


def office(path: Path) -> Ledger:
    """A matter with three months of work, a no-charge entry, costs and a discount."""
    setup.init(path, None, today=DAY.isoformat(), actor="tester", command="init")
    ledger = attach(path, today=DAY.isoformat(), actor="tester", command="test")
    timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=4_000_000)
    clients.add(ledger, "rivera", "Ana Rivera")
    matters.add(ledger, "2026-001", "Rivera", client="rivera", responsible="ma")
    for month, hours in ((9, 12), (10, 8), (11, 13)):
        day = date(2026, month, 15)
        time.add(ledger, "2026-001", hours * 10_000, "Work of the month", day=day)
    time.add(ledger, "2026-001", 10_000, "A gift", day=DAY, behavior="no-charge")
    expenses.add(ledger, "2026-001", 9_050, "Courier", day=DAY)
    options.set_options(ledger, "2026-001", {"discount": {"percent_e4": 100_000}})
    return ledger


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "internal"])
def test_the_rows_that_add_make_the_total(kind: str, tmp_path: Path) -> None:
    ledger = office(tmp_path / "ledger.db")
    arrangements.set_(ledger, "2026-001", kind, TERMS.get(kind, VALUE))
    preview = explaining.explain(ledger, "2026-001")
    bill = bills.create(ledger, "2026-001", Request(DAY, DAY), issued=True)
    issued = explaining.explain(ledger, bill["number"])
    for view in (preview, issued):
        assert sum(step.amount_cents for step in view.steps if step.adds) == bill["total_cents"]
        adding = [step for step in view.steps if step.adds]
        assert adding[-1].running_cents == view.total_cents == bill["total_cents"]
        fees = next(step for step in view.steps if step.words == "= Fees")
        assert fees.amount_cents == bill["fees_cents"]
        assert all(step.rule for step in view.steps)
    assert preview.steps == issued.steps
    ledger.close()


def test_a_success_line_is_explained(tmp_path: Path) -> None:
    ledger = office(tmp_path / "ledger.db")
    arrangements.set_(ledger, "2026-001", "capped-recurring-reserve", VALUE)
    bills.create(ledger, "2026-001", Request(DAY, DAY), issued=True)
    outcomes.record(ledger, "2026-001", "success", release_e4=500_000)
    view = explaining.explain(ledger, "2026-001")
    assert ("outcome", "D-22", 100_000) in [(s.step, s.rule, s.amount_cents) for s in view.steps]
    assert sum(step.amount_cents for step in view.steps if step.adds) == view.total_cents
    ledger.close()


@pytest.mark.parametrize("kind", KINDS)
def test_comparing_agrees_with_setting_and_previewing(kind: str, tmp_path: Path) -> None:
    ledger = office(tmp_path / "ledger.db")
    rows = comparing.compare(ledger, "2026-001", values=[400_000], rate_cap_e4=3_000_000)
    told = [row for row in rows if row.arrangement == kind.replace("-", "_")]
    assert len(told) == 1
    ledger.close()
    copy = Path(shutil.copy(tmp_path / "ledger.db", tmp_path / "copy.db"))
    ledger = attach(copy, today=DAY.isoformat(), actor="tester", command="test")
    terms = dict(TERMS.get(kind, VALUE))
    if kind == "capped-rate-recurring-reserve":
        terms |= VALUE
    try:
        arrangements.set_(ledger, "2026-001", kind, terms)
        view, _ = bills.preview(ledger, "2026-001", Request(DAY, DAY))
    except BillError as refused:
        assert refused.code in ("bill.internal", "arrangement.unbilled")
        assert told[0].reason == "Matter 2026-001 is the firm's own project; it is never billed."
        assert told[0].total_cents is None
    else:
        for key in ("fees_cents", "discount_cents", "costs_cents", "tax_cents", "total_cents"):
            assert getattr(told[0], key) == view[key], key
        assert told[0].reserve_cents == view["reserve_accrued_cents"]
    ledger.close()


def test_the_present_terms_are_marked_and_need_no_value(tmp_path: Path) -> None:
    ledger = office(tmp_path / "ledger.db")
    arrangements.set_(ledger, "2026-001", "fixed", {"value_cents": 1_000_000})
    rows = comparing.compare(ledger, "2026-001")
    now = [row for row in rows if row.current]
    assert [(row.arrangement, row.value_cents, row.fees_cents) for row in now] == [
        ("fixed", 1_000_000, 1_000_000)
    ]
    # Work of 13,200.00; 10 % off 10,000.00 leaves 9,000.00.
    assert now[0].realization_percent_e4 == 682_000
    ledger.close()
